import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import type { CsvOptions } from '@bellwether/ingestion';
import { contractCode, contractOf, instrumentOf, type Instrument } from '@bellwether/market';
import type { BarSink } from './bar-sink.js';
import { decideReading } from './decide-reading.js';
import { detectFormat, titleOf, type DetectedFormat, type FormatClaim } from './detect-format.js';
import { containerOf, fileParts, firstBytes, type Container } from './file-bytes.js';
import { fileNameSymbol } from './file-name-symbol.js';
import { ForeignBars, plainName } from './foreign-bars.js';
import { CONVENTIONS, type ForeignFormat, type FormatName, type StampSide } from './format-names.js';
import { InstrumentPicker, rootOf } from './instrument-picker.js';
import { parserOf } from './parsers.js';
import { PRICE_POINTS_MAX, PriceFactor } from './price-factor.js';
import { Problems } from './problems.js';
import { symbolUnclear, unclear, unreadable } from './refusals.js';
import { RowSpool } from './row-spool.js';
import { SpoolingSink } from './spooling-sink.js';

const MAGIC_BYTES = 16;
const INTERVALS_US: readonly number[] = [60_000_000, 300_000_000];

export interface ForeignOptions extends CsvOptions {
  readonly file: string;
  /** ES, NQ, MES or MNQ; null where the file is to tell it. */
  readonly symbol: string | null;
  /** Such as ESZ25. */
  readonly contract: string | null;
  /** As the file names it. */
  readonly instrument: string | null;
  readonly format: FormatName | 'auto';
  /** IANA name; null where the format or a test of the data is to tell it. */
  readonly zone: string | null;
  readonly stamp: StampSide | null;
  /** Such as 0.01; null for prices in points. */
  readonly price_factor: string | null;
}

async function formatOf({ file, format }: ForeignOptions, name: string): Promise<DetectedFormat> {
  if (format === 'auto') return detectFormat(file, name);
  const head = await firstBytes(file, name, MAGIC_BYTES);
  if (head.length === 0) throw new BellwetherError('data_empty', `${name}: The file is empty`);
  const container = containerOf(head);
  if (container === 'zip' && format !== 'lean') {
    throw unreadable(name, `This is a zip. Unpack it, and import the ${titleOf(format)} file inside`);
  }
  return { container, claims: [{ format, evidence: 'the format was given' }] };
}

interface Source {
  readonly options: ForeignOptions;
  readonly name: string;
  readonly container: Container;
  readonly formats: readonly ForeignFormat[];
}

/** Reads the file until an instrument of ours is seen; null where none is. */
async function symbolInside({ options, name, container, formats }: Source): Promise<string | null> {
  let found: string | null = null;
  const probe = new (class extends InstrumentPicker {
    override wants(key: string): boolean {
      found ??= rootOf(key);
      return false;
    }
  })({ name, symbol: null, contract: null, instrument: null });
  const sink: BarSink = { bar: () => undefined, problem: () => undefined };
  const parser = parserOf(formats[0]!, { name, sink, picker: probe });
  parser.member(plainName(options.file));
  for await (const { member, bytes } of fileParts(options.file, name, container)) {
    if (member !== null) parser.member(member);
    parser.write(bytes);
    if (found !== null) return found;
  }
  return found;
}

const NAMES_INSTRUMENTS: readonly ForeignFormat[] = ['databento_csv', 'dbn', 'lean'];

async function instrumentFor(source: Source): Promise<Instrument> {
  const { options, name, formats } = source;
  const told =
    options.symbol ?? (options.contract === null ? null : (contractOf(options.contract)?.root ?? null));
  const inside = NAMES_INSTRUMENTS.includes(formats[0]!);
  const byName = inside ? null : fileNameSymbol(name);
  if (told !== null && byName !== null && told !== byName) {
    throw symbolUnclear(
      name,
      `The file is named after ${byName}, and --symbol says ${told}. Correct one of them`,
    );
  }
  const symbol = told ?? (inside ? await symbolInside(source) : byName);
  if (symbol === null)
    throw symbolUnclear(name, 'Nothing in it tells its instrument. Give --symbol ES, NQ, MES or MNQ');
  const instrument = instrumentOf(symbol);
  if (instrument === null) {
    throw new BellwetherError('unknown_symbol', `Expected ES, NQ, MES or MNQ, was ${symbol}`);
  }
  return instrument;
}

/** Reads all of the file into a spool. */
async function spoolFile(
  source: Source,
  sink: SpoolingSink,
  picker: InstrumentPicker,
  spool: RowSpool,
): Promise<readonly string[]> {
  const { options, name, container, formats } = source;
  const parser = parserOf(formats[0]!, { name, sink, picker });
  if (container !== 'zip') parser.member(plainName(options.file));
  for await (const { member, bytes } of fileParts(options.file, name, container, options)) {
    if (member !== null) {
      parser.end();
      parser.member(member);
    }
    parser.write(bytes);
    await spool.settle();
  }
  parser.end();
  return parser.notes();
}

