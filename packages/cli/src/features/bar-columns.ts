import type { Bar } from '@bellwether/contracts';
import type { BarSource } from '@bellwether/features';
import { present } from '@bellwether/kernel';

const FIRST_CAPACITY = 4_096;

/** Numbers that grow as they come. */
class Column {
  #values = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Float64Array(2 * this.#length);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length++] = value;
  }

  at(place: number): number {
    return present(this.#values[place], 'a number in the column');
  }
}

/** A volume that is not known. */
const UNKNOWN = -1;

/** Bars of one symbol and interval in columns: ten years of minutes fit into the memory of a laptop. */
export class BarColumns implements BarSource {
  #like: Bar | null = null;
  #length = 0;
  readonly #open_us = new Column();
  readonly #open_ticks = new Column();
  readonly #high_ticks = new Column();
  readonly #low_ticks = new Column();
  readonly #close_ticks = new Column();
  readonly #volume = new Column();

  get length(): number {
    return this.#length;
  }

  push(bar: Bar): void {
    this.#like ??= bar;
    this.#open_us.push(bar.open_us);
    this.#open_ticks.push(bar.open_ticks);
    this.#high_ticks.push(bar.high_ticks);
    this.#low_ticks.push(bar.low_ticks);
    this.#close_ticks.push(bar.close_ticks);
    this.#volume.push(bar.volume ?? UNKNOWN);
    this.#length += 1;
  }

  at(place: number): Bar {
    const { symbol, interval_us, tick_size_e4 } = present(this.#like, 'a bar');
    const volume = this.#volume.at(place);
    return {
      symbol,
      open_us: this.#open_us.at(place),
      interval_us,
      tick_size_e4,
      open_ticks: this.#open_ticks.at(place),
      high_ticks: this.#high_ticks.at(place),
      low_ticks: this.#low_ticks.at(place),
      close_ticks: this.#close_ticks.at(place),
      volume: volume === UNKNOWN ? null : volume,
      revision: 0,
      bid_size: null,
      ask_size: null,
      last_trade_dir: null,
    };
  }
}
