import { describe, expect, it } from '@jest/globals';
import {
  EntryKind,
  FillLeg,
  ReasonCode,
  RegimeState,
  Side,
  Strategy,
  type Close,
  type Entry,
  type PortfolioPart,
} from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, closeEntryId, frameHead, makeEntry, openFrame } from '@bellwether/kernel';
import { sessionOf } from '@bellwether/market';
import {
  A_SESSION_OPEN_US,
  A_TRADE_DATE,
  aBarEntry,
  aClockEntry,
  aFillEntry,
  aReleaseEntry,
  anOrderEndEntry,
  anOrderEntry,
  atMinute,
  specify,
} from '@bellwether/testkit';
import { stage } from './stage.js';

const MINUTE_US = 60_000_000;
const D7 = 'paper-es-7';
const D9 = 'paper-es-9';

/** Two ES long at 6000.00, stop 5996.00, TP1 at +1R for one of them: the trade of domain.md 8.4. */
const order = anOrderEntry({
  quantity: 2,
  stop_ticks: 23_984,
  target_ticks: null,
  tp1_quantity: 1,
  tp1_r: 1,
});
const entry = aFillEntry({ quantity: 2, price_ticks: 24_000, fee_cents: 280 });
const release = aReleaseEntry();

function exit(id: string, quantity: number, price_ticks: number, leg: FillLeg, atMinuteOfDay = 1_000): Entry {
  return aFillEntry({
    ...{ fill_id: id, side: Side.SHORT, quantity, price_ticks, leg },
    ...{ fee_cents: 140 * quantity, fill_us: atMinute(atMinuteOfDay) },
  });
}

function bar(minute: number, close_ticks: number, symbol = 'ES', high_ticks = close_ticks + 1): Entry {
  return aBarEntry({
    ...{ symbol, open_us: atMinute(minute), open_ticks: close_ticks, close_ticks },
    ...{ high_ticks, low_ticks: close_ticks - 1 },
  });
}

function close(overrides: Partial<Close> = {}): Entry {
  const base = { book: 'paper-es', event_us: atMinute(1_010), known_us: atMinute(1_010), source: 'test' };
  const payload: Close = {
    ...{ close_id: 'c1', decision_id: D7, exit_us: atMinute(1_010), exit_price_ticks: 24_010 },
    ...{ tick_size_e4: 2_500, final_contracts: null },
    ...overrides,
  };
  const id = closeEntryId(payload.close_id);
  return makeEntry({ ...base, id, kind: EntryKind.CLOSE, origin: release.origin }, { close: payload });
}

/** The part of each entry in turn. */
function partsOf(entries: readonly Entry[]): readonly PortfolioPart[] {
  let state = stage.initialState();
  let head = FIRST_FRAME_HEAD;
  return entries.map((item) => {
    const frame = openFrame(head, item);
    head = frameHead(frame);
    const applied = stage.apply(state, frame, []);
    state = applied.state;
    return applied.part;
  });
}

