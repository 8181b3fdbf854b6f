import { describe, expect, it } from '@jest/globals';
import {
  Action,
  EntryKind,
  FillLeg,
  IntentKind,
  OperatorAction,
  OrderOutcome,
  OrderType,
  Policy,
  ReasonCode,
  RegimeState,
  Side,
  Strategy,
  type BookConfig,
  type DayAccount,
  type Entry,
  type Frame,
  type PortfolioPart,
  type RiskPart,
  type Setup,
} from '@bellwether/contracts';
import { auditEntryId, makeEntry } from '@bellwether/kernel';
import { sessionOf } from '@bellwether/market';
import {
  A_TRADE_DATE,
  aBanditPart,
  aBarEntry,
  aBookConfig,
  aCandidate,
  aClockEntry,
  aFeaturesPart,
  aFillEntry,
  aForecastPart,
  aFrame,
  aPortfolioPart as thePortfolioPart,
  aPosition,
  aRegimePart,
  aReleaseEntry,
  aSetup,
  aSignalEntry,
  aSizingPart,
  aWorkingOrder,
  anAbandonEntry,
  anAccount,
  anAccountProfile,
  anOperatorEntry,
  anOrderEndEntry,
  anOrderEntry,
  atMinute,
  specify,
} from '@bellwether/testkit';
import { stage } from './stage.js';
import type { RiskState } from './state.js';

const MINUTE_US = 60_000_000;
const { HOLD, BUY, SELL, EXIT, NONE } = Action;

/** An account that is never what binds: the caps, the window and the prices are what this file is about. */
const ROOMY = anAccountProfile({ heat_reduce: 10, heat_block: 10, max_day_contracts: 10_000 });

function aPortfolioPart(overrides: Partial<PortfolioPart> = {}): PortfolioPart {
  const account = anAccount({ balance_cents: 500_000_000, headroom_cents: 500_000_000 });
  return thePortfolioPart({ account, ...overrides });
}

function release(config: Partial<BookConfig> = {}): Frame {
  const rules = aBookConfig({ account: ROOMY, ...config });
  return aFrame({ entry: aReleaseEntry(rules), portfolio: aPortfolioPart() });
}

/** All stages upstream say: buy two ES with S2. */
function proposed(overrides: Partial<Frame> = {}, setup: Partial<Setup> = {}): Frame {
  return aFrame({
    seq: 7,
    features: aFeaturesPart(),
    regime: aRegimePart(),
    forecast: aForecastPart(),
    portfolio: aPortfolioPart(),
    bandit: aBanditPart({ candidates: [aCandidate({ setup: aSetup(setup) })] }),
    sizing: aSizingPart(),
    ...overrides,
  });
}

function sized(contracts: number): Pick<Frame, 'sizing'> {
  return { sizing: aSizingPart({ proposed_contracts: contracts }) };
}

function withDay(
  pnl_cents: number,
  part: Partial<PortfolioPart> = {},
  trade_date = A_TRADE_DATE,
): Partial<Frame> {
  const day: DayAccount = {
    trade_date,
    realised_cents: pnl_cents,
    open_pnl_cents: 0,
    fees_cents: 0,
    pnl_cents,
  };
  return { portfolio: aPortfolioPart({ day, ...part }) };
}

function clock(minute: number, overrides: Partial<Frame> = {}): Frame {
  const entry = aClockEntry({ boundary_us: atMinute(minute) });
  return aFrame({ entry, seq: 20, portfolio: aPortfolioPart(), ...overrides });
}

function bar(minute: number, symbol = 'ES'): Entry {
  return aBarEntry({ symbol, open_us: atMinute(minute) - MINUTE_US });
}

function frameOf(entry: Entry, part: Partial<PortfolioPart> = {}, seq = 8): Frame {
  return aFrame({ entry, seq, portfolio: aPortfolioPart(part) });
}

const CODES = [
  ReasonCode.FLAT_WINDOW,
  ReasonCode.BROKER_CLOSED,
  ReasonCode.RECONCILE,
  ReasonCode.ACCOUNT_BREACHED,
  ReasonCode.KILL_LATCHED,
  ReasonCode.DRY_RUN,
  ReasonCode.HEADROOM,
  ReasonCode.DAILY_SOFT_LOSS,
  ReasonCode.HEAT,
  ReasonCode.CAP_SYMBOL,
  ReasonCode.CAP_TOTAL,
  ReasonCode.CAP_SCALING,
  ReasonCode.CAP_DAILY,
  ReasonCode.CAP_STEP,
  ReasonCode.PRICE_IMPLAUSIBLE,
  ReasonCode.PRICE_STALE,
  ReasonCode.NEWS,
  ReasonCode.AUDIT_BEHIND,
  ReasonCode.MIN_SIZE,
];

