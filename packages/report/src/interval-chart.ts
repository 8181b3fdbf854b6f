import { bounds, svg, type Tone } from './axes.js';
import { html, type Html } from './html.js';
import { linearScale, px, roundTicks, tickText } from './scale.js';

export interface IntervalRow {
  readonly name: string;
  /** Null where it is missing; then `note` says why. */
  readonly value: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly tone: Tone;
  /** Right of the row. */
  readonly note: string;
}

export interface IntervalChart {
  readonly title: string;
  readonly rows: readonly IntervalRow[];
}

const ROW = 22;
const BOTTOM = 22;
const NAME_PIXELS = 100;
const NOTE_PIXELS = 92;
const RADIUS = 4;
const TICK_PIXELS = 80;
/** Fewer numbers below the rows do not say how wide a row is. */
const TICKS_MIN = 4;

/** A row each: the name, the value with its interval beside the line of zero, and a note. The height follows from the rows. */
export function intervalChart({ title, rows }: IntervalChart, width: number): Html {
  const height = rows.length * ROW + BOTTOM;
  const [left, right] = [NAME_PIXELS, width - NOTE_PIXELS];
  const values = rows.flatMap(({ value, interval }) => [
    ...(value === null ? [] : [value]),
    ...(interval === null ? [] : [interval.low, interval.high]),
  ]);
  const x = linearScale(...bounds(values, true), left + 8, right - 8);
  const ticks = roundTicks(x.from, x.to, Math.max(TICKS_MIN, (right - left) / TICK_PIXELS));
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  const grid = ticks.map(
    (tick) =>
      html`<path class="grid" d="M${px(x.at(tick))} 0V${rows.length * ROW}" /><text
          class="tick"
          x="${px(x.at(tick))}"
          y="${height - 6}"
          text-anchor="middle"
          >${tickText(tick, step)}</text
        >`,
  );
  const lines = rows.map(({ name, value, interval, tone, note }, i) => {
    const y = i * ROW + ROW / 2;
    const whisker =
      interval === null
        ? null
        : html`<path
            class="whisker ${tone}"
            d="M${px(x.at(interval.low))} ${y}H${px(x.at(interval.high))}"
          />`;
    const dot =
      value === null
        ? null
        : html`<circle class="dot solid ${tone}" cx="${px(x.at(value))}" cy="${y}" r="${RADIUS}" />`;
    return html`<text class="name" x="0" y="${y + 4}">${name}</text>${whisker}${dot}<text
        class="tick"
        x="${width}"
        y="${y + 4}"
        text-anchor="end"
        >${note}</text
      >`;
  });
  return svg(
    { width, height },
    title,
    html`${grid}<path class="zero" d="M${px(x.at(0))} 0V${rows.length * ROW}" />${lines}`,
  );
}
