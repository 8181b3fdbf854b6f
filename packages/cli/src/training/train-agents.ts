import {
  LineWorld,
  agentVersion,
  isShownBetter,
  trainAgent,
  type AgentBudget,
  type TrainedAgent,
  type WorldAgent,
} from '@bellwether/agent-training';
import type { TrainedPolicy } from '@bellwether/agents';
import { BellwetherError, Policy } from '@bellwether/contracts';
import { LINE } from '@bellwether/line';
import { SyncModels, modelFiles, type ModelRegistry } from '@bellwether/models';
import type { SigningKey } from '@bellwether/signing';
import { trainingFolder } from '../folders.js';
import { measure, type DataPlan } from '../data/data-plan.js';
import { showProgress } from '../progress.js';
import { dataOf } from './data-sets.js';
import { WorkFiles } from './fold-files.js';
import { isThere, placeModel } from './train-one.js';

export interface AgentTraining {
  /** Of a book whose policy is learned. */
  readonly plan: DataPlan;
  readonly registry: ModelRegistry;
  readonly key: SigningKey;
  readonly budget: AgentBudget;
  readonly tail_r: number | null;
  readonly seed: string;
  readonly commandOf: (model: WorldAgent) => string;
  readonly again: boolean;
  readonly challenge: boolean;
}

export interface AgentTrainedNow {
  readonly model: WorldAgent;
  readonly trained: TrainedAgent;
  readonly seconds: number;
  readonly sha256: string;
}

const REASON_LENGTH = 500;

/** Trains agents in the line over a plan's data, and keeps them; null for one that the registry has already. */
export async function trainAgents(
  training: AgentTraining,
  models: readonly WorldAgent[],
): Promise<ReadonlyMap<WorldAgent, AgentTrainedNow | null>> {
  const sync = new SyncModels(await training.plan.models.checked());
  try {
    const world = await openWorld(training.plan, sync);
    const done = new Map<WorldAgent, AgentTrainedNow | null>();
    for (const model of models) done.set(model, await trainOneAgent(training, world, model));
    return done;
  } finally {
    await sync.close();
  }
}

async function openWorld(plan: DataPlan, sync: SyncModels): Promise<LineWorld> {
  const { config } = plan.settings;
  const { infer, answerRows } = plan.models;
  if (config.policy !== Policy.LEARNED || answerRows === null) {
    throw new BellwetherError('usage', 'A sizing agent is trained for a book whose policy is learned');
  }
  const total = plan.bars ?? (await measure(plan.inputs(null))).count;
  const progress = showProgress('the line with multiplier 1', total);
  try {
    return await LineWorld.open({
      ...{ book: plan.book, risk_per_trade_cents: config.risk_per_trade_cents, stages: LINE },
      ...{ batches: plan.batches(), infer, answerRows, answerNow: sync.answer },
      onProgress: (inputs) => {
        progress.update(Math.min(inputs, total));
      },
    });
  } finally {
    progress.end();
  }
}

async function trainOneAgent(
  training: AgentTraining,
  world: LineWorld,
  model: WorldAgent,
): Promise<AgentTrainedNow | null> {
  const { registry, key, budget, tail_r, seed, plan } = training;
  const started = performance.now();
  const named = { model, world, budget, tail_r, seed, node: process.version };
  const version = agentVersion(named);
  const command = training.commandOf(model);
  const note = { at_us: Date.now() * 1_000, by: 'bw train', reason: command.slice(0, REASON_LENGTH) };
  if (!training.again && (await isThere(registry, model, version, note))) return null;
  const store = new WorkFiles<TrainedPolicy>(trainingFolder(), model, version);
  const progress = showProgress(model, 2 * budget.batches);
  const trained = trainAgent({
    ...named,
    ...{ data: dataOf(plan), command, store },
    onProgress: (done) => {
      progress.update(done);
    },
  });
  progress.end();
  const { sha256 } = await registry.add(modelFiles(trained.facts, trained, key), note);
  await placeModel(training, model, version, isShownBetter(trained.scores), note);
  store.remove();
  return { model, trained, seconds: (performance.now() - started) / 1_000, sha256 };
}
