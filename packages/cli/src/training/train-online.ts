import {
  LESSONS,
  ONLINE_AGENT,
  SizingLogCollector,
  onlineVersion,
  trainOnlineAgent,
  type SizingLog,
  type TrainedOnline,
} from '@bellwether/agent-training';
import { modelFiles, type ModelRegistry } from '@bellwether/models';
import type { SigningKey } from '@bellwether/signing';
import { readRecorded } from '../bandit/recorded-frames.js';
import { showProgress } from '../progress.js';
import { isThere, placeModel } from './train-one.js';

export interface OnlineTraining {
  readonly registry: ModelRegistry;
  readonly key: SigningKey;
  /** Folder of the audit log; default: the one of `npm start`. */
  readonly audit: string | null;
  /** Whose sizes; null: of the only book of the log. */
  readonly book: string | null;
  readonly lessons: number | null;
  readonly seed: string;
  readonly command: string;
  readonly again: boolean;
  readonly challenge: boolean;
}

const REASON_LENGTH = 500;

/** Trains the agent that learns from audited decisions, and keeps it; null where the registry has it already. */
export async function trainOnline(
  training: OnlineTraining,
): Promise<{ readonly trained: TrainedOnline; readonly sha256: string } | null> {
  const { registry, key, seed, command } = training;
  const { book, log } = await sizingLog(training);
  const lessons = training.lessons ?? LESSONS;
  const progress = showProgress(ONLINE_AGENT, lessons);
  const request = {
    ...{ log, book, lessons, seed, command, node: process.version },
    onProgress: (done: number): void => {
      progress.update(done);
    },
  };
  const version = onlineVersion(request);
  const note = { at_us: Date.now() * 1_000, by: 'bw train', reason: command.slice(0, REASON_LENGTH) };
  try {
    if (!training.again && (await isThere(registry, ONLINE_AGENT, version, note))) return null;
    const trained = trainOnlineAgent(request);
    const { sha256 } = await registry.add(modelFiles(trained.facts, trained, key), note);
    await placeModel(training, ONLINE_AGENT, version, true, note);
    return { trained, sha256 };
  } finally {
    progress.end();
  }
}

async function sizingLog({
  audit,
  book: wanted,
}: OnlineTraining): Promise<{ readonly book: string; readonly log: SizingLog }> {
  const collector = new SizingLogCollector();
  const recorded = {
    ...(audit === null ? {} : { audit }),
    ...(wanted === null ? {} : { book: wanted }),
    bookOption: '--of-book',
  };
  const book = await readRecorded(recorded, (frame) => {
    collector.add(frame);
  });
  return { book, log: collector.log() };
}
