import { chicagoText, utcText } from '@bellwether/market';

/** A time in both clocks, for people. */
export function bothClocks(us: number): string {
  return `${utcText(us)} (${chicagoText(us)})`;
}

/** How often something was seen, and where first. */
export class Tally {
  count = 0;
  first_us = 0;
  #line = 0;

  add(line: number, open_us: number): void {
    if (this.count === 0) {
      this.first_us = open_us;
      this.#line = line;
    }
    this.count++;
  }

  get text(): string {
    return `${this.count} (first: line ${this.#line}, ${bothClocks(this.first_us)})`;
  }
}

/** Mean, spread and correlation of pairs, added up one by one (Welford). */
export class Pairs {
  count = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #yy = 0;
  #xy = 0;

  add(x: number, y: number): void {
    this.count++;
    const dx = x - this.#x;
    const dy = y - this.#y;
    this.#x += dx / this.count;
    this.#y += dy / this.count;
    this.#xx += dx * (x - this.#x);
    this.#yy += dy * (y - this.#y);
    this.#xy += dx * (y - this.#y);
  }

  get meanX(): number {
    return this.#x;
  }

  get meanY(): number {
    return this.#y;
  }

  /** Null where one of the two never changes. */
  get correlation(): number | null {
    return this.#xx > 0 && this.#yy > 0 ? this.#xy / Math.sqrt(this.#xx * this.#yy) : null;
  }
}
