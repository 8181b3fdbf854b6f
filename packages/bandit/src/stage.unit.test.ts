import { describe, expect, it } from '@jest/globals';
import {
  EntryKind,
  EvidenceStatus,
  ExecutionMode,
  FillLeg,
  Policy,
  ReasonCode,
  RegimeState,
  Selection,
  Side,
  Strategy,
  type BookConfig,
  type ClosedTrade,
  type Entry,
  type FeaturesPart,
  type Frame,
  type Indicators,
  type Signal,
  bookConfigOf,
} from '@bellwether/contracts';
import { present, uniformOf } from '@bellwether/kernel';
import {
  A_BOOK,
  aBarEntry,
  aBookConfig,
  aClockEntry,
  aClosedTrade,
  aFeaturesPart,
  aFillEntry,
  aForecastPart,
  aFrame,
  aPortfolioPart,
  aPosition,
  aRegimePart,
  aReleaseEntry,
  aSignalEntry,
  aSqueeze,
  aWorkingOrder,
  anAbandonEntry,
  anOrderEndEntry,
  anOrderEntry,
  atMinute,
  specify,
  theIndicators,
} from '@bellwether/testkit';
import { stage } from './index.js';

/** Two deviations below a VWAP that slopes up a little: S2 wants to buy. */
const STRETCHED = theIndicators({
  vwap_ticks: 26_408.6,
  vwap_z_prev: -2.1,
  vwap_slope15_ticks: 1,
  atr14_m5_ticks: 20,
  low3_ticks: 26_380,
});
const QUIET = theIndicators({ atr14_m5_ticks: 20 });
/** S2 and, in Calm-Trend, S3 want to buy. */
const BOTH: Indicators = { ...STRETCHED, squeeze: aSqueeze() };

const UP_BAR = { open_ticks: 26_385, high_ticks: 26_389, low_ticks: 26_384, close_ticks: 26_388 };

/** Parts around an entry that close no gate. */
function framed(entry: Entry, parts: Partial<Frame> = {}): Frame {
  return aFrame({
    entry,
    features: aFeaturesPart({ indicators: QUIET, last_close_ticks: 26_388 }),
    regime: aRegimePart({ state: RegimeState.CALM_TREND }),
    forecast: aForecastPart(),
    portfolio: aPortfolioPart(),
    ...parts,
  });
}

function told(
  indicators: Indicators,
  closeMinute: number,
  features: Partial<FeaturesPart> = {},
): FeaturesPart {
  return aFeaturesPart({
    indicators,
    last_close_ticks: 26_388,
    last_close_us: atMinute(closeMinute),
    ...features,
  });
}

/** The bar that opens at this minute, frame `minute` of the book. */
function barAt(minute: number, indicators: Indicators = STRETCHED, parts: Partial<Frame> = {}): Frame {
  const entry = aBarEntry({ ...UP_BAR, open_us: atMinute(minute) });
  return framed(entry, { seq: minute, features: told(indicators, minute + 1), ...parts });
}

/** A signal 10 seconds after the bar of `barAt(990)` closed; frame 7 of the book. */
function signal(wish: Partial<Signal> = {}, parts: Partial<Frame> = {}): Frame {
  return framed(aSignalEntry(wish), { seq: 7, features: told(QUIET, 991), ...parts });
}

const released = (config: Partial<BookConfig> = {}): Frame => framed(aReleaseEntry(aBookConfig(config)));
/** A released book that knows its last bar, which chose nothing. */
const KNOWN = [released(), barAt(990, QUIET)];
const NOTHING = { candidates: [], draw: null, chosen: null, fault: null };

