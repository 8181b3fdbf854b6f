import { RegimeState, type Side, TradeAction, type ManagementConfig } from '@bellwether/contracts';
import { forSide, signOf } from '../levels.js';

/**
 * One open trade as trade management sees it at the close of a bar of its symbol. Prices in ticks; what is called
 * a distance is positive on the side of the profit.
 */
export interface TradeView {
  readonly side: Side;
  readonly quantity: number;
  /** Contracts that the trade began with. */
  readonly initial_quantity: number;
  /** Average of all entry fills; may lie between two ticks. */
  readonly entry_ticks: number;
  /** Stop that R is measured by; null where it is unknown. */
  readonly initial_stop_ticks: number | null;
  readonly stop_ticks: number | null;
  readonly close_ticks: number;
  /** Best and worst price of the completed bars since the entry. */
  readonly best_ticks: number;
  readonly worst_ticks: number;
  /** Regime in which the trade was decided, and that of now; UNSPECIFIED where it is not known. */
  readonly entry_regime: RegimeState;
  readonly regime: RegimeState;
  readonly atr14_m5_ticks: number | null;
  /** Last confirmed swing low for a long, high for a short; null while there is none. */
  readonly swing_ticks: number | null;
  /** Far edge of the nearest demand zone below the close for a long, of supply above it for a short; null without one. */
  readonly zone_ticks: number | null;
  /** HOLD, TRAIL_ATR or TRAIL_STRUCTURE: how the stop trails at present. */
  readonly trail: TradeAction;
  /** A part was asked to be sold in this trade. */
  readonly partial_taken: boolean;
  /** Best price at which the stop was tightened; null before. */
  readonly tightened_best_ticks: number | null;
  /** An exit of this trade is wanted already. */
  readonly exiting: boolean;
}

/** Profit of a price in R of the initial stop (domain.md 8.1); null where there is none, or no distance. */
export function rOf(view: TradeView, price_ticks: number): number | null {
  if (view.initial_stop_ticks === null) return null;
  const risk_ticks = Math.abs(view.entry_ticks - view.initial_stop_ticks);
  return risk_ticks === 0 ? null : forSide(view.side, price_ticks - view.entry_ticks) / risk_ticks;
}

/** Ticks beyond a swing or a zone at which the stop waits. */
const SWING_MARGIN_TICKS = 2;
/** A tightened stop keeps at least this distance from the close. */
const TIGHTEN_DISTANCE_MIN_TICKS = 4;
/** Range of the trail's distance in ATR14 of 5-minute bars. */
const TRAIL_ATR_MIN = 1.5;
const TRAIL_ATR_MAX = 2.5;

/** Distance of the ATR trail in this regime; the widest where the regime is not known. */
export function trailAtr(config: ManagementConfig, regime: RegimeState): number {
  const wanted = trailAtrOf(config, regime);
  return Math.min(TRAIL_ATR_MAX, Math.max(TRAIL_ATR_MIN, wanted));
}

function trailAtrOf(config: ManagementConfig, regime: RegimeState): number {
  switch (regime) {
    case RegimeState.CALM_TREND:
    case RegimeState.CALM_CHOP:
      return config.trail_atr_calm;
    case RegimeState.HIGHVOL_CHOP:
      return config.trail_atr_highvol_chop;
    case RegimeState.HIGHVOL_TREND:
    case RegimeState.UNKNOWN:
    case RegimeState.UNSPECIFIED:
      return config.trail_atr_highvol_trend;
  }
}

/**
 * A stop that may stand in the market: rounded away from it, at least a tick on the losing side of the close. Null
 * where it would not be nearer than the present one: a stop never loosens (domain.md 8.2, rule 4).
 */
function nearerStop(view: TradeView, candidate_ticks: number): number | null {
  const sign = signOf(view.side);
  const rounded = sign > 0 ? Math.floor(candidate_ticks) : Math.ceil(candidate_ticks);
  const stop = sign > 0 ? Math.min(rounded, view.close_ticks - 1) : Math.max(rounded, view.close_ticks + 1);
  const gain = view.stop_ticks === null ? 1 : sign * (stop - view.stop_ticks);
  return gain > 0 && stop > 0 ? stop : null;
}

