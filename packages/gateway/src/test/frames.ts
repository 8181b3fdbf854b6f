import {
  Action,
  EntryKind,
  ExecutionMode,
  IntentKind,
  OrderType,
  Policy,
  ReasonCode,
  RegimeMethod,
  RegimeState,
  Side,
  Strategy,
  type BanditPart,
  type BookConfig,
  type FeaturesPart,
  type ForecastPart,
  type Frame,
  type OrderIntent,
  type PortfolioPart,
  type Position,
  type RegimePart,
  type RiskPart,
  type Setup,
  type SizingPart,
  Selection,
} from '@bellwether/contracts';
import { decisionId, intentId } from '@bellwether/kernel';

/** Frames as a line would write them, so that the gateway is tested without one. */

export function bookConfig(book: string, changes: Partial<BookConfig> = {}): BookConfig {
  return {
    book,
    symbols: [
      { symbol: 'ES', slippage_ticks: 1, fee_per_side_cents: 140 },
      { symbol: 'NQ', slippage_ticks: 2, fee_per_side_cents: 140 },
    ],
    bar_interval_us: 60_000_000,
    policy: Policy.RULES,
    execution: ExecutionMode.PAPER,
    decide_on_bar_close: true,
    valid_for_us: 60_000_000,
    risk_per_trade_cents: 20_000,
    limits: {
      profile: 'topstep-50k',
      max_total_contracts: 5,
      max_es_contracts: 3,
      max_nq_contracts: 2,
      max_step_contracts: 2,
      daily_soft_loss_cents: 60_000,
      daily_kill_loss_cents: 90_000,
      last_entry_minute: 1_260,
      flat_by_minute: 1_380,
    },
    bandit: {
      ucb_c: 2,
      min_count: 20,
      probability_floor: 0.02,
      selection: Selection.UCB1,
      linucb_alpha: 0.3,
      linucb_ridge: 1,
      linucb_kept: 0,
      record_kept: 0,
      no_trials: false,
      ...{ neural_alpha: 0, neural_ridge: 0, neural_kept: 0, epsilon: 0 },
    },
    strategies: [],
    account: null,
    micros: false,
    management: null,
    paper: null,
    degraded: null,
    streams: null,
    models: null,
    regime: null,
    evidence: null,
    ...changes,
  };
}

const GOOD = { logic_version: 1, fault: null, reason: ReasonCode.OK } as const;

export function featuresPart(symbol: string, changes: Partial<FeaturesPart> = {}): FeaturesPart {
  return {
    ...GOOD,
    symbol,
    clock: null,
    last_close_ticks: null,
    last_close_us: null,
    vector: null,
    indicators: null,
    aux: null,
    zones: [],
    releases: null,
    streams: [],
    ...changes,
  };
}

export function regimePart(changes: Partial<RegimePart> = {}): RegimePart {
  return {
    ...GOOD,
    method: RegimeMethod.RULE,
    state: RegimeState.CALM_TREND,
    gate_open: true,
    probabilities: [0.7, 0.1, 0.1, 0.1],
    pending: null,
    pending_since_us: null,
    state_since_us: null,
    model_reason: null,
    ...changes,
  };
}

export function forecastPart(changes: Partial<ForecastPart> = {}): ForecastPart {
  return {
    ...GOOD,
    reason: ReasonCode.NO_MODEL,
    p_cloud: null,
    p_online: null,
    p_final: null,
    caller_model_id: null,
    expected_move_ticks: null,
    model_reason: null,
    ...changes,
  };
}

export function portfolioPart(changes: Partial<PortfolioPart> = {}): PortfolioPart {
  return {
    ...GOOD,
    positions: [],
    working: [],
    day: { trade_date: 20_250_915, realised_cents: 0, open_pnl_cents: 0, fees_cents: 0, pnl_cents: 0 },
    closed: [],
    fill_result: null,
    exits: [],
    account: null,
    reconciliation: null,
    strategies: [],
    management: [],
    stop_moves: [],
    heat: null,
    heat_concentration: null,
    ...changes,
  };
}

export function position(changes: Partial<Position> = {}): Position {
  return {
    symbol: 'ES',
    side: Side.LONG,
    quantity: 1,
    cost_ticks: 26_423,
    decision_id: 'es-1',
    strategy: Strategy.S2,
    regime: RegimeState.CALM_TREND,
    opened_us: 0,
    initial_quantity: 1,
    stop_ticks: 26_411,
    target_ticks: null,
    exit_by_us: null,
    open_pnl_cents: 1_250,
    worst_pnl_cents: 1_250,
    mae_ticks: 0,
    mfe_ticks: 1,
    r: 0.1,
    ...changes,
  };
}

