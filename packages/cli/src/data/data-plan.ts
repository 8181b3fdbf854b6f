import { createHash } from 'node:crypto';
import path from 'node:path';
import { dataReferences, isSelection, parseSelection, type DataSource } from '@bellwether/catalog';
import {
  BellwetherError,
  DataOrigin,
  bookConfigOf,
  type Bar,
  type BookFile,
  type BookSettings,
  type Entry,
  type ModelPromotion,
  type Release,
} from '@bellwether/contracts';
import { openEventFiles, type EventFiles } from '@bellwether/events';
import { gated } from '@bellwether/evidence';
import { readBookFile, readEvidence } from '@bellwether/host';
import {
  bookInputBatches,
  bookInputs,
  nextRelease,
  type BarSeries,
  type InputOptions,
} from '@bellwether/ingestion';
import { stageVersions } from '@bellwether/line';
import { SAMPLE, sampleBars } from '@bellwether/testkit';
import {
  SYNTHETIC_FINDINGS,
  SYNTHETIC_MARK,
  markFindings,
  worstMark,
  type DataMark,
  type MarkFinding,
} from '@bellwether/verdict';
import { catalogFolder } from '../folders.js';
import { WORKSPACE } from '../workspace.js';
import { openBars } from './open-bars.js';
import { planModels, type PlanModels } from './plan-models.js';

/** Options that say which bars and which book; the same for `start` and `replay`. */
export interface DataOptions {
  /** Files, or selections of the catalog. */
  readonly data: readonly string[];
  /** One for each file. */
  readonly symbol: readonly string[];
  /** Folder of the catalog. */
  readonly catalog?: string;
  readonly book?: string;
  readonly from?: number;
  readonly to?: number;
  readonly warmup: number;
  /** Files of events of auxiliary streams. */
  readonly events?: readonly string[];
  /** A lexicon file for news, in the place of our own. */
  readonly lexicon?: string;
  /** Folder of the registry of models; default: the shipped one. */
  readonly models?: string;
  /** For development: models without a signature are asked. */
  readonly unsignedModels?: boolean;
  /** Models that are not asked, whatever the registry says: those whose name begins so. */
  readonly withoutModels?: readonly string[];
  /** The evidence file of the gate that a book of market data stands behind; without one no gate stands: a measurement. */
  readonly gate?: string;
  /** Who decides, whatever the book file says. Another policy than the file's makes another book. */
  readonly policy?: 'rules' | 'learned';
}

/** What a run is fed with, and the book it is for. */
export interface DataPlan {
  /** For people: the files, or the sample. */
  readonly title: string;
  readonly book: string;
  readonly settings: BookSettings;
  /** The book file as it was read or made: what a service is given. */
  readonly bookFile: BookFile;
  /** `SYMBOL=path`, `SYMBOL=catalog:…` or `SYMBOL=sample`: what the ingestion service is given. */
  readonly sources: readonly string[];
  /** Folder of the catalog, whether it is used or not. */
  readonly catalog: string;
  readonly synthetic: boolean;
  /** Each series as it was named, with what fixes its content; null where a generator does. */
  readonly references: () => readonly DataIdentity[];
  /** What is said of the data beside every profit and loss. Bars of a file are judged when it is first asked. */
  readonly mark: () => Promise<DataMark>;
  /** What the mark rests on, the worst first. */
  readonly findings: () => Promise<readonly MarkFinding[]>;
  readonly options: DataOptions;
  /** Models that the book asks from its start on, and who answers for them. */
  readonly models: PlanModels;
  readonly events: EventFiles;
  /** How many bars the data hold, where all of them are taken; null where that has to be counted. */
  readonly bars: number | null;
  /** All inputs in order; each call starts anew. `latest` is the newest release that the journal has. */
  inputs(latest: Release | null): AsyncIterable<Entry>;
  /**
   * The same for a book without a journal, in batches. `cut_us`: as if the data ended with the last bar that closes by then;
   * no later bar is read into any input.
   */
  batches(cut_us?: number): AsyncIterable<readonly Entry[]>;
}

/** One series of a plan. */
export interface DataIdentity {
  readonly symbol: string;
  /** Without the folder of a machine. */
  readonly reference: string;
  /** Over the identity of the bars: name and content of the file, or the imports of a selection. */
  readonly sha256: string | null;
  readonly rows: number;
}

/** The word that stands for the synthetic sample where a path could stand. */
export const SAMPLE_WORD = 'sample';

/** True where the options name no data: then the sample is meant, or a live book. */
export function namesNoData(options: DataOptions): boolean {
  return options.data.length === 0;
}

