const PRICE = /^-?\d{1,9}(?:\.\d{1,9})?$/;
const WHOLE = /^\d{1,15}(?:\.0+)?$/;

/** A price in points as text; NaN where it is none. Whether it can be one of this instrument is judged later. */
export function priceOf(text: string): number {
  return PRICE.test(text) ? Number(text) : NaN;
}

/** A whole number of contracts; NaN where it is none. Some programs write `12.0`. */
export function volumeOf(text: string): number {
  return WHOLE.test(text) ? Number(text) : NaN;
}

/** A number of so many decimal digits at a place of a text; NaN where there is something else. */
export function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}