describe('An order and its fills', () => {
  it('stands as working from its entry on, with what is left of it', () => {
    specify(stage)
      .given([release])
      .when(order)
      .then({
        working: [{ intent_id: `${D7}/1`, decision_id: D7, symbol: 'ES', side: Side.LONG, quantity: 2 }],
        positions: [],
      });
    const half = aFillEntry({ quantity: 1, price_ticks: 24_000 });
    specify(stage)
      .given([release, order])
      .when(half)
      .then({
        working: [{ quantity: 1 }],
        positions: [{ quantity: 1, initial_quantity: 1 }],
        fill_result: { matched: true, reason: ReasonCode.OK, net_contracts: 1, realised_cents: null },
      });
  });

  it('becomes a position with the plan of the order', () => {
    specify(stage)
      .given([release, order])
      .when(entry)
      .then({
        reason: ReasonCode.OK,
        working: [],
        positions: [
          {
            ...{ symbol: 'ES', side: Side.LONG, quantity: 2, cost_ticks: 48_000, decision_id: D7 },
            ...{ strategy: Strategy.S2, regime: RegimeState.CALM_CHOP, initial_quantity: 2 },
            ...{ opened_us: atMinute(991), stop_ticks: 23_984, target_ticks: null },
            ...{ exit_by_us: atMinute(1_021), open_pnl_cents: null },
          },
        ],
        day: {
          trade_date: A_TRADE_DATE,
          realised_cents: 0,
          open_pnl_cents: 0,
          fees_cents: 280,
          pnl_cents: -280,
        },
      });
  });

  it('is removed when it ends unfilled', () => {
    specify(stage).given([release, order]).when(anOrderEndEntry()).then({ working: [], positions: [] });
  });

  it('still knows its plan when the fill comes after its end, once', () => {
    specify(stage)
      .given([release, order, anOrderEndEntry()])
      .when(entry)
      .then({
        working: [],
        fill_result: { matched: true, reason: ReasonCode.OK },
        positions: [{ decision_id: D7, stop_ticks: 23_984 }],
      });
    const nextDay = aClockEntry({ boundary_us: A_SESSION_OPEN_US + 24 * 60 * MINUTE_US });
    specify(stage)
      .given([release, order, anOrderEndEntry(), nextDay])
      .when(entry)
      .then({ fill_result: { matched: false, reason: ReasonCode.UNMATCHED_FILL } });
  });

  it('is taken once, though its entry is seen twice', () => {
    specify(stage)
      .given([release, order])
      .when(order)
      .then({ working: [{ quantity: 2 }] });
  });

  it('measures the time stop from the first fill and takes flat-by where it is earlier', () => {
    const late = anOrderEntry({ flat_by_us: atMinute(1_000) });
    specify(stage)
      .given([release, late])
      .when(aFillEntry())
      .then({ positions: [{ exit_by_us: atMinute(1_000) }] });
    const open = anOrderEntry({ flat_by_us: null, time_stop_us: null });
    specify(stage)
      .given([release, open])
      .when(aFillEntry())
      .then({ positions: [{ exit_by_us: null }] });
  });
});

