import path from 'node:path';
import { BUDGET, ONLINE_AGENT, type AgentBudget, type WorldAgent } from '@bellwether/agent-training';
import { BellwetherError } from '@bellwether/contracts';
import { TRAINED_MODELS, modelsNamed, type TrainedModelName } from '@bellwether/training';
import { namesNoData, type DataOptions } from '../data/data-plan.js';
import type { LoggedOptions } from './logged-source.js';

export interface TrainOptions extends DataOptions, LoggedOptions {
  readonly seed: string;
  readonly out: string;
  readonly folds?: number;
  readonly force?: boolean;
  /** A new model becomes challenger where the place has a champion. */
  readonly challenge?: boolean;
  /** Also a variant for each regime, of the models that may have one. */
  readonly regimes?: boolean;
  /** Of the sizing agents: batches, episodes of each, and the CVaR of a session that is allowed, in R. */
  readonly batches?: number;
  readonly episodes?: number;
  readonly tail?: number;
  /** How long the online agent learns from the log that is named. */
  readonly lessons?: number;
}

/** Folds where none are asked for: the sample is short. */
const FOLDS_SAMPLE = 1;
const FOLDS_DATA = 4;
const FOLDS_MAX = 50;
const EPISODES_MIN = 200;

/** The models of rows that are meant. Throws `usage` for a name that has no trainer. */
export function modelsFor(name: string): readonly TrainedModelName[] {
  const models = modelsNamed(name);
  if (models.length === 0) throw noTrainer(name, TRAINED_MODELS);
  return models;
}

export function noTrainer(name: string, known: readonly string[]): BellwetherError {
  return new BellwetherError('usage', `There is no trainer for ${name}: expected all, ${known.join(', ')}`);
}

export function foldsFor(options: DataOptions & { readonly folds?: number }): number {
  const folds = options.folds ?? (namesNoData(options) ? FOLDS_SAMPLE : FOLDS_DATA);
  if (folds < 1 || folds > FOLDS_MAX)
    throw new BellwetherError('usage', `Expected 1 to ${FOLDS_MAX} --folds, was ${folds}`);
  return folds;
}

/** How much the agents are trained. Throws `usage` where too few episodes lie in the tail. */
export function budgetOf({
  batches = BUDGET.batches,
  episodes = BUDGET.episodes,
}: TrainOptions): AgentBudget {
  if (batches < 1 || episodes < EPISODES_MIN) {
    throw new BellwetherError(
      'usage',
      `Expected at least 1 of --batches and ${EPISODES_MIN} of --episodes, of which ten lie in the worst 5 %`,
    );
  }
  return { batches, episodes };
}

/** The command that trains a model again, without folders of this machine. */
export function commandOf(model: TrainedModelName, options: TrainOptions, folds: number): string {
  const regimes = options.regimes === true ? ['--regimes'] : [];
  const words = [...logWords(options), ...dataWords(options), ...regimes];
  return [`bw train ${model}`, ...words, `--seed ${options.seed}`, `--folds ${folds}`].join(' ');
}

function logWords({ audit, run, ofBook, clip }: TrainOptions): readonly string[] {
  return [
    ...(audit === undefined ? [] : [`--audit ${path.basename(audit)}`]),
    ...(run === undefined ? [] : [`--run ${path.basename(run)}`]),
    ...(ofBook === undefined ? [] : [`--of-book ${ofBook}`]),
    ...(clip === undefined ? [] : [`--clip ${clip}`]),
  ];
}

function dataWords({ data, symbol, from, to }: TrainOptions): readonly string[] {
  return [
    ...data.flatMap((one, i) => [
      `--data ${one.startsWith('catalog:') ? one : path.basename(one)}`,
      ...(symbol[i] === undefined ? [] : [`--symbol ${symbol[i]}`]),
    ]),
    ...(from === undefined ? [] : [`--from ${from}`]),
    ...(to === undefined ? [] : [`--to ${to}`]),
  ];
}

/** The command that trains an agent again; it needs the same models in the registry. */
export function agentCommandOf(model: WorldAgent, options: TrainOptions, budget: AgentBudget): string {
  const tail = options.tail === undefined ? [] : [`--tail ${options.tail}`];
  const size = [`--batches ${budget.batches}`, `--episodes ${budget.episodes}`, ...tail];
  return [`bw train ${model}`, ...dataWords(options), `--seed ${options.seed}`, ...size].join(' ');
}

/** The command that trains the online agent again from the same log. */
export function onlineCommandOf(options: TrainOptions): string {
  const lessons = options.lessons === undefined ? [] : [`--lessons ${options.lessons}`];
  return [`bw train ${ONLINE_AGENT} --audit audit --seed ${options.seed}`, ...lessons].join(' ');
}
