import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  LESSONS,
  ONLINE_AGENT,
  SizingLogCollector,
  onlineVersion,
  trainOnlineAgent,
  type SizingLog,
  type TrainedOnline,
} from '@bellwether/agent-training';
import { auditedFrames, nodeAuditFiles } from '@bellwether/audit';
import { BOOK_NAME, BellwetherError } from '@bellwether/contracts';
import { modelFiles, type ModelRegistry } from '@bellwether/models';
import type { SigningKey } from '@bellwether/signing';
import { auditFolder, storeFolder } from '../folders.js';
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
  if (wanted !== null && !BOOK_NAME.test(wanted))
    throw new BellwetherError('usage', `${wanted} is not a book's name`);
  const folder = path.resolve(audit ?? auditFolder(storeFolder(null)));
  if (!existsSync(folder)) throw new BellwetherError('audit_missing', `${folder}: There is no such folder`);
  const files = nodeAuditFiles(folder);
  try {
    const books = await files.books();
    if (wanted === null && books.length > 1) {
      throw new BellwetherError('usage', `Name one of the books with --of-book: ${books.join(', ')}`);
    }
    const book = wanted ?? books[0];
    if (book === undefined || !books.includes(book)) {
      const whose = wanted ?? 'any book';
      throw new BellwetherError('audit_missing', `${folder}: There is no audit log of ${whose}`);
    }
    const collector = new SizingLogCollector();
    for await (const frame of auditedFrames({ files, book })) collector.add(frame);
    return { book, log: collector.log() };
  } finally {
    await files.close();
  }
}
