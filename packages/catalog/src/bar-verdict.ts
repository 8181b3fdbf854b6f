import type { Problem } from '@bellwether/contracts';
import {
  CALENDAR,
  expiryOf,
  isHalted,
  sessionAt,
  tradeDateAt,
  type ContractMonth,
  type Expiry,
  type Instrument,
} from '@bellwether/market';
import type { CsvRow } from '@bellwether/ingestion';
import type { Finding } from './manifest.js';
import { PriceMoves } from './price-moves.js';
import { SessionCoverage, isSessionClose } from './session-coverage.js';
import { TimeZoneTest, bothClocks } from './time-zone-test.js';

/** Share of bars outside trading hours above which the stamps cannot be right. */
const OUTSIDE_SHARE_MAX = 0.005;
/** Longest run of bars without volume that is not worth a word: quiet holidays have such. */
const ZERO_RUN_MAX = 15;

export interface VerdictOptions {
  readonly instrument: Instrument;
  readonly contract: ContractMonth | null;
  readonly interval_us: number;
  /** The user vouches for the stamps: what speaks against them is told and does not refuse the file. */
  readonly trustTimes: boolean;
}

/** How often something was seen, and where first. */
class Tally {
  count = 0;
  #first = '';

  add(line: number, open_us: number): void {
    if (this.count === 0) this.#first = `line ${line}, ${bothClocks(open_us)}`;
    this.count++;
  }

  get text(): string {
    return `${this.count} (first: ${this.#first})`;
  }
}

/** What domain.md 3.3 asks of a bar file beside well-formed rows, judged while the rows pass by. */
export class BarVerdict {
  readonly #outside = new Tally();
  readonly #halted = new Tally();
  readonly #unknown = new Tally();
  readonly #offGrid = new Tally();
  readonly #unlisted = new Tally();
  readonly #expired = new Tally();
  readonly #coverage: SessionCoverage;
  readonly #zone: TimeZoneTest;
  readonly #moves = new PriceMoves();
  #rows = 0;
  #opens = 0;
  #closes = 0;
  #overnight = 0;
  #volume = false;
  #zeros = { run: 0, longest: 0 };
  #last: CsvRow | null = null;
  readonly #expiry: Expiry | null;

  constructor(private readonly options: VerdictOptions) {
    this.#expiry = options.contract === null ? null : expiryOf(options.contract);
    this.#coverage = new SessionCoverage(options.interval_us);
    this.#zone = new TimeZoneTest(options.interval_us);
  }

  get hasVolume(): boolean {
    return this.#volume;
  }

  add(row: CsvRow, line: number): void {
    const { open_us, volume } = row;
    this.#rows++;
    this.#volume ||= volume > 0;
    this.#zeros.run = volume === 0 ? this.#zeros.run + 1 : 0;
    this.#zeros.longest = Math.max(this.#zeros.longest, this.#zeros.run);
    if (open_us % this.options.interval_us !== 0) this.#offGrid.add(line, open_us);
    this.#place(row, line);
    this.#last = row;
  }

