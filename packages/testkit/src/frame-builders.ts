import {
  Action,
  CONTRACT_VERSION,
  ClockReason,
  DataOrigin,
  EntryKind,
  ExecutionMode,
  FillLeg,
  IntentKind,
  MaxLossMode,
  OrderOutcome,
  OrderType,
  Policy,
  ReasonCode,
  RegimeMethod,
  RegimeState,
  Side,
  Strategy,
  type Account,
  type AuxEvent,
  type AccountProfile,
  type AccountSnapshot,
  type BanditPart,
  type Bar,
  type BookConfig,
  type Candidate,
  type Clock,
  type ClosedTrade,
  type Entry,
  type FeatureVector,
  type FeaturesPart,
  type Fill,
  type ForecastPart,
  type Frame,
  type Indicators,
  type MarketClock,
  type OperatorCommand,
  type OrderEnd,
  type OrderIntent,
  type PortfolioPart,
  type Position,
  type RegimePart,
  type Release,
  type RiskPart,
  type Setup,
  type Signal,
  type SizingObservation,
  type SizingPart,
  type Squeeze,
  type WorkingOrder,
  Selection,
} from '@bellwether/contracts';
import {
  abandonEntryId,
  accountEntryId,
  barId,
  clockId,
  fillEntryId,
  makeEntry,
  operatorEntryId,
  orderEndEntryId,
  orderEntryId,
  releaseId,
  signalEntryId,
} from '@bellwether/kernel';

/**
 * Complete values with sensible defaults, for tests. Every function takes what a test cares about and fills in the
 * rest. All of it is marked SYNTHETIC. The scene: ES at 6600 on Monday 2025-09-15, 09:31 Chicago, nothing open.
 */

const MINUTE_US = 60_000_000;

export const A_BOOK = 'paper-es';
/** yyyymmdd of the session that {@link atMinute} counts in: a full day. */
export const A_TRADE_DATE = 20250915;
/** 2025-09-14 17:00 Chicago. */
export const A_SESSION_OPEN_US = 1_757_887_200_000_000;

/** Microseconds UTC of a minute after 17:00 Chicago of {@link A_TRADE_DATE}: 930 is 08:30, 991 is 09:31. */
export function atMinute(minute: number): number {
  return A_SESSION_OPEN_US + minute * MINUTE_US;
}

type EntryBase = Pick<Entry, 'book' | 'id' | 'event_us' | 'known_us' | 'source' | 'origin'>;

function entryBase(id: string, event_us: number, overrides: Partial<EntryBase>): EntryBase {
  return {
    book: A_BOOK,
    id,
    event_us,
    known_us: event_us,
    source: 'test',
    origin: DataOrigin.SYNTHETIC,
    ...overrides,
  };
}

/** One minute of ES, 09:30 to 09:31, that closes half a point up. */
export function aBar(overrides: Partial<Bar> = {}): Bar {
  return {
    symbol: 'ES',
    open_us: atMinute(990),
    interval_us: MINUTE_US,
    tick_size_e4: 2_500,
    open_ticks: 26_400,
    high_ticks: 26_404,
    low_ticks: 26_398,
    close_ticks: 26_402,
    volume: 1_500,
    revision: 0,
    bid_size: null,
    ask_size: null,
    last_trade_dir: null,
    ...overrides,
  };
}

/** Known at its close. */
export function aBarEntry(bar: Partial<Bar> = {}, entry: Partial<EntryBase> = {}): Entry {
  const full = aBar(bar);
  const id = barId(full.symbol, full.interval_us, full.open_us, 'test', full.revision);
  const base = entryBase(id, full.open_us + full.interval_us, entry);
  return makeEntry({ ...base, kind: EntryKind.BAR }, { bar: full });
}

/** "Choose for me" in ES, ten seconds after the bar of {@link aBar} closed. */
export function aSignalEntry(signal: Partial<Signal> = {}, entry: Partial<EntryBase> = {}): Entry {
  const full: Signal = {
    signal_id: 'signal-1',
    symbol: 'ES',
    strategy: null,
    side: null,
    stop_distance_ticks: null,
    cloud: null,
    ts_us: null,
    ...signal,
  };
  const base = entryBase(signalEntryId(full.signal_id), full.ts_us ?? atMinute(991) + 10_000_000, entry);
  return makeEntry({ ...base, kind: EntryKind.SIGNAL }, { signal: full });
}

