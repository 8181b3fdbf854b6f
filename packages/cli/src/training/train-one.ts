import {
  awaitsReview,
  modelFiles,
  slotNamed,
  slotOf,
  type ChangeNote,
  type ModelRegime,
  type ModelRegistry,
  type RegistryState,
} from '@bellwether/models';
import type { SigningKey } from '@bellwether/signing';
import {
  trainModel,
  versionOf,
  type DataOfModel,
  type DataSet,
  type FoldStore,
  type RegimeVariant,
  type TrainedModel,
  type TrainedModelName,
  type WalkForwardScores,
} from '@bellwether/training';
import { showProgress } from '../progress.js';

/** Data sets by model, and what the folds of a model said where they were trained. */
export interface TrainingSets {
  of(model: TrainedModelName): Promise<DataSet>;
  keep(model: TrainedModelName, scores: WalkForwardScores): void;
  saidOf(model: TrainedModelName): Promise<ReadonlyMap<number, readonly number[]>>;
}

export interface Training {
  /** For the card. */
  readonly data: DataOfModel;
  readonly sets: TrainingSets;
  readonly registry: ModelRegistry;
  readonly key: SigningKey;
  readonly folds: number;
  readonly seed: string;
  readonly foldsOf: (set: DataSet, regime: ModelRegime | null) => FoldStore;
  /** That trains a model again. */
  readonly commandOf: (model: TrainedModelName) => string;
  /** Also what is kept already. */
  readonly again: boolean;
  /** A new model becomes challenger where the place has a champion. */
  readonly challenge: boolean;
}

export interface TrainedNow {
  readonly slot: string;
  readonly trained: TrainedModel;
  readonly seconds: number;
  readonly sha256: string;
}

const PROGRESS_STEPS = 1_000;
const REASON_LENGTH = 500;

function isKept(state: RegistryState, slot: string, version: string): boolean {
  return slotNamed(state, slot)?.versions.some((one) => one.version === version) === true;
}

/** True where the registry has this training's model, or its files, which a work that was broken off had written. */
export async function isThere(
  registry: ModelRegistry,
  slot: string,
  version: string,
  note: ChangeNote,
): Promise<boolean> {
  if (isKept(await registry.state(), slot, version)) return true;
  const files = await registry.store.files(slot, version);
  if (files === null) return false;
  await registry.add(files, note);
  return true;
}

/** A variant takes an empty place only where it was shown to be better than the general model, which speaks there otherwise. */
function mayFill({ axes }: WalkForwardScores, variant: RegimeVariant | null): boolean {
  if (variant === null) return true;
  return (axes[0]?.comparison.gains.get('general')?.log_loss.low ?? 0) > 0;
}

/**
 * A place without a champion takes the model, where it may; a place with another one takes it as challenger, where that is wanted and no
 * other waits for its review. What is
 * decided already stays: training the same again undoes no promotion.
 */
export async function placeModel(
  { registry, challenge }: Pick<Training, 'registry' | 'challenge'>,
  slot: string,
  version: string,
  fills: boolean,
  note: ChangeNote,
): Promise<void> {
  const state = await registry.state();
  const { champion = null, challenger = null, previous = null } = slotNamed(state, slot) ?? {};
  if (champion === null) {
    const wasRetired = previous !== null;
    if (fills && !wasRetired)
      await registry.promote(slot, version, { ...note, reason: 'The place was empty' });
  } else if (challenge && ![champion, challenger, previous].includes(version) && !awaitsReview(state, slot)) {
    await registry.challenge(slot, version, note);
  }
}

/** Trains one model, or its variant for a regime, and keeps it; null where the registry has it already. */
export async function trainOne(
  training: Training,
  model: TrainedModelName,
  variant: RegimeVariant | null,
): Promise<TrainedNow | null> {
  const { data, sets, registry, key, folds, seed } = training;
  const started = performance.now();
  const set = await sets.of(model);
  const regime = variant?.regime ?? null;
  const slot = slotOf(model, regime);
  const version = versionOf(set, folds, seed, process.version, regime);
  const foldStore = training.foldsOf(set, regime);
  const command = training.commandOf(model);
  const note = { at_us: Date.now() * 1_000, by: 'bw train', reason: command.slice(0, REASON_LENGTH) };
  if (!training.again && (await isThere(registry, slot, version, note))) {
    await placeModel(training, slot, version, variant === null, note);
    return null;
  }
  const progress = showProgress(slot, PROGRESS_STEPS);
  const trained = trainModel({
    ...{ set, data, folds, seed, command, node: process.version, variant, foldStore },
    onProgress: (done, total) => {
      progress.update(Math.round((PROGRESS_STEPS * done) / total));
    },
  });
  progress.end();
  if (variant === null) sets.keep(model, trained.scores);
  const { sha256 } = await registry.add(modelFiles(trained.facts, trained, key), note);
  await placeModel(training, slot, version, mayFill(trained.scores, variant), note);
  return { slot, trained, seconds: (performance.now() - started) / 1_000, sha256 };
}
