import type { RawBar } from './bar.js';
import { finding, type VerdictFinding } from './codes.js';
import type { Subject } from './subject.js';
import { Tally } from './tally.js';

/** Share of prices off the grid above which a file is none of this contract; fewer are slips, and told. */
const OFF_GRID_SHARE_MAX = 0.001;
const MINUTE_US = 60_000_000;
/** Hours open at the half hour too; bars that a book decides on open on multiples of their length. */
const LONGEST_ON_GRID_US = 5 * MINUTE_US;
/** Rounding of decimal numbers, in ticks. */
const GRID_TOLERANCE = 1e-4;
const PRICES_OF_A_BAR = 4;

/** Whether each bar can be one, by itself and after the one before. */
export class BarForm {
  readonly #broken = new Tally();
  readonly #unsorted = new Tally();
  readonly #repeated = new Tally();
  readonly #offGrid = new Tally();
  readonly #offInterval = new Tally();
  #offGridPrices = 0;
  /** 0 for bars of no fixed length. */
  readonly #grid_us: number;
  #bars = 0;
  #last_us = -Infinity;

  constructor(
    private readonly subject: Subject,
    interval_us: number | null,
  ) {
    this.#grid_us = interval_us === null ? 0 : interval_us <= LONGEST_ON_GRID_US ? interval_us : MINUTE_US;
  }

  /** False for a bar that cannot be used any further. */
  add(bar: RawBar, line: number): boolean {
    const { open_us, open, high, low, close } = bar;
    this.#bars++;
    const sound = low > 0 && low <= open && low <= close && high >= open && high >= close && high < Infinity;
    if (!sound) this.#broken.add(line, open_us);
    if (open_us === this.#last_us) this.#repeated.add(line, open_us);
    if (open_us < this.#last_us) this.#unsorted.add(line, open_us);
    const follows = open_us > this.#last_us;
    if (follows) this.#last_us = open_us;
    if (this.#grid_us !== 0 && open_us % this.#grid_us !== 0) {
      this.#offInterval.add(line, open_us);
    }
    if (sound && this.subject.kind === 'future') this.#grid(bar, line);
    return sound && follows;
  }

  #grid({ open_us, open, high, low, close }: RawBar, line: number): void {
    const { tick } = this.subject;
    const off = isOff(open / tick) + isOff(high / tick) + isOff(low / tick) + isOff(close / tick);
    if (off === 0) return;
    this.#offGridPrices += off;
    this.#offGrid.add(line, open_us);
  }

  findings(): readonly VerdictFinding[] {
    const found: VerdictFinding[] = [];
    const bars = this.#bars;
    if (this.#broken.count > 0) {
      const message = `Open or close outside low and high, or no price: ${this.#broken.text}`;
      found.push(finding('ohlc_broken', 'refuse', message, { bars: this.#broken.count }));
    }
    if (this.#unsorted.count > 0) {
      const message = `Stamps that go back: ${this.#unsorted.text}`;
      found.push(finding('stamps_unsorted', 'refuse', message, { bars: this.#unsorted.count }));
    }
    if (this.#repeated.count > 0) {
      const message = `Stamps that stand twice: ${this.#repeated.text}`;
      found.push(finding('stamps_repeated', 'refuse', message, { bars: this.#repeated.count }));
    }
    if (this.#offGrid.count > 0) {
      const share = this.#offGrid.count / bars;
      const on = 1 - this.#offGridPrices / (PRICES_OF_A_BAR * bars);
      const message =
        `Prices off the grid of ${this.subject.tick} points in ${this.#offGrid.text} of ${bars} bars; ` +
        `${(100 * on).toFixed(1)} % of all prices are on it`;
      const level = share > OFF_GRID_SHARE_MAX ? 'refuse' : 'warn';
      found.push(
        finding('off_tick_grid', level, message, { bars: this.#offGrid.count, of: bars, on_grid: on }),
      );
    }
    if (this.#offInterval.count > 0) {
      const message = `Stamps off the ${this.#grid_us / MINUTE_US}-minute grid: ${this.#offInterval.text}`;
      found.push(
        finding('off_interval_grid', 'refuse', message, { bars: this.#offInterval.count, of: bars }),
      );
    }
    return found;
  }
}

function isOff(ticks: number): number {
  return Math.abs(ticks - Math.round(ticks)) > GRID_TOLERANCE ? 1 : 0;
}