describe('bandit: a choice', () => {
  it('is made of the only live setup, with the whole vector in the frame', () => {
    const frame = barAt(991);
    const step = specify(stage).given(KNOWN).when(frame);
    step.then({
      reason: ReasonCode.OK,
      candidates: [
        {
          setup: { strategy: Strategy.S2, side: Side.LONG, entry_ticks: 26_388, size_factor: 1 },
          mean_r: 0,
          count: 0,
          ucb: null,
          probability: 1,
        },
      ],
      draw: uniformOf(`${A_BOOK}|${frame.entry?.id ?? ''}`),
      chosen: 0,
    });
    expect(step.part.refused.map(({ strategy }) => strategy)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(step.part.refused[1]).toEqual({ strategy: Strategy.S3, reason: ReasonCode.NO_SQUEEZE });
  });

  it('is drawn by the id of the entry, and both arms are drawn in time', () => {
    const chosen = Array.from({ length: 60 }, (_, i) => {
      const frame = framed(aSignalEntry({ signal_id: `draw-${i}` }), { features: told(BOTH, 991) });
      const { part } = specify(stage)
        .given([released(), barAt(990, QUIET)])
        .when(frame);
      const draw = uniformOf(`${A_BOOK}|signal:draw-${i}`);
      expect(part).toMatchObject({ draw, chosen: draw < 0.5 ? 0 : 1 });
      return part.chosen;
    });
    expect(new Set(chosen)).toEqual(new Set([0, 1]));
  });

  it('says why each arm has no setup when none has one', () => {
    const step = specify(stage).given(KNOWN).when(barAt(991, QUIET));
    step.then({ ...NOTHING, reason: ReasonCode.NO_SETUP });
    expect(step.part.refused).toHaveLength(12);
    expect(step.part.refused[1]).toEqual({ strategy: Strategy.S2, reason: ReasonCode.NOT_STRETCHED });
  });

  it('uses the bar of the symbol asked for on a signal', () => {
    const nqEntry = aBarEntry({ ...UP_BAR, symbol: 'NQ', open_ticks: 1, close_ticks: 2 });
    const nq = framed(nqEntry, { features: told(QUIET, 991, { symbol: 'NQ' }) });
    specify(stage)
      .given([...KNOWN, nq])
      .when(signal({}, { features: told(STRETCHED, 991) }))
      .then({ chosen: 0, candidates: [{ setup: { symbol: 'ES', entry_ticks: 26_388 } }] });
  });
});

describe('bandit: evidence', () => {
  const standing = (status: EvidenceStatus, overridden = false): BookConfig['evidence'] => ({
    standings: [{ name: 'S2', status, overridden, why: '' }],
  });
  const behind = (evidence: BookConfig['evidence']): Frame[] => [released({ evidence }), barAt(990, QUIET)];

  it.each([EvidenceStatus.UNPROVEN, EvidenceStatus.REJECTED])(
    'of status %d keeps the setup of an arm in the frame, and does not offer it',
    (status) => {
      specify(stage)
        .given(behind(standing(status)))
        .when(barAt(991))
        .then({
          ...NOTHING,
          reason: ReasonCode.ARM_UNPROVEN,
          withheld: [{ strategy: Strategy.S2, side: Side.LONG, entry_ticks: 26_388 }],
        });
    },
  );

  it.each([standing(EvidenceStatus.PROVEN), standing(EvidenceStatus.UNPROVEN, true), null])(
    'lets an arm trade that is proven, overridden, or stands behind no gate',
    (evidence) => {
      specify(stage)
        .given(behind(evidence))
        .when(barAt(991))
        .then({ chosen: 0, withheld: [], candidates: [{ setup: { strategy: Strategy.S2 } }] });
    },
  );
});

describe('bandit: gates', () => {
  const FAULT = { stage: 'x', code: ReasonCode.STAGE_FAULT, detail: '' };
  const regimeClosed = aRegimePart({ gate_open: false, reason: ReasonCode.REGIME_PENDING });
  const working = aPortfolioPart({ working: [aWorkingOrder()] });
  const open = aPortfolioPart({ positions: [aPosition()], working: [aWorkingOrder()] });
  const refusedBar = aFeaturesPart({ reason: ReasonCode.STALE_BAR });

  const closed: readonly (readonly [string, ReasonCode, Partial<Frame>])[] = [
    ['the features fail', ReasonCode.STAGE_FAULT, { features: aFeaturesPart({ fault: FAULT }) }],
    ['there are no features', ReasonCode.STAGE_FAULT, { features: null }],
    ['the features refuse the bar', ReasonCode.STALE_BAR, { features: refusedBar, regime: regimeClosed }],
    ['the regime fails', ReasonCode.STAGE_FAULT, { regime: aRegimePart({ fault: FAULT }) }],
    ['there is no regime', ReasonCode.STAGE_FAULT, { regime: null }],
    ['the regime gate is closed', ReasonCode.REGIME_PENDING, { regime: regimeClosed, portfolio: open }],
    ['there is no portfolio', ReasonCode.STAGE_FAULT, { portfolio: null }],
    ['the portfolio fails', ReasonCode.STAGE_FAULT, { portfolio: aPortfolioPart({ fault: FAULT }) }],
    ['a position is open', ReasonCode.POSITION_OPEN, { portfolio: open }],
    ['an order is working', ReasonCode.ORDER_WORKING, { portfolio: working }],
  ];

  it.each(closed)('close when %s', (_name, reason, parts) => {
    const frame = barAt(991, STRETCHED, parts);
    specify(stage)
      .given(KNOWN)
      .when(frame)
      .then({ ...NOTHING, reason, refused: [] });
  });

  it.each([
    ['a position', aPortfolioPart({ positions: [aPosition({ symbol: 'NQ' })] })],
    ['an order', aPortfolioPart({ working: [aWorkingOrder({ symbol: 'NQ' })] })],
  ])('stay open with %s in another symbol', (_name, portfolio) => {
    specify(stage)
      .given(KNOWN)
      .when(barAt(991, STRETCHED, { portfolio }))
      .then({ chosen: 0 });
  });

  it.each([
    ['a fill', aFillEntry()],
    ['a release', aReleaseEntry()],
    ['a clock entry', aClockEntry()],
  ])('are not asked at %s', (_name, entry) => {
    specify(stage)
      .given(KNOWN)
      .when(framed(entry))
      .then({ ...NOTHING, reason: ReasonCode.NOT_ASKED });
  });

  it('are not asked at a bar in a book that decides on signals only', () => {
    const given = [released({ decide_on_bar_close: false }), barAt(990, QUIET)];
    specify(stage)
      .given(given)
      .when(barAt(991))
      .then({ ...NOTHING, reason: ReasonCode.NOT_ASKED });
    specify(stage)
      .given(given)
      .when(signal({}, { features: told(STRETCHED, 991) }))
      .then({ chosen: 0 });
  });

  it.each([
    ['a bar', barAt(991)],
    ['a signal', signal()],
  ])('wait for a release at %s', (_name, frame) => {
    specify(stage)
      .given([])
      .when(frame)
      .then({ ...NOTHING, reason: ReasonCode.NO_RELEASE });
  });

  it('wait for a release that says how to choose', () => {
    const given = [released({ bandit: null }), barAt(990, QUIET)];
    specify(stage)
      .given(given)
      .when(barAt(991))
      .then({ ...NOTHING, reason: ReasonCode.NO_RELEASE });
  });

  it('need a forecast under the learned policy, before they look at positions', () => {
    const given = [released({ policy: Policy.LEARNED }), barAt(990, QUIET)];
    specify(stage)
      .given(given)
      .when(barAt(991, STRETCHED, { portfolio: open }))
      .then({ ...NOTHING, reason: ReasonCode.NO_MODEL });
    specify(stage)
      .given(given)
      .when(barAt(991, STRETCHED, { forecast: aForecastPart({ fault: FAULT }) }))
      .then({ ...NOTHING, reason: ReasonCode.STAGE_FAULT });
    specify(stage)
      .given(given)
      .when(barAt(991, STRETCHED, { forecast: aForecastPart({ p_final: 0.5 }) }))
      .then({ chosen: 0 });
  });

  it('need no forecast in a book that asks for none', () => {
    const asksNone = {
      book: 'es',
      symbols: [{ symbol: 'ES' as const }],
      models: { forecast: false, online: false },
    };
    const { models } = bookConfigOf(asksNone).config;
    specify(stage)
      .given([released({ policy: Policy.LEARNED, models }), barAt(990, QUIET)])
      .when(barAt(991, STRETCHED))
      .then({ chosen: 0 });
  });

  it('are open in any regime where the book has its gate off; what is not known trades as calm_trend', () => {
    const side = { strategy: Strategy.S2, regime: RegimeState.CALM_TREND, name: 'slope_side_only', value: 0 };
    const given = [released({ regime: { gate: false }, strategies: [side] }), barAt(990, QUIET)];
    const unknown = aRegimePart({
      ...{ gate_open: false, reason: ReasonCode.REGIME_UNKNOWN, state: RegimeState.UNKNOWN },
    });
    for (const regime of [regimeClosed, unknown]) {
      specify(stage)
        .given(given)
        .when(barAt(991, STRETCHED, { regime }))
        .then({ chosen: 0 });
    }
  });

  it('close for a symbol that the book does not trade', () => {
    const entry = aBarEntry({ ...UP_BAR, symbol: 'MES' });
    specify(stage)
      .given(KNOWN)
      .when(framed(entry))
      .then({ ...NOTHING, reason: ReasonCode.UNKNOWN_SYMBOL });
  });

  it('close without a clock or indicators', () => {
    const without = { features: told(STRETCHED, 992, { indicators: null }) };
    specify(stage)
      .given(KNOWN)
      .when(barAt(991, STRETCHED, without))
      .then({ ...NOTHING, reason: ReasonCode.INDICATOR_MISSING });
  });

  it('close on a signal whose indicators are newer than the last bar known here', () => {
    specify(stage)
      .given(KNOWN)
      .when(signal({}, { features: told(STRETCHED, 992) }))
      .then({ ...NOTHING, reason: ReasonCode.NO_BAR_YET });
    specify(stage)
      .given([released()])
      .when(signal({}, { features: told(STRETCHED, 991) }))
      .then({ ...NOTHING, reason: ReasonCode.NO_BAR_YET });
  });

  it('do not take over a bar that the features refused', () => {
    const stale = barAt(990, STRETCHED, { features: refusedBar });
    expect(specify(stage).given([released()]).when(stale).state.bars).toEqual([]);
  });
});

describe('bandit: a caller who names strategy and side', () => {
  const ask = (wish: Partial<Signal>, indicators: Indicators = QUIET) =>
    specify(stage)
      .given(KNOWN)
      .when(signal(wish, { features: told(indicators, 991) }));
  const refusedWith = (strategy: Strategy, reason: ReasonCode) => ({
    ...NOTHING,
    reason,
    refused: [{ strategy, reason }],
  });

  it('gets our setup of that arm, with our stop', () => {
    const wish = { strategy: Strategy.S2, side: Side.LONG, stop_distance_ticks: 20 };
    ask(wish, BOTH).then({
      chosen: 0,
      candidates: [{ setup: { strategy: Strategy.S2, side: Side.LONG, stop_ticks: 26_378 }, probability: 1 }],
      refused: [],
    });
  });

  it('gets its own trade where the arm has no setup and the stop is given', () => {
    ask({ strategy: Strategy.S6, side: Side.SHORT, stop_distance_ticks: 12 }).then({
      chosen: 0,
      candidates: [
        {
          setup: {
            strategy: Strategy.S6,
            side: Side.SHORT,
            entry_ticks: 26_388,
            stop_ticks: 26_400,
            target_ticks: null,
            time_stop_us: 1_800_000_000,
          },
        },
      ],
    });
  });

  it('gets its own trade where the setup of the arm is on the other side', () => {
    ask({ strategy: Strategy.S2, side: Side.SHORT, stop_distance_ticks: 12 }, STRETCHED).then({
      candidates: [{ setup: { side: Side.SHORT, stop_ticks: 26_400 } }],
    });
  });

  it.each([
    ['the reason of the arm without a stop', Strategy.S2, Side.LONG, null, QUIET, ReasonCode.NOT_STRETCHED],
    ['the other side refused', Strategy.S2, Side.SHORT, null, STRETCHED, ReasonCode.SIDE_NOT_ASKED],
    ['that the arm is off', Strategy.S6, Side.LONG, null, QUIET, ReasonCode.STRATEGY_OFF_IN_REGIME],
    ['a stop too near', Strategy.S6, Side.LONG, 2, QUIET, ReasonCode.STOP_TOO_NEAR],
    ['no side named', Strategy.S6, null, 12, QUIET, ReasonCode.STRATEGY_OFF_IN_REGIME],
    ['no side named, of S2', Strategy.S2, null, 12, QUIET, ReasonCode.NOT_STRETCHED],
  ])('is told %s', (_name, strategy, side, stop_distance_ticks, indicators, reason) => {
    ask({ strategy, side, stop_distance_ticks }, indicators).then(refusedWith(strategy, reason));
  });

  it('may name the arm alone or the side alone', () => {
    ask({ strategy: Strategy.S2 }, BOTH).then({ candidates: [{ setup: { strategy: Strategy.S2 } }] });
    ask({ side: Side.LONG }, STRETCHED).then({ candidates: [{ setup: { side: Side.LONG } }] });
    const none = ask({ side: Side.SHORT, stop_distance_ticks: 12 }, STRETCHED);
    none.then({ ...NOTHING, reason: ReasonCode.NO_SETUP });
    expect(none.part.refused[1]?.reason).toBe(ReasonCode.SIDE_NOT_ASKED);
  });

  it('names nothing with an unspecified strategy and side', () => {
    ask({ strategy: Strategy.UNSPECIFIED, side: Side.UNSPECIFIED }, STRETCHED).then({ chosen: 0 });
  });
});

describe('bandit: learning', () => {
  const closing = (trades: readonly Partial<ClosedTrade>[]): Frame =>
    framed(aFillEntry({ fill_id: 'out' }), {
      portfolio: aPortfolioPart({ closed: trades.map((trade) => aClosedTrade(trade)) }),
    });
  const armsAfter = (...frames: readonly Frame[]) =>
    specify(stage).given(frames.slice(0, -1)).when(frames.at(-1)!).state.arms;

  it.each([
    ['the net R of a closed trade', 0.7, 0.7],
    ['at most 4', 9, 4],
    ['at least -2', -7, -2],
  ])('takes %s', (_name, net_r, sum_r) => {
    expect(armsAfter(closing([{ net_r }]))).toEqual([{ strategy: Strategy.S2, count: 1, sum_r }]);
  });

  it('counts a decision once, however often its trade is told', () => {
    const once = closing([{ net_r: 1 }]);
    expect(armsAfter(once, once, closing([{ net_r: 1 }, { net_r: 1 }]))).toEqual([
      { strategy: Strategy.S2, count: 1, sum_r: 1 },
    ]);
  });

  it('keeps its arms apart and in order', () => {
    const trades = [
      { decision_id: 'b-1', strategy: Strategy.S6, net_r: -1 },
      { decision_id: 'b-2', strategy: Strategy.S2, net_r: 1 },
      { decision_id: 'b-3', strategy: Strategy.S2, net_r: 2 },
    ];
    expect(armsAfter(closing(trades))).toEqual([
      { strategy: Strategy.S2, count: 2, sum_r: 3 },
      { strategy: Strategy.S6, count: 1, sum_r: -1 },
    ]);
  });

  it.each([
    ['without a known risk', { net_r: null }],
    ['of no strategy', { strategy: Strategy.UNSPECIFIED }],
    ['of no decision', { decision_id: '' }],
  ])('learns nothing from a trade %s', (_name, trade) => {
    expect(armsAfter(closing([trade]))).toEqual([]);
  });

  it('forgets the oldest ids, not the newest', () => {
    const frames = Array.from({ length: 300 }, (_, i) => closing([{ decision_id: `b-${i + 1}` }]));
    const { state } = specify(stage)
      .given(frames)
      .when(closing([{ decision_id: 'b-300' }]));
    expect(state.rewarded).toHaveLength(256);
    expect(state.arms[0]?.count).toBe(300);
  });

  it('prefers the arm that earned more, by the vector that the frame shows', () => {
    const trades = Array.from({ length: 10 }, (_, i) => ({
      decision_id: `b-${i}`,
      strategy: i < 5 ? Strategy.S2 : Strategy.S3,
      net_r: i < 5 ? -1 : 1,
      exit_leg: FillLeg.TIME,
    }));
    const given = [...KNOWN, ...trades.map((trade) => closing([trade]))];
    // Three trades of an arm fill its day, so the question comes on the next one.
    const minute = 990 + 1_440;
    const nextDay = barAt(minute, { ...BOTH, squeeze: aSqueeze({ fired_us: atMinute(minute + 1) }) });
    const step = specify(stage).given(given).when(nextDay);
    expect(
      step.part.candidates.map(({ mean_r, count, probability }) => [mean_r, count, probability]),
    ).toEqual([
      [-1, 5, 0.05],
      [1, 5, 0.95],
    ]);
  });
});

describe('bandit: the selection of the book', () => {
  const under = (selection: Selection, frame = barAt(991, BOTH)) => {
    const bandit = { ...present(aBookConfig().bandit, 'a bandit'), selection };
    return specify(stage)
      .given([released({ bandit }), barAt(990, QUIET)])
      .when(frame);
  };

  it('by regime asks the strategy of the regime only', () => {
    const step = under(Selection.REGIME_MAP);
    step.then({ chosen: 0, candidates: [{ setup: { strategy: Strategy.S2 }, probability: 1 }] });
    expect(step.part.refused.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 11 }, () => ReasonCode.NOT_IN_REGIME_MAP),
    );
  });

  it('by regime still answers a caller who names another', () => {
    const frame = signal({ strategy: Strategy.S3 }, { features: told(BOTH, 991) });
    under(Selection.REGIME_MAP, frame).then({ candidates: [{ setup: { strategy: Strategy.S3 } }] });
  });

  it.each([Selection.UNIFORM, Selection.LINUCB])('%d has all live setups', (selection) => {
    const { candidates } = under(selection).part;
    expect(candidates.map(({ setup, probability }) => [setup?.strategy, probability])).toEqual([
      [Strategy.S2, 0.5],
      [Strategy.S3, 0.5],
    ]);
  });

  it('takes the parameters of the book: S2 off, and one trade a day for S3', () => {
    const regime = RegimeState.CALM_TREND;
    const strategies = [
      { strategy: Strategy.S2, regime, name: 'on', value: 0 },
      { strategy: Strategy.S3, regime, name: 'daily_trades_max', value: 0 },
    ];
    const step = specify(stage)
      .given([released({ strategies }), barAt(990, QUIET)])
      .when(barAt(991, BOTH));
    expect(step.part.chosen).toBeNull();
    expect(step.part.refused.slice(1, 3)).toEqual([
      { strategy: Strategy.S2, reason: ReasonCode.STRATEGY_OFF_IN_REGIME },
      { strategy: Strategy.S3, reason: ReasonCode.DAILY_TRADE_CAP },
    ]);
  });
});

