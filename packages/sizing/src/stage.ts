import {
  ReasonCode,
  type BookConfig,
  type Entry,
  type Fault,
  type Frame,
  type Setup,
  type SizingPart,
} from '@bellwether/contracts';
import { present, type Stage } from '@bellwether/kernel';
import { instrumentOf } from '@bellwether/market';
import { noAgent, type AgentSize, type SizingAgent } from './agent.js';
import { halved } from './degraded.js';
import { applyMultiplier, baseContracts, riskPerContractCents, stopDistanceTicks } from './position-size.js';

export interface SizingStageState {
  /** Of the latest release; null before the first. */
  readonly config: BookConfig | null;
  /** Decisions take too long: sizes are halved. */
  readonly degraded: boolean;
}

const LOGIC_VERSION = 2;

/**
 * How many contracts of the chosen setup fit the risk of one trade (architecture.md section 10), with this agent's
 * multiplier. Caps come later.
 */
export function sizingStage(agent: SizingAgent): Stage<SizingStageState, 'sizing'> {
  return {
    name: 'sizing',
    logicVersion: LOGIC_VERSION,
    onFault: 'mark',
    initialState: () => ({ config: null, degraded: false }),
    apply: (state, frame) => {
      const next = informed(state, present(frame.entry, 'the entry of a frame'));
      const part = partOf(next.config, frame, agent);
      return { state: next, part: next.degraded ? halved(part) : part };
    },
    faulted: (fault: Fault) => ({ ...none(ReasonCode.STAGE_FAULT), fault }),
  };
}

/** Stage 6, as the line runs it: there is no agent yet. */
export const stage = sizingStage(noAgent);

/** What an entry says about the book itself. */
function informed(state: SizingStageState, { release, mode }: Entry): SizingStageState {
  if (release !== null) return { config: release.config, degraded: state.degraded };
  if (mode !== null) return { config: state.config, degraded: mode.degraded };
  return state;
}

function partOf(config: BookConfig | null, frame: Frame, agent: SizingAgent): SizingPart {
  const { bandit } = frame;
  if (bandit === null || bandit.fault !== null) return none(ReasonCode.STAGE_FAULT);
  if (bandit.chosen === null) return none(bandit.reason);
  const setup = bandit.candidates[bandit.chosen]?.setup ?? null;
  if (setup === null) return none(ReasonCode.NO_SETUP);
  return config === null ? none(ReasonCode.NO_RELEASE) : sized(config, setup, agent(setup, frame));
}

/** A contract and what one of it loses at the stop. */
interface Unit {
  readonly symbol: string;
  readonly risk_cents: number;
}

function unitOf(config: BookConfig, symbol: string, distance_ticks: number): Unit | null {
  const instrument = instrumentOf(symbol);
  const costs = config.symbols.find((known) => known.symbol === symbol);
  if (instrument === null || costs === undefined) return null;
  return { symbol, risk_cents: riskPerContractCents(distance_ticks, instrument.tick_value_cents, costs) };
}

function sized(config: BookConfig, setup: Setup, agent: AgentSize): SizingPart {
  const distance_ticks = stopDistanceTicks(setup);
  const mini = unitOf(config, setup.symbol, distance_ticks ?? 0);
  if (mini === null) return none(ReasonCode.UNKNOWN_SYMBOL);
  if (distance_ticks === null) return none(ReasonCode.STOP_MISSING);
  const own = partFor(config, setup, agent, mini, distance_ticks);
  if (own.proposed_contracts > 0 || !config.micros) return own;
  const symbol = microOf(setup.symbol);
  const micro = symbol === null ? null : unitOf(config, symbol, distance_ticks);
  return micro === null ? own : partFor(config, setup, agent, micro, distance_ticks);
}

function partFor(
  config: BookConfig,
  setup: Setup,
  agent: AgentSize,
  unit: Unit,
  distance_ticks: number,
): SizingPart {
  const budget = config.risk_per_trade_cents;
  // The regime's factor scales the budget, not the rounded size: one contract times 0.7 would always be none.
  const base = baseContracts(budget * setup.size_factor, unit.risk_cents);
  const proposed = applyMultiplier(base, agent.multiplier);
  return {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason: sizeReason(proposed, base, baseContracts(budget, unit.risk_cents)),
    proposed_contracts: proposed,
    base_contracts: base,
    stop_distance_ticks: distance_ticks,
    risk_per_contract_cents: unit.risk_cents,
    multiplier: agent.multiplier,
    multiplier_reason: agent.reason,
    symbol: unit.symbol,
    degraded: false,
  };
}

/** What made it zero: the budget itself, the regime's factor, or the agent. */
function sizeReason(proposed: number, base: number, unscaled: number): ReasonCode {
  if (proposed > 0) return ReasonCode.OK;
  if (base > 0) return ReasonCode.MULTIPLIER_TOO_SMALL;
  return unscaled > 0 ? ReasonCode.SIZE_FACTOR_TOO_SMALL : ReasonCode.RISK_BUDGET_TOO_SMALL;
}

/** The micro of the same index, or null for what is none of the minis. */
function microOf(symbol: string): string | null {
  if (symbol === 'ES') return 'MES';
  return symbol === 'NQ' ? 'MNQ' : null;
}

/** By reason: the same object each time, so that its bytes need not be written anew. */
const NONE = new Map<ReasonCode, SizingPart>();

/** Nothing to size, and why. */
function none(reason: ReasonCode): SizingPart {
  let part = NONE.get(reason);
  if (part === undefined) NONE.set(reason, (part = unsized(reason)));
  return part;
}

function unsized(reason: ReasonCode): SizingPart {
  return {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason,
    proposed_contracts: 0,
    base_contracts: null,
    stop_distance_ticks: null,
    risk_per_contract_cents: null,
    multiplier: null,
    multiplier_reason: reason,
    symbol: '',
    degraded: false,
  };
}
