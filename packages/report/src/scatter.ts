import { LEFT, RIGHT, TOP, axes, bounds, box, svg, type ChartSize, type Tone } from './axes.js';
import { html, type Html } from './html.js';
import { px, roundTicks, tickText } from './scale.js';

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  readonly tone: Tone;
  readonly label: string;
}

export interface Scatter {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly points: readonly ScatterPoint[];
}

const RADIUS = 3;
const X_TICKS = 6;
const BOTTOM_TITLE = 16;
/** Room beyond the farthest points, as a share of the axis. */
const MARGIN = 0.04;

function roomy(values: readonly number[]): readonly [number, number] {
  const [low, high] = bounds(values, true);
  const room = MARGIN * (high - low);
  return [low < 0 ? low - room : low, high > 0 ? high + room : high];
}

/** Points on two axes that both hold zero, with the lines through it. */
export function scatter({ title, xTitle, yTitle, points }: Scatter, size: ChartSize): Html {
  const inner = { width: size.width, height: size.height - BOTTOM_TITLE };
  const place = box(inner, roomy(points.map(({ x }) => x)), roomy(points.map(({ y }) => y)));
  const ticks = roundTicks(place.x.from, place.x.to, X_TICKS);
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  const marks = ticks.map((at) => ({ at, label: tickText(at, step) }));
  const dots = points.map(
    ({ x, y, tone, label }) =>
      html`<circle class="dot ${tone}" cx="${px(place.x.at(x))}" cy="${px(place.y.at(y))}" r="${RADIUS}"
        ><title>${label}</title></circle
      >`,
  );
  const right = size.width - RIGHT;
  return svg(
    size,
    title,
    html`${axes(place, marks)}<path
        class="zero"
        d="M${px(place.x.at(0))} ${TOP}V${px(place.y.at(place.y.from))}M${LEFT} ${px(place.y.at(0))}H${right}"
      />${dots}<text class="tick" x="${right}" y="${size.height - 4}" text-anchor="end">${xTitle}</text
      ><text class="tick" x="${LEFT + 4}" y="${TOP - 2}">${yTitle}</text>`,
  );
}