/** Options that do not go together are refused, rather than one of them ignored. Throws `usage`. */
export function checkData({ data, symbol, from, to }: DataOptions): void {
  const references = dataReferences(data, symbol);
  const symbols = references.map((one) =>
    one.kind === 'file' ? one.symbol : parseSelection(one.text).symbol,
  );
  const twice = symbols.find((one, i) => symbols.indexOf(one) !== i);
  if (twice !== undefined)
    throw new BellwetherError('usage', `${twice} is named twice: a book takes one series of it`);
  if (from !== undefined && to !== undefined && from > to) {
    throw new BellwetherError('usage', `--from ${from} lies after --to ${to}`);
  }
}

/** The sample and its book. Another selection of it is another book: other inputs must not meet an old journal. */
export async function samplePlan(options: DataOptions): Promise<DataPlan> {
  const series = (): BarSeries[] => [
    { symbol: SAMPLE.symbol, bars: sampleBars(), source: SAMPLE.source, origin: SAMPLE.origin },
  ];
  const given = underPolicy(
    await readBookFile(options.book ?? path.join(WORKSPACE, 'config/books/sample.yaml')),
    options,
  );
  const events = await eventsOf(options);
  const named =
    options.book !== undefined || (takesAll(options) && events.identity.length === 0)
      ? given
      : renamed(
          given.bookFile,
          `${given.bookFile.book}-${digestOf([selectionOf(options), ...events.identity])}`,
        );
  const title = `the synthetic sample (${SAMPLE.sessions} made-up sessions of ${SAMPLE.symbol})`;
  const sources = [`${SAMPLE.symbol}=${SAMPLE_WORD}`];
  const references = (): readonly DataIdentity[] => [
    { symbol: SAMPLE.symbol, reference: SAMPLE.source, sha256: null, rows: sampleRows() },
  ];
  const catalog = catalogFolder(options.catalog ?? null);
  return plan(
    {
      ...named,
      title,
      sources,
      catalog,
      synthetic: true,
      mark: sampleMark,
      findings: sampleFindings,
      options,
      events,
      bars: null,
      references,
      models: await planModels(named.settings.config, options),
    },
    series,
  );
}

const sampleMark = (): Promise<DataMark> => Promise.resolve(SYNTHETIC_MARK);

const sampleFindings = (): Promise<readonly MarkFinding[]> => Promise.resolve(SYNTHETIC_FINDINGS);

/** What was found in all sources; with the symbol in front where there are several. */
const findingsOfAll = (found: readonly DataSource[]) => async (): Promise<readonly MarkFinding[]> => {
  const each = await Promise.all(
    found.map(async (source) =>
      (await source.findings()).map((one) =>
        found.length === 1 ? one : { ...one, message: `${source.symbol}: ${one.message}` },
      ),
    ),
  );
  return markFindings(each.flat());
};

/** The worst of what is said of the sources. */
const markOfAll = (found: readonly DataSource[]) => async (): Promise<DataMark> =>
  worstMark(await Promise.all(found.map((source) => source.mark())));

const eventsOf = ({ events, lexicon }: DataOptions): Promise<EventFiles> =>
  openEventFiles(events ?? [], lexicon ?? null);

const takesAll = ({ from, to }: DataOptions): boolean => from === undefined && to === undefined;

/** What decides which inputs the same data give. */
const selectionOf = ({ from, to, warmup }: DataOptions): string =>
  `${from ?? ''}|${to ?? ''}|${from === undefined ? '' : warmup}`;

const sha256Of = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex');

function sampleRows(): number {
  let rows = 0;
  for (const _ of sampleBars()) rows += 1;
  return rows;
}

const digestOf = (parts: readonly string[]): string => sha256Of(parts).slice(0, 8);

interface NamedBook {
  readonly bookFile: BookFile;
  readonly settings: BookSettings;
}

/** The book under the policy that was asked for. */
function underPolicy(given: NamedBook, { policy }: DataOptions): NamedBook {
  const { bookFile } = given;
  if (policy === undefined || (bookFile.policy ?? 'rules') === policy) return given;
  return renamed({ ...bookFile, policy }, `${bookFile.book.slice(0, 24)}-${policy}`);
}

function renamed(bookFile: BookFile, book: string): NamedBook {
  const own = { ...bookFile, book };
  return { bookFile: own, settings: bookConfigOf(own) };
}