describe('An entry that nothing stands against', () => {
  it('becomes an order with its whole plan', () => {
    specify(stage)
      .given([release()])
      .when(proposed())
      .then({
        ...{ decision_id: 'paper-es-7', action: BUY, size: 2, reason: ReasonCode.OK, policy: Policy.RULES },
        valid_until_us: atMinute(991) + 5_000_000,
        intents: [
          {
            ...{ intent_id: 'paper-es-7/1', decision_id: 'paper-es-7', kind: IntentKind.ENTER },
            ...{ symbol: 'ES', side: Side.LONG, quantity: 2, tick_size_e4: 2_500 },
            ...{ order_type: OrderType.MARKET, trigger_ticks: null, created_us: atMinute(991) },
            ...{ expires_us: atMinute(991) + 5_000_000, stop_ticks: 26_390, target_ticks: 26_420 },
            ...{ tp1_quantity: 1, tp1_r: 1, time_stop_us: 30 * MINUTE_US, flat_by_us: atMinute(1_325) },
            ...{ cancel_intent_id: null, reason: ReasonCode.OK, strategy: Strategy.S2 },
            regime: RegimeState.CALM_CHOP,
          },
        ],
      });
  });

  it('records every check in its order, with value and limit', () => {
    const account = anAccountProfile();
    const { part } = specify(stage)
      .given([release({ account })])
      .when(proposed({ portfolio: thePortfolioPart() }));
    expect(part.checks).toEqual([
      { code: ReasonCode.FLAT_WINDOW, passed: true, value: 991, limit: 1_305 },
      { code: ReasonCode.BROKER_CLOSED, passed: true, value: null, limit: null },
      { code: ReasonCode.RECONCILE, passed: true, value: null, limit: null },
      { code: ReasonCode.ACCOUNT_BREACHED, passed: true, value: 5_000_000, limit: 4_800_000 },
      { code: ReasonCode.KILL_LATCHED, passed: true, value: 0, limit: -90_000 },
      { code: ReasonCode.DRY_RUN, passed: true, value: null, limit: null },
      { code: ReasonCode.HEADROOM, passed: true, value: 164_440, limit: 80_000 },
      { code: ReasonCode.DAILY_SOFT_LOSS, passed: true, value: 0, limit: -60_000 },
      { code: ReasonCode.HEAT, passed: true, value: 1_779, limit: 3_500 },
      { code: ReasonCode.CAP_SYMBOL, passed: true, value: 2, limit: 3 },
      { code: ReasonCode.CAP_TOTAL, passed: true, value: 2, limit: 5 },
      { code: ReasonCode.CAP_SCALING, passed: true, value: 2, limit: 5 },
      { code: ReasonCode.CAP_DAILY, passed: true, value: 4, limit: 100 },
      { code: ReasonCode.CAP_STEP, passed: true, value: 2, limit: 2 },
      { code: ReasonCode.PRICE_IMPLAUSIBLE, passed: true, value: null, limit: null },
      { code: ReasonCode.PRICE_STALE, passed: true, value: 0, limit: 3 },
      { code: ReasonCode.NEWS, passed: true, value: null, limit: 0 },
      { code: ReasonCode.AUDIT_BEHIND, passed: true, value: null, limit: null },
      { code: ReasonCode.MIN_SIZE, passed: true, value: 2, limit: 1 },
    ]);
    expect(part).toMatchObject({ headroom_cents: 200_000, headroom_after_cents: 164_440, heat: 0 });
    expect(part.heat_after).toBeCloseTo(0.1778, 6);
  });

  it.each([
    ['long before it', 11, null, true],
    ['before it', 10, null, false],
    ['after it', null, 10, false],
    ['long after it', null, 11, true],
    ['where the calendar knows none', null, null, true],
  ])('keeps away from a tier-1 release: %s', (_, ahead, behind, enters) => {
    const at = (minutes: number | null): number | null => (minutes === null ? null : atMinute(991 + minutes));
    const releases = {
      ...{ last_us: at(behind === null ? null : -behind), last_name: 'CPI' },
      ...{ next_us: at(ahead), next_name: 'CPI', this_morning: false },
    };
    const account = { ...ROOMY, news_block_minutes: 10 };
    const held = enters ? { action: BUY } : { action: Action.HOLD, reason: ReasonCode.NEWS };
    specify(stage)
      .given([release({ account })])
      .when(proposed({ features: aFeaturesPart({ releases }) }))
      .then(held);
  });

  it('sells for a short', () => {
    const short = { side: Side.SHORT, stop_ticks: 26_414, target_ticks: 26_384 };
    specify(stage)
      .given([release()])
      .when(proposed({}, short))
      .then({ action: SELL, size: 2, intents: [{ side: Side.SHORT, stop_ticks: 26_414 }] });
  });

  it('lets a stop entry wait as long as its setup says, but not beyond flat-by', () => {
    const stop = { order_type: OrderType.STOP, entry_ticks: 26_410, stop_ticks: 26_396 };
    specify(stage)
      .given([release()])
      .when(proposed({}, { ...stop, expires_us: atMinute(1_006) }))
      .then({ intents: [{ trigger_ticks: 26_410, expires_us: atMinute(1_006) }] });
    specify(stage)
      .given([release()])
      .when(proposed({}, { ...stop, expires_us: atMinute(1_400) }))
      .then({ intents: [{ expires_us: atMinute(1_325) }] });
  });

  it('takes the setup’s expiry where it is earlier than the validity', () => {
    specify(stage)
      .given([release()])
      .when(proposed({}, { expires_us: atMinute(991) + 1_000 }))
      .then({ intents: [{ expires_us: atMinute(991) + 1_000 }] });
  });

  it('holds where the setup has expired already', () => {
    specify(stage)
      .given([release()])
      .when(proposed({}, { expires_us: atMinute(991) }))
      .then({ action: HOLD, size: 0, reason: ReasonCode.ORDER_EXPIRED, intents: [], valid_until_us: null });
  });

  it.each([
    [1, null, 1],
    [2, 1, 1],
    [3, 1, 1],
  ])('plans the first partial exit of %d contracts', (contracts, tp1_quantity, tp1_r) => {
    const config = aBookConfig();
    const limits = config.limits === null ? null : { ...config.limits, max_step_contracts: 5 };
    specify(stage)
      .given([release({ limits })])
      .when(proposed(sized(contracts)))
      .then({ intents: [{ quantity: contracts, tp1_quantity, tp1_r }] });
  });

  it('plans none where the setup has none', () => {
    specify(stage)
      .given([release()])
      .when(proposed({}, { tp1_r: null }))
      .then({ intents: [{ tp1_quantity: null, tp1_r: null }] });
  });
});

