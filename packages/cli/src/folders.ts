import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { WORKSPACE } from './workspace.js';

/** Everything that `bw` writes stands below one folder of the working directory, unless told otherwise. */
const HOME = '.bellwether';

/** File of a replay's decision frames, in its folder. */
export const DECISION_LOG = 'decisions.frames';

/** File of a replay's totals, in its folder; what is said of the data stands there too. */
export const RUN_SUMMARY = 'summary.json';

export function storeFolder(given: string | null): string {
  return path.resolve(given ?? path.join(HOME, 'data'));
}

/** The catalog: the folder that was named, that of the environment, or the usual one. */
export function catalogFolder(given: string | null): string {
  return path.resolve(given ?? process.env['BW_CATALOG'] ?? path.join(HOME, 'catalog'));
}

/** The research log: the folder that was named, that of the environment, or the usual one. */
export function researchFolder(given: string | null): string {
  return path.resolve(given ?? process.env['BW_RESEARCH'] ?? path.join(HOME, 'research'));
}

/** The evidence file: the one that was named, that of the environment, or the usual one. */
export function evidenceFile(given: string | null): string {
  return path.resolve(given ?? process.env['BW_EVIDENCE'] ?? path.join(HOME, 'evidence.json'));
}

/**
 * The registry of models: the place that was named, that of the environment, or the shipped one. A folder, or the object store of a
 * NATS server: `nats://host:port`.
 */
export function modelsPlace(given: string | null): string {
  const place = given ?? process.env['BW_MODELS'] ?? path.join(WORKSPACE, 'models');
  return isNatsPlace(place) ? place : path.resolve(place);
}

/** The same where it must be a folder. Throws `usage` for a NATS server. */
export function modelsFolder(given: string | null): string {
  const place = modelsPlace(given);
  if (!isNatsPlace(place)) return place;
  throw new BellwetherError('usage', `Expected a folder of models here, was ${place}`);
}

export function isNatsPlace(place: string): boolean {
  return /^(nats|tls):\/\//.test(place);
}

/** The key of this machine's trainer. Not among the models: who can write both can sign what he likes. */
export function modelKeyFolder(): string {
  return path.resolve(process.env['BW_MODEL_KEY_FOLDER'] ?? path.join(HOME, 'model-key'));
}

/** Folds of trainings that are under way, so that one which was broken off goes on. */
export function trainingFolder(): string {
  return path.resolve(process.env['BW_TRAINING_FOLDER'] ?? path.join(HOME, 'training'));
}

/** What `bw trainer` remembers of its jobs. */
export function trainerFolder(given: string | null): string {
  return path.resolve(given ?? path.join(HOME, 'trainer'));
}

/** Folders of the public keys whose models are asked. */
export function modelKeyFolders(): readonly string[] {
  return [path.join(WORKSPACE, 'config/model-keys'), modelKeyFolder()];
}

/** The audit log of an embedded store. */
export function auditFolder(store: string): string {
  return path.join(store, 'audit');
}

/** The key that signs it. Not in the log's folder: who can write both can sign what he likes. */
export function auditKeyFolder(store: string): string {
  return path.join(store, 'audit-key');
}

export function replayFolder(book: string): string {
  return path.resolve(HOME, 'replays', book);
}

export function backtestFolder(book: string): string {
  return path.resolve(HOME, 'backtests', book);
}
