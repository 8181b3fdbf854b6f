import { Ppo, policyGraph, type TailLimit, type TrainedPolicy } from '@bellwether/agents';
import { BellwetherError } from '@bellwether/contracts';
import { SIZING_COUNT, SIZING_ORDER, SIZING_SCHEMA_SHA256 } from '@bellwether/model-slots';
import { versionName, type Golden, type ModelFacts } from '@bellwether/models';
import { encodeModel, type ModelMetadata } from '@bellwether/onnx';
import { agentCard } from './agent-card.js';
import {
  AGENT_PLANS,
  AGENT_TRAINER_VERSION,
  MULTIPLIER_RATES,
  ppoOptions,
  type AgentBudget,
  type WorldAgent,
} from './agent-plans.js';
import { scoresOf, type AgentScores } from './agent-scores.js';
import { withoutUnseen } from './fold-mask.js';
import { OUTPUT, goldenOf } from './policy-files.js';
import type { LineSession, LineWorld } from './line-world.js';
import { CONFIDENCE, cvarOf, playSessions } from './play.js';

/** Where the world came from, for manifest and card. */
export interface AgentData {
  readonly title: string;
  readonly synthetic: boolean;
  readonly references: readonly { readonly reference: string; readonly sha256: string | null }[];
}

/** What an interrupted training left: a policy by its place in {@link UNITS}. */
export interface PolicyStore {
  load(unit: number): TrainedPolicy | null;
  save(unit: number, policy: TrainedPolicy): void;
}

export interface AgentRequest {
  readonly model: WorldAgent;
  readonly world: LineWorld;
  readonly data: AgentData;
  readonly budget: AgentBudget;
  /** CVaR of a session's loss that is not to be exceeded, in R; null: that of multiplier 1 on the same sessions. */
  readonly tail_r: number | null;
  readonly seed: string;
  readonly command: string;
  readonly node: string;
  readonly onProgress: (done: number, total: number) => void;
  readonly store?: PolicyStore;
}

export interface TrainedAgent {
  readonly facts: ModelFacts;
  readonly onnx: Uint8Array;
  readonly golden: Golden;
  readonly card: string;
  readonly scores: AgentScores;
}

/** Sessions of a world: trained on, and never seen by a training. One between the two is left out. */
export interface AgentSplit {
  readonly train: readonly LineSession[];
  readonly heldOut: readonly LineSession[];
}

const SESSIONS_MIN = 6;
const HELD_OUT_SHARE = 1 / 3;
/** A limit must be above 0, also where the rules lost nothing. */
const TAIL_LEAST_R = 0.25;

/** @throws BellwetherError `usage` where there are too few sessions in which something was sized */
export function splitOf({ sessions }: LineWorld): AgentSplit {
  if (sessions.length < SESSIONS_MIN) {
    throw new BellwetherError(
      'usage',
      `Expected at least ${SESSIONS_MIN} sessions in which something is sized, was ${sessions.length}: take more data, or a registry with ` +
        'models of forecast and confidence (`bw train all`)',
    );
  }
  const held = Math.max(2, Math.round(sessions.length * HELD_OUT_SHARE));
  return { train: sessions.slice(0, sessions.length - held - 1), heldOut: sessions.slice(-held) };
}

type Named = Pick<AgentRequest, 'model' | 'world' | 'budget' | 'tail_r' | 'seed' | 'node'>;

/** Known before the training: the same world, seed and settings have the same version. */
export function agentVersion({ model, world, budget, tail_r, seed, node }: Named): string {
  const plan = AGENT_PLANS[model];
  return versionName(world.end_us, [
    AGENT_TRAINER_VERSION,
    plan,
    ppoOptions(plan, budget),
    budget,
    tail_r,
    world.sha256,
    seed,
    node,
  ]);
}

/** Trainings of one request: the agent, and plain PPO beside it. */
const UNITS = ['limited', 'plain'] as const;

