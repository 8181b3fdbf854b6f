import {
  BellwetherError,
  DataOrigin,
  type Bar,
  type BookConfig,
  type Clock,
  type Entry,
  type ModelPromotion,
  type Release,
} from '@bellwether/contracts';
import { assert, compareEntries } from '@bellwether/kernel';
import { calendarCovers, chicagoText, tradeDateAt } from '@bellwether/market';
import {
  afterEntry,
  clockHeadAt,
  clockRuleOf,
  idleFrom,
  nextBoundaryUs,
  nextClock,
  type ClockHead,
  type ClockRule,
} from './clock-rule.js';
import { EventLookback, EventQueue, type EventSeries } from './event-queue.js';
import { barEntry, clockEntry, closeOf, type BarSource } from './market-entries.js';
import { mergeBars, type BarSeries, type SourcedBar } from './merge-bars.js';
import { promotionEntry } from './promotion.js';
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
  /** Events of auxiliary streams, joined by the time at which each could be known. Default: none. */
  readonly events?: readonly EventSeries[];
  /** Models that are asked from the first entry on; they stand behind the release. Default: none. */
  readonly promotions?: readonly ModelPromotion[];
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

/** The clock entries between bars of the past, by the rule of the live clock. */
class BookClock {
  readonly #rule: ClockRule;
  #head: ClockHead;
  #boundary_us: number;

  constructor(config: BookConfig, first_us: number) {
    this.#rule = clockRuleOf(config);
    this.#head = clockHeadAt(first_us);
    this.#boundary_us = nextBoundaryUs(this.#rule, this.#head);
  }

