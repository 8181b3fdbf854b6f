import { BarForm } from './bar-form.js';
import type { RawBar } from './bar.js';
import { ClosedHours } from './closed-hours.js';
import { finding, type VerdictFinding } from './codes.js';
import { Listing } from './listing.js';
import { MarketMarks, type MarketNumbers } from './market-marks.js';
import { PriceLevels } from './price-levels.js';
import { PriceMoves } from './price-moves.js';
import { RepeatedBlocks } from './repeated-blocks.js';
import { SessionCoverage } from './session-coverage.js';
import type { Subject } from './subject.js';
import { TimeZoneTest } from './time-zone-test.js';
import { TradingPlaces } from './trading-place.js';
import { VolumeRuns } from './volume-runs.js';

const MINUTE_US = 60_000_000;
const LONGEST_DECIDED_US = 5 * MINUTE_US;
/** Bars below which nothing but their form is judged. */
const BARS_MIN = 2;
/** Prices are compared in this part of a tick, so that bars off the grid can be compared too. */
const PARTS = 100;

/** What was counted, for pictures and tables. */
export interface JudgedBars {
  readonly coverage: SessionCoverage;
  readonly marks: MarketMarks;
  readonly numbers: MarketNumbers;
  readonly moves: PriceMoves;
}

/** All checks over the bars of one length. */
export class BarJudge {
  readonly #form: BarForm;
  readonly #closed: ClosedHours;
  readonly #coverage: SessionCoverage;
  readonly #zone: TimeZoneTest | null;
  readonly #moves = new PriceMoves();
  readonly #levels: PriceLevels;
  readonly #marks: MarketMarks;
  readonly #blocks = new RepeatedBlocks();
  readonly #volumes = new VolumeRuns();
  readonly #listing: Listing;
  readonly #places: TradingPlaces;
  #rows = 0;
  #overnight = 0;
  #last: RawBar | null = null;
  #lastSession = -1;
  #lastChange: number | null = null;

  constructor(
    private readonly subject: Subject,
    /** Null for bars of no fixed length. */
    readonly interval_us: number | null,
  ) {
    this.#form = new BarForm(subject, interval_us);
    this.#closed = new ClosedHours(subject.kind, interval_us ?? 0);
    this.#coverage = new SessionCoverage(interval_us ?? MINUTE_US, subject.kind);
    const tested = subject.kind === 'future' && interval_us !== null && interval_us <= LONGEST_DECIDED_US;
    this.#zone = tested ? new TimeZoneTest(interval_us) : null;
    this.#levels = new PriceLevels(subject);
    this.#marks = new MarketMarks(subject, interval_us);
    this.#listing = new Listing(subject);
    this.#places = new TradingPlaces(subject.kind);
  }

  get hasVolume(): boolean {
    return this.#volumes.hasVolume;
  }

  get judged(): JudgedBars {
    const { hasVolume } = this;
    return {
      coverage: this.#coverage,
      marks: this.#marks,
      numbers: this.#marks.numbers(hasVolume),
      moves: this.#moves,
    };
  }

  add(bar: RawBar, line: number): void {
    this.#rows++;
    if (!this.#form.add(bar, line)) return;
    const { open_us, close, volume } = bar;
    const place = this.#places.at(open_us);
    this.#volumes.add(volume);
    this.#closed.add(place, line, open_us);
    if (!place.cash) this.#overnight++;
    this.#levels.add(place.year, close, line, open_us);
    const range = Math.log(1 + (bar.high - bar.low) / this.subject.tick);
    this.#zone?.add(open_us, place.summer, range, volume);
    const { session } = place;
    if (session !== null) {
      this.#zone?.addSession(session, open_us, place.summer, volume);
      if (place.closed === null) this.#coverage.add(session, open_us);
      this.#listing.add(session.trade_date, line, open_us);
    }
    this.#follow(bar, line, range, place.trade_date, place.minute_of_day, place.cash);
  }

  /** What the bar is after the one before it. */
  #follow(
    bar: RawBar,
    line: number,
    range: number,
    trade_date: number,
    minute_of_day: number,
    cash: boolean,
  ): void {
    const last = this.#last;
    const sameSession = trade_date === this.#lastSession;
    this.#last = bar;
    this.#lastSession = trade_date;
    const before = this.#lastChange;
    this.#lastChange = null;
    if (last === null) return;
    const parts = PARTS / this.subject.tick;
    this.#blocks.add(
      bar.open_us,
      Math.round((bar.close - last.close) * parts),
      Math.round((bar.high - bar.close) * parts),
      Math.round((bar.close - bar.low) * parts),
    );
    if (this.interval_us !== null && bar.open_us - last.open_us !== this.interval_us) return;
    if (!sameSession) return;
    const change = Math.log(bar.close / last.close);
    this.#moves.add(Math.round((bar.close - last.close) / this.subject.tick), bar.open_us, line);
    this.#marks.add({
      change,
      before,
      range,
      minute_of_day,
      cash,
      chained: Math.abs(bar.open - last.close) < this.subject.tick / PARTS,
      volume: bar.volume,
      volume_before: last.volume,
    });
    this.#lastChange = change;
  }

  findings(): readonly VerdictFinding[] {
    if (this.#rows < BARS_MIN) return [finding('empty', 'refuse', `The file holds ${this.#rows} bars`)];
    const { hasVolume } = this;
    const zone = this.#zone?.finding(hasVolume) ?? null;
    const shifted = this.#zone
      ?.shifts(hasVolume)
      .some(({ minutes }) => minutes * MINUTE_US !== this.interval_us);
    return [
      ...this.#form.findings(),
      ...this.#closed.findings(shifted === true),
      ...(zone === null ? [] : [zone]),
      ...this.#levels.findings(),
      ...this.#marks.findings(hasVolume, shifted === true),
      ...this.#blocks.findings(),
      ...this.#listing.findings(),
      ...this.#kind(),
      ...(this.interval_us === null ? [] : this.#coverage.findings()),
      ...this.#volumes.findings(),
      ...this.#moves.findings(this.subject.tick),
    ];
  }

  #kind(): readonly VerdictFinding[] {
    const { kind, symbol } = this.subject;
    const found: VerdictFinding[] = [];
    if (this.interval_us === null) {
      found.push(
        finding('event_bars', 'warn', 'The bars have no fixed length: a book cannot decide on them'),
      );
    } else if (this.interval_us > LONGEST_DECIDED_US) {
      const minutes = this.interval_us / MINUTE_US;
      found.push(
        finding('hourly_bars', 'warn', `The bars are of ${minutes} minutes: a book cannot decide on them`),
      );
    }
    if (kind !== 'future') {
      const what = kind === 'etf' ? 'a fund' : 'a cash index';
      found.push(finding('not_tradable', 'warn', `${symbol} is ${what}, judged by its own hours and prices`));
    } else if (this.#overnight === 0) {
      const message = 'No bar outside 08:30 to 15:00 Chicago: futures trade all night, a cash index does not';
      found.push(finding('cash_hours_only', 'warn', message));
    }
    return found;
  }
}