/** Where the ATR trail would be, before it is compared with the present stop; null without an ATR. */
export function atrCandidate(view: TradeView, config: ManagementConfig): number | null {
  if (view.atr14_m5_ticks === null) return null;
  const regime = isKnown(view.regime) ? view.regime : view.entry_regime;
  return view.best_ticks - signOf(view.side) * trailAtr(config, regime) * view.atr14_m5_ticks;
}

export function isKnown(regime: RegimeState): boolean {
  return regime !== RegimeState.UNKNOWN && regime !== RegimeState.UNSPECIFIED;
}

/** What a structure stop waits behind. */
export interface Structure {
  readonly stop_ticks: number;
  readonly by_zone: boolean;
}

/**
 * Where the stop behind the last swing or behind a zone would be, the nearer of the two (domain.md 8.2, rule 5, and 7.3);
 * null without one on the losing side of the close.
 */
export function structureCandidate(view: TradeView): Structure | null {
  const bySwing = stopBehind(view, view.swing_ticks);
  const byZone = stopBehind(view, view.zone_ticks);
  if (byZone !== null && (bySwing === null || signOf(view.side) * (byZone - bySwing) > 0)) {
    return { stop_ticks: byZone, by_zone: true };
  }
  return bySwing === null ? null : { stop_ticks: bySwing, by_zone: false };
}

function stopBehind(view: TradeView, level_ticks: number | null): number | null {
  if (level_ticks === null) return null;
  const stop = level_ticks - signOf(view.side) * SWING_MARGIN_TICKS;
  return signOf(view.side) * (view.close_ticks - stop) > 0 ? stop : null;
}

/** The stop after half the distance to the close is taken away; null where that leaves fewer than four ticks. */
function tightenedStop(view: TradeView): number | null {
  if (view.stop_ticks === null) return null;
  const sign = signOf(view.side);
  const distance = sign * (view.close_ticks - view.stop_ticks);
  const step = Math.floor(distance / 2);
  if (step < 1 || distance - step < TIGHTEN_DISTANCE_MIN_TICKS) return null;
  return view.stop_ticks + sign * step;
}

/** Contracts that TAKE_PARTIAL_25 sells: a quarter of those the trade began with, at least one. */
export function partialQuantity(view: TradeView): number {
  return Math.max(1, Math.round(0.25 * view.initial_quantity));
}

/** The actions that are valid now (domain.md 8.3). HOLD always is; the order is that of the enumeration. */
export function permittedActions(
  view: TradeView,
  config: ManagementConfig | null,
): readonly [TradeAction, ...TradeAction[]] {
  if (view.exiting) return [TradeAction.HOLD];
  const rest: TradeAction[] = [];
  if (view.quantity - partialQuantity(view) >= 1) rest.push(TradeAction.TAKE_PARTIAL_25);
  // Without an initial stop nothing is known of the risk that a new one would limit.
  if (view.stop_ticks !== null) {
    if (config !== null && view.atr14_m5_ticks !== null) rest.push(TradeAction.TRAIL_ATR);
    if (structureCandidate(view) !== null) rest.push(TradeAction.TRAIL_STRUCTURE);
    if (tightenedStop(view) !== null) rest.push(TradeAction.TIGHTEN);
  }
  rest.push(TradeAction.CLOSE);
  return [TradeAction.HOLD, ...rest];
}

/** The stop after an action and with the trail it leaves behind; the present one where it would not be nearer. */
export function stopAfter(
  view: TradeView,
  action: TradeAction,
  trail: TradeAction,
  config: ManagementConfig | null,
): number | null {
  if (view.exiting) return view.stop_ticks;
  if (action === TradeAction.TIGHTEN) return tightenedStop(view) ?? view.stop_ticks;
  const candidate = trailCandidate(view, trail, config);
  return (candidate === null ? null : nearerStop(view, candidate)) ?? view.stop_ticks;
}

function trailCandidate(view: TradeView, trail: TradeAction, config: ManagementConfig | null): number | null {
  if (view.stop_ticks === null) return null;
  if (trail === TradeAction.TRAIL_STRUCTURE) return structureCandidate(view)?.stop_ticks ?? null;
  return trail === TradeAction.TRAIL_ATR && config !== null ? atrCandidate(view, config) : null;
}
