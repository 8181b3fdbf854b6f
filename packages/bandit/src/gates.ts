import {
  EntryKind,
  Policy,
  ReasonCode,
  RegimeState,
  type Bar,
  type BookConfig,
  type FeaturesPart,
  type Frame,
} from '@bellwether/contracts';
import { asksForDecision, present } from '@bellwether/kernel';
import { instrumentOf, roundTripCostCents } from '@bellwether/market';
import type { StrategyContext } from '@bellwether/strategies';
import type { BanditStageState } from './state.js';
import { streamContext } from './stream-context.js';

/** Why the frame is not for the strategies to answer: the first gate that is closed. Null when all are open. */
export function closedGate(frame: Frame, state: BanditStageState): ReasonCode | null {
  const { kind } = present(frame.entry, 'the entry of a frame');
  if (kind !== EntryKind.BAR && kind !== EntryKind.SIGNAL) return ReasonCode.NOT_ASKED;
  const { config } = state;
  if (config === null) return ReasonCode.NO_RELEASE;
  if (!asksForDecision(frame, config.decide_on_bar_close)) return ReasonCode.NOT_ASKED;
  return (
    marketGate(frame, config) ?? forecastGate(frame, config, state.degraded) ?? positionGate(frame, state)
  );
}

/** Features and regime must have spoken, and the regime must allow new trades. */
function marketGate({ features, regime }: Frame, config: BookConfig): ReasonCode | null {
  if (features === null || features.fault !== null) return ReasonCode.STAGE_FAULT;
  if (features.reason !== ReasonCode.OK) return features.reason;
  if (regime === null || regime.fault !== null) return ReasonCode.STAGE_FAULT;
  return regime.gate_open || config.regime?.gate === false ? null : regime.reason;
}

/** A learned policy does not act without a forecast; under rules, which decide in a slow book, it has no effect. */
function forecastGate({ forecast }: Frame, config: BookConfig, degraded: boolean): ReasonCode | null {
  if (config.policy !== Policy.LEARNED || degraded) return null;
  // A book that asks for no forecast at all, or may not use it, waits for none.
  const { models } = config;
  if (models !== null && ((!models.forecast && !models.online) || models.forecast_shadow)) return null;
  if (forecast === null || forecast.fault !== null) return ReasonCode.STAGE_FAULT;
  return forecast.p_final === null ? ReasonCode.NO_MODEL : null;
}

/** One position per symbol, and one order on its way to it. */
function positionGate(frame: Frame, state: BanditStageState): ReasonCode | null {
  const { portfolio } = frame;
  const symbol = symbolOf(frame);
  if (portfolio === null || portfolio.fault !== null) return ReasonCode.STAGE_FAULT;
  const family = instrumentOf(symbol)?.family;
  // Where a size may be traded in micros, a position in the micro is one in the index too.
  const isAbout = (held: { readonly symbol: string }): boolean =>
    held.symbol === symbol || (state.config?.micros === true && instrumentOf(held.symbol)?.family === family);
  if (portfolio.positions.some(isAbout)) return ReasonCode.POSITION_OPEN;
  const working = portfolio.working.some(isAbout) || state.choices.some(isAbout);
  return working ? ReasonCode.ORDER_WORKING : null;
}

/** The symbol that the bar or signal is about; empty for other entries. */
export function symbolOf({ entry }: Frame): string {
  return entry?.bar?.symbol ?? entry?.signal?.symbol ?? '';
}

/** What the strategies look at, or why it is not complete. Asked only when all gates are open. */
export function contextOf(frame: Frame, state: BanditStageState): StrategyContext | ReasonCode {
  const symbol = symbolOf(frame);
  const instrument = instrumentOf(symbol);
  const costs = state.config?.symbols.find((known) => known.symbol === symbol);
  if (instrument === null || costs === undefined) return ReasonCode.UNKNOWN_SYMBOL;
  const { clock, indicators } = present(frame.features, 'features behind an open gate');
  if (clock === null || indicators === null) return ReasonCode.INDICATOR_MISSING;
  const bar = state.bars.find((known) => known.symbol === symbol);
  if (bar === undefined || !isLatest(bar, frame.features)) return ReasonCode.NO_BAR_YET;
  const { event_us } = present(frame.entry, 'the entry of a frame');
  const beside = streamContext(
    present(frame.features, 'features behind an open gate'),
    state.config,
    event_us,
  );
  return {
    symbol,
    event_us,
    bar,
    clock,
    indicators,
    regime: regimeOf(present(frame.regime, 'a regime behind the gate').state, state.config),
    tick_value_cents: instrument.tick_value_cents,
    round_trip_cost_cents: roundTripCostCents(costs, instrument.tick_value_cents),
    parameters: state.parameters,
    releases: beside.releases,
    zones: beside.zones,
    streams: beside.streams,
  };
}

/** Where the gate is off, what is not known counts as the regime whose factors are 1. */
function regimeOf(state: RegimeState, config: BookConfig | null): RegimeState {
  const isKnown = state !== RegimeState.UNKNOWN && state !== RegimeState.UNSPECIFIED;
  return isKnown || config?.regime?.gate !== false ? state : RegimeState.CALM_TREND;
}

/** A bar that this stage failed on is missing here: the indicators are then newer than the bar we know. */
function isLatest(bar: Bar, features: FeaturesPart | null): boolean {
  return features?.last_close_us === bar.open_us + bar.interval_us;
}
