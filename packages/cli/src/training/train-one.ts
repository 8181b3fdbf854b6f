import {
  modelFiles,
  slotNamed,
  type ChangeNote,
  type ModelRegistry,
  type RegistryState,
} from '@bellwether/models';
import type { SigningKey } from '@bellwether/signing';
import {
  trainModel,
  versionOf,
  type DataSet,
  type FoldStore,
  type TrainedModel,
  type TrainedModelName,
} from '@bellwether/training';
import type { DataPlan } from '../data/data-plan.js';
import { showProgress } from '../progress.js';
import { dataOf, type PlanDataSets } from './data-sets.js';

export interface Training {
  readonly plan: DataPlan;
  readonly sets: PlanDataSets;
  readonly registry: ModelRegistry;
  readonly key: SigningKey;
  readonly folds: number;
  readonly seed: string;
  readonly foldsOf: (set: DataSet) => FoldStore;
  /** That trains it again. */
  readonly command: string;
  /** Also what is kept already. */
  readonly again: boolean;
}

export interface TrainedNow {
  readonly trained: TrainedModel;
  readonly seconds: number;
  readonly sha256: string;
}

const PROGRESS_STEPS = 1_000;
const REASON_LENGTH = 500;

function isKept(state: RegistryState, model: TrainedModelName, version: string): boolean {
  return slotNamed(state, model)?.versions.some((one) => one.version === version) === true;
}

/** True where the registry has this training's model, or its files, which a work that was broken off had written. */
async function isThere(
  { registry, command }: Training,
  model: TrainedModelName,
  version: string,
): Promise<boolean> {
  if (isKept(await registry.state(), model, version)) return true;
  const files = await registry.store.files(model, version);
  if (files === null) return false;
  await registry.add(files, noteOf(command));
  return true;
}

function noteOf(reason: string): ChangeNote {
  return { at_us: Date.now() * 1_000, by: 'bw train', reason: reason.slice(0, REASON_LENGTH) };
}

function trainShown(
  { plan, folds, seed, command }: Training,
  set: DataSet,
  foldStore: FoldStore,
): TrainedModel {
  const progress = showProgress(set.model, PROGRESS_STEPS);
  const trained = trainModel({
    ...{ set, data: dataOf(plan), folds, seed, command, node: process.version, foldStore },
    onProgress: (done, total) => {
      progress.update(Math.round((PROGRESS_STEPS * done) / total));
    },
  });
  progress.end();
  return trained;
}

/**
 * A place without a champion takes the model; a place with another one takes it as challenger, where that is wanted. What is decided
 * already stays: training the same again undoes no promotion.
 */
export async function placeModel(
  registry: ModelRegistry,
  place: string,
  version: string,
  challenge: boolean,
  note: ChangeNote,
): Promise<void> {
  const {
    champion = null,
    challenger = null,
    previous = null,
  } = slotNamed(await registry.state(), place) ?? {};
  if (champion === null && previous === null) {
    await registry.promote(place, version, { ...note, reason: 'The place was empty' });
  } else if (challenge && ![champion, challenger, previous].includes(version)) {
    await registry.challenge(place, version, note);
  }
}

/** Trains one model and keeps it; null where the registry has it already. */
export async function trainOne(
  training: Training,
  challenge: boolean,
  model: TrainedModelName,
): Promise<TrainedNow | null> {
  const { sets, registry, key, folds, seed, command } = training;
  const started = performance.now();
  const set = await sets.of(model);
  const version = versionOf(set, folds, seed, process.version);
  const foldStore = training.foldsOf(set);
  if (!training.again && (await isThere(training, model, version))) {
    await placeModel(registry, model, version, challenge, noteOf(command));
    return null;
  }
  const trained = trainShown(training, set, foldStore);
  sets.keep(model, trained.scores);
  const { sha256 } = await registry.add(modelFiles(trained.facts, trained, key), noteOf(command));
  await placeModel(registry, model, version, challenge, noteOf(command));
  return { trained, seconds: (performance.now() - started) / 1_000, sha256 };
}
