import {
  Policy,
  ReasonCode,
  type BookConfig,
  type Candidate,
  type Entry,
  type Fault,
  type Frame,
  type ModelsConfig,
  type Setup,
  type SizingPart,
} from '@bellwether/contracts';
import { present, type InferenceOutput, type InferenceRequest, type Stage } from '@bellwether/kernel';
import { instrumentOf } from '@bellwether/market';
import { policyRules } from '@bellwether/model-slots';
import {
  NOBODY,
  NO_AGENTS,
  agentProbes,
  agentQuestions,
  agentReason,
  agentSize,
  agentsAfter,
  hasAgents,
  type AgentSize,
  type AgentSlots,
} from './agents.js';
import { halved } from './degraded.js';
import { NO_SESSION, highAfter, observationOf, type SessionHigh } from './observation.js';
import { applyMultiplier, baseContracts, riskPerContractCents, stopDistanceTicks } from './position-size.js';

export interface SizingStageState {
  /** Of the latest release; null before the first. */
  readonly config: BookConfig | null;
  /** Decisions take too long: sizes are halved. */
  readonly degraded: boolean;
  /** Absent in snapshots of before them, as is the high of the session. */
  readonly agents?: AgentSlots;
  readonly session?: SessionHigh;
}

const LOGIC_VERSION = 2;

/**
 * Stage 6: how many contracts of the chosen setup fit the risk of one trade, times what the sizing agents say under a learned policy
 * (architecture.md section 10). Caps come later.
 */
export const stage: Stage<SizingStageState, 'sizing'> = {
  name: 'sizing',
  logicVersion: LOGIC_VERSION,
  onFault: 'mark',
  initialState: () => ({ config: null, degraded: false, agents: NO_AGENTS, session: NO_SESSION }),
  prepare: (state, frame) => questions(state, frame),
  apply: (state, frame, outputs) => {
    const next = informed(state, frame);
    const entry = present(frame.entry, 'the entry of a frame');
    const part = partOf(next, frame, outputs);
    const model_reason = agentReason(entry);
    const told = model_reason === null ? part : { ...part, model_reason };
    return { state: next, part: next.degraded ? halved(told) : told };
  },
  faulted: (fault: Fault) => ({ ...none(ReasonCode.STAGE_FAULT), fault }),
};

/** What a frame says about the book, its agents and its account; the same object where it says nothing new. */
function informed(state: SizingStageState, frame: Frame): SizingStageState {
  const entry = present(frame.entry, 'the entry of a frame');
  const agents = agentsAfter(state.agents ?? NO_AGENTS, entry);
  const session = highAfter(state.session, frame.portfolio);
  const { config, degraded } = ofBook(state, entry);
  const same =
    config === state.config &&
    degraded === state.degraded &&
    agents === state.agents &&
    session === state.session;
  return same ? state : { config, degraded, agents, session };
}

function ofBook(
  { config, degraded }: SizingStageState,
  { release, mode }: Entry,
): Pick<SizingStageState, 'config' | 'degraded'> {
  if (release !== null) return { config: release.config, degraded };
  return { config, degraded: mode === null ? degraded : mode.degraded };
}

const NO_QUESTIONS: readonly InferenceRequest[] = [];

/** The candidate that was chosen, or why none. */
function chosenOf({ bandit }: Frame): Candidate | ReasonCode {
  if (bandit === null || bandit.fault !== null) return ReasonCode.STAGE_FAULT;
  if (bandit.chosen === null) return bandit.reason;
  const candidate = bandit.candidates[bandit.chosen];
  return candidate === undefined || candidate.setup === null ? ReasonCode.NO_SETUP : candidate;
}

/** The configuration under which agents decide now, or null: no agent has a place, rules decide, or the book keeps its sizes. */
function agentRules({ config, degraded, agents }: SizingStageState): ModelsConfig | null {
  if (config === null || agents === undefined || !hasAgents(agents)) return null;
  const rules = policyRules({ config: config.models, learned: config.policy === Policy.LEARNED, degraded });
  return rules === null || rules.fixed_size ? null : rules;
}

function questions(state: SizingStageState, frame: Frame): readonly InferenceRequest[] {
  const entry = present(frame.entry, 'the entry of a frame');
  if (entry.model !== null) return agentProbes(entry);
  if (state.agents === undefined || !hasAgents(state.agents)) return NO_QUESTIONS;
  const known = informed(state, frame);
  const chosen = chosenOf(frame);
  const rules = agentRules(known);
  if (rules === null || typeof chosen === 'number') return NO_QUESTIONS;
  const { agents = NO_AGENTS, session = NO_SESSION, config } = known;
  const seen = observationOf(frame, chosen, session, present(config, 'a release').risk_per_trade_cents);
  return agentQuestions(agents, frame, rules, seen);
}

function partOf(known: SizingStageState, frame: Frame, outputs: readonly InferenceOutput[]): SizingPart {
  const chosen = chosenOf(frame);
  if (typeof chosen === 'number') return none(chosen);
  const { config, agents = NO_AGENTS, session = NO_SESSION } = known;
  if (config === null) return none(ReasonCode.NO_RELEASE);
  const rules = agentRules(known);
  const size =
    rules === null
      ? NOBODY
      : agentSize(
          agents,
          frame,
          rules,
          observationOf(frame, chosen, session, config.risk_per_trade_cents),
          outputs,
        );
  return sized(config, present(chosen.setup, 'the setup of a candidate'), size);
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
    observation: agent.observation,
    cvar_agent: agent.cvar,
    online_agent: agent.online,
    model_reason: null,
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
    observation: null,
    cvar_agent: null,
    online_agent: null,
    model_reason: null,
  };
}
