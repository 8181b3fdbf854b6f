import {
  LABEL_PIXELS,
  LEFT,
  RIGHT,
  axes,
  bounds,
  box,
  svg,
  type AxisMark,
  type ChartSize,
  type Tone,
} from './axes.js';
import { html, type Html } from './html.js';
import { linearScale, px, roundTicks, tickText } from './scale.js';

export interface LineSeries {
  readonly tone: Tone;
  /** In order of x. A gap in the line is a null. */
  readonly points: readonly (readonly [x: number, y: number] | null)[];
}

export interface LineChart {
  readonly title: string;
  readonly series: readonly LineSeries[];
  readonly marks: readonly AxisMark[];
  /** Lines across, such as zero or a limit; the picture reaches to them. */
  readonly levels?: readonly Level[];
}

export interface Level {
  readonly at: number;
  readonly tone: Tone;
  readonly label: string;
}

/** Lines over a common axis. */
export function lineChart({ title, series, marks, levels = [] }: LineChart, size: ChartSize): Html {
  const points = series.flatMap((one) => one.points.flatMap((point) => (point === null ? [] : [point])));
  const place = box(
    size,
    bounds(
      points.map(([x]) => x),
      false,
    ),
    bounds([...points.map(([, y]) => y), ...levels.map(({ at }) => at)], false),
  );
  const across = levels.map(
    ({ at, tone, label }) =>
      html`<path class="level ${tone}" d="M${LEFT} ${px(place.y.at(at))}H${size.width - RIGHT}" /><text
          class="tick"
          x="${size.width - RIGHT}"
          y="${px(place.y.at(at) - 4)}"
          text-anchor="end"
          >${label}</text
        >`,
  );
  const paths = series.map(({ tone, points: own }) => {
    let path = '';
    let pen = 'M';
    for (const point of own) {
      if (point === null) {
        pen = 'M';
        continue;
      }
      path += `${pen}${px(place.x.at(point[0]))} ${px(place.y.at(point[1]))}`;
      pen = 'L';
    }
    return html`<path class="line ${tone}" d="${path}" />`;
  });
  return svg(size, title, html`${axes(place, marks)}${across}${paths}`);
}

export interface BarChart {
  readonly title: string;
  /** From left to right; null where there is nothing to tell. */
  readonly values: readonly (number | null)[];
  /** What stands in the tooltip of each bar. */
  readonly labels: readonly string[];
  /** By place of a bar. */
  readonly marks: readonly AxisMark[];
  /** Between what the bars are expected, by place; null where nothing is. */
  readonly band?: readonly (readonly [low: number, high: number] | null)[];
  readonly tone?: Tone;
  /** By place of a bar, in place of the one for all. */
  readonly tones?: readonly Tone[];
}

/** Bars from zero, behind a band where there is one. */
export function barChart(
  { title, values, labels, marks, band = [], tone = 'main', tones = [] }: BarChart,
  size: ChartSize,
): Html {
  const known = values.flatMap((value) => (value === null ? [] : [value]));
  const edges = band.flatMap((edge) => (edge === null ? [] : [...edge]));
  const place = box(size, [0, values.length], bounds([...known, ...edges], true));
  const zero = place.y.at(0);
  const width = Math.max(0.6, place.x.at(1) - place.x.at(0));
  const gap = width > 5 ? 1.2 : 0.2;
  const bands = band.map((edge, i) =>
    edge === null
      ? null
      : html`<rect
          class="band"
          x="${px(place.x.at(i))}"
          width="${px(width)}"
          y="${px(place.y.at(edge[1]))}"
          height="${px(Math.max(1, place.y.at(edge[0]) - place.y.at(edge[1])))}"
        />`,
  );
  const bars = values.map((value, i) => {
    if (value === null) return null;
    const at = place.y.at(value);
    return html`<rect
      class="bar ${tones[i] ?? tone}"
      x="${px(place.x.at(i) + gap / 2)}"
      width="${px(width - gap)}"
      y="${px(Math.min(at, zero))}"
      height="${px(Math.max(0.5, Math.abs(zero - at)))}"
      ><title>${labels[i] ?? ''}</title></rect
    >`;
  });
  return svg(size, title, html`${axes(place, marks)}${bars}${bands}`);
}

export interface Histogram {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
  /** A curve over it: counts expected in each bin. */
  readonly curve?: readonly number[];
}

/** How often values fall into equal bins. */
export function histogram({ title, from, to, counts, curve }: Histogram, size: ChartSize): Html {
  const place = box(size, [from, to], bounds([...counts, ...(curve ?? [])], true));
  const step = (to - from) / Math.max(1, counts.length);
  const zero = place.y.at(0);
  const bars = counts.map((count, i) => {
    const x = place.x.at(from + i * step);
    const width = Math.max(0.6, place.x.at(from + (i + 1) * step) - x - 0.6);
    const y = place.y.at(count);
    return html`<rect
      class="bar main"
      x="${px(x)}"
      width="${px(width)}"
      y="${px(y)}"
      height="${px(Math.max(0, zero - y))}"
      ><title>${count}</title></rect
    >`;
  });
  const path = (curve ?? [])
    .map(
      (count, i) =>
        `${i === 0 ? 'M' : 'L'}${px(place.x.at(from + (i + 0.5) * step))} ${px(place.y.at(count))}`,
    )
    .join('');
  const ticks = roundTicks(from, to, 6);
  const width = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  const marks = ticks.map((at) => ({ at, label: tickText(at, width) }));
  const line = path === '' ? null : html`<path class="line second" d="${path}" />`;
  return svg(size, title, html`${axes(place, marks, true)}${bars}${line}`);
}