describe('Fills that do not fit', () => {
  it('has no effect the second time', () => {
    const once = specify(stage).given([release, order]).when(entry);
    const twice = specify(stage).given([release, order, entry]).when(entry);
    twice.then({
      fill_result: {
        matched: false,
        reason: ReasonCode.DUPLICATE_FILL,
        net_contracts: 2,
        realised_cents: null,
      },
      day: once.part.day ?? {},
    });
    expect(twice.state).toEqual(once.state);
  });

  it('counts toward position and fees without a known decision, and has no stop', () => {
    const stray = aFillEntry({ decision_id: null, intent_id: null, strategy: Strategy.S4 });
    specify(stage)
      .given([release, bar(989, 26_403)])
      .when(stray)
      .then({
        fill_result: { matched: false, reason: ReasonCode.UNMATCHED_FILL, symbol: 'ES', net_contracts: 1 },
        positions: [
          { decision_id: '', strategy: Strategy.S4, stop_ticks: null, exit_by_us: null, open_pnl_cents: 0 },
        ],
        day: { fees_cents: 140 },
      });
  });

  it('closes what it can when a decision is unknown, and says so', () => {
    const stray = aFillEntry({
      fill_id: 'x',
      decision_id: 'paper-es-999',
      intent_id: null,
      side: Side.SHORT,
    });
    specify(stage)
      .given([release, order, entry])
      .when(stray)
      .then({
        fill_result: { matched: false, reason: ReasonCode.UNMATCHED_FILL, net_contracts: 1 },
        positions: [{ decision_id: D7, quantity: 1 }],
      });
  });

  it('takes on the plan of a later fill that has one, without a common R', () => {
    const stray = aFillEntry({ fill_id: 'x', decision_id: null, intent_id: null });
    const { state } = specify(stage)
      .given([release, stray, order])
      .when(aFillEntry({ quantity: 2, price_ticks: 26_400 }))
      .then({
        fill_result: { matched: true },
        positions: [{ decision_id: D7, quantity: 3, initial_quantity: 3, stop_ticks: 23_984 }],
      });
    const out = exit('y', 3, 26_410, FillLeg.TARGET);
    const closed = stage.apply(state, openFrame(FIRST_FRAME_HEAD, out), []).part.closed;
    expect(closed).toHaveLength(1);
    expect(closed[0]).toMatchObject({ quantity: 3, risk_cents: null, net_r: null });
  });

  it('stays with its own decision when a stranger joins, and loses its R', () => {
    const stray = aFillEntry({ fill_id: 'x', decision_id: null, intent_id: null, price_ticks: 24_004 });
    specify(stage)
      .given([release, order, entry, stray])
      .when(exit('y', 3, 24_010, FillLeg.TARGET))
      .then({ closed: [{ decision_id: D7, quantity: 3, net_r: null, risk_cents: null }] });
  });

  it.each([
    ['a symbol without a contract', { symbol: 'CL' }, ReasonCode.UNKNOWN_SYMBOL],
    ['a price off the grid', { tick_size_e4: 1_000, price_ticks: 66_001 }, ReasonCode.PRICE_IMPLAUSIBLE],
    ['no contracts', { quantity: 0 }, ReasonCode.UNDEFINED],
    ['no side', { side: Side.UNSPECIFIED }, ReasonCode.UNDEFINED],
  ])('refuses %s with a reason', (_, fill, reason) => {
    specify(stage)
      .given([release])
      .when(aFillEntry(fill))
      .then({
        fill_result: { matched: false, reason, net_contracts: 0 },
        positions: [],
        day: { fees_cents: 0 },
      });
  });

  it('converts a price in finer ticks exactly', () => {
    specify(stage)
      .given([release, order])
      .when(aFillEntry({ tick_size_e4: 1_250, price_ticks: 52_806 }))
      .then({ positions: [{ cost_ticks: 26_403 }] });
  });
});

