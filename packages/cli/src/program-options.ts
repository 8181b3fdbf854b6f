import { InvalidArgumentError, type Command } from 'commander';
import { withCatalog } from './catalog-program.js';

export function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('Expected a port from 0 to 65535 (0 takes a free one).');
  }
  return value;
}

export function tradeDate(text: string): number {
  const digits = text.replaceAll('-', '');
  if (!/^20[0-9]{6}$/.test(digits)) throw new InvalidArgumentError('Expected a date such as 2025-10-20.');
  const date = new Date(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(digits.slice(6))) {
    throw new InvalidArgumentError('There is no such date.');
  }
  return Number(digits);
}

export function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected a whole number of 0 or more.');
  return value;
}

/** A number above 0. */
export function amount(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Options that say which bars, the same in every command that takes them. */
export function withSelection(command: Command): Command {
  return withCatalog(command)
    .option(
      '--data <bars>',
      'bar file (.csv or .csv.gz: ts,open,high,low,close,volume; ts is the bar open in UTC), or imported bars: ' +
        'catalog:SYMBOL[:1m|5m][:FROM..TO]',
      collect,
      [],
    )
    .option('--symbol <symbol>', 'symbol of each file, in order: ES, NQ, MES or MNQ', collect, [])
    .option('--from <date>', 'first trade date; where a book decides, earlier ones warm up', tradeDate)
    .option('--to <date>', 'last trade date', tradeDate);
}

/** Options that say which bars and which book. */
export function withData(command: Command): Command {
  return withSelection(command)
    .option(
      '--book <file>',
      'book file (YAML); default: one made for the data, with the defaults of the reference',
    )
    .option(
      '--events <file>',
      'events to join by the time they were known: calendar, news, options (.csv, .jsonl, .gz)',
      collect,
      [],
    )
    .option('--lexicon <file>', 'lexicon for news (.csv: phrase,weight; or .json); default: our own')
    .option(
      '--models <dir>',
      'registry of models, for a book with policy: learned (BW_MODELS); default: the shipped one',
    )
    .option('--unsigned-models', 'for development: ask models without a signature')
    .option('--warmup <sessions>', 'how many earlier sessions warm up (needs --from)', count, 60);
}