  #place(row: CsvRow, line: number): void {
    const { open_us } = row;
    const session = sessionAt(open_us);
    if (session === null) {
      if (tradeDateAt(open_us) === 0) this.#unknown.add(line, open_us);
      else this.#outside.add(line, open_us);
      if (isSessionClose(open_us)) this.#closes++;
      return;
    }
    if (open_us === session.open_us) this.#opens++;
    if (isHalted(session, open_us)) this.#halted.add(line, open_us);
    if (open_us < session.rth_open_us || open_us >= session.rth_close_us) this.#overnight++;
    this.#date(session.trade_date, line, open_us);
    this.#coverage.add(session, open_us);
    this.#zone.add(session, open_us, row.volume);
    const last = this.#last;
    if (
      last !== null &&
      open_us - last.open_us === this.options.interval_us &&
      last.open_us >= session.open_us
    ) {
      this.#moves.add(row.close_ticks - last.close_ticks, open_us, line);
    }
  }

  #date(trade_date: number, line: number, open_us: number): void {
    const { instrument } = this.options;
    if (instrument.listed_trade_date !== null && trade_date < instrument.listed_trade_date) {
      this.#unlisted.add(line, open_us);
    }
    if (this.#expiry !== null && open_us >= this.#expiry.last_trade_us) this.#expired.add(line, open_us);
  }

  /** Reasons to refuse the file as a whole. */
  refusals(): readonly Problem[] {
    const found: Problem[] = [];
    const add = (path: string, message: string): void => void found.push({ path, message });
    const { instrument, interval_us } = this.options;
    if (this.#unknown.count > 0) {
      const { first_trade_date, last_trade_date } = CALENDAR;
      add(
        'ts',
        `Bars outside the trading calendar (${first_trade_date} to ${last_trade_date}): ${this.#unknown.text}`,
      );
    }
    if (this.#offGrid.count > 0) {
      add('ts', `Stamps off the ${interval_us / 60_000_000}-minute grid: ${this.#offGrid.text}`);
    }
    if (this.#unlisted.count > 0) {
      const since = String(instrument.listed_trade_date);
      add('symbol', `${instrument.symbol} was listed on ${since}; older bars: ${this.#unlisted.text}`);
    }
    if (this.#expired.count > 0) add('contract', `Bars after the expiry: ${this.#expired.text}`);
    if (!this.options.trustTimes) for (const message of this.#doubts()) add('ts', message);
    return found;
  }

  /** What speaks against the zone or the side of the stamps. */
  #doubts(): readonly string[] {
    const found: string[] = [];
    if (this.#outside.count > OUTSIDE_SHARE_MAX * this.#rows) {
      found.push(
        `Bars outside trading hours: ${this.#outside.text}, of ${this.#rows}. The stamps are not UTC, or not bar opens`,
      );
    }
    if (this.#closes > 1 && this.#closes > this.#opens) {
      found.push(
        `${this.#closes} bars are stamped with the close of a session and ${this.#opens} with its open: ` +
          'the stamps are bar closes',
      );
    }
    const { refusal } = this.#zone.verdict();
    if (this.#volume && refusal !== null) found.push(refusal);
    return found;
  }

  /** What a reader of the bars should know. */
  findings(): readonly Finding[] {
    const found: Finding[] = [];
    if (this.#volume) {
      found.push(this.#zone.verdict().finding);
    } else {
      const message =
        'The column holds zeros only: the volume is not known, and the time zone was not tested by it';
      found.push({ code: 'no_volume', message });
    }
    if (this.options.trustTimes) {
      found.push(...this.#doubts().map((message) => ({ code: 'times_trusted', message })));
    }
    if (this.#outside.count > 0) {
      found.push({ code: 'outside_session', message: `Bars outside trading hours: ${this.#outside.text}` });
    }
    if (this.#halted.count > 0) {
      found.push({ code: 'in_halt', message: `Bars in the afternoon halt: ${this.#halted.text}` });
    }
    if (this.#overnight === 0) {
      const message = 'No bar outside 08:30 to 15:00 Chicago: futures trade all night, a cash index does not';
      found.push({ code: 'cash_hours_only', message });
    }
    found.push(...this.#coverage.findings());
    if (this.#volume && this.#zeros.longest > ZERO_RUN_MAX) {
      const message = `Longest run of bars without volume: ${this.#zeros.longest}`;
      found.push({ code: 'zero_volume_run', message });
    }
    found.push(...this.#moves.findings(this.options.instrument.tick_size_e4), ...this.#expiryDoubt());
    return found;
  }

  #expiryDoubt(): readonly Finding[] {
    const expiry = this.#expiry;
    const last = this.#last === null ? 0 : tradeDateAt(this.#last.open_us);
    if (expiry === null || expiry.confirmed || last < expiry.last_trade_date) return [];
    const message = `The expiry ${expiry.last_trade_date} was moved by rule: its third Friday is a holiday`;
    return [{ code: 'expiry_unconfirmed', message }];
  }
}
