import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CONTRACT_VERSION,
  DataOrigin,
  bookConfigOf,
  decodeEntry,
  type Bar,
  type BookConfig,
  type BookFile,
  type Entry,
  type ModelPromotion,
} from '@bellwether/contracts';
import {
  bookInputBatches,
  inspectCsv,
  nextRelease,
  readCsvBars,
  type BarSeries,
  type InputOptions,
} from '@bellwether/ingestion';
import { stageVersions } from '@bellwether/line';
import { generateSessions } from '@bellwether/testkit';
import type { Scale } from './bench.js';
import { WORKSPACE } from './environment.js';

/** Inputs that a bench takes through the line, the same at every call. */
export interface BenchCase {
  readonly name: string;
  readonly book: string;
  readonly config: BookConfig;
  readonly bars: number;
  batches(): AsyncIterable<readonly Entry[]>;
}

export const SYMBOL = 'ES';
/** First of the made-up sessions: any date with a session would do. */
const FIRST_TRADE_DATE = 20_240_102;

function configOf(
  book: string,
  settings: Pick<BookFile, 'policy' | 'bandit'> = { policy: 'rules' },
): BookConfig {
  const symbols = [{ symbol: SYMBOL }];
  return bookConfigOf({ book, symbols, bar_interval: '1m', known_time: 'event', ...settings }).config;
}

function inputOptions(
  config: BookConfig,
  series: BarSeries,
  promotions: readonly ModelPromotion[] = [],
): InputOptions {
  const release = nextRelease({ config, stages: stageVersions(), latest: null });
  return { config, series: [series], release, from: null, to: null, promotions };
}

/** One-minute bars of ES; always the same ones. */
export function madeUp(sessions: number): Iterable<Bar> {
  const firstTradeDate = FIRST_TRADE_DATE;
  return generateSessions({ seed: 'bench', symbol: SYMBOL, firstTradeDate, sessions, interval: '1m' });
}

function madeUpCase(
  sessions: number,
  config: BookConfig,
  bars: number,
  of: () => Iterable<Bar>,
  promotions: readonly ModelPromotion[] = [],
): BenchCase {
  const batches = (): AsyncIterable<readonly Entry[]> => {
    const series = { symbol: SYMBOL, bars: of(), source: 'bench', origin: DataOrigin.SYNTHETIC };
    return bookInputBatches(inputOptions(config, series, promotions));
  };
  return { name: `${sessions} made-up sessions`, book: config.book, config, bars, batches };
}

/** Made-up bars, made beforehand: their making is no part of the line. */
export function syntheticCase(sessions: number, book = 'bench'): BenchCase {
  const bars = [...madeUp(sessions)];
  return madeUpCase(sessions, configOf(book), bars.length, () => bars);
}

/** The same bars for a book whose policy is learned, with its models promoted at the start. */
export function learnedCase(
  sessions: number,
  promotions: readonly ModelPromotion[],
  bandit: BookFile['bandit'] = {},
): BenchCase {
  const bars = [...madeUp(sessions)];
  const config = configOf('bench', { policy: 'learned', bandit });
  return madeUpCase(sessions, config, bars.length, () => bars, promotions);
}

/** Made-up bars, made while the line runs: nothing holds them all. */
export function streamedCase(sessions: number, book = 'bench'): BenchCase {
  let bars = 0;
  for (const _bar of madeUp(sessions)) bars += 1;
  return madeUpCase(sessions, configOf(book), bars, () => madeUp(sessions));
}

/** A bar file, read anew at every call: its unpacking and parsing are part of the line. */
export async function fileCase(file: string): Promise<BenchCase> {
  const facts = await inspectCsv(file, SYMBOL);
  const config = configOf('bench-file');
  const batches = (): AsyncIterable<readonly Entry[]> => {
    const { source } = facts;
    const series = { symbol: SYMBOL, bars: readCsvBars(facts), source, origin: DataOrigin.MARKET };
    return bookInputBatches(inputOptions(config, series));
  };
  return { name: facts.source, book: config.book, config, bars: facts.rows, batches };
}

const REAL_FILE = 'ES_1m_2025_quotrading-topstepx.csv.gz';

/** The real file that the figures of the README are of, or null where the machine has none. */
export function realFile(): string | null {
  const folder = process.env['BW_DATA_DIR'] ?? path.join(WORKSPACE, '../shared/data');
  const file = path.join(folder, REAL_FILE);
  return fs.existsSync(file) ? file : null;
}

/** What the benches of the line run: made-up sessions, and the real file where it is. */
export async function lineCases(scale: Scale): Promise<readonly BenchCase[]> {
  if (scale === 'quick') return [syntheticCase(1)];
  const file = realFile();
  return file === null ? [syntheticCase(30)] : [syntheticCase(30), await fileCase(file)];
}

/** A recorded day and what it must come to. */
export interface GoldenDay {
  readonly name: string;
  readonly inputs: readonly Entry[];
  readonly frames: number;
  readonly digest: string;
}

interface GoldenFile {
  readonly days: Readonly<Record<string, { readonly frames: number; readonly digest: string }>>;
}

const LENGTH_BYTES = 4;

/** The recorded days of `test/golden`, with the stages of this build in their release. */
export function goldenDays(): readonly GoldenDay[] {
  const folder = path.join(WORKSPACE, 'test/golden', `v${CONTRACT_VERSION}`);
  const golden = JSON.parse(fs.readFileSync(path.join(folder, 'expected.json'), 'utf8')) as GoldenFile;
  return Object.entries(golden.days).map(([name, { frames, digest }]) => {
    const bytes = gunzipSync(fs.readFileSync(path.join(folder, `${name}.inputs.gz`)));
    return { name, inputs: entriesOf(bytes).map(withTheseStages), frames, digest };
  });
}

function entriesOf(bytes: Buffer): readonly Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + LENGTH_BYTES;
    const end = start + bytes.readUInt32BE(at);
    entries.push(decodeEntry(bytes.subarray(start, end)));
    at = end;
  }
  return entries;
}

function withTheseStages(entry: Entry): Entry {
  const { release } = entry;
  return release === null ? entry : { ...entry, release: { ...release, stages: stageVersions() } };
}