describe('The binding reason of a HOLD', () => {
  const fault = { stage: 'x', code: ReasonCode.STAGE_FAULT, detail: '' };
  const closed = aBanditPart({ chosen: null, candidates: [], reason: ReasonCode.REGIME_UNKNOWN });

  it.each<[string, Partial<Frame>, ReasonCode]>([
    ['what the bandit gives', { bandit: closed }, ReasonCode.REGIME_UNKNOWN],
    [
      'no setup, where the bandit names nothing',
      { bandit: aBanditPart({ chosen: null, reason: ReasonCode.OK }) },
      ReasonCode.NO_SETUP,
    ],
    ['a faulty features part', { features: aFeaturesPart({ fault }) }, ReasonCode.STAGE_FAULT],
    ['a missing regime', { regime: null }, ReasonCode.STAGE_FAULT],
    ['a faulty bandit', { bandit: aBanditPart({ fault }) }, ReasonCode.STAGE_FAULT],
    ['a missing bandit', { bandit: null }, ReasonCode.STAGE_FAULT],
    ['a faulty sizing', { sizing: aSizingPart({ fault }) }, ReasonCode.STAGE_FAULT],
    ['a missing portfolio', { portfolio: null }, ReasonCode.STAGE_FAULT],
    [
      'a closed gate that nobody minded',
      { regime: aRegimePart({ gate_open: false, reason: ReasonCode.REGIME_PENDING }) },
      ReasonCode.REGIME_PENDING,
    ],
    [
      'a size of zero',
      { sizing: aSizingPart({ proposed_contracts: 0, reason: ReasonCode.STOP_MISSING }) },
      ReasonCode.STOP_MISSING,
    ],
    ['a size of zero without a word', sized(0), ReasonCode.RISK_BUDGET_TOO_SMALL],
    ['a chosen candidate that is not there', { bandit: aBanditPart({ chosen: 3 }) }, ReasonCode.STAGE_FAULT],
  ])('is %s', (_, overrides, reason) => {
    specify(stage)
      .given([release()])
      .when(proposed(overrides))
      .then({ action: HOLD, size: 0, reason, intents: [], checks: [], valid_until_us: null });
  });

  it('minds no regime where the book has its gate off', () => {
    const pending = { regime: aRegimePart({ gate_open: false, reason: ReasonCode.REGIME_PENDING }) };
    specify(stage)
      .given([release({ regime: { gate: false } })])
      .when(proposed(pending))
      .then({ action: BUY });
  });

  it('minds the forecast only where it is learned from', () => {
    const faulty = { forecast: aForecastPart({ fault }) };
    specify(stage).given([release()]).when(proposed(faulty)).then({ action: BUY });
    specify(stage)
      .given([release({ policy: Policy.LEARNED })])
      .when(proposed(faulty))
      .then({ action: HOLD, reason: ReasonCode.STAGE_FAULT, policy: Policy.LEARNED });
  });

  it('is an unknown symbol where the book does not trade it', () => {
    specify(stage)
      .given([release()])
      .when(proposed({}, { symbol: 'MES' }))
      .then({ reason: ReasonCode.UNKNOWN_SYMBOL });
    specify(stage)
      .given([release()])
      .when(proposed({}, { symbol: 'CL' }))
      .then({ reason: ReasonCode.UNKNOWN_SYMBOL });
  });

  it('is the missing release, before there is one', () => {
    const nothing = { size: 0, reason: ReasonCode.NO_RELEASE, policy: Policy.UNSPECIFIED, intents: [] };
    specify(stage)
      .given([])
      .when(proposed({ entry: aSignalEntry() }))
      .then({ action: HOLD, ...nothing });
    specify(stage)
      .given([])
      .when(proposed())
      .then({ action: NONE, ...nothing });
    specify(stage)
      .given([release({ limits: null })])
      .when(proposed({ entry: aSignalEntry() }))
      .then(nothing);
  });
});