/** The files and selections that were named, and a book for them. */
export async function filePlan(options: DataOptions): Promise<DataPlan> {
  checkData(options);
  const catalog = catalogFolder(options.catalog ?? null);
  const references = dataReferences(options.data, options.symbol);
  const found = await Promise.all(references.map((reference) => openBars(reference, catalog)));
  const events = await eventsOf(options);
  const given =
    options.book === undefined
      ? bookFor(
          found.map(({ symbol }) => symbol),
          // The file's name goes into entry ids, so the same bars under another name are other inputs.
          digestOf([...found.flatMap(({ identity }) => identity), selectionOf(options), ...events.identity]),
          found[0]?.interval_us === 300_000_000 ? '5m' : '1m',
        )
      : await readBookFile(options.book);
  const book = underPolicy(given, options);
  const series = (): BarSeries[] => found.map((source) => source.series());
  const title = found.map((source) => source.title).join(', ');
  const sources = found.map(({ setting }) => setting);
  const synthetic = found.some(({ origin }) => origin === DataOrigin.SYNTHETIC);
  const bars = takesAll(options) ? found.reduce((sum, { rows }) => sum + rows, 0) : null;
  const said = { mark: markOfAll(found), findings: findingsOfAll(found) };
  const named = found.map(({ symbol, setting, identity, rows }) => {
    const given = setting.slice(setting.indexOf('=') + 1);
    const reference = isSelection(given) ? given : path.basename(given);
    return { symbol, reference, sha256: sha256Of(identity), rows };
  });
  const models = await planModels(book.settings.config, options);
  const behind = synthetic ? book : await gatedBook(book, models.promotions, options);
  return plan(
    {
      ...{
        ...behind,
        title,
        sources,
        catalog,
        synthetic,
        ...said,
        options,
        events,
        bars,
        references: () => named,
      },
      models,
    },
    series,
  );
}

/** The book behind the gate of its evidence, where the command puts it there. */
async function gatedBook(
  book: NamedBook,
  promotions: readonly ModelPromotion[],
  { gate }: DataOptions,
): Promise<NamedBook> {
  return gate === undefined
    ? book
    : { ...book, settings: await gatedSettings(book.settings, promotions, gate) };
}

/**
 * The settings of a book of market data behind the gate.
 *
 * @throws BellwetherError `config_invalid`: the evidence file cannot be read
 */
export async function gatedSettings(
  { config, known_time, overridden }: BookSettings,
  promotions: readonly ModelPromotion[],
  file: string,
): Promise<BookSettings> {
  const request = { config, overridden, stages: stageVersions(), promotions };
  return { config: gated({ ...request, evidence: await readEvidence(file) }), known_time, overridden };
}

/** A book of its own for these bars: other bars under the same name would meet an old journal. */
function bookFor(symbols: readonly string[], digest: string, interval: '1m' | '5m'): NamedBook {
  const bookFile = {
    book: `${symbols.join('-').toLowerCase()}-${digest}`,
    symbols: symbols.map((symbol) => ({ symbol })),
    bar_interval: interval,
    known_time: 'event',
  } as BookFile;
  return { bookFile, settings: bookConfigOf(bookFile) };
}

function plan(base: Omit<DataPlan, 'book' | 'inputs' | 'batches'>, series: () => BarSeries[]): DataPlan {
  const { config } = base.settings;
  const { from, to, warmup } = base.options;
  const inputOptions = (latest: Release | null, cut_us = Number.POSITIVE_INFINITY): InputOptions => ({
    config,
    series: series().map((one) => cutSeries(one, cut_us)),
    release: nextRelease({ config, stages: stageVersions(), latest }),
    from: from ?? null,
    to: to ?? null,
    warmupSessions: warmup,
    events: base.events.series(config.book),
    promotions: base.models.promotions,
  });
  return {
    ...base,
    book: config.book,
    inputs: (latest) => bookInputs(inputOptions(latest)),
    batches: (cut_us) => bookInputBatches(inputOptions(null, cut_us)),
  };
}

/** The series as it was at a time: bars that close later are not there. */
function cutSeries(series: BarSeries, cut_us: number): BarSeries {
  if (cut_us === Number.POSITIVE_INFINITY) return series;
  const { bars } = series;
  const cut = (bar: Bar): boolean => bar.open_us + bar.interval_us <= cut_us;
  return { ...series, bars: Symbol.asyncIterator in bars ? cutBatches(bars, cut) : cutBars(bars, cut) };
}

function* cutBars(bars: Iterable<Bar>, cut: (bar: Bar) => boolean): Generator<Bar, void, undefined> {
  for (const bar of bars) {
    if (!cut(bar)) return;
    yield bar;
  }
}

async function* cutBatches(
  batches: AsyncIterable<readonly Bar[]>,
  cut: (bar: Bar) => boolean,
): AsyncGenerator<readonly Bar[], void, undefined> {
  for await (const batch of batches) {
    const kept = batch.filter(cut);
    yield kept;
    if (kept.length < batch.length) return;
  }
}

/** How many inputs there are, and the id of the last: the run ends with its decision. */
export async function measure(
  inputs: AsyncIterable<Entry>,
): Promise<{ readonly count: number; readonly lastId: string }> {
  let count = 0;
  let lastId = '';
  for await (const entry of inputs) {
    count += 1;
    lastId = entry.id;
  }
  return { count, lastId };
}