/** A 50,000 USD account: its floor 2,000 USD below, following the balance at the end of each day. */
export function anAccountProfile(overrides: Partial<AccountProfile> = {}): AccountProfile {
  return {
    name: 'topstep-50k',
    dated: 20_261_122,
    sources: ['test'],
    start_balance_cents: 5_000_000,
    max_loss_mode: MaxLossMode.END_OF_DAY,
    max_loss_cents: 200_000,
    floor_lock_cents: 5_000_000,
    min_headroom_cents: 80_000,
    max_position_minis: 5,
    micros_per_mini: 10,
    scaling: [],
    max_day_contracts: 100,
    best_day_max_share: 0.5,
    heat_reduce: 0.25,
    heat_block: 0.35,
    correlation_min: 0.8,
    flat_by: [],
    news_block_minutes: 0,
    ...overrides,
  };
}

export function aBookConfig(overrides: Partial<BookConfig> = {}): BookConfig {
  return {
    book: A_BOOK,
    symbols: [
      { symbol: 'ES', slippage_ticks: 1, fee_per_side_cents: 140 },
      { symbol: 'NQ', slippage_ticks: 2, fee_per_side_cents: 140 },
    ],
    bar_interval_us: MINUTE_US,
    policy: Policy.RULES,
    execution: ExecutionMode.PAPER,
    decide_on_bar_close: true,
    valid_for_us: 5_000_000,
    risk_per_trade_cents: 40_000,
    limits: {
      profile: 'topstep-50k',
      max_total_contracts: 5,
      max_es_contracts: 3,
      max_nq_contracts: 2,
      max_step_contracts: 2,
      daily_soft_loss_cents: 60_000,
      daily_kill_loss_cents: 90_000,
      last_entry_minute: 1_305,
      flat_by_minute: 1_325,
    },
    account: anAccountProfile(),
    micros: false,
    bandit: {
      ucb_c: 0.5,
      min_count: 5,
      probability_floor: 0.05,
      selection: Selection.UCB1,
      linucb_alpha: 0.3,
      linucb_ridge: 1,
      linucb_kept: 0,
      record_kept: 0,
      no_trials: false,
      ...{ neural_alpha: 0, neural_ridge: 0, neural_kept: 0, epsilon: 0 },
    },
    strategies: [],
    management: null,
    paper: null,
    degraded: null,
    streams: null,
    models: null,
    regime: null,
    evidence: null,
    ...overrides,
  };
}

/** A release of the whole configuration, before the session opens. */
export function aReleaseEntry(
  config: BookConfig = aBookConfig(),
  release: Partial<Release> = {},
  entry: Partial<EntryBase> = {},
): Entry {
  const full: Release = { number: 1, contract_version: CONTRACT_VERSION, stages: [], config, ...release };
  const base = entryBase(releaseId(full.number), A_SESSION_OPEN_US, entry);
  return makeEntry({ ...base, kind: EntryKind.RELEASE }, { release: full });
}

/** An entry of one stream beside bars, known when it happened unless `entry` says otherwise. */
export function anAuxEntry(
  content: Partial<AuxEvent>,
  event_us: number,
  entry: Partial<EntryBase> = {},
): Entry {
  const aux: AuxEvent = { options: null, news: null, economic: null, ...content };
  const base = entryBase(`aux:test:${event_us}`, event_us, entry);
  return makeEntry({ ...base, kind: EntryKind.AUX }, { aux });
}

export function aClockEntry(clock: Partial<Clock> = {}, entry: Partial<EntryBase> = {}): Entry {
  const full: Clock = { boundary_us: atMinute(930), reason: ClockReason.RTH_OPEN, ...clock };
  const base = entryBase(clockId(full.boundary_us), full.boundary_us, entry);
  return makeEntry({ ...base, kind: EntryKind.CLOCK }, { clock: full });
}

/** One ES contract bought as entry of decision `paper-es-7`. */
export function aFill(overrides: Partial<Fill> = {}): Fill {
  return {
    fill_id: 'fill-1',
    decision_id: `${A_BOOK}-7`,
    intent_id: `${A_BOOK}-7/1`,
    symbol: 'ES',
    side: Side.LONG,
    quantity: 1,
    price_ticks: 26_403,
    tick_size_e4: 2_500,
    fee_cents: 140,
    fill_us: atMinute(991),
    leg: FillLeg.ENTRY,
    cause_id: '',
    ambiguous: false,
    strategy: null,
    corrects_fill_id: null,
    ...overrides,
  };
}