describe('A frame that asks nothing', () => {
  it('has no action, and says so', () => {
    const none = {
      action: NONE,
      size: 0,
      reason: ReasonCode.NOT_ASKED,
      intents: [],
      decision_id: 'paper-es-20',
    };
    specify(stage).given([release()]).when(clock(991)).then(none);
    specify(stage)
      .given([release({ decide_on_bar_close: false })])
      .when(proposed())
      .then({ action: NONE, reason: ReasonCode.NOT_ASKED });
    specify(stage)
      .given([release({ decide_on_bar_close: false })])
      .when(proposed({ entry: aSignalEntry() }))
      .then({ action: BUY });
  });

  it('is the release itself', () => {
    specify(stage)
      .given([])
      .when(release())
      .then({ action: NONE, reason: ReasonCode.NOT_ASKED, policy: Policy.RULES });
  });
});

function checkOf(part: RiskPart, code: ReasonCode): RiskPart['checks'][number] | undefined {
  return part.checks.find((check) => check.code === code);
}

describe('Caps', () => {
  const nq = aPosition({ symbol: 'NQ', quantity: 2, decision_id: 'paper-es-3' });

  it('reduces to what fits the symbol', () => {
    const { part } = specify(stage)
      .given([release()])
      .when(proposed({ portfolio: aPortfolioPart({ positions: [aPosition({ quantity: 2 })] }) }))
      .then({ action: BUY, size: 1, intents: [{ quantity: 1, tp1_quantity: null, tp1_r: 1 }] });
    expect(checkOf(part, ReasonCode.CAP_SYMBOL)).toMatchObject({ passed: true, value: 4, limit: 3 });
  });

  it('holds where nothing fits, and still records the checks behind', () => {
    const { part } = specify(stage)
      .given([release()])
      .when(proposed({ portfolio: aPortfolioPart({ working: [aWorkingOrder({ quantity: 3 })] }) }))
      .then({ action: HOLD, size: 0, reason: ReasonCode.CAP_SYMBOL, intents: [] });
    expect(part.checks.map(({ code }) => code)).toEqual(CODES);
    expect(checkOf(part, ReasonCode.CAP_TOTAL)?.passed).toBe(true);
  });

  it('counts positions of all symbols toward the total, whatever their side', () => {
    const config = aBookConfig();
    const limits = config.limits === null ? null : { ...config.limits, max_total_contracts: 3 };
    const short = { ...nq, side: Side.SHORT };
    specify(stage)
      .given([release({ limits })])
      .when(proposed({ portfolio: aPortfolioPart({ positions: [short] }) }))
      .then({ action: BUY, size: 1 });
    specify(stage)
      .given([release({ limits })])
      .when(
        proposed({
          portfolio: aPortfolioPart({ positions: [short], working: [aWorkingOrder({ quantity: 1 })] }),
        }),
      )
      .then({ action: HOLD, reason: ReasonCode.CAP_TOTAL });
  });

  it('counts ten micros as one mini', () => {
    const symbols = ['ES', 'MES'].map((symbol) => ({ symbol, slippage_ticks: 1, fee_per_side_cents: 37 }));
    const micros = aPosition({ symbol: 'MES', quantity: 11, decision_id: 'paper-es-3' });
    specify(stage)
      .given([release({ symbols })])
      .when(proposed({ portfolio: aPortfolioPart({ positions: [micros] }) }))
      .then({ size: 1 });
    const { part } = specify(stage)
      .given([release({ symbols })])
      .when(
        proposed(
          {
            features: aFeaturesPart({ symbol: 'MES' }),
            portfolio: aPortfolioPart({ positions: [aPosition({ quantity: 2 })] }),
            ...sized(30),
          },
          { symbol: 'MES' },
        ),
      )
      .then({ action: BUY, size: 10 });
    expect(checkOf(part, ReasonCode.CAP_SYMBOL)).toMatchObject({ value: 50, limit: 30 });
    expect(checkOf(part, ReasonCode.CAP_STEP)).toMatchObject({ value: 30, limit: 20 });
  });

  it('takes at most one step in a decision', () => {
    specify(stage)
      .given([release()])
      .when(proposed(sized(3)))
      .then({ action: BUY, size: 2 });
    const config = aBookConfig();
    const limits = config.limits === null ? null : { ...config.limits, max_step_contracts: 0 };
    specify(stage)
      .given([release({ limits })])
      .when(proposed())
      .then({ reason: ReasonCode.CAP_STEP });
  });
});