describe('Partial exits', () => {
  it('is the worked example: TP1 at +1R, the rest at break-even, +0.486 R', () => {
    const parts = partsOf([
      release,
      order,
      entry,
      exit('tp1', 1, 24_016, FillLeg.TP1, 1_000),
      exit('be', 1, 24_000, FillLeg.STOP, 1_001),
    ]);
    expect(parts[3]).toMatchObject({
      positions: [{ quantity: 1, cost_ticks: 24_000, stop_ticks: 24_001, initial_quantity: 2 }],
      closed: [],
      fill_result: { realised_cents: 20_000 },
    });
    expect(parts[4]).toMatchObject({
      positions: [],
      day: { realised_cents: 20_000, open_pnl_cents: 0, fees_cents: 560, pnl_cents: 19_440 },
    });
    const [trade] = parts[4]?.closed ?? [];
    expect(trade).toMatchObject({
      ...{ decision_id: D7, quantity: 2, gross_cents: 20_000, fees_cents: 560, net_cents: 19_440 },
      ...{ risk_cents: 40_000, exit_leg: FillLeg.STOP, opened_us: atMinute(991), closed_us: atMinute(1_001) },
    });
    expect(trade?.net_r).toBeCloseTo(0.486, 12);
  });

  it('mirrors for a short', () => {
    const parts = partsOf([
      release,
      anOrderEntry({
        side: Side.SHORT,
        quantity: 2,
        stop_ticks: 24_016,
        target_ticks: null,
        tp1_quantity: 1,
      }),
      aFillEntry({ side: Side.SHORT, quantity: 2, price_ticks: 24_000, fee_cents: 280 }),
      aFillEntry({ fill_id: 'tp1', quantity: 1, price_ticks: 23_984, leg: FillLeg.TP1 }),
      aFillEntry({ fill_id: 'be', quantity: 1, price_ticks: 24_000, leg: FillLeg.STOP }),
    ]);
    expect(parts[3]?.positions[0]).toMatchObject({ side: Side.SHORT, stop_ticks: 23_999, quantity: 1 });
    expect(parts[3]?.fill_result).toMatchObject({ net_contracts: -1 });
    expect(parts[4]?.closed[0]).toMatchObject({ net_cents: 19_440, risk_cents: 40_000, side: Side.SHORT });
  });

  it('keeps the remainder of an uneven average with what is open', () => {
    const parts = partsOf([
      release,
      anOrderEntry({ quantity: 3, stop_ticks: 23_984 }),
      aFillEntry({ fill_id: 'a', quantity: 1, price_ticks: 24_000 }),
      aFillEntry({ fill_id: 'b', quantity: 2, price_ticks: 24_001 }),
      exit('x', 1, 24_010, FillLeg.CLOSE),
      exit('y', 1, 24_010, FillLeg.CLOSE),
      exit('z', 1, 24_010, FillLeg.CLOSE),
    ]);
    // Cost 72,002: the shares are 24,000, then 24,001 of 48,002, then the last 24,001.
    expect(parts.slice(4).map((part) => part.fill_result?.realised_cents)).toEqual([12_500, 11_250, 11_250]);
    expect(parts[4]?.positions[0]).toMatchObject({ quantity: 2, cost_ticks: 48_002 });
    expect(parts[6]?.closed[0]).toMatchObject({ gross_cents: 35_000, quantity: 3 });
    expect(parts[6]?.closed[0]?.risk_cents).toBe((72_002 - 3 * 23_984) * 1_250);
  });

  it('never loosens a stop', () => {
    const far = anOrderEntry({ quantity: 2, stop_ticks: 24_020, tp1_quantity: 1, target_ticks: null });
    specify(stage)
      .given([release, far, entry])
      .when(exit('tp1', 1, 24_040, FillLeg.TP1))
      .then({ positions: [{ stop_ticks: 24_020 }] });
  });

  it('has no R where entry and stop are one price', () => {
    specify(stage)
      .given([release, anOrderEntry({ stop_ticks: 26_403 }), aFillEntry()])
      .when(exit('x', 1, 26_402, FillLeg.STOP))
      .then({ closed: [{ net_cents: -1_250 - 280, risk_cents: null, net_r: null }] });
  });

  it('says when one of the fills was ambiguous, and how the trade ended', () => {
    const stop = aFillEntry({ fill_id: 'x', side: Side.SHORT, leg: FillLeg.STOP, ambiguous: true });
    specify(stage)
      .given([release, anOrderEntry(), aFillEntry()])
      .when(stop)
      .then({ closed: [{ ambiguous: true, exit_leg: FillLeg.STOP }] });
  });
});

describe('A trade of one contract', () => {
  const single = anOrderEntry({
    quantity: 1,
    stop_ticks: 23_984,
    target_ticks: null,
    tp1_quantity: null,
    tp1_r: 1,
  });
  const filled = aFillEntry({ price_ticks: 24_000, cause_id: 'bar:elsewhere' });

  it('moves its stop when the price touches +1R, and closes nothing', () => {
    specify(stage)
      .given([release, single, filled])
      .when(bar(991, 24_010, 'ES', 24_016))
      .then({ positions: [{ quantity: 1, stop_ticks: 24_001 }], closed: [] });
  });

  it('keeps its stop one tick before that', () => {
    specify(stage)
      .given([release, single, filled])
      .when(bar(991, 24_010, 'ES', 24_015))
      .then({ positions: [{ stop_ticks: 23_984 }] });
  });

  it('counts the bar that filled it, but not an older one', () => {
    const inside = aFillEntry({ price_ticks: 24_000, cause_id: bar(990, 24_010).id });
    specify(stage)
      .given([release, single, inside])
      .when(bar(990, 24_010, 'ES', 24_016))
      .then({ positions: [{ stop_ticks: 24_001 }] });
    specify(stage)
      .given([release, single, filled])
      .when(bar(990, 24_010, 'ES', 24_016))
      .then({ positions: [{ stop_ticks: 23_984 }] });
  });

  it('mirrors for a short', () => {
    const short = anOrderEntry({ side: Side.SHORT, stop_ticks: 24_016, target_ticks: null });
    const sold = aFillEntry({ side: Side.SHORT, price_ticks: 24_000 });
    const low = aBarEntry({
      open_us: atMinute(991),
      open_ticks: 24_000,
      high_ticks: 24_001,
      low_ticks: 23_984,
      close_ticks: 23_990,
    });
    specify(stage)
      .given([release, short, sold])
      .when(low)
      .then({ positions: [{ stop_ticks: 23_999 }] });
  });

  it('moves nothing where the setup has no first target', () => {
    const none = anOrderEntry({ stop_ticks: 23_984, target_ticks: null, tp1_r: null });
    specify(stage)
      .given([release, none, filled])
      .when(bar(991, 24_010, 'ES', 24_100))
      .then({ positions: [{ stop_ticks: 23_984 }] });
  });
});