describe('bandit: trades a day and rest after a stop', () => {
  const opening = (decision_id: string, symbol = 'ES'): Frame =>
    framed(aFillEntry({ decision_id, symbol }), {
      portfolio: aPortfolioPart({ positions: [aPosition({ decision_id, symbol })] }),
    });
  const ended = (trade: Partial<ClosedTrade>): Frame =>
    framed(aFillEntry({ fill_id: 'out', leg: FillLeg.STOP }), {
      portfolio: aPortfolioPart({ closed: [aClosedTrade(trade)] }),
    });
  const THREE = ['b-1', 'b-2', 'b-3'].map((id) => opening(id));
  const s2Of = (frame: Frame, given: readonly Frame[]) => {
    const { part } = specify(stage)
      .given([...KNOWN, ...given])
      .when(frame);
    return part.chosen === null ? part.refused[1]?.reason : ReasonCode.OK;
  };

  it('lets an arm trade three times a day in a symbol', () => {
    expect(s2Of(barAt(1_000), THREE.slice(0, 2))).toBe(ReasonCode.OK);
    expect(s2Of(barAt(1_000), THREE)).toBe(ReasonCode.DAILY_TRADE_CAP);
  });

  it('counts a trade once, with all its fills and its end', () => {
    const fills = [opening('b-1'), opening('b-1'), ended({ decision_id: 'b-1', exit_leg: FillLeg.TARGET })];
    const { state } = specify(stage)
      .given([...KNOWN, ...fills])
      .when(opening('b-2'));
    expect(state.days).toMatchObject([{ strategy: Strategy.S2, symbol: 'ES', trades: 2 }]);
  });

  it('counts symbols apart, and nobody´s fills for nobody', () => {
    expect(s2Of(barAt(1_000), [...THREE.slice(0, 2), opening('b-9', 'NQ')])).toBe(ReasonCode.OK);
    const unmatched = aPortfolioPart({ positions: [aPosition({ decision_id: '' })] });
    const { state } = specify(stage)
      .given(KNOWN)
      .when(framed(aFillEntry(), { portfolio: unmatched }));
    expect(state.days).toEqual([]);
  });

  it('keeps the counts of other arms and symbols, and counts no position without a strategy', () => {
    const opened = [
      aPosition({ symbol: 'ES', decision_id: 'b-1' }),
      aPosition({ symbol: 'NQ', decision_id: 'b-2' }),
      aPosition({ symbol: 'ES', decision_id: 'b-3', strategy: Strategy.S3 }),
      aPosition({ symbol: 'ES', decision_id: 'b-4', strategy: Strategy.UNSPECIFIED }),
      aPosition({ symbol: 'ES', decision_id: 'b-5' }),
    ];
    const fills = opened.map((position) =>
      framed(aFillEntry(), { portfolio: aPortfolioPart({ positions: [position] }) }),
    );
    const { state } = specify(stage)
      .given(fills.slice(0, -1))
      .when(fills.at(-1) ?? aFrame());
    expect(state.days.map(({ strategy, symbol, trades }) => [strategy, symbol, trades])).toEqual([
      [Strategy.S2, 'NQ', 1],
      [Strategy.S3, 'ES', 1],
      [Strategy.S2, 'ES', 2],
    ]);
  });

  it('starts the count anew on the next trade date', () => {
    expect(s2Of(barAt(990 + 1_440), THREE)).toBe(ReasonCode.OK);
    const clock = framed(aClockEntry({ boundary_us: atMinute(1_440) }));
    const { state } = specify(stage)
      .given([...KNOWN, ...THREE])
      .when(clock);
    expect(state).toMatchObject({ trade_date: 20250916, days: [{ trades: 0, last_decision_id: 'b-3' }] });
  });

  it('does not let a caller´s time end the day', () => {
    const future = framed(aSignalEntry({}, { event_us: atMinute(14_400) }));
    const { state } = specify(stage)
      .given([...KNOWN, ...THREE])
      .when(future);
    expect(state).toMatchObject({ trade_date: 20250915, days: [{ trades: 3 }] });
  });

  it('rests for ten minutes after a stop', () => {
    const stopped = [ended({ exit_leg: FillLeg.STOP, closed_us: atMinute(995) })];
    expect(s2Of(barAt(1_003), stopped)).toBe(ReasonCode.COOL_DOWN);
    expect(s2Of(barAt(1_004), stopped)).toBe(ReasonCode.OK);
  });

  it('does not rest after another end, nor in another symbol', () => {
    expect(s2Of(barAt(996), [ended({ exit_leg: FillLeg.TARGET, closed_us: atMinute(995) })])).toBe(
      ReasonCode.OK,
    );
    expect(
      s2Of(barAt(996), [ended({ symbol: 'NQ', exit_leg: FillLeg.STOP, closed_us: atMinute(995) })]),
    ).toBe(ReasonCode.OK);
  });

  it('holds a caller to both', () => {
    const own = signal({ strategy: Strategy.S2, side: Side.LONG, stop_distance_ticks: 12 });
    specify(stage)
      .given([...KNOWN, ...THREE])
      .when(own)
      .then({ reason: ReasonCode.DAILY_TRADE_CAP, chosen: null });
  });
});

