import type { BarSink } from './bar-sink.js';

const MINUTE_US = 60_000_000;

/** Makes bars of one minute out of trades, or of bars no longer than that, which come in order of time. */
export class MinuteAggregator {
  #minute = -Infinity;
  #place = 0;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #volume = 0;

  constructor(private readonly sink: BarSink) {}

  add(
    place: number,
    time_us: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  ): void {
    const minute = Math.floor(time_us / MINUTE_US);
    if (minute < this.#minute) {
      this.sink.problem(place, 'The record is older than one before it: the file is not in order of time');
      return;
    }
    if (minute > this.#minute) {
      this.end();
      this.#minute = minute;
      this.#place = place;
      this.#open = open;
      this.#high = high;
      this.#low = low;
      this.#volume = 0;
    }
    // A price that is no number stays one, so that the bar is refused.
    if (!(high <= this.#high)) this.#high = high;
    if (!(low >= this.#low)) this.#low = low;
    this.#close = close;
    this.#volume += volume;
  }

  /** Gives out the bar that is open. */
  end(): void {
    if (this.#minute === -Infinity) return;
    const stamp_us = this.#minute * MINUTE_US;
    this.sink.bar(this.#place, stamp_us, this.#open, this.#high, this.#low, this.#close, this.#volume);
    this.#minute = -Infinity;
  }
}