/** The contract that the file names, such as ESZ25 for ESZ5 in bars of 2025; null for a series. */
function contractNamed(instrument: string | null, last_us: number): string | null {
  const [, root, letter, digits] = /^([A-Z]{2,3})([HMUZ])(\d{1,2})$/.exec(instrument ?? '') ?? [];
  if (root === undefined || letter === undefined || digits === undefined) return null;
  let year = new Date(last_us / 1_000).getUTCFullYear();
  while (year % 10 ** digits.length !== Number(digits)) year++;
  const month = contractOf(`${root}${letter}${String(year % 100).padStart(2, '0')}`);
  return month === null ? null : contractCode(month);
}

function intervalOf(name: string, interval_us: number | null): number {
  if (interval_us !== null && INTERVALS_US.includes(interval_us)) return interval_us;
  const found =
    interval_us === null
      ? 'a single row, whose length nothing tells'
      : `${interval_us / 1e6} s between most rows`;
  throw new BellwetherError(
    'interval_unsupported',
    `${name}: Expected bars of one or five minutes, was ${found}`,
  );
}

function checkPrices(name: string, sink: SpoolingSink, factor: PriceFactor): void {
  if (factor.applied(sink.price_max) <= PRICE_POINTS_MAX) return;
  throw unclear(
    name,
    `Its prices reach ${factor.applied(sink.price_max)}, and no contract here has traded above ${PRICE_POINTS_MAX} points`,
    'give --price-factor 0.01 where they are in hundredths of a point',
  );
}

/** Options that contradict each other or the format. @throws BellwetherError `usage` */
function checkOptions({ zone }: ForeignOptions, claims: readonly FormatClaim[]): void {
  const format = claims[0]!.format;
  if (zone === null || format === 'bellwether_csv' || CONVENTIONS[format].wall || zone === 'UTC') return;
  throw new BellwetherError(
    'usage',
    `The stamps of ${titleOf(format)} are instants; --zone ${zone} has no meaning for it`,
  );
}

async function readWhole(
  source: Source,
  claims: readonly FormatClaim[],
  spool: RowSpool,
): Promise<ForeignBars> {
  const { options, name, formats } = source;
  const instrument = await instrumentFor(source);
  const factor = options.price_factor === null ? PriceFactor.one : PriceFactor.of(options.price_factor);
  const problems = new Problems(name);
  const sink = new SpoolingSink(spool, problems, instrument, factor);
  const { contract } = options;
  const picker = new InstrumentPicker({
    name,
    symbol: instrument.symbol,
    contract,
    instrument: options.instrument,
  });
  const notes = await spoolFile(source, sink, picker, spool);
  const picked = picker.picked();
  if (sink.price_max > PRICE_POINTS_MAX && factor === PriceFactor.one) checkPrices(name, sink, factor);
  problems.refuse();
  if (spool.rows === 0) throw new BellwetherError('data_empty', `${name}: The file holds no bars`);
  checkPrices(name, sink, factor);
  const interval_us = intervalOf(name, sink.interval());
  const decided = decideReading({
    ...{ name, formats, zone: options.zone, stamp: options.stamp, interval_us },
    formatGiven: options.format !== 'auto',
    profile: sink.profile,
  });
  const evidence = [
    ...(options.format === 'auto' ? [claims[0]!.evidence] : []),
    ...notes,
    ...picker.notes(),
    ...decided.evidence,
  ];
  const facts = {
    ...{ symbol: instrument.symbol, instrument: picked, price_factor: factor.text, interval_us, evidence },
    contract: contract ?? contractNamed(picked, spool.lastStamp),
  };
  return new ForeignBars(facts, decided, spool);
}

/**
 * Reads a bar file of another product: says what it is and by which evidence, checks every row, and holds the bars until
 * they are taken into the catalog. Null for a file of our own layout, which needs no such reading.
 *
 * @throws BellwetherError `format_unclear`, `symbol_unclear`, `data_unreadable` with all rows that are wrong, `data_empty`,
 * `interval_unsupported`, `unknown_symbol`, `usage`
 */
export async function openForeignBars(options: ForeignOptions): Promise<ForeignBars | null> {
  const name = path.basename(options.file);
  const { container, claims } = await formatOf(options, name);
  const formats = claims.map(({ format }) => format).filter((format) => format !== 'bellwether_csv');
  checkOptions(options, claims);
  if (formats.length === 0) return null;
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'bw-import-'));
  const spool = new RowSpool(name, folder);
  try {
    return await readWhole({ options, name, container, formats }, claims, spool);
  } catch (error) {
    await spool.close();
    throw error;
  }
}
