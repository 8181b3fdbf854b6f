import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  headLine,
  newestHead,
  nodeAuditFiles,
  parseHeadLine,
  readAuditRecord,
  verifyAudit,
  type AuditVerdict,
  type NodeAuditFiles,
} from '@bellwether/audit';
import { openBus } from '@bellwether/bus';
import { BOOK_NAME, BellwetherError, type AuditHead } from '@bellwether/contracts';
import { parseDecisionId } from '@bellwether/kernel';
import { compareWithStream } from '../audit/stream-comparison.js';
import { number, renderVerdict, timeText } from '../audit/verdict-report.js';
import { auditFolder, storeFolder } from '../folders.js';
import { showProgress, type Progress } from '../progress.js';

/** Smaller logs are checked before a progress bar would be read. */
const PROGRESS_BYTES_MIN = 64 * 1024 * 1024;

export interface LogOptions {
  readonly folder?: string;
  readonly book: readonly string[];
}

export interface VerifyCommandOptions extends LogOptions {
  readonly publicKey: readonly string[];
  readonly head?: string;
  readonly frames?: boolean;
  readonly nats?: string;
}

/** `bw audit verify`: a verdict for each book on standard output. */
export async function verify(options: VerifyCommandOptions): Promise<void> {
  const publicKeys = await Promise.all(options.publicKey.map((file) => read(file, 'public key')));
  const head = options.head === undefined ? null : await readHead(options.head);
  await withLogs(options, async (files, books) => {
    if (head !== null && !books.includes(head.book)) {
      throw new BellwetherError('usage', `The head of --head is of book ${head.book}: name that with --book`);
    }
    let corrupt = 0;
    for (const book of books) {
      const verdict = await verifyBook({ files, book, publicKeys, head, frames: options.frames === true });
      if (!verdict.ok) corrupt += 1;
      else if (options.nats !== undefined) await compare(files, book, options.nats);
    }
    if (corrupt > 0) throw new BellwetherError('audit_corrupt', `${corrupt} of ${books.length} logs`);
  });
}

interface Job {
  readonly files: NodeAuditFiles;
  readonly book: string;
  readonly publicKeys: readonly string[];
  readonly head: AuditHead | null;
  readonly frames: boolean;
}

async function verifyBook({ files, book, publicKeys, head, frames }: Job): Promise<AuditVerdict> {
  const started = performance.now();
  const shown: Progress[] = [];
  const verdict = await verifyAudit({
    ...{ files, book, frames },
    ...(publicKeys.length === 0 ? {} : { publicKeys }),
    ...(head?.book === book ? { head } : {}),
    onProgress: (bytes, total) => {
      if (total < PROGRESS_BYTES_MIN) return;
      if (shown.length === 0) shown.push(showProgress(`bytes of ${book}`, total));
      shown[0]?.update(bytes);
    },
  });
  shown[0]?.end();
  process.stdout.write(`${renderVerdict(verdict, performance.now() - started)}\n`);
  if (verdict.ok && head?.book === book) {
    process.stdout.write(`  ${'kept head'.padEnd(15)} record ${head.record} is still what was signed\n`);
  }
  return verdict;
}

async function compare(files: NodeAuditFiles, book: string, servers: string): Promise<void> {
  const bus = await openBus({ kind: 'nats', name: 'bw-audit-verify', servers: servers.split(',') });
  try {
    const seq = await compareWithStream(bus, { files, book }, new AbortController().signal);
    process.stdout.write(`  ${'stream'.padEnd(15)} agrees, to frame ${number(seq)}\n`);
  } finally {
    await bus.close();
  }
}

/** `bw audit head`: the newest signed head of each book, one a line, to be kept. */
export async function head(options: LogOptions): Promise<void> {
  await withLogs(options, async (files, books) => {
    for (const book of books) {
      const { head: newest } = await newestHead(files, book);
      if (newest === null) throw new BellwetherError('audit_missing', `Book ${book} has no signed head`);
      process.stdout.write(headLine(newest));
    }
  });
}

/** `bw audit show`: the record that covers a decision. */
export async function show(id: string, options: { readonly folder?: string }): Promise<void> {
  const wanted = parseDecisionId(id);
  if (wanted === null)
    throw new BellwetherError('usage', `${id}: Expected <book>-<number>, for example sample-4242`);
  const { book, seq } = wanted;
  await withLogs({ ...options, book: [book] }, async (files) => {
    const record = await readAuditRecord({ files, book }, seq);
    if (record === null)
      throw new BellwetherError('audit_missing', `The log of book ${book} has no frame ${seq}`);
    const { first_seq, latency_us } = record;
    const lines = [
      `record ${record.record} of book ${book}`,
      record.frame === null
        ? `  holds     frames ${first_seq} to ${record.seq}, idle clock entries: counted, their bytes are not kept`
        : `  holds     frame ${record.seq}, ${record.frame.length} bytes; its story: bw why ${id}`,
      `  received  ${timeText(record.received_us)}${latency_us === null ? '' : `, ${latency_us} us after the entry was known`}`,
      `  hash      ${record.hash}`,
      `  follows   ${record.previous}`,
      `  place     ${record.file}, byte ${record.offset}, ${record.bytes} bytes`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}

/** The logs that are meant: those named, or all that the folder holds. */
async function withLogs(
  options: { readonly folder?: string; readonly book: readonly string[] },
  use: (files: NodeAuditFiles, books: readonly string[]) => Promise<void>,
): Promise<void> {
  const folder = path.resolve(options.folder ?? auditFolder(storeFolder(null)));
  const unknown = options.book.find((name) => !BOOK_NAME.test(name));
  if (unknown !== undefined) throw new BellwetherError('usage', `${unknown} is not a book's name`);
  if (!existsSync(folder)) throw new BellwetherError('audit_missing', `${folder}: There is no such folder`);
  const files = nodeAuditFiles(folder);
  try {
    const books = options.book.length > 0 ? options.book : await files.books();
    if (books.length === 0)
      throw new BellwetherError('audit_missing', `${folder}: There is no audit log in it`);
    await use(files, books);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new BellwetherError('data_unreadable', cause.message, [], { cause });
  } finally {
    await files.close();
  }
}

async function read(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new BellwetherError('usage', `The ${what} cannot be read: ${String(cause)}`, [], { cause });
  }
}

/** A head as `bw audit head` prints it. */
async function readHead(file: string): Promise<AuditHead> {
  const text = await read(file, 'head');
  const found = parseHeadLine(text.trimEnd());
  if (found === null) {
    throw new BellwetherError('usage', `${file}: Expected one head, as \`bw audit head\` prints it`);
  }
  return found;
}