export function aFillEntry(fill: Partial<Fill> = {}, entry: Partial<EntryBase> = {}): Entry {
  const full = aFill(fill);
  const base = entryBase(fillEntryId(full.fill_id), full.fill_us, entry);
  return makeEntry({ ...base, kind: EntryKind.FILL }, { fill: full });
}

/** A market entry of one ES contract, long, as decided by `paper-es-7` at 09:31. */
export function anOrderIntent(overrides: Partial<OrderIntent> = {}): OrderIntent {
  return {
    intent_id: `${A_BOOK}-7/1`,
    kind: IntentKind.ENTER,
    decision_id: `${A_BOOK}-7`,
    symbol: 'ES',
    side: Side.LONG,
    quantity: 1,
    tick_size_e4: 2_500,
    order_type: OrderType.MARKET,
    created_us: atMinute(991),
    expires_us: atMinute(993),
    trigger_ticks: null,
    stop_ticks: 26_390,
    target_ticks: 26_420,
    tp1_quantity: null,
    tp1_r: 1,
    time_stop_us: 30 * MINUTE_US,
    flat_by_us: atMinute(1_325),
    cancel_intent_id: null,
    reason: ReasonCode.OK,
    strategy: Strategy.S2,
    regime: RegimeState.CALM_CHOP,
    ...overrides,
  };
}

export function anOrderEntry(order: Partial<OrderIntent> = {}, entry: Partial<EntryBase> = {}): Entry {
  const full = anOrderIntent(order);
  const base = entryBase(orderEntryId(full.intent_id), full.created_us, entry);
  return makeEntry({ ...base, kind: EntryKind.ORDER }, { order: full });
}

export function anOrderEndEntry(end: Partial<OrderEnd> = {}, entry: Partial<EntryBase> = {}): Entry {
  const full: OrderEnd = {
    intent_id: `${A_BOOK}-7/1`,
    decision_id: `${A_BOOK}-7`,
    symbol: 'ES',
    outcome: OrderOutcome.EXPIRED,
    reason: ReasonCode.ORDER_EXPIRED,
    cause_id: '',
    broker_order_id: '',
    ...end,
  };
  const base = entryBase(orderEndEntryId(full.intent_id), atMinute(993), entry);
  return makeEntry({ ...base, kind: EntryKind.ORDER_END }, { order_end: full });
}

export function anAbandonEntry(signalId = 'signal-1', entry: Partial<EntryBase> = {}): Entry {
  const base = entryBase(abandonEntryId(signalId), atMinute(991) + 11_000_000, entry);
  const abandon = { signal_id: signalId, reason: ReasonCode.TIMEOUT };
  return makeEntry({ ...base, kind: EntryKind.ABANDON }, { abandon });
}

export function anOperatorEntry(
  command: Partial<OperatorCommand> & Pick<OperatorCommand, 'action'>,
  entry: Partial<EntryBase> = {},
): Entry {
  const full: OperatorCommand = { command_id: 'command-1', note: 'test', ...command };
  const base = entryBase(operatorEntryId(full.command_id), atMinute(991), entry);
  return makeEntry({ ...base, kind: EntryKind.OPERATOR }, { operator: full });
}

/** The broker sees a flat account and names no balance. */
export function anAccountEntry(
  snapshot: Partial<AccountSnapshot> = {},
  entry: Partial<EntryBase> = {},
): Entry {
  const full: AccountSnapshot = {
    snapshot_id: 'snapshot-1',
    as_of_us: atMinute(991),
    positions: [],
    balance_cents: null,
    can_trade: null,
    ...snapshot,
  };
  const base = entryBase(accountEntryId(full.snapshot_id), full.as_of_us, entry);
  return makeEntry({ ...base, kind: EntryKind.ACCOUNT }, { account: full });
}

/** A frame in which no stage has spoken, of the bar of {@link aBarEntry}. */
export function aFrame(overrides: Partial<Frame> = {}): Frame {
  const entry = overrides.entry ?? aBarEntry();
  return {
    contract_version: CONTRACT_VERSION,
    book: entry.book,
    seq: 1,
    book_time_us: entry.known_us,
    origin: DataOrigin.SYNTHETIC,
    entry,
    features: null,
    regime: null,
    forecast: null,
    portfolio: null,
    bandit: null,
    sizing: null,
    risk: null,
    inferences: [],
    ...overrides,
  };
}

export function aMarketClock(overrides: Partial<MarketClock> = {}): MarketClock {
  return {
    trade_date: A_TRADE_DATE,
    in_session: true,
    in_rth: true,
    session_minute: 991,
    close_minute: 1_380,
    full_day: true,
    ...overrides,
  };
}

