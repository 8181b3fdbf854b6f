import { pointsToTicks } from '@bellwether/market';
import type { Bar } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import type { RawBar, Subject } from '@bellwether/verdict';

const FIRST_CAPACITY = 4_096;
const COLUMNS = 6;

/** The bars of a file in columns, as they are written: ten years of minutes fit into the memory of a laptop. */
export class RawColumns {
  #values = new Float64Array(COLUMNS * FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push({ open_us, open, high, low, close, volume }: RawBar): void {
    const at = COLUMNS * this.#length;
    if (at === this.#values.length) {
      const wider = new Float64Array(2 * at);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values.set([open_us, open, high, low, close, volume], at);
    this.#length++;
  }

  openAt(place: number): number {
    return present(this.#values[COLUMNS * place], 'a stamp');
  }

  closeAt(place: number): number {
    return present(this.#values[COLUMNS * place + 4], 'a close');
  }

  /** The bar as a book would take it, or null where a price is not on the grid. */
  barAt(place: number, { symbol, instrument }: Subject, interval_us: number, hasVolume: boolean): Bar | null {
    if (instrument === null) return null;
    const { tick_size_e4 } = instrument;
    const at = COLUMNS * place;
    const ticks = [1, 2, 3, 4].map((i) =>
      pointsToTicks(present(this.#values[at + i], 'a price'), tick_size_e4),
    );
    const [open_ticks, high_ticks, low_ticks, close_ticks] = ticks;
    if (open_ticks == null || high_ticks == null || low_ticks == null || close_ticks == null) return null;
    return {
      ...{ symbol, interval_us, tick_size_e4, open_ticks, high_ticks, low_ticks, close_ticks },
      open_us: this.openAt(place),
      volume: hasVolume ? present(this.#values[at + 5], 'a volume') : null,
      ...{ revision: 0, bid_size: null, ask_size: null, last_trade_dir: null },
    };
  }
}