/**
 * Trains an agent in the line, and plain PPO with the same seed and budget beside it, and lets both meet sessions that neither saw, beside
 * multiplier 1. The same request gives the same bytes.
 *
 * @throws BellwetherError `usage`; TrainingDiverged
 */
export function trainAgent(request: AgentRequest): TrainedAgent {
  const { model, world, budget, node, seed, data } = request;
  const split = splitOf(world);
  const limit =
    request.tail_r ?? Math.max(TAIL_LEAST_R, cvarOf(playSessions(world, split.train, null).returns));
  const tails = [{ confidence: CONFIDENCE, limit, multiplier: MULTIPLIER_RATES }, null];
  const total = UNITS.length * budget.batches;
  const policies = UNITS.map((_, unit) =>
    trained(request, split, unit, tails[unit] ?? null, (done) => {
      request.onProgress(unit * budget.batches + done, total);
    }),
  );
  const [own, plain] = [policies[0]!, policies[1]!];
  const scores = scoresOf(world, split.heldOut, { own, plain }, `${seed} held out`);
  const last = split.train.at(-1)?.inputs.at(-1);
  const facts: ModelFacts = {
    ...{ name: model, version: agentVersion(request), regime: null, schema_hash: SIZING_SCHEMA_SHA256 },
    inputs: [
      { name: 'features', shape: [SIZING_COUNT] },
      { name: 'mask', shape: [SIZING_COUNT] },
    ],
    outputs: [{ name: OUTPUT, shape: [1] }],
    trained_on: data.synthetic ? 'synthetic' : 'market',
    data: data.references.map(({ reference, sha256 }) => ({
      reference: reference.slice(0, 200),
      sha256: sha256 ?? world.sha256,
    })),
    trained_until_us: last?.known_us ?? 0,
    ...{ seed, command: request.command.slice(0, 500), node, producer: 'bellwether' },
    metrics: scores.metrics,
    calibration: { method: 'identity', parameters: [] },
  };
  const seen = questionsOf(split.train);
  return {
    facts,
    onnx: encodeModel(policyGraph(own, model.replace('/', '_'), OUTPUT), metadataOf(facts, request)),
    golden: goldenOf(own, seen),
    card: agentCard({
      plan: AGENT_PLANS[model],
      facts,
      data,
      split,
      scores,
      limit,
      budget,
      missing: missingIn(seen),
    }),
    scores,
  };
}

const questionsOf = (sessions: readonly LineSession[]): readonly Float32Array[] =>
  sessions.flatMap(({ questions }) => questions);

/** Numbers that no question of the training had. */
function missingIn(seen: readonly Float32Array[]): readonly string[] {
  return SIZING_ORDER.filter((_, i) => seen.every((row) => row[SIZING_COUNT + i] === 0));
}

function trained(
  { model, world, budget, seed, store }: AgentRequest,
  { train }: AgentSplit,
  unit: number,
  tail: TailLimit | null,
  onBatch: (done: number) => void,
): TrainedPolicy {
  const known = store?.load(unit) ?? null;
  if (known !== null) return known;
  const options = { ...ppoOptions(AGENT_PLANS[model], budget), seed: `${seed} ${model}`, tail };
  const ppo = new Ppo(world.environment(train), options);
  for (let batch = 0; batch < budget.batches; batch++) {
    ppo.iterate();
    onBatch(batch + 1);
  }
  const policy = withoutUnseen(ppo.policy(), questionsOf(train));
  store?.save(unit, policy);
  return policy;
}

function metadataOf(
  { name, seed, command, node, metrics }: ModelFacts,
  { world, data }: AgentRequest,
): ModelMetadata {
  return {
    model: name,
    schema_sha256: SIZING_SCHEMA_SHA256,
    data_sha256: [world.sha256],
    data_origin: data.synthetic ? 'synthetic' : 'real',
    ...{ seed, command, node_version: node },
    metrics: Object.fromEntries(Object.entries(metrics).map(([metric, { value }]) => [metric, value])),
    details: { sources: data.references.map(({ reference }) => reference).join(' ') },
  };
}