describe('Flips', () => {
  it('closes first, then opens the rest under the new decision', () => {
    const short = anOrderEntry({
      ...{ intent_id: `${D9}/1`, decision_id: D9, side: Side.SHORT, quantity: 3, stop_ticks: 24_030 },
      ...{ target_ticks: 23_900, tp1_r: null },
    });
    const flip = aFillEntry({
      ...{ fill_id: 'flip', decision_id: D9, intent_id: `${D9}/1`, side: Side.SHORT, quantity: 3 },
      ...{ price_ticks: 24_008, fee_cents: 421 },
    });
    specify(stage)
      .given([release, order, entry, short])
      .when(flip)
      .then({
        closed: [{ decision_id: D7, gross_cents: 20_000, fees_cents: 280 + 280, exit_leg: FillLeg.CLOSE }],
        positions: [
          { decision_id: D9, side: Side.SHORT, quantity: 1, stop_ticks: 24_030, cost_ticks: 24_008 },
        ],
        fill_result: { matched: true, net_contracts: -1, realised_cents: 20_000 },
        day: { fees_cents: 701, realised_cents: 20_000 },
        working: [],
      });
  });
});

describe('A close that the caller reports', () => {
  it('closes the position of that decision, at the book’s own fee', () => {
    specify(stage)
      .given([release, order, entry])
      .when(close())
      .then({
        positions: [],
        closed: [{ gross_cents: 25_000, fees_cents: 560, net_cents: 24_440, exit_leg: FillLeg.CLOSE }],
        fill_result: { matched: true, reason: ReasonCode.OK, net_contracts: 0, realised_cents: 25_000 },
      });
  });

  it('leaves nothing for a paper exit that comes behind it: no position is opened the other way', () => {
    const late = aFillEntry({
      ...{ fill_id: 'paper:late', decision_id: D7, side: Side.SHORT, quantity: 2, price_ticks: 23_984 },
      ...{ leg: FillLeg.STOP, cause_id: 'bar:ES:1', fee_cents: 280, fill_us: atMinute(1_011) },
    });
    specify(stage)
      .given([release, order, entry, close()])
      .when(late)
      .then({
        positions: [],
        closed: [],
        day: { realised_cents: 25_000, fees_cents: 560 },
        fill_result: { matched: false, reason: ReasonCode.NO_POSITION, net_contracts: 0 },
      });
  });

  it('leaves the contracts that the caller says are left', () => {
    specify(stage)
      .given([release, order, entry])
      .when(close({ final_contracts: 1 }))
      .then({
        positions: [{ quantity: 1 }],
        closed: [],
        fill_result: { net_contracts: 1, realised_cents: 12_500 },
      });
  });

  it('does nothing where nothing would be closed', () => {
    specify(stage)
      .given([release, order, entry])
      .when(close({ final_contracts: 2 }))
      .then({
        positions: [{ quantity: 2 }],
        fill_result: { matched: true, net_contracts: 2, realised_cents: null },
      });
  });

  it.each([
    ['nothing is open', [], {}, ReasonCode.NO_POSITION],
    ['another decision is open', [order, entry], { decision_id: D9 }, ReasonCode.NO_POSITION],
    [
      'only a position without a decision is open',
      [aFillEntry({ decision_id: null, intent_id: null })],
      { decision_id: '' },
      ReasonCode.NO_POSITION,
    ],
    ['the price is off the grid', [order, entry], { tick_size_e4: 1_000 }, ReasonCode.PRICE_IMPLAUSIBLE],
  ])('is refused when %s', (_, given, payload, reason) => {
    const odd = { exit_price_ticks: 24_001, ...payload };
    specify(stage)
      .given([release, ...given])
      .when(close(odd))
      .then({ fill_result: { matched: false, reason }, closed: [] });
  });
});