export function banditPart(changes: Partial<BanditPart> = {}): BanditPart {
  return {
    ...GOOD,
    reason: ReasonCode.NO_SETUP,
    candidates: [],
    refused: [],
    draw: null,
    chosen: null,
    confidence_reason: null,
    selection_reason: null,
    withheld: [],
    ...changes,
  };
}

export function sizingPart(changes: Partial<SizingPart> = {}): SizingPart {
  return {
    ...GOOD,
    proposed_contracts: 0,
    base_contracts: null,
    stop_distance_ticks: null,
    risk_per_contract_cents: null,
    multiplier: null,
    multiplier_reason: ReasonCode.NO_MODEL,
    symbol: '',
    degraded: false,
    ...{ observation: null, cvar_agent: null, online_agent: null, model_reason: null },
    ...changes,
  };
}

export function riskPart(frame: Frame, changes: Partial<RiskPart> = {}): RiskPart {
  return {
    logic_version: 1,
    fault: null,
    decision_id: decisionId(frame.book, frame.seq),
    action: Action.NONE,
    size: 0,
    reason: ReasonCode.NOT_ASKED,
    policy: Policy.RULES,
    checks: [],
    latches: { soft_trade_date: 0, kill_trade_date: 0 },
    intents: [],
    valid_until_us: null,
    headroom_cents: null,
    headroom_after_cents: null,
    heat: null,
    heat_after: null,
    dry_run: false,
    operator: null,
    plan: null,
    degraded: false,
    ...changes,
  };
}

const ENTRY_TICKS = 26_422;
const STOP_TICKS = 26_410;
const TARGET_TICKS = 26_446;

export function setup(changes: Partial<Setup> = {}): Setup {
  return {
    strategy: Strategy.S2,
    symbol: 'ES',
    side: Side.LONG,
    order_type: OrderType.MARKET,
    entry_ticks: ENTRY_TICKS,
    stop_ticks: STOP_TICKS,
    target_ticks: TARGET_TICKS,
    tp1_r: 1,
    expires_us: 0,
    time_stop_us: 2_700_000_000,
    size_factor: 1,
    ...changes,
  };
}

export function intent(frame: Frame, changes: Partial<OrderIntent> = {}): OrderIntent {
  const decision = decisionId(frame.book, frame.seq);
  const at_us = frame.entry?.event_us ?? 0;
  return {
    intent_id: intentId(decision, 1),
    kind: IntentKind.ENTER,
    decision_id: decision,
    symbol: 'ES',
    side: Side.LONG,
    quantity: 1,
    tick_size_e4: 2_500,
    order_type: OrderType.MARKET,
    created_us: at_us,
    expires_us: at_us + 120_000_000,
    trigger_ticks: null,
    stop_ticks: STOP_TICKS,
    target_ticks: TARGET_TICKS,
    tp1_quantity: 0,
    tp1_r: 1,
    time_stop_us: 2_700_000_000,
    flat_by_us: at_us + 3_600_000_000,
    cancel_intent_id: null,
    reason: ReasonCode.OK,
    strategy: Strategy.S2,
    regime: RegimeState.CALM_TREND,
    ...changes,
  };
}

/** All parts of a frame that decides nothing, or that holds where a decision was asked for. */
export function quietFrame(frame: Frame): Frame {
  const { entry } = frame;
  const symbol = entry?.bar?.symbol ?? entry?.signal?.symbol ?? entry?.fill?.symbol ?? '';
  const asked = entry?.kind === EntryKind.BAR || entry?.kind === EntryKind.SIGNAL;
  return {
    ...frame,
    features: featuresPart(symbol),
    regime: regimePart(),
    forecast: forecastPart(),
    portfolio: portfolioPart(),
    bandit: banditPart(),
    sizing: sizingPart(),
    risk: riskPart(frame, asked ? { action: Action.HOLD, reason: ReasonCode.NO_SETUP } : {}),
  };
}

/** The same with an order to buy one contract of ES. */
export function buyingFrame(frame: Frame): Frame {
  return {
    ...quietFrame(frame),
    bandit: banditPart({
      reason: ReasonCode.OK,
      candidates: [{ setup: setup(), mean_r: 0.2, count: 30, ucb: 0.9, probability: 1, confidence: null }],
      draw: 0.5,
      chosen: 0,
    }),
    sizing: sizingPart({ proposed_contracts: 2, base_contracts: 2, stop_distance_ticks: 12 }),
    risk: riskPart(frame, {
      action: Action.BUY,
      size: 1,
      reason: ReasonCode.CAP_STEP,
      checks: [{ code: ReasonCode.CAP_STEP, passed: false, value: 2, limit: 1 }],
      intents: [intent(frame)],
      valid_until_us: (frame.entry?.event_us ?? 0) + 60_000_000,
    }),
  };
}
