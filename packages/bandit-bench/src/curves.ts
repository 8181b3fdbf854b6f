/** Mean cumulative regret of a policy after each hundredth of the rounds. */
export interface Curve {
  readonly title: string;
  /** One letter. */
  readonly mark: string;
  readonly points: readonly number[];
}

const COLUMNS = 64;
const ROWS = 18;

/** A chart of letters, one for each curve, with its legend. */
export function textChart(curves: readonly Curve[], rounds: number): string {
  const top = Math.max(1, ...curves.flatMap(({ points }) => points));
  const grid = Array.from({ length: ROWS }, () => new Array<string>(COLUMNS).fill(' '));
  curves.forEach(({ points, mark }) => {
    for (let column = 0; column < COLUMNS; column++) {
      const at = Math.round((column * (points.length - 1)) / (COLUMNS - 1));
      const row = ROWS - 1 - Math.round(((points[at] ?? 0) / top) * (ROWS - 1));
      grid[row]![column] = mark;
    }
  });
  const label = (row: number): string =>
    row === 0 || row === ROWS - 1 ? (row === 0 ? top.toFixed(0) : '0').padStart(8) : ' '.repeat(8);
  const legend = curves.map(({ title, mark }) => `${mark} ${title}`).join('   ');
  return [
    'cumulative regret',
    ...grid.map((cells, row) => `${label(row)} |${cells.join('').trimEnd()}`),
    `${' '.repeat(9)}+${'-'.repeat(COLUMNS)}`,
    `${' '.repeat(10)}0${`${rounds} rounds`.padStart(COLUMNS - 1)}`,
    legend,
  ].join('\n');
}

const COLOURS = ['#888888', '#1f77b4', '#ff7f0e', '#9467bd', '#d62728', '#2ca02c'];
const WIDTH = 720;
const HEIGHT = 420;
const [LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT] = [64, 24, 440, 340] as const;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The same as a picture (SVG). */
export function svgChart(title: string, curves: readonly Curve[], rounds: number): string {
  const most = Math.max(1, ...curves.flatMap(({ points }) => points));
  const lines = curves.map(({ title: name, points }, c) => {
    const colour = COLOURS[c % COLOURS.length]!;
    const path = points
      .map((value, i) => {
        const x = LEFT + ((i + 1) / points.length) * PLOT_WIDTH;
        return `${x.toFixed(1)},${(TOP + PLOT_HEIGHT * (1 - value / most)).toFixed(1)}`;
      })
      .join(' ');
    const y = TOP + 16 + c * 20;
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${LEFT},${TOP + PLOT_HEIGHT} ${path}"/>` +
      `<text x="${LEFT + PLOT_WIDTH + 14}" y="${y}" fill="${colour}">${escaped(name)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${LEFT}" y="16" font-size="14">${escaped(title)}: cumulative regret</text>`,
    `<path d="M${LEFT},${TOP} V${TOP + PLOT_HEIGHT} H${LEFT + PLOT_WIDTH}" fill="none" stroke="black"/>`,
    `<text x="${LEFT - 6}" y="${TOP + 10}" text-anchor="end">${most.toFixed(0)}</text>`,
    `<text x="${LEFT - 6}" y="${TOP + PLOT_HEIGHT}" text-anchor="end">0</text>`,
    `<text x="${LEFT + PLOT_WIDTH}" y="${TOP + PLOT_HEIGHT + 18}" text-anchor="end">${rounds} rounds</text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}