export function aSqueeze(overrides: Partial<Squeeze> = {}): Squeeze {
  return {
    on: false,
    fired: true,
    bars: 9,
    box_high_ticks: 26_408,
    box_low_ticks: 26_396,
    momentum_ticks: 3.5,
    fired_us: atMinute(1_020),
    ...overrides,
  };
}

/** A quiet market that no strategy wants: the price lies near VWAP and no squeeze is on. */
export function theIndicators(overrides: Partial<Indicators> = {}): Indicators {
  return {
    vwap_ticks: 26_397.4,
    vwap_sd_ticks: 12,
    vwap_z: 0.4,
    vwap_z_prev: 0.2,
    vwap_slope15_ticks: 2,
    atr14_ticks: 8,
    atr14_m5_ticks: 18,
    ema9_ticks: 26_400.5,
    ema21_ticks: 26_398.5,
    er30: 0.2,
    rv30: 0.0005,
    rv30_percentile: 0.4,
    volume_rel_log2: 0.5,
    volume_tod_median: 1_050,
    high3_ticks: 26_406,
    low3_ticks: 26_394,
    squeeze: null,
    cash: null,
    ...overrides,
  };
}

const FEATURE_COUNT = 43;

/** All 43 numbers present, each other than its neighbours. */
export function aFeatureVector(overrides: Partial<FeatureVector> = {}): FeatureVector {
  const index = Array.from({ length: FEATURE_COUNT }, (_, i) => i);
  return {
    set_version: 'test',
    schema_sha256: '0'.repeat(64),
    present_index: index,
    present_value: index.map((i) => (i - 21) / 43),
    masked_index: [],
    masked_reason: [],
    ...overrides,
  };
}

export function aFeaturesPart(overrides: Partial<FeaturesPart> = {}): FeaturesPart {
  return {
    logic_version: 1,
    fault: null,
    reason: ReasonCode.OK,
    symbol: 'ES',
    clock: aMarketClock(),
    last_close_ticks: 26_402,
    last_close_us: atMinute(991),
    vector: aFeatureVector(),
    indicators: theIndicators(),
    aux: null,
    zones: [],
    releases: null,
    streams: [],
    ...overrides,
  };
}

/** Calm-Chop since 09:00, gate open. */
export function aRegimePart(overrides: Partial<RegimePart> = {}): RegimePart {
  return {
    logic_version: 1,
    fault: null,
    reason: ReasonCode.OK,
    method: RegimeMethod.RULE,
    state: RegimeState.CALM_CHOP,
    gate_open: true,
    probabilities: [0.2, 0.6, 0.05, 0.15],
    pending: null,
    pending_since_us: null,
    state_since_us: atMinute(960),
    model_reason: null,
    ...overrides,
  };
}

/** No model speaks. */
export function aForecastPart(overrides: Partial<ForecastPart> = {}): ForecastPart {
  return {
    logic_version: 1,
    fault: null,
    reason: ReasonCode.NO_MODEL,
    p_cloud: null,
    p_online: null,
    p_final: null,
    caller_model_id: null,
    expected_move_ticks: null,
    model_reason: null,
    ...overrides,
  };
}

/** The account of {@link anAccountProfile} at its start. */
export function anAccount(overrides: Partial<Account> = {}): Account {
  return {
    start_balance_cents: 5_000_000,
    balance_cents: 5_000_000,
    equity_cents: 5_000_000,
    worst_equity_cents: 5_000_000,
    floor_cents: 4_800_000,
    floor_locked: false,
    headroom_cents: 200_000,
    worst_day_pnl_cents: 0,
    breached: false,
    scaling_minis: null,
    day_contracts: 0,
    best_day_cents: 0,
    can_trade: true,
    ...overrides,
  };
}

/** Flat, nothing earned or lost today. */
export function aPortfolioPart(overrides: Partial<PortfolioPart> = {}): PortfolioPart {
  return {
    logic_version: 1,
    fault: null,
    reason: ReasonCode.OK,
    positions: [],
    working: [],
    day: { trade_date: A_TRADE_DATE, realised_cents: 0, open_pnl_cents: 0, fees_cents: 0, pnl_cents: 0 },
    closed: [],
    fill_result: null,
    exits: [],
    account: anAccount(),
    reconciliation: null,
    strategies: [],
    management: [],
    stop_moves: [],
    heat: null,
    heat_concentration: null,
    ...overrides,
  };
}