/** A histogram without axes, for many beside each other. */
export function sparkHistogram(title: string, counts: readonly number[], size: ChartSize): Html {
  const most = Math.max(1, ...counts);
  const width = size.width / Math.max(1, counts.length);
  const bars = counts.map((count, i) => {
    const height = (count / most) * (size.height - 2);
    return html`<rect
      class="bar main"
      x="${px(i * width)}"
      width="${px(Math.max(0.5, width - 0.8))}"
      y="${px(size.height - height)}"
      height="${px(height)}"
    />`;
  });
  return svg(
    size,
    title,
    html`${bars}<line
        class="grid"
        x1="0"
        x2="${size.width}"
        y1="${size.height - 0.5}"
        y2="${size.height - 0.5}"
      />`,
  );
}

export interface HeatCell {
  readonly column: number;
  readonly row: number;
  readonly tone: Tone;
  /** 0 to 1: how strong. */
  readonly strength: number;
  readonly label: string;
}

export interface HeatMap {
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  readonly rowLabels: readonly string[];
  readonly marks: readonly AxisMark[];
  readonly cells: readonly HeatCell[];
}

const HEAT_LEFT = 34;
const CELL_MAX = 26;

/** Cells in a grid, such as the days of a year. The height follows from the width. */
export function heatMap({ title, columns, rows, rowLabels, marks, cells }: HeatMap, width: number): Html {
  const cell = Math.min(CELL_MAX, (width - HEAT_LEFT - 4) / Math.max(1, columns));
  const gap = cell > 8 ? 2 : 0.8;
  const size = { width, height: Math.ceil(rows * cell + 18) };
  const squares = cells.map(
    (one) =>
      html`<rect
        class="cell ${one.tone}"
        x="${px(HEAT_LEFT + one.column * cell)}"
        y="${px(one.row * cell)}"
        width="${px(cell - gap)}"
        height="${px(cell - gap)}"
        rx="${px(Math.min(2, cell / 5))}"
        fill-opacity="${Math.round(100 * Math.max(0.25, one.strength)) / 100}"
        ><title>${one.label}</title></rect
      >`,
  );
  const every = cell < 9 ? 2 : 1;
  const names = rowLabels.map((label, i) =>
    i % every === 0
      ? html`<text class="tick" x="${HEAT_LEFT - 6}" y="${px((i + 0.5) * cell + 3)}" text-anchor="end"
          >${label}</text
        >`
      : null,
  );
  const spacing = marks.length > 1 ? (marks[1]!.at - marks[0]!.at) * cell : width;
  const step = spacing < 28 ? Math.ceil(28 / Math.max(1, spacing)) : 1;
  const labels = marks
    .filter((_, i) => i % step === 0)
    .map(
      ({ at, label }) =>
        html`<text class="tick" x="${px(HEAT_LEFT + at * cell)}" y="${size.height - 4}">${label}</text>`,
    );
  return svg(size, title, html`${squares}${names}${labels}`);
}

export interface RibbonPart {
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  readonly label: string;
}

/** Stretches of time beside each other: what was there, what was not; regimes; positions. */
export function ribbon(
  {
    title,
    parts,
    marks,
  }: { readonly title: string; readonly parts: readonly RibbonPart[]; readonly marks: readonly AxisMark[] },
  size: ChartSize,
): Html {
  const from = Math.min(...parts.map((part) => part.from));
  const to = Math.max(...parts.map((part) => part.to));
  const x = linearScale(from, to, 2, size.width - 2);
  const shapes = parts.map(
    (part) =>
      html`<rect
        class="cell ${part.tone}"
        x="${px(x.at(part.from))}"
        width="${px(Math.max(0.7, x.at(part.to) - x.at(part.from)))}"
        y="0"
        height="${size.height - 20}"
        ><title>${part.label}</title></rect
      >`,
  );
  const room = Math.max(1, Math.floor(size.width / LABEL_PIXELS));
  const every = Math.max(1, Math.ceil(marks.length / room));
  const labels = marks
    .filter((_, i) => i % every === 0)
    .map(({ at, label }) => {
      const place = x.at(at);
      const anchor = place > size.width - LABEL_PIXELS ? 'end' : 'start';
      return html`<text class="tick" x="${px(place)}" y="${size.height - 5}" text-anchor="${anchor}"
        >${label}</text
      >`;
    });
  return svg(size, title, html`${shapes}${labels}`);
}