describe('Reservations', () => {
  const first = proposed();
  const second = (overrides: Partial<Frame> = {}): Frame =>
    proposed({ seq: 9, entry: aSignalEntry(), ...overrides });

  it('counts an order from its decision on, before execution has taken it', () => {
    specify(stage).given([release(), first]).when(second()).then({ size: 1 });
  });

  it('hands over to the working orders of the portfolio, without counting twice', () => {
    const taken = frameOf(anOrderEntry({ quantity: 2 }), { working: [aWorkingOrder({ quantity: 2 })] });
    const working = { portfolio: aPortfolioPart({ working: [aWorkingOrder({ quantity: 2 })] }) };
    specify(stage).given([release(), first, taken]).when(second(working)).then({ size: 1 });
  });

  it.each<[string, Entry]>([
    ['a fill', aFillEntry({ quantity: 2 })],
    ['a fill that names only the decision', aFillEntry({ quantity: 2, intent_id: null })],
    ['its end', anOrderEndEntry({ outcome: OrderOutcome.REJECTED })],
  ])('ends with %s', (_, entry) => {
    const { state } = specify(stage).given([release(), first]).when(frameOf(entry));
    expect(state.entries).toEqual([]);
  });

  it('stays for the contracts that are not filled yet', () => {
    const part = { positions: [aPosition()] };
    const { state } = specify(stage)
      .given([release(), first])
      .when(frameOf(aFillEntry({ quantity: 1 }), part));
    expect(state.entries).toMatchObject([{ remaining: 1, taken: false }]);
    const more = second({ portfolio: aPortfolioPart(part) });
    specify(stage)
      .given([release(), first, frameOf(aFillEntry({ quantity: 1 }), part)])
      .when(more)
      .then({ size: 1 });
  });

  it('is not touched by a repeated fill or by exits', () => {
    const duplicate = {
      fill_result: {
        matched: false,
        reason: ReasonCode.DUPLICATE_FILL,
        symbol: 'ES',
        net_contracts: 0,
        realised_cents: null,
      },
    };
    const repeated = frameOf(aFillEntry({ quantity: 2 }), duplicate);
    const exit = frameOf(aFillEntry({ quantity: 2, side: Side.SHORT, leg: FillLeg.STOP }));
    for (const frame of [repeated, exit]) {
      const { state } = specify(stage).given([release(), first]).when(frame);
      expect(state.entries).toMatchObject([{ remaining: 2 }]);
    }
  });
});

describe('The flat window', () => {
  const at = (minute: number): Partial<Frame> => ({
    entry: bar(minute),
    features: aFeaturesPart({ last_close_us: atMinute(minute) }),
  });
  const late = { expires_us: atMinute(2_000) };

  it('opens up to and with the last entry minute', () => {
    specify(stage)
      .given([release()])
      .when(proposed(at(1_305), late))
      .then({ action: BUY });
    const { part } = specify(stage)
      .given([release()])
      .when(proposed(at(1_306), late))
      .then({ action: HOLD, reason: ReasonCode.FLAT_WINDOW });
    expect(checkOf(part, ReasonCode.FLAT_WINDOW)).toMatchObject({
      passed: false,
      value: 1_306,
      limit: 1_305,
    });
  });

  it('is shut outside the session', () => {
    const { part } = specify(stage)
      .given([release()])
      .when(proposed(at(1_380), late))
      .then({ action: HOLD, reason: ReasonCode.FLAT_WINDOW });
    expect(checkOf(part, ReasonCode.FLAT_WINDOW)).toMatchObject({ value: null, limit: null });
  });

  it('shuts an hour before the close of a short day, which is flat ten minutes before it', () => {
    // Thanksgiving 2025: halt at 12:00 Chicago.
    const session = sessionOf(20251127);
    if (session === null) throw new Error('Expected a session on 2025-11-27');
    const on = (before: number): Partial<Frame> => {
      const close = session.close_us - before * MINUTE_US;
      const entry = aBarEntry({ open_us: close - MINUTE_US });
      return { entry, features: aFeaturesPart({ last_close_us: close }), ...withDay(0, {}, 20251127) };
    };
    const far = { expires_us: session.close_us };
    specify(stage)
      .given([release()])
      .when(proposed(on(61), far))
      .then({ action: BUY, intents: [{ flat_by_us: session.close_us - 10 * MINUTE_US }] });
    specify(stage)
      .given([release()])
      .when(proposed(on(60), far))
      .then({ reason: ReasonCode.FLAT_WINDOW });
  });
});

