import { existsSync } from 'node:fs';
import path from 'node:path';
import { auditedFrames, nodeAuditFiles } from '@bellwether/audit';
import {
  ChoiceCollector,
  TARGET_NAMES,
  evaluatePolicy,
  loggedValue,
  targetPolicy,
  vectorsOf,
  type ChoiceLog,
  type Evaluation,
} from '@bellwether/bandit';
import { BOOK_NAME, BellwetherError, type Frame } from '@bellwether/contracts';
import { evaluationText } from '../bandit/evaluation-text.js';
import { DECISION_LOG, auditFolder, storeFolder } from '../folders.js';
import { readDecisionLog } from '../replay/decision-log.js';

export interface EvaluateOptions {
  readonly policy: readonly string[];
  readonly audit?: string;
  readonly from?: string;
  readonly book?: string;
  readonly json?: boolean;
}

/** The same log gives the same intervals. */
const SEED = 'bandit evaluate';

/** `bw bandit evaluate`: policies judged by the choices that a book has logged. */
export async function evaluateBandit(options: EvaluateOptions): Promise<void> {
  const names = options.policy.length > 0 ? options.policy : TARGET_NAMES;
  const unknown = names.filter((name) => targetPolicy(name, null) === null);
  if (unknown.length > 0) {
    throw new BellwetherError(
      'usage',
      `There is no policy ${unknown.join(', ')}: expected ${TARGET_NAMES.join(', ')}, or fixed:S1 to fixed:S12`,
    );
  }
  const { book, log } = await choicesOf(options);
  const evaluations = names.map((name) => judged(name, log));
  if (options.json === true) {
    const { choices, open, without_risk } = log;
    const own = { choices: choices.length, open, without_risk, logged: loggedValue(choices).value };
    process.stdout.write(`${JSON.stringify({ book, ...own, evaluations }, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${evaluationText(book, log, evaluations)}\n`);
}

function judged(name: string, { choices, config }: ChoiceLog): Evaluation {
  const policy = targetPolicy(name, config);
  if (policy === null) throw new BellwetherError('usage', `There is no policy ${name}`);
  return evaluatePolicy(choices, { policy: name, vectors: vectorsOf(policy, choices), seed: SEED });
}

interface BookChoices {
  readonly book: string;
  readonly log: ChoiceLog;
}

async function choicesOf({ audit, from, book }: EvaluateOptions): Promise<BookChoices> {
  if (book !== undefined && !BOOK_NAME.test(book)) {
    throw new BellwetherError('usage', `${book} is not a book's name`);
  }
  if (from !== undefined && audit !== undefined) {
    throw new BellwetherError('usage', 'Expected either --audit or --from');
  }
  if (from !== undefined) {
    const file = path.join(from, DECISION_LOG);
    if (!existsSync(file)) throw new BellwetherError('audit_missing', `${file}: There is no such file`);
    return gathered(readDecisionLog(file), book ?? null);
  }
  return fromAudit(path.resolve(audit ?? auditFolder(storeFolder(null))), book ?? null);
}

async function fromAudit(folder: string, wanted: string | null): Promise<BookChoices> {
  if (!existsSync(folder)) throw new BellwetherError('audit_missing', `${folder}: There is no such folder`);
  const files = nodeAuditFiles(folder);
  try {
    const books = await files.books();
    if (wanted === null && books.length > 1) {
      throw new BellwetherError('usage', `Name one of the books with --book: ${books.join(', ')}`);
    }
    const book = wanted ?? books[0];
    if (book === undefined || !books.includes(book)) {
      throw new BellwetherError(
        'audit_missing',
        `${folder}: There is no audit log of ${wanted ?? 'any book'}`,
      );
    }
    return await gathered(auditedFrames({ files, book }), book);
  } finally {
    await files.close();
  }
}

async function gathered(frames: AsyncIterable<Frame>, wanted: string | null): Promise<BookChoices> {
  const collector = new ChoiceCollector();
  let book = wanted;
  for await (const frame of frames) {
    book ??= frame.book;
    if (frame.book === book) collector.add(frame);
  }
  return { book: book ?? 'none', log: collector.log() };
}
