import { html, type Html } from './html.js';
import { linearScale, px, roundTicks, tickText, type Scale } from './scale.js';

/** Colours by meaning; the page says what they are in light and in dark. */
export type Tone = 'main' | 'second' | 'good' | 'warn' | 'bad' | 'quiet';

/** Where a chart stands: its width in pixels. Each chart is drawn once for a desk and once for a phone. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

export interface AxisMark {
  readonly at: number;
  readonly label: string;
}

/** Room for the numbers left of a chart and the labels below. */
export const LEFT = 52;
export const RIGHT = 10;
export const TOP = 10;
export const BOTTOM = 24;
const Y_TICKS = 5;
/** Pixels that a label of the time axis takes. */
export const LABEL_PIXELS = 62;

export interface Box {
  readonly size: ChartSize;
  readonly x: Scale;
  readonly y: Scale;
}

export function box(size: ChartSize, x: readonly [number, number], y: readonly [number, number]): Box {
  return {
    size,
    x: linearScale(x[0], x[1], LEFT, size.width - RIGHT),
    y: linearScale(y[0], y[1], size.height - BOTTOM, TOP),
  };
}

/** `counts`: the values are numbers of things, so that a mark between two whole numbers means nothing. */
export function axes({ size, x, y }: Box, marks: readonly AxisMark[], counts = false): Html {
  const round = roundTicks(y.from, y.to, Y_TICKS);
  const ticks = counts ? round.filter((tick) => Number.isInteger(tick)) : round;
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : y.to - y.from;
  const right = size.width - RIGHT;
  const room = Math.max(1, Math.floor((right - LEFT) / LABEL_PIXELS));
  const every = Math.max(1, Math.ceil(marks.length / room));
  const shown = marks.filter((_, i) => i % every === 0);
  return html`${ticks.map(
    (tick) =>
      html`<line class="grid" x1="${LEFT}" x2="${right}" y1="${px(y.at(tick))}" y2="${px(y.at(tick))}" />
        <text class="tick" x="${LEFT - 6}" y="${px(y.at(tick) + 4)}" text-anchor="end"
          >${tickText(tick, step)}</text
        >`,
  )}${shown.map((mark) => {
    const at = x.at(mark.at);
    const anchor = at > right - LABEL_PIXELS / 2 ? 'end' : at < LEFT + LABEL_PIXELS / 2 ? 'start' : 'middle';
    return html`<text class="tick" x="${px(at)}" y="${size.height - 7}" text-anchor="${anchor}"
      >${mark.label}</text
    >`;
  })}`;
}

export function svg({ width, height }: ChartSize, title: string, body: Html): Html {
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="${title}"
  >
    ${body}
  </svg>`;
}

export function bounds(values: readonly number[], withZero: boolean): readonly [number, number] {
  let low = withZero ? 0 : Infinity;
  let high = withZero ? 0 : -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 1, high + 1] : [low, high];
}