describe('The price', () => {
  it.each<[string, Partial<Setup>]>([
    ['a stop on the wrong side', { stop_ticks: 26_403 }],
    ['a target on the wrong side', { target_ticks: 26_400 }],
    ['an entry far from the market', { entry_ticks: 29_000 }],
    ['a stop below zero', { stop_ticks: -4 }],
  ])('is refused for %s', (_, setup) => {
    specify(stage)
      .given([release()])
      .when(proposed({}, setup))
      .then({ action: HOLD, reason: ReasonCode.PRICE_IMPLAUSIBLE });
  });

  it('is refused without a last close, or with that of another symbol', () => {
    const none = { features: aFeaturesPart({ last_close_ticks: null }) };
    const other = { features: aFeaturesPart({ symbol: 'NQ' }) };
    for (const overrides of [none, other]) {
      specify(stage)
        .given([release()])
        .when(proposed(overrides))
        .then({ reason: ReasonCode.PRICE_IMPLAUSIBLE });
    }
  });

  it('is stale after three bars', () => {
    const aged = (us: number): Partial<Frame> => ({
      features: aFeaturesPart({ last_close_us: atMinute(991) - us }),
    });
    specify(stage)
      .given([release()])
      .when(proposed(aged(3 * MINUTE_US)))
      .then({ action: BUY });
    const { part } = specify(stage)
      .given([release()])
      .when(proposed(aged(3 * MINUTE_US + 1)))
      .then({ action: HOLD, reason: ReasonCode.PRICE_STALE });
    expect(checkOf(part, ReasonCode.PRICE_STALE)).toMatchObject({ value: 4, limit: 3 });
  });
});

describe('An audit log that is behind', () => {
  const audit = (behind: boolean): Frame => {
    const base = { ...aClockEntry(), id: auditEntryId(7), kind: EntryKind.AUDIT, source: 'execution' };
    return frameOf(makeEntry(base, { audit: { behind, decided_seq: 7, audited_seq: 3 } }));
  };

  it('stops new risk until it has caught up', () => {
    const { part } = specify(stage)
      .given([release(), audit(true)])
      .when(proposed())
      .then({ action: HOLD, size: 0, reason: ReasonCode.AUDIT_BEHIND });
    expect(checkOf(part, ReasonCode.AUDIT_BEHIND)).toMatchObject({ passed: false });
    specify(stage)
      .given([release(), audit(true), audit(false)])
      .when(proposed())
      .then({ action: BUY });
  });

  it('does not hold up what only reduces', () => {
    specify(stage)
      .given([release(), audit(true)])
      .when(clock(992, withDay(-90_000, { positions: [aPosition()] })))
      .then({ action: EXIT, reason: ReasonCode.KILL_LATCHED });
  });
});

describe('The soft limit', () => {
  it('stops new risk at the limit and not before', () => {
    specify(stage)
      .given([release()])
      .when(proposed(withDay(-59_999)))
      .then({ action: BUY });
    specify(stage)
      .given([release()])
      .when(proposed(withDay(-60_000)))
      .then({
        action: HOLD,
        reason: ReasonCode.DAILY_SOFT_LOSS,
        latches: { soft_trade_date: A_TRADE_DATE, kill_trade_date: 0 },
      });
  });

  it('holds for the trade date though the loss is made good, and ends with it', () => {
    const hit = clock(985, withDay(-60_000));
    specify(stage)
      .given([release(), hit])
      .when(proposed(withDay(0)))
      .then({ reason: ReasonCode.DAILY_SOFT_LOSS });
    const next = clock(2_000, withDay(0, {}, 20250916));
    const { state } = specify(stage).given([release(), hit]).when(next);
    expect(state.latches).toEqual({ soft_trade_date: 0, kill_trade_date: 0 });
  });

  it('cancels entries that are not filled, closes nothing', () => {
    specify(stage)
      .given([release(), proposed()])
      .when(clock(992, withDay(-60_000, { positions: [aPosition({ symbol: 'NQ' })] })))
      .then({
        ...{ action: EXIT, size: 0, reason: ReasonCode.DAILY_SOFT_LOSS },
        intents: [{ kind: IntentKind.CANCEL, cancel_intent_id: 'paper-es-7/1', decision_id: 'paper-es-7' }],
      });
  });
});

