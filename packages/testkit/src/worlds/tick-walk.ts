import type { NumberSource } from '../synthetic/normal-source.js';

/** Prices of one minute. */
export interface WalkedMinute {
  readonly open_ticks: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
}

/** Probability that the next step goes up, at this price and so far into the minute (0 to 1). */
export type Lean = (price_ticks: number, progress: number) => number;

/** A minute of more steps is cut: its standard deviation is 200 ticks, which is 50 points of NQ. */
const STEPS_MAX = 40_000;
const BITS = 32;

/**
 * A price that moves by one tick at a time, up or down. Without a lean it is a martingale on the tick grid, and it visits
 * every tick between two prices: a stop or a limit is filled at its own price, so that no exit rule gains anything by the
 * way in which the bars are made.
 */
export class TickWalk {
  private bits = 0;
  private bitsLeft = 0;

  constructor(
    private readonly source: NumberSource,
    private price: number,
  ) {}

  get price_ticks(): number {
    return this.price;
  }

  /** Moves over a time in which nothing traded. The price stays above zero. */
  jump(ticks: number): void {
    this.price = Math.max(1, this.price + Math.round(ticks));
  }

  /**
   * One minute. The change has this variance (ticks squared) where nothing leans.
   *
   * @param lean null for a fair walk, whose first step comes before the open; a leaning one opens where it stood
   */
  minute(variance: number, lean: Lean | null): WalkedMinute {
    // The mean number of steps is the variance: a step has variance one.
    const steps = Math.min(STEPS_MAX, Math.floor(variance + this.source.uniform()));
    if (lean === null && steps > 0) this.price += this.fairStep();
    const open_ticks = this.price;
    let [high_ticks, low_ticks] = [open_ticks, open_ticks];
    for (let i = lean === null ? 1 : 0; i < steps; i++) {
      this.price += lean === null ? this.fairStep() : this.step(lean(this.price, i / steps));
      if (this.price > high_ticks) high_ticks = this.price;
      else if (this.price < low_ticks) low_ticks = this.price;
    }
    if (this.price < 1) this.price = 1;
    return { open_ticks, high_ticks, low_ticks: Math.max(1, low_ticks), close_ticks: this.price };
  }

  /** One minute straight to a price. */
  minuteTo(price_ticks: number): WalkedMinute {
    const open_ticks = this.price;
    this.price = price_ticks;
    return {
      open_ticks,
      high_ticks: Math.max(open_ticks, price_ticks),
      low_ticks: Math.min(open_ticks, price_ticks),
      close_ticks: price_ticks,
    };
  }

  private fairStep(): 1 | -1 {
    if (this.bitsLeft === 0) {
      this.bits = Math.floor(this.source.uniform() * 2 ** BITS);
      this.bitsLeft = BITS;
    }
    const up = this.bits & 1;
    this.bits >>>= 1;
    this.bitsLeft -= 1;
    return up === 1 ? 1 : -1;
  }

  private step(upProbability: number): 1 | -1 {
    return this.source.uniform() < upProbability ? 1 : -1;
  }
}
