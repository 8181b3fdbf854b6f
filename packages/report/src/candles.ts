import {
  BOTTOM,
  LEFT,
  RIGHT,
  axes,
  bounds,
  box,
  svg,
  type AxisMark,
  type Box,
  type ChartSize,
  type Tone,
} from './axes.js';
import { html, type Html } from './html.js';
import { px } from './scale.js';
import type { RibbonPart } from './charts.js';

export interface Candle {
  /** Middle of the bar on the axis of time. */
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** A trade on the candles: a triangle that points its way at the entry, a ring at the exit, and a line between them. */
export interface TradeMark {
  readonly long: boolean;
  readonly entry: readonly [at: number, price: number];
  readonly exit: readonly [at: number, price: number];
  readonly tone: Tone;
  readonly label: string;
}

export interface CandleChart {
  readonly title: string;
  /** In order of time. */
  readonly candles: readonly Candle[];
  /** Width of a candle on the axis of time. */
  readonly step: number;
  readonly trades: readonly TradeMark[];
  /** Stretches of time shown under the candles, such as regimes. */
  readonly parts: readonly RibbonPart[];
  readonly marks: readonly AxisMark[];
}

const RIBBON_HEIGHT = 8;
const RIBBON_GAP = 6;
/** Share of its place that the body of a candle fills. */
const BODY_SHARE = 0.7;
const TRIANGLE = 5;
const RING = 3.5;

function candlePaths({ x, y }: Box, { candles, step }: CandleChart): Html {
  const body = Math.max(0.8, (x.at(step) - x.at(0)) * BODY_SHARE);
  let wicks = '';
  let up = '';
  let down = '';
  for (const { at, open, high, low, close } of candles) {
    const middle = x.at(at);
    wicks += `M${px(middle)} ${px(y.at(high))}V${px(y.at(low))}`;
    const top = y.at(Math.max(open, close));
    const height = Math.max(0.6, y.at(Math.min(open, close)) - top);
    const shape = `M${px(middle - body / 2)} ${px(top)}h${px(body)}v${px(height)}h${px(-body)}z`;
    if (close >= open) up += shape;
    else down += shape;
  }
  return html`<path class="wick" d="${wicks}" /><path class="candle up" d="${up}" /><path
      class="candle down"
      d="${down}"
    />`;
}

/** The entry lies on top: a trade of a few minutes would hide it below its exit. */
function tradeMark({ x, y }: Box, { long, entry, exit, tone, label }: TradeMark): Html {
  const [fromX, fromY] = [x.at(entry[0]), y.at(entry[1])];
  const [toX, toY] = [x.at(exit[0]), y.at(exit[1])];
  const way = long ? TRIANGLE : -TRIANGLE;
  const triangle = `M${px(fromX)} ${px(fromY)}l${TRIANGLE} ${way * 1.6}h${-2 * TRIANGLE}z`;
  return html`<g class="trade ${tone}"
    ><title>${label}</title><path class="link" d="M${px(fromX)} ${px(fromY)}L${px(toX)} ${px(toY)}" /><circle
      class="exit"
      cx="${px(toX)}"
      cy="${px(toY)}"
      r="${RING}" /><path class="entry" d="${triangle}"
  /></g>`;
}

/** Stretches that the picture does not reach are cut at its edges; those outside are not drawn. */
function ribbonParts({ x, size }: Box, parts: readonly RibbonPart[]): readonly (Html | null)[] {
  const [left, right] = [LEFT, size.width - RIGHT];
  return parts.map((part) => {
    const from = Math.max(left, x.at(part.from));
    const to = Math.min(right, x.at(part.to));
    if (to <= from) return null;
    return html`<rect
      class="cell ${part.tone}"
      x="${px(from)}"
      width="${px(to - from)}"
      y="${size.height - BOTTOM + RIBBON_GAP}"
      height="${RIBBON_HEIGHT}"
      ><title>${part.label}</title></rect
    >`;
  });
}

/** Candles with trades on them and a ribbon under them. */
export function candleChart(chart: CandleChart, size: ChartSize): Html {
  const { title, candles, step, trades, parts, marks } = chart;
  const half = step / 2;
  const times = candles.flatMap(({ at }) => [at - half, at + half]);
  const prices = [
    ...candles.flatMap(({ high, low }) => [high, low]),
    ...trades.flatMap(({ entry, exit }) => [entry[1], exit[1]]),
  ];
  // The ribbon takes room between the candles and their axis.
  const inner = { width: size.width, height: size.height - RIBBON_HEIGHT - RIBBON_GAP };
  const place = box(inner, bounds(times, false), bounds(prices, false));
  const body = html`${axes({ ...place, size }, marks)}${candlePaths(place, chart)}${trades.map((trade) =>
    tradeMark(place, trade),
  )}${ribbonParts(place, parts)}`;
  return svg(size, title, body);
}