describe('The kill', () => {
  const positions = [
    aPosition({ quantity: 2 }),
    aPosition({ symbol: 'NQ', side: Side.SHORT, decision_id: 'paper-es-5' }),
  ];
  const killed = withDay(-90_000, { positions });

  it('closes everything and cancels everything, once', () => {
    const { state } = specify(stage)
      .given([release(), proposed()])
      .when(clock(992, killed))
      .then({
        ...{ action: EXIT, size: 3, reason: ReasonCode.KILL_LATCHED, valid_until_us: null },
        latches: { soft_trade_date: A_TRADE_DATE, kill_trade_date: A_TRADE_DATE },
        intents: [
          {
            ...{
              kind: IntentKind.CLOSE,
              intent_id: 'paper-es-20/1',
              decision_id: 'paper-es-7',
              symbol: 'ES',
            },
            ...{ side: Side.SHORT, quantity: 2, order_type: OrderType.MARKET, created_us: atMinute(992) },
            ...{ expires_us: atMinute(1_380), stop_ticks: null, reason: ReasonCode.KILL_LATCHED },
          },
          { kind: IntentKind.CLOSE, intent_id: 'paper-es-20/2', side: Side.LONG, symbol: 'NQ', quantity: 1 },
          { kind: IntentKind.CANCEL, intent_id: 'paper-es-20/3', cancel_intent_id: 'paper-es-7/1' },
        ],
      });
    expect(state.closes).toHaveLength(2);
    const once = [release(), proposed(), clock(992, killed)];
    specify(stage)
      .given(once)
      .when(clock(993, killed))
      .then({ action: NONE, reason: ReasonCode.NOT_ASKED, intents: [] });
  });

  it('closes what is filled afterwards', () => {
    const after = clock(992, withDay(-90_000));
    const { portfolio } = withDay(-100, { positions: [aPosition({ quantity: 2 })] });
    const filled = aFrame({ entry: aFillEntry({ quantity: 2 }), seq: 8, portfolio: portfolio ?? null });
    specify(stage)
      .given([release(), proposed(), after])
      .when(filled)
      .then({ action: EXIT, intents: [{ kind: IntentKind.CLOSE, quantity: 2 }] });
  });

  it('closes also where the calendar has ended', () => {
    const beyond_us = Date.UTC(2028, 0, 4, 15) * 1_000;
    const minute = (beyond_us - atMinute(0)) / MINUTE_US;
    specify(stage)
      .given([release()])
      .when(clock(minute, killed))
      .then({
        action: EXIT,
        intents: [{ kind: IntentKind.CLOSE, expires_us: beyond_us + 86_400_000_000 }, {}],
      });
  });

  it('locks the rest of the trade date', () => {
    const hit = clock(985, withDay(-90_000));
    specify(stage)
      .given([release(), hit])
      .when(proposed(withDay(0)))
      .then({ action: HOLD, reason: ReasonCode.KILL_LATCHED });
    const next = clock(2_000, withDay(0, {}, 20250916));
    specify(stage)
      .given([release(), hit, next])
      .when(proposed(withDay(0, {}, 20250916)))
      .then({ action: HOLD, reason: ReasonCode.DRY_RUN, dry_run: true });
    const resume = frameOf(anOperatorEntry({ action: OperatorAction.RESUME }), {
      ...withDay(0, {}, 20250916).portfolio,
    });
    specify(stage)
      .given([release(), hit, next, resume])
      .when(proposed(withDay(0, {}, 20250916)))
      .then({ action: BUY, dry_run: false });
  });

  it('is not cleared by any command within its trade date', () => {
    const hit = clock(985, withDay(-90_000));
    const command = (action: OperatorAction): Frame =>
      frameOf(anOperatorEntry({ action, command_id: `c${action}` }), { ...withDay(0).portfolio });
    specify(stage)
      .given([release(), hit])
      .when(command(OperatorAction.RESUME))
      .then({ operator: { accepted: false, reason: ReasonCode.KILL_LATCHED }, dry_run: true });
    const { DRY_RUN, FLATTEN, RESUME } = OperatorAction;
    specify(stage)
      .given([release(), hit, command(DRY_RUN), command(FLATTEN), command(RESUME)])
      .when(proposed(withDay(0)))
      .then({ action: HOLD, reason: ReasonCode.KILL_LATCHED });
  });

  it('survives another release', () => {
    const hit = clock(985, withDay(-90_000));
    specify(stage)
      .given([release(), hit, release()])
      .when(proposed())
      .then({ reason: ReasonCode.KILL_LATCHED });
  });
});

