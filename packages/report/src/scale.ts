/** A straight line from values to places on the page. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  at(value: number): number;
}

export function linearScale(from: number, to: number, first: number, last: number): Scale {
  const width = to - from;
  return {
    from,
    to,
    at: (value) => (width === 0 ? (first + last) / 2 : first + ((value - from) / width) * (last - first)),
  };
}

const STEPS = [1, 2, 2.5, 5, 10];

/** About `count` round values that lie between two others. */
export function roundTicks(from: number, to: number, count: number): readonly number[] {
  if (!(to > from) || count < 1) return [from];
  const raw = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (STEPS.find((one) => one * power >= raw) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Two numbers with hardly a double between them have no round ones: counting from one to the other would not end.
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return [from];
  // Adding 0 turns -0 into 0.
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step + 0);
}

/** A number as short as its neighbours on an axis allow. */
export function tickText(value: number, step: number): string {
  const size = Math.abs(step);
  const power = size === 0 ? 0 : Math.floor(Math.log10(size) + 1e-9);
  const lead = size / 10 ** power;
  // A step of 2.5, 0.25 and so on has one place more than its power says.
  const digits = Math.min(
    6,
    Math.max(0, -power) + (Math.abs(lead - Math.round(lead)) > 1e-6 && power < 1 ? 1 : 0),
  );
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Places in SVG need no more than a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
