import { BellwetherError } from '@bellwether/contracts';

/** No contract of ours has traded beyond it: a price above is in hundredths of a point. */
export const PRICE_POINTS_MAX = 100_000;
const TEXT = /^\d{1,5}(\.\d{1,4})?$/;

/** A factor that the user gave to turn prices as written into points. Exact: a whole number, or one divided by it. */
export class PriceFactor {
  private constructor(
    readonly text: string,
    private readonly times: number,
    private readonly parts: number,
  ) {}

  static readonly one = new PriceFactor('1', 1, 1);

  /** @throws BellwetherError `usage` */
  static of(text: string): PriceFactor {
    const value = Number(text);
    const parts = Math.round(1 / value);
    if (TEXT.test(text) && value > 0) {
      if (Number.isInteger(value)) return new PriceFactor(text, value, 1);
      if (1 / parts === value) return new PriceFactor(text, 1, parts);
    }
    throw new BellwetherError(
      'usage',
      `Expected a price factor such as 0.01 or 100, was ${JSON.stringify(text)}`,
    );
  }

  /** A division by a whole number gives the double that the decimal text would read as; a product with 0.01 does not. */
  applied(points: number): number {
    return (points * this.times) / this.parts;
  }
}