describe('The day account', () => {
  it('values what is open at the last close, and refuses older bars', () => {
    const marked = specify(stage)
      .given([release, order, entry])
      .when(bar(991, 24_003))
      .then({ positions: [{ open_pnl_cents: 7_500 }], day: { open_pnl_cents: 7_500, pnl_cents: 7_220 } });
    const stale = stage.apply(marked.state, openFrame(FIRST_FRAME_HEAD, bar(991, 24_500)), []);
    expect(stale.part.day?.pnl_cents).toBe(7_220);
    const other = stage.apply(marked.state, openFrame(FIRST_FRAME_HEAD, bar(992, 24_500, 'NQ')), []);
    expect(other.part.day?.pnl_cents).toBe(7_220);
  });

  it('ignores bars of another interval or tick size', () => {
    for (const odd of [{ interval_us: 5 * MINUTE_US }, { tick_size_e4: 100 }]) {
      specify(stage)
        .given([release, order, entry])
        .when(aBarEntry({ open_us: atMinute(991), ...odd }))
        .then({ positions: [{ open_pnl_cents: null }] });
    }
  });

  it('rolls at 17:00 Chicago and carries what is open', () => {
    const before = partsOf([
      release,
      order,
      entry,
      bar(992, 24_003),
      exit('x', 1, 24_004, FillLeg.CLOSE, 1_379),
    ]);
    expect(before[4]?.day).toMatchObject({ trade_date: 20250915, realised_cents: 5_000, fees_cents: 420 });
    const next = present17();
    const lastMicrosecond = aClockEntry({ boundary_us: next - 1 });
    const parts = partsOf([
      ...[release, order, entry, bar(992, 24_003), exit('x', 1, 24_004, FillLeg.CLOSE, 1_379)],
      ...[lastMicrosecond, aClockEntry({ boundary_us: next })],
    ]);
    expect(parts[5]?.day).toMatchObject({ trade_date: 20250915, realised_cents: 5_000 });
    expect(parts[6]?.day).toEqual({
      ...{ trade_date: 20250916, realised_cents: 0, fees_cents: 0 },
      ...{ open_pnl_cents: 3_750, pnl_cents: 3_750 },
    });
    expect(parts[6]?.positions).toHaveLength(1);
  });

  it('never rolls back', () => {
    const next = aClockEntry({ boundary_us: present17() });
    specify(stage)
      .given([release, next])
      .when(aFillEntry())
      .then({ day: { trade_date: 20250916, fees_cents: 140 } });
  });

  it('says that there is no release yet, and counts even so', () => {
    specify(stage)
      .given([])
      .when(aFillEntry())
      .then({ reason: ReasonCode.NO_RELEASE, positions: [{ quantity: 1 }], day: { fees_cents: 140 } });
  });
});

