import {
  BellwetherError,
  DataOrigin,
  type Bar,
  type BookConfig,
  type Clock,
  type Entry,
  type Release,
} from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import { calendarCovers, chicagoText, tradeDateAt } from '@bellwether/market';
import {
  afterEntry,
  clockHeadAt,
  clockRuleOf,
  nextClock,
  type ClockHead,
  type ClockRule,
} from './clock-rule.js';
import { barEntry, clockEntry, closeOf, type BarSource } from './market-entries.js';
import { mergeBars, type BarSeries } from './merge-bars.js';
import { releaseEntry } from './release.js';
import { WARMUP_SESSIONS_MAX, WarmupWindow } from './warmup-window.js';

export interface InputOptions {
  readonly config: BookConfig;
  readonly series: readonly BarSeries[];
  /** What {@link nextRelease} gave: null where the journal has this release already. */
  readonly release: Release | null;
  /** First trade date (yyyymmdd) that is decided on; earlier bars warm up. Null: all are decided on, none warm up. */
  readonly from: number | null;
  /** Last trade date (yyyymmdd), included. Null: to the end of the data. */
  readonly to: number | null;
  /** Sessions before `from` that warm up; default and most: 60. */
  readonly warmupSessions?: number;
}

/** Synthetic as soon as any of the series is. */
export function originOf(series: readonly BarSource[]): DataOrigin {
  return series.some(({ origin }) => origin === DataOrigin.SYNTHETIC)
    ? DataOrigin.SYNTHETIC
    : DataOrigin.MARKET;
}

function checkSeries({ config, series }: InputOptions): void {
  const symbols = series.map(({ symbol }) => symbol);
  assert(new Set(symbols).size === symbols.length, 'Expected one series for each symbol');
  const known = config.symbols.map(({ symbol }) => symbol);
  for (const symbol of symbols) {
    if (known.includes(symbol)) continue;
    throw new BellwetherError(
      'unknown_symbol',
      `The book ${config.book} trades ${known.join(', ')} and was given bars of ${symbol}`,
    );
  }
}

function checkBar(bar: Bar, config: BookConfig, source: string): void {
  if (!calendarCovers(bar.open_us)) {
    throw new BellwetherError('no_calendar', `${source} holds a bar of ${chicagoText(bar.open_us)}`);
  }
  if (bar.interval_us === config.bar_interval_us) return;
  const minutes = (us: number): string => `${us / 60_000_000}-minute`;
  throw new BellwetherError(
    'interval_unsupported',
    `${source} holds ${minutes(bar.interval_us)} bars and the book ${config.book} decides on ` +
      `${minutes(config.bar_interval_us)} bars: set bar_interval in the book file, or use other data`,
  );
}

/** Clock entries due by then, and the head after them. */
function dueBy(
  rule: ClockRule,
  from: ClockHead,
  until_us: number,
): { readonly due: readonly Clock[]; readonly head: ClockHead } {
  const due: Clock[] = [];
  let head = from;
  for (;;) {
    const next = nextClock(rule, head, until_us);
    due.push(...next.due);
    head = next.head;
    if (next.next_check_us > until_us) return { due, head };
  }
}

function noBars({ from, to, series }: InputOptions, firstDate: number, lastDate: number): BellwetherError {
  const names = series.map(({ source }) => source).join(', ');
  if (firstDate === 0) return new BellwetherError('data_empty', `There are no bars in ${names || 'no data'}`);
  const asked = `${from ?? 'the beginning'} to ${to ?? 'the end'}`;
  return new BellwetherError(
    'data_empty',
    `No bar of the trade dates ${asked}: ${names} cover ${firstDate} to ${lastDate}`,
  );
}

/**
 * The inputs of a book from bars of the past, in journal order: release, warm-up, then bars and clock entries merged by
 * the time at which each could be known. Nothing but the arguments decides the result, so a second run gives the same
 * entries. Clock entries lie between the open of the first bar and the close of the last.
 *
 * @throws BellwetherError `data_empty`, `unknown_symbol`, `interval_unsupported`, `no_calendar`, and what the series throw
 */
export async function* bookInputs(options: InputOptions): AsyncGenerator<Entry, void, undefined> {
  checkSeries(options);
  const { config, series, from, to } = options;
  const rule = clockRuleOf(config);
  const origin = originOf(series);
  const warmup = new WarmupWindow(from === null ? 0 : (options.warmupSessions ?? WARMUP_SESSIONS_MAX));
  const clocks = (due: readonly Clock[]): readonly Entry[] =>
    due.map((clock) => clockEntry(config.book, clock, origin));
  let head: ClockHead | null = null;
  let firstDate = 0;
  let lastDate = 0;

  for await (const { bar, source } of mergeBars(series)) {
    checkBar(bar, config, source.source);
    const date = tradeDateAt(bar.open_us);
    firstDate ||= date;
    lastDate = date;
    if (from !== null && date < from) {
      warmup.add(bar, source);
      continue;
    }
    if (to !== null && date > to) break;
    if (head === null) {
      head = clockHeadAt(bar.open_us);
      yield* opening(options, warmup, bar.open_us, origin);
    }
    // A bar comes before the clock entry of its own close (compareEntries), so only earlier ones are due yet.
    const before = dueBy(rule, head, closeOf(bar) - 1);
    yield* clocks(before.due);
    yield barEntry(config.book, bar, source);
    head = afterEntry(before.head, closeOf(bar));
  }
  if (head === null) throw noBars(options, firstDate, lastDate);
  yield* clocks(dueBy(rule, head, head.last_entry_us).due);
}

function opening(
  options: InputOptions,
  warmup: WarmupWindow,
  first_us: number,
  origin: DataOrigin,
): readonly Entry[] {
  const earlier = warmup.entries(options.config.book);
  if (options.release === null) return earlier;
  const release = releaseEntry(
    options.config.book,
    options.release,
    earlier[0]?.known_us ?? first_us,
    origin,
  );
  return [release, ...earlier];
}