describe('Exits', () => {
  const position = aPosition({ quantity: 2 });
  const exits = [{ symbol: 'ES', decision_id: 'paper-es-7', reason: ReasonCode.TIME_STOP, quantity: null }];
  const late = (minute: number): Frame =>
    clock(minute, { portfolio: aPortfolioPart({ positions: [position], exits }) });

  it('sends one order for a request that repeats', () => {
    specify(stage)
      .given([release()])
      .when(late(1_022))
      .then({
        action: EXIT,
        size: 2,
        reason: ReasonCode.TIME_STOP,
        intents: [{ kind: IntentKind.CLOSE, quantity: 2 }],
      });
    specify(stage)
      .given([release(), late(1_022)])
      .when(late(1_023))
      .then({ action: NONE, intents: [] });
  });

  it('sends another when the first one ended without effect', () => {
    const end = frameOf(anOrderEndEntry({ intent_id: 'paper-es-20/1' }), { positions: [position] }, 21);
    specify(stage)
      .given([release(), late(1_022), end])
      .when(late(1_023))
      .then({ action: EXIT });
  });

  it('sends another when nobody has executed the first one in its time', () => {
    // A kill that the trader's machine missed: the order ends with the session, the need for it does not.
    const open = withDay(-90_000, { positions: [position] });
    const killed = clock(1_000, open);
    const next = clock(1_380 + 60, open);
    specify(stage).given([release(), killed]).when(clock(1_379, open)).then({ intents: [] });
    specify(stage)
      .given([release(), killed])
      .when(next)
      .then({ action: EXIT, intents: [{ kind: IntentKind.CLOSE, quantity: 2 }] });
  });

  it('waits for the rest of a partial fill, then asks again for what joined later', () => {
    const fill = (quantity: number, id: string): Frame =>
      frameOf(
        aFillEntry({
          fill_id: id,
          intent_id: 'paper-es-20/1',
          side: Side.SHORT,
          quantity,
          leg: FillLeg.CLOSE,
        }),
        { positions: [position] },
        21,
      );
    specify(stage)
      .given([release(), late(1_022), fill(1, 'a')])
      .when(late(1_023))
      .then({ intents: [] });
    specify(stage)
      .given([release(), late(1_022), fill(1, 'a'), fill(1, 'b')])
      .when(late(1_023))
      .then({ intents: [{ kind: IntentKind.CLOSE }] });
  });

  it('forgets a close whose position is gone', () => {
    const { state } = specify(stage)
      .given([release(), late(1_022)])
      .when(clock(1_023));
    expect(state.closes).toEqual([]);
  });

  it('is not stopped by any latch or window', () => {
    const frame = clock(1_379, withDay(-70_000, { positions: [position], exits }));
    specify(stage)
      .given([release()])
      .when(frame)
      .then({ action: EXIT, intents: [{ kind: IntentKind.CLOSE }] });
  });

  it('closes a position without a plan at flat-by', () => {
    const stray = aPosition({ decision_id: '', exit_by_us: null, stop_ticks: null });
    const at = (minute: number): Frame =>
      clock(minute, { portfolio: aPortfolioPart({ positions: [stray] }) });
    specify(stage).given([release()]).when(at(1_324)).then({ action: NONE });
    specify(stage)
      .given([release()])
      .when(at(1_325))
      .then({ action: EXIT, reason: ReasonCode.SESSION_FLAT, intents: [{ decision_id: '', quantity: 1 }] });
  });

  it('stands beside an entry in another symbol', () => {
    const portfolio = aPortfolioPart({
      positions: [aPosition({ symbol: 'NQ', decision_id: 'paper-es-3' })],
      exits: [{ symbol: 'NQ', decision_id: 'paper-es-3', reason: ReasonCode.TIME_STOP, quantity: null }],
    });
    specify(stage)
      .given([release()])
      .when(proposed({ portfolio }))
      .then({
        ...{ action: BUY, size: 2, reason: ReasonCode.OK },
        intents: [
          { kind: IntentKind.CLOSE, symbol: 'NQ' },
          { kind: IntentKind.ENTER, intent_id: 'paper-es-7/2' },
        ],
      });
  });

  it('has the reason of the exit where the entry was refused', () => {
    const refused = { portfolio: aPortfolioPart({ positions: [position], exits }), ...sized(0) };
    specify(stage)
      .given([release()])
      .when(proposed(refused))
      .then({ action: EXIT, reason: ReasonCode.TIME_STOP });
  });
});

describe('A signal that was given up on', () => {
  const asked = proposed({ entry: aSignalEntry() });
  const abandon = frameOf(anAbandonEntry());

  it('loses its unfilled order, once', () => {
    specify(stage)
      .given([release(), asked])
      .when(abandon)
      .then({
        ...{ action: EXIT, size: 0, reason: ReasonCode.ABANDONED },
        intents: [{ kind: IntentKind.CANCEL, cancel_intent_id: 'paper-es-7/1', quantity: 2, symbol: 'ES' }],
      });
    const twice = frameOf(anAbandonEntry(), {}, 10);
    specify(stage).given([release(), asked, abandon]).when(twice).then({ action: NONE, intents: [] });
  });

  it.each<[string, readonly Frame[]]>([
    ['was filled', [asked, frameOf(aFillEntry({ quantity: 2 }), { positions: [aPosition()] })]],
    ['ended', [asked, frameOf(anOrderEndEntry())]],
    ['came of a bar', [proposed()]],
    ['was another one', [proposed({ entry: aSignalEntry({ signal_id: 'other' }) })]],
  ])('changes nothing where the order %s', (_, given) => {
    specify(stage)
      .given([release(), ...given])
      .when(abandon)
      .then({ action: NONE, reason: ReasonCode.NOT_ASKED, intents: [] });
  });
});

it('marks a fault with the gate closed', () => {
  const fault = { stage: 'risk', code: ReasonCode.STAGE_FAULT, detail: 'x' };
  expect(stage.faulted(fault)).toMatchObject({
    fault,
    action: HOLD,
    reason: ReasonCode.STAGE_FAULT,
    intents: [],
  });
});

it('starts with nothing under way', () => {
  const state: RiskState = stage.initialState();
  expect(state).toMatchObject({ config: null, entries: [], closes: [] });
});