describe('Remembered fill ids', () => {
  it('last for two trade dates', () => {
    const day = 24 * 60 * MINUTE_US;
    const at = (days: number): Entry => aClockEntry({ boundary_us: A_SESSION_OPEN_US + days * day });
    const again = { matched: false, reason: ReasonCode.DUPLICATE_FILL };
    specify(stage)
      .given([release, order, entry, at(1)])
      .when(entry)
      .then({ fill_result: again });
    specify(stage)
      .given([release, order, entry, at(1), at(2)])
      .when(entry)
      .then({ fill_result: { reason: ReasonCode.OK } });
  });
});

describe('Exits by time', () => {
  const opened = [release, anOrderEntry(), aFillEntry()];

  it('asks at the time stop on the symbol’s own bar', () => {
    specify(stage).given(opened).when(bar(1_019, 26_400)).then({ exits: [] });
    specify(stage)
      .given(opened)
      .when(bar(1_020, 26_400))
      .then({ exits: [{ symbol: 'ES', decision_id: D7, reason: ReasonCode.TIME_STOP }] });
  });

  it('waits one bar more on the clock and on other symbols', () => {
    const clock = (minute: number): Entry => aClockEntry({ boundary_us: atMinute(minute) });
    specify(stage).given(opened).when(clock(1_021)).then({ exits: [] });
    specify(stage)
      .given(opened)
      .when(clock(1_022))
      .then({ exits: [{ reason: ReasonCode.TIME_STOP }] });
    specify(stage)
      .given(opened)
      .when(bar(1_020, 24_000, 'NQ'))
      .then({ exits: [] });
    specify(stage)
      .given(opened)
      .when(bar(1_021, 24_000, 'NQ'))
      .then({ exits: [{ symbol: 'ES' }] });
  });

  it('asks for flat three minutes after flat-by, again and again', () => {
    const held = [release, anOrderEntry({ time_stop_us: null }), aFillEntry()];
    const clock = (minute: number): Entry => aClockEntry({ boundary_us: atMinute(minute) });
    specify(stage).given(held).when(clock(1_327)).then({ exits: [] });
    specify(stage)
      .given(held)
      .when(clock(1_328))
      .then({ exits: [{ reason: ReasonCode.SESSION_FLAT }] });
    specify(stage)
      .given([...held, clock(1_328)])
      .when(clock(1_329))
      .then({ exits: [{ symbol: 'ES' }] });
  });

  it('asks behind a hole in the bars of its symbol, until it is closed, and not for what was opened behind it', () => {
    const before = [release, bar(990, 26_400), anOrderEntry({ time_stop_us: null }), aFillEntry()];
    specify(stage).given(before).when(bar(996, 26_400)).then({ exits: [] });
    specify(stage)
      .given([...before, bar(996, 26_400)])
      .when(bar(1_003, 26_400))
      .then({ exits: [{ symbol: 'ES', reason: ReasonCode.BARS_MISSING }] });
    specify(stage)
      .given([...before, bar(996, 26_400), bar(1_003, 26_400)])
      .when(bar(1_004, 26_400))
      .then({ exits: [{ reason: ReasonCode.BARS_MISSING }] });
    specify(stage)
      .given([
        release,
        bar(900, 26_400),
        bar(990, 26_400),
        anOrderEntry({ time_stop_us: null }),
        aFillEntry(),
      ])
      .when(bar(996, 26_400))
      .then({ exits: [] });
  });

  it('asks on no other kind of entry', () => {
    specify(stage)
      .given(opened)
      .when(exit('x', 0, 1, FillLeg.STOP, 1_300))
      .then({ exits: [] });
  });
});

it('marks a fault with nothing in it', () => {
  const fault = { stage: 'portfolio', code: ReasonCode.STAGE_FAULT, detail: 'x' };
  expect(stage.faulted(fault)).toMatchObject({
    fault,
    reason: ReasonCode.STAGE_FAULT,
    positions: [],
    exits: [],
  });
});

function present17(): number {
  const next = sessionOf(20250916);
  if (next === null) throw new Error('Expected a session on 2025-09-16');
  return next.open_us;
}