  /** What is due by then. */
  dueBy(until_us: number): readonly Clock[] {
    // Between two bars there is nearly always nothing: neither a boundary nor an idle entry is due.
    if (until_us < this.#boundary_us && until_us < idleFrom(this.#rule, this.#head)) return NOTHING_DUE;
    const due: Clock[] = [];
    for (;;) {
      const next = nextClock(this.#rule, this.#head, until_us);
      due.push(...next.due);
      this.#head = next.head;
      if (next.next_check_us > until_us) break;
    }
    this.#boundary_us = nextBoundaryUs(this.#rule, this.#head);
    return due;
  }

  /** After a bar or an event, as the live clock counts them. */
  afterEntry(known_us: number): void {
    this.#head = afterEntry(this.#head, known_us);
  }

  /** What is due by the last entry. */
  dueAtEnd(): readonly Clock[] {
    return this.dueBy(this.#head.last_entry_us);
  }
}

const NOTHING_DUE: readonly Clock[] = [];

function noBars({ from, to, series }: InputOptions, firstDate: number, lastDate: number): BellwetherError {
  const names = series.map(({ source }) => source).join(', ');
  if (firstDate === 0) return new BellwetherError('data_empty', `There are no bars in ${names || 'no data'}`);
  const asked = `${from ?? 'the beginning'} to ${to ?? 'the end'}`;
  return new BellwetherError(
    'data_empty',
    `No bar of the trade dates ${asked}: ${names} cover ${firstDate} to ${lastDate}`,
  );
}

/** Makes the inputs of a book from bars in journal order. */
class InputMaker {
  readonly #options: InputOptions;
  readonly #origin: DataOrigin;
  readonly #warmup: WarmupWindow;
  readonly #events: EventQueue;
  readonly #lookback = new EventLookback();
  /** Null before the first bar that is decided on. */
  #clock: BookClock | null = null;
  #firstDate = 0;
  #lastDate = 0;

  constructor(options: InputOptions, events: EventQueue) {
    const { from, warmupSessions } = options;
    this.#options = options;
    this.#events = events;
    this.#origin = originOf(options.series);
    this.#warmup = new WarmupWindow(from === null ? 0 : (warmupSessions ?? WARMUP_SESSIONS_MAX));
  }

  /** Adds what the bar leads to; false after the last date that is wanted. */
  add({ bar, source }: SourcedBar, entries: Entry[]): boolean {
    const { config, from, to } = this.#options;
    checkBar(bar, config, source.source);
    const date = tradeDateAt(bar.open_us);
    this.#firstDate ||= date;
    this.#lastDate = date;
    if (from !== null && date < from) {
      this.#warmup.add(bar, source);
      this.#lookback.add(this.#events.takeBefore(closeOf(bar)));
      return true;
    }
    if (to !== null && date > to) return false;
    const clock = this.#clock ?? this.#begin(bar, entries);
    const close_us = closeOf(bar);
    for (const event of this.#events.takeBefore(close_us)) {
      // At one time a bar comes first, then the clock, then an event (compareEntries).
      this.#addClocks(clock.dueBy(event.known_us), entries);
      entries.push(event);
      clock.afterEntry(event.known_us);
    }
    // A bar comes before the clock entry of its own close (compareEntries), so only earlier ones are due yet.
    this.#addClocks(clock.dueBy(close_us - 1), entries);
    entries.push(barEntry(config.book, bar, source));
    clock.afterEntry(close_us);
    return true;
  }

  /** Adds what is due after the last bar. */
  end(entries: Entry[]): void {
    if (this.#clock === null) throw noBars(this.#options, this.#firstDate, this.#lastDate);
    this.#addClocks(this.#clock.dueAtEnd(), entries);
  }

  #begin(bar: Bar, entries: Entry[]): BookClock {
    const clock = new BookClock(this.#options.config, bar.open_us);
    this.#clock = clock;
    // What is known at the open of the first bar has its place behind the clock entry of that time.
    this.#lookback.add(this.#events.takeBefore(bar.open_us));
    const earlier = this.#lookback.at(bar.open_us);
    entries.push(...opening(this.#options, this.#warmup, earlier, bar.open_us, this.#origin));
    return clock;
  }

  #addClocks(due: readonly Clock[], entries: Entry[]): void {
    for (const clock of due) entries.push(clockEntry(this.#options.config.book, clock, this.#origin));
  }
}

/** Bars in one batch where they need not be waited for. */
const BATCH_BARS = 1_024;

/**
 * The inputs of a book from bars of the past, in journal order: release, warm-up, then bars and clock entries merged by
 * the time at which each could be known. Nothing but the arguments decides the result, so a second run gives the same
 * entries. Clock entries lie between the open of the first bar and the close of the last. Takes bars one by one, as it is
 * asked, where the series gives them so.
 *
 * @throws BellwetherError `data_empty`, `unknown_symbol`, `interval_unsupported`, `no_calendar`, and what the series throw
 */
export async function* bookInputs(options: InputOptions): AsyncGenerator<Entry, void, undefined> {
  for await (const batch of batches(options, 1)) yield* batch;
}

/** The same in batches: what is waited for is waited for once in a thousand entries. */
export function bookInputBatches(options: InputOptions): AsyncGenerator<readonly Entry[], void, undefined> {
  return batches(options, BATCH_BARS);
}

async function* batches(
  options: InputOptions,
  perBatch: number,
): AsyncGenerator<readonly Entry[], void, undefined> {
  checkSeries(options);
  const events = new EventQueue(options.events ?? []);
  const maker = new InputMaker(options, events);
  try {
    for await (const merged of mergeBars(options.series, perBatch)) {
      await events.load(closeOf(merged[merged.length - 1]!.bar));
      const entries: Entry[] = [];
      const goesOn = merged.every((sourced) => maker.add(sourced, entries));
      if (entries.length > 0) yield entries;
      if (!goesOn) break;
    }
  } finally {
    await events.close();
  }
  const last: Entry[] = [];
  maker.end(last);
  if (last.length > 0) yield last;
}

function opening(
  options: InputOptions,
  warmup: WarmupWindow,
  events: readonly Entry[],
  first_us: number,
  origin: DataOrigin,
): readonly Entry[] {
  const warmups = warmup.entries(options.config.book);
  const earlier = events.length === 0 ? warmups : [...warmups, ...events].sort(compareEntries);
  const start_us = earlier[0]?.known_us ?? first_us;
  const { book } = options.config;
  const models = options.promotions ?? [];
  // Before all else that is known then: a clock entry of the same time would have to stand before a promotion.
  const at_us = models.length === 0 ? start_us : start_us - 1;
  const release = options.release === null ? [] : [releaseEntry(book, options.release, at_us, origin)];
  const promotions = models
    .map((promotion) => promotionEntry(book, promotion, at_us, origin))
    .sort(compareEntries);
  return [...release, ...promotions, ...earlier];
}
