import {
  DataOrigin,
  ReasonCode,
  RegimeState,
  type AgentAnswer,
  type Entry,
  type Frame,
  type ModelsConfig,
  type SizingObservation,
} from '@bellwether/contracts';
import type { InferenceOutput, InferenceRequest } from '@bellwether/kernel';
import {
  MULTIPLIER_MAX,
  MULTIPLIER_MIN,
  SIZING_SCHEMA_SHA256,
  afterPromotion,
  modelFor,
  probeOf,
  promotionReason,
  questionTo,
  sizingInputs,
  type Circumstances,
  type ModelInUse,
  type ModelSlots,
} from '@bellwether/model-slots';

/**
 * The places that this stage asks. `cvar` keeps the worst sessions within a limit, `backup` stands in for it, `online` learned from
 * audited decisions (SAC).
 */
export const AGENTS = {
  cvar: 'rl/cvar_ppo_agent',
  backup: 'rl/test_cvar_ppo',
  online: 'rl/sac_agent',
} as const;

/** Weight of the CVaR agent where both halves speak, as in the forecast (architecture.md section 10). */
export const CVAR_WEIGHT = 0.7;

/** Who stands in each place. */
export interface AgentSlots {
  readonly cvar: ModelSlots;
  readonly backup: ModelSlots;
  readonly online: ModelSlots;
}

export const NO_AGENTS: AgentSlots = { cvar: [], backup: [], online: [] };

/** The places after an entry; the same object where it is about none of them. */
export function agentsAfter(agents: AgentSlots, entry: Entry): AgentSlots {
  if (entry.model === null) return agents;
  const cvar = afterPromotion(agents.cvar, entry, AGENTS.cvar);
  const backup = afterPromotion(agents.backup, entry, AGENTS.backup);
  const online = afterPromotion(agents.online, entry, AGENTS.online);
  const same = cvar === agents.cvar && backup === agents.backup && online === agents.online;
  return same ? agents : { cvar, backup, online };
}

export function agentProbes(entry: Entry): readonly InferenceRequest[] {
  return [...probeOf(entry, AGENTS.cvar), ...probeOf(entry, AGENTS.backup), ...probeOf(entry, AGENTS.online)];
}

/** That an agent took its place by this entry, or left it; null where it is about none. */
export function agentReason(entry: Entry): ReasonCode | null {
  return (
    promotionReason(entry, AGENTS.cvar) ??
    promotionReason(entry, AGENTS.backup) ??
    promotionReason(entry, AGENTS.online)
  );
}

export function hasAgents({ cvar, backup, online }: AgentSlots): boolean {
  return cvar.length > 0 || backup.length > 0 || online.length > 0;
}

/** Who is asked about a setup, and why not others. */
interface Asked {
  readonly cvar: ModelInUse | ReasonCode;
  /** Why the backup is asked in the place of the first; null where it is not. */
  readonly passed_over: ReasonCode | null;
  readonly online: ModelInUse | ReasonCode;
}

function askedOf(agents: AgentSlots, frame: Frame, config: ModelsConfig): Asked {
  const about: Circumstances = {
    config,
    regime: frame.regime?.state ?? RegimeState.UNKNOWN,
    schema_hash: SIZING_SCHEMA_SHA256,
    synthetic: frame.origin === DataOrigin.SYNTHETIC,
    now_us: frame.book_time_us,
  };
  const first = modelFor(agents.cvar, about);
  const backup = typeof first === 'number' ? modelFor(agents.backup, about) : first;
  const online = modelFor(agents.online, about);
  if (typeof first !== 'number' || typeof backup === 'number') {
    return { cvar: first, passed_over: null, online };
  }
  return { cvar: backup, passed_over: first, online };
}

/** One question to each half that can be asked: the CVaR agent or its backup, then the online one. */
export function agentQuestions(
  agents: AgentSlots,
  frame: Frame,
  config: ModelsConfig,
  seen: SizingObservation,
): readonly InferenceRequest[] {
  const { cvar, online } = askedOf(agents, frame, config);
  return [cvar, online].flatMap((model) =>
    typeof model === 'number' ? [] : [questionTo(model, sizingInputs(seen))],
  );
}

/** What the agents make of a setup. */
export interface AgentSize {
  /** Null where none answered. */
  readonly multiplier: number | null;
  readonly reason: ReasonCode;
  readonly observation: SizingObservation | null;
  readonly cvar: AgentAnswer | null;
  readonly online: AgentAnswer | null;
}

/** While nobody has a place, and under rules, the size stays. */
export const NOBODY: AgentSize = {
  ...{ multiplier: null, reason: ReasonCode.NO_MODEL, observation: null, cvar: null, online: null },
};

/**
 * `0.7 cvar + 0.3 online` where both are there; one alone stands for itself, with a reason; none leaves the size as it is
 * (architecture.md section 10). A number outside the range is held in it.
 */
export function agentSize(
  agents: AgentSlots,
  frame: Frame,
  config: ModelsConfig,
  seen: SizingObservation,
  outputs: readonly InferenceOutput[],
): AgentSize {
  const asked = askedOf(agents, frame, config);
  const next = outputs.values();
  const cvar = answerOf(asked.cvar, asked.passed_over, next);
  const online = answerOf(asked.online, null, next);
  const said = blended(cvar, online);
  const unused = config.sizing_shadow && said.multiplier !== null;
  const used = unused ? { multiplier: null, reason: ReasonCode.MODEL_IN_SHADOW } : said;
  return { ...used, observation: seen, cvar, online };
}

function answerOf(
  model: ModelInUse | ReasonCode,
  passed_over: ReasonCode | null,
  outputs: Iterator<InferenceOutput>,
): AgentAnswer {
  if (typeof model === 'number') return { model: '', multiplier: null, reason: model, passed_over: null };
  const said = outputs.next();
  const numbers = said.done === true ? [] : said.value.outputs;
  const [value] = numbers;
  if (numbers.length !== 1 || value === undefined || !Number.isFinite(value)) {
    return { model: model.model, multiplier: null, reason: ReasonCode.MULTIPLIER_INVALID, passed_over };
  }
  const multiplier = Math.min(MULTIPLIER_MAX, Math.max(MULTIPLIER_MIN, value));
  const reason = passed_over === null ? ReasonCode.OK : ReasonCode.BACKUP_AGENT;
  return { model: model.model, multiplier, reason, passed_over };
}

function blended(cvar: AgentAnswer, online: AgentAnswer): Pick<AgentSize, 'multiplier' | 'reason'> {
  const [first, second] = [cvar.multiplier, online.multiplier];
  if (first !== null && second !== null) {
    return { multiplier: CVAR_WEIGHT * first + (1 - CVAR_WEIGHT) * second, reason: ReasonCode.OK };
  }
  if (first !== null) return { multiplier: first, reason: ReasonCode.CVAR_AGENT_ONLY };
  if (second !== null) return { multiplier: second, reason: ReasonCode.ONLINE_AGENT_ONLY };
  return { multiplier: null, reason: cvar.reason };
}