describe('bandit: the memory of a choice', () => {
  /** Chosen at the bar of minute 991, by frame 991. */
  const CHOSEN = [...KNOWN, barAt(991)];
  const later = signal({ signal_id: 'later' }, { features: told(STRETCHED, 992), seq: 993 });
  const BY_SIGNAL = [...KNOWN, signal({}, { features: told(STRETCHED, 991) })];
  const pending = (given: readonly Frame[], frame: Frame = later) =>
    specify(stage).given(given).when(frame).part.reason === ReasonCode.ORDER_WORKING;

  it('closes the gate to a second order before anything is heard of the first', () => {
    specify(stage)
      .given(CHOSEN)
      .when(later)
      .then({ ...NOTHING, reason: ReasonCode.ORDER_WORKING });
  });

  it('does not close it in another symbol', () => {
    const nq = framed(aBarEntry({ ...UP_BAR, symbol: 'NQ', open_us: atMinute(991) }), {
      features: told(STRETCHED, 992, { symbol: 'NQ' }),
    });
    specify(stage)
      .given(CHOSEN)
      .when(nq)
      .then({ chosen: 0, candidates: [{ setup: { symbol: 'NQ' } }] });
  });

  it.each([
    ['its order, which the portfolio shows from there on', anOrderEntry({ decision_id: 'paper-es-991' })],
    ['a fill', aFillEntry({ decision_id: 'paper-es-991' })],
    ['the end of its order', anOrderEndEntry({ decision_id: 'paper-es-991' })],
    ['the time of its expiry', aClockEntry({ boundary_us: atMinute(994) })],
  ])('ends with %s', (_name, entry) => {
    expect(pending([...CHOSEN, framed(entry)])).toBe(false);
  });

  it.each([
    ['the order of another decision', anOrderEntry({ decision_id: 'paper-es-7' })],
    ['a fill of nobody', aFillEntry({ decision_id: null })],
    ['a clock before its expiry', aClockEntry({ boundary_us: atMinute(993) })],
    ['another signal', aSignalEntry({ signal_id: 'x' }, { event_us: atMinute(5_000) })],
    ['the abandoning of a signal', anAbandonEntry('x')],
  ])('outlasts %s', (_name, entry) => {
    expect(pending([...CHOSEN, framed(entry)])).toBe(true);
  });

  it('ends at the next bar of its symbol, by when its order would have come', () => {
    specify(stage).given(CHOSEN).when(barAt(992)).then({ chosen: 0 });
    const refused = barAt(991, STRETCHED, { features: aFeaturesPart({ reason: ReasonCode.STALE_BAR }) });
    expect(pending([...CHOSEN, refused])).toBe(true);
  });

  it('outlasts one bar where a signal asked, for that bar may be on its way already', () => {
    specify(stage).given(BY_SIGNAL).when(barAt(991)).then({ reason: ReasonCode.ORDER_WORKING });
    specify(stage)
      .given([...BY_SIGNAL, barAt(991, QUIET)])
      .when(barAt(992))
      .then({ chosen: 0 });
  });

  it('ends when the signal that asked is abandoned', () => {
    expect(pending([...BY_SIGNAL, framed(anAbandonEntry('signal-1'))], barAt(991))).toBe(false);
    expect(pending([...BY_SIGNAL, framed(anAbandonEntry('other'))], barAt(991))).toBe(true);
  });

  it('lasts until the setup expires where execution is outside', () => {
    const given = [released({ execution: ExecutionMode.EXTERNAL }), barAt(990, QUIET), barAt(991)];
    specify(stage).given(given).when(barAt(992)).then({ reason: ReasonCode.ORDER_WORKING });
    specify(stage)
      .given([...given, barAt(992, QUIET)])
      .when(barAt(993))
      .then({ chosen: 0 });
  });

  it('is not made where nothing was chosen', () => {
    expect(specify(stage).given(KNOWN).when(barAt(991, QUIET)).state.choices).toEqual([]);
  });
});

describe('bandit: a fault of its own', () => {
  it('chooses nothing', () => {
    const fault = { stage: 'bandit', code: ReasonCode.STAGE_FAULT, detail: 'x' };
    expect(stage.faulted(fault)).toMatchObject({ ...NOTHING, fault, reason: ReasonCode.STAGE_FAULT });
  });

  it('is thrown, not hidden, where a frame has no entry', () => {
    const frame = { ...aFrame(), entry: null };
    expect(() => stage.apply(stage.initialState(), frame, [])).toThrow('the entry of a frame');
    expect(aFrame().entry?.kind).toBe(EntryKind.BAR);
  });
});