export function aPosition(overrides: Partial<Position> = {}): Position {
  return {
    symbol: 'ES',
    side: Side.LONG,
    quantity: 1,
    cost_ticks: 26_403,
    decision_id: `${A_BOOK}-7`,
    strategy: Strategy.S2,
    regime: RegimeState.CALM_CHOP,
    opened_us: atMinute(991),
    initial_quantity: 1,
    stop_ticks: 26_390,
    target_ticks: 26_420,
    exit_by_us: atMinute(1_021),
    open_pnl_cents: 0,
    worst_pnl_cents: 0,
    mae_ticks: 0,
    mfe_ticks: 0,
    r: 0,
    ...overrides,
  };
}

export function aWorkingOrder(overrides: Partial<WorkingOrder> = {}): WorkingOrder {
  return {
    intent_id: `${A_BOOK}-7/1`,
    decision_id: `${A_BOOK}-7`,
    symbol: 'ES',
    side: Side.LONG,
    quantity: 1,
    expires_us: atMinute(993),
    broker_order_id: '',
    ...overrides,
  };
}

/** One ES contract, ten points won. */
export function aClosedTrade(overrides: Partial<ClosedTrade> = {}): ClosedTrade {
  return {
    decision_id: `${A_BOOK}-7`,
    symbol: 'ES',
    strategy: Strategy.S2,
    regime: RegimeState.CALM_CHOP,
    side: Side.LONG,
    quantity: 1,
    gross_cents: 50_000,
    fees_cents: 280,
    net_cents: 49_720,
    risk_cents: 20_000,
    net_r: 2.486,
    opened_us: atMinute(991),
    closed_us: atMinute(1_010),
    exit_leg: FillLeg.TARGET,
    ambiguous: false,
    mae_ticks: 2,
    mfe_ticks: 40,
    mae_r: 0.125,
    mfe_r: 2.5,
    ...overrides,
  };
}

/** S2 long at the market: stop 12 ticks below, target 18 above. */
export function aSetup(overrides: Partial<Setup> = {}): Setup {
  return {
    strategy: Strategy.S2,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.MARKET,
    entry_ticks: 26_402,
    stop_ticks: 26_390,
    target_ticks: 26_420,
    tp1_r: 1,
    expires_us: atMinute(993),
    time_stop_us: 30 * MINUTE_US,
    size_factor: 1,
    ...overrides,
  };
}

export function aCandidate(overrides: Partial<Candidate> = {}): Candidate {
  return { setup: aSetup(), mean_r: 0, count: 0, ucb: null, probability: 1, confidence: null, ...overrides };
}

/** One candidate, chosen. */
export function aBanditPart(overrides: Partial<BanditPart> = {}): BanditPart {
  return {
    logic_version: 1,
    fault: null,
    reason: ReasonCode.OK,
    candidates: [aCandidate()],
    refused: [],
    draw: 0.5,
    chosen: 0,
    confidence_reason: null,
    selection_reason: null,
    withheld: [],
    ...overrides,
  };
}

export function aSizingPart(overrides: Partial<SizingPart> = {}): SizingPart {
  return {
    logic_version: 1,
    fault: null,
    reason: ReasonCode.OK,
    proposed_contracts: 2,
    base_contracts: 2,
    stop_distance_ticks: 12,
    risk_per_contract_cents: 17_780,
    multiplier: null,
    multiplier_reason: ReasonCode.NO_MODEL,
    symbol: '',
    degraded: false,
    ...{ observation: null, cvar_agent: null, online_agent: null, model_reason: null },
    ...overrides,
  };
}

/** A setup that is a little better than even, in an account that has lost nothing, in the middle of a session. */
export function aSizingObservation(overrides: Partial<SizingObservation> = {}): SizingObservation {
  return {
    ...{ win_probability: 0.55, volatile: 0.5, day_r: 0, drawdown_r: 0, headroom_r: 4, session_left: 0.5 },
    ...overrides,
  };
}

/** A HOLD without a setup. */
export function aRiskPart(overrides: Partial<RiskPart> = {}): RiskPart {
  return {
    logic_version: 1,
    fault: null,
    decision_id: `${A_BOOK}-1`,
    action: Action.HOLD,
    size: 0,
    reason: ReasonCode.NO_SETUP,
    policy: Policy.RULES,
    checks: [],
    latches: { soft_trade_date: 0, kill_trade_date: 0 },
    intents: [],
    valid_until_us: null,
    headroom_cents: 200_000,
    headroom_after_cents: 200_000,
    heat: 0,
    heat_after: 0,
    dry_run: false,
    operator: null,
    plan: null,
    degraded: false,
    ...overrides,
  };
}
