import path from 'node:path';
import process from 'node:process';
import { ONLINE_AGENT, WORLD_AGENTS, type WorldAgent } from '@bellwether/agent-training';
import { loadOrCreateKey } from '@bellwether/signing';
import { TRAINED_MODELS, modelsNamed } from '@bellwether/training';
import { filePlan, namesNoData, samplePlan } from '../data/data-plan.js';
import { openRegistry } from '../data/plan-models.js';
import { modelKeyFolder } from '../folders.js';
import { SYNTHETIC_LINE } from '../replay/report.js';
import { agentText } from '../training/agent-text.js';
import { hashShown } from '../training/score-tables.js';
import { trainAgents } from '../training/train-agents.js';
import { KEPT, trainOnRows, type Into } from '../training/train-on-rows.js';
import { trainOnline } from '../training/train-online.js';
import {
  agentCommandOf,
  budgetOf,
  modelsFor,
  noTrainer,
  onlineCommandOf,
  type TrainOptions,
} from '../training/train-options.js';

const isWorldAgent = (name: string): name is WorldAgent => WORLD_AGENTS.some((one) => one === name);

/** Agents that are trained in the line; `all` has both. */
const agentsFor = (name: string): readonly WorldAgent[] =>
  name === 'all' ? WORLD_AGENTS : isWorldAgent(name) ? [name] : [];

/** `bw train`: models into the registry, what they are worth on standard output. */
export async function train(name: string, options: TrainOptions): Promise<void> {
  const agents = agentsFor(name);
  const online = name === ONLINE_AGENT;
  if (agents.length === 0 && !online && modelsNamed(name).length === 0)
    throw noTrainer(name, [...TRAINED_MODELS, ...WORLD_AGENTS, ONLINE_AGENT]);
  const key = await loadOrCreateKey(modelKeyFolder(), 'model-key');
  const registry = await openRegistry({ models: options.out });
  const place = path.relative(process.cwd(), registry.store.place) || '.';
  const into = { registry, key, place };
  if (online) return trainedOnline(options, into);
  if (modelsNamed(name).length > 0) say(await trainOnRows(modelsFor(name), options, into));
  if (agents.length > 0) await trainedInTheLine(agents, options, into);
}

function say(paragraphs: readonly string[]): void {
  process.stdout.write(`${paragraphs.join('\n\n')}\n`);
}

/** Sizing agents, in the line over the same data, with the models of the registry. */
async function trainedInTheLine(
  models: readonly WorldAgent[],
  options: TrainOptions,
  { registry, key, place }: Into,
): Promise<void> {
  const budget = budgetOf(options);
  const learned: TrainOptions = { ...options, policy: 'learned', models: options.out };
  const plan = namesNoData(options) ? await samplePlan(learned) : await filePlan(learned);
  const done = await trainAgents(
    {
      ...{ plan, registry, key, budget, tail_r: options.tail ?? null, seed: options.seed },
      commandOf: (model) => agentCommandOf(model, options, budget),
      again: options.force === true,
      challenge: options.challenge === true,
    },
    models,
  );
  const trained = [...done.values()].filter((one) => one !== null);
  say([
    ...(plan.synthetic ? [SYNTHETIC_LINE] : []),
    `Trained in the line over ${plan.title}, ${budget.batches} batches of ${budget.episodes} episodes, seed ${options.seed}, into ${place}.`,
    ...trained.map((one) => agentText(one)),
    ...[...done].flatMap(([model, one]) => (one === null ? [`${model}: ${KEPT}`] : [])),
  ]);
}

/** The agent that learns from audited decisions. */
async function trainedOnline(options: TrainOptions, { registry, key, place }: Into): Promise<void> {
  const done = await trainOnline({
    ...{ registry, key, seed: options.seed, lessons: options.lessons ?? null },
    ...{ audit: options.audit ?? null, book: options.ofBook ?? null },
    command: onlineCommandOf(options),
    again: options.force === true,
    challenge: options.challenge === true,
  });
  if (done === null) {
    say([`${ONLINE_AGENT}: ${KEPT}`]);
    return;
  }
  const { facts, card } = done.trained;
  say([
    ...(facts.trained_on === 'synthetic' ? [SYNTHETIC_LINE] : []),
    `${ONLINE_AGENT} ${facts.version} into ${place}, SHA-256 ${hashShown(done.sha256)}`,
    card,
  ]);
}
