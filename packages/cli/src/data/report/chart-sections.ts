import { chicagoText } from '@bellwether/market';
import {
  barChart,
  histogram,
  html,
  legend,
  lineChart,
  responsive,
  table,
  type Section,
} from '@bellwether/report';
import type { ActivityProfile, JudgedBars, Subject } from '@bellwether/verdict';
import { dayText } from './calendar-section.js';
import type { RawColumns } from './raw-columns.js';
import { TYPICAL_MOVES, TYPICAL_VOLUME } from './typical-day.js';

/** Points of the level chart: more than a screen has columns are not seen. */
const LEVEL_POINTS = 700;
const TIME_MARKS = 8;
/** A hole this long breaks the line. */
const BREAK_US = 5 * 86_400_000_000;
const DAY_MINUTES = 1_440;
const BINS = 48;
/** The picture begins at 17:00 Chicago, as the trade date does. */
const FIRST_BIN = 34;
const BIN_MINUTES = DAY_MINUTES / BINS;
const JUMPS_SHOWN = 12;
const SIGMAS = 8;
const MOVE_BINS = 64;

export function levelSection(bars: RawColumns, { symbol }: Subject): Section {
  const step = Math.max(1, Math.ceil(bars.length / LEVEL_POINTS));
  const points: (readonly [number, number] | null)[] = [];
  let before = NaN;
  for (let i = 0; i < bars.length; i += step) {
    const at = bars.openAt(i);
    if (at - before > BREAK_US) points.push(null);
    points.push([at, bars.closeAt(i)]);
    before = at;
  }
  const from = bars.openAt(0);
  const to = bars.openAt(bars.length - 1);
  const marks = Array.from({ length: TIME_MARKS }, (_, i) => from + ((i + 0.5) / TIME_MARKS) * (to - from));
  const chart = {
    title: `Closes of ${symbol}`,
    series: [{ tone: 'main' as const, points }],
    marks: marks.map((at) => ({ at, label: dayText(at) })),
  };
  const every = step === 1 ? 'Every close' : `Every ${step}th close`;
  return {
    title: 'Level',
    lead: `${every}, in ${symbol === 'SPY' || symbol === 'QQQ' ? 'dollars' : 'index points'}. Holes of more than five days break the line.`,
    body: responsive((width, phone) => lineChart(chart, { width, height: phone ? 200 : 280 })),
  };
}

/** Means of half hours as multiples of their mean over the day. */
function halfHours(profile: ActivityProfile): readonly (number | null)[] {
  const means = Array.from({ length: BINS }, (_, i) =>
    profile.meanBetween(i * BIN_MINUTES, (i + 1) * BIN_MINUTES),
  );
  const known = means.flatMap((mean) => (mean === null ? [] : [mean]));
  const mean = known.reduce((sum, one) => sum + one, 0) / Math.max(1, known.length);
  return means.map((one) => (one === null || mean === 0 ? null : one / mean));
}

const turned = <T>(values: readonly T[]): readonly T[] => [
  ...values.slice(FIRST_BIN),
  ...values.slice(0, FIRST_BIN),
];
const clock = (bin: number): string =>
  `${String(Math.floor(bin / 2)).padStart(2, '0')}:${bin % 2 === 0 ? '00' : '30'}`;

function dayChart(
  title: string,
  profile: ActivityProfile,
  band: readonly (readonly [number, number] | null)[],
): ReturnType<typeof html> {
  const values = turned(halfHours(profile));
  const bins = turned(Array.from({ length: BINS }, (_, i) => i));
  const chart = {
    ...{ title, values, band: turned(band) },
    labels: values.map(
      (value, i) => `${clock(bins[i]!)} Chicago: ${value === null ? 'none' : value.toFixed(2)}`,
    ),
    marks: bins.flatMap((bin, i) =>
      bin % 4 === 2 ? [] : bin % 2 === 0 ? [{ at: i, label: clock(bin) }] : [],
    ),
  };
  return responsive((width, phone) => barChart(chart, { width, height: phone ? 170 : 220 }));
}

const DAY_LEGEND = [
  { text: 'this file', tone: 'main' as const },
  { text: 'from the least to the most of ten genuine files', tone: 'band' as const },
];

export function daySections({ marks }: JudgedBars, hasVolume: boolean, future: boolean): readonly Section[] {
  const volume: Section = {
    title: 'Volume by time of day',
    lead: 'Half hours of Chicago, as multiples of the mean. A market has a U over the cash session from 08:30 to 15:00.',
    body: hasVolume
      ? html`${dayChart('Volume by time of day', marks.plainVolumes, future ? TYPICAL_VOLUME : [])}${future ? legend(DAY_LEGEND) : null}`
      : html`<p>The volume is not known.</p>`,
  };
  const moves: Section = {
    title: 'Volatility by time of day',
    lead: 'Mean absolute move from bar to bar, half hours of Chicago, as multiples of the mean.',
    body: html`${dayChart('Volatility by time of day', marks.moves, future ? TYPICAL_MOVES : [])}${future ? legend(DAY_LEGEND) : null}`,
  };
  return [volume, moves];
}

/** Moves in robust standard deviations, with the normal curve of the same middle. A bin holds whole ticks, or it would be a comb. */
function moveBins(
  bars: RawColumns,
  subject: Subject,
  sigma: number,
): { readonly edge: number; readonly counts: readonly number[]; readonly curve: readonly number[] } {
  const ticksPerBin = Math.max(1, Math.round((2 * SIGMAS * sigma) / MOVE_BINS));
  const half = Math.ceil((SIGMAS * sigma) / ticksPerBin);
  const counts = new Array<number>(2 * half + 1).fill(0);
  for (let i = 1; i < bars.length; i++) {
    const ticks = Math.round((bars.closeAt(i) - bars.closeAt(i - 1)) / subject.tick);
    const bin = Math.round(ticks / ticksPerBin) + half;
    if (bin >= 0 && bin < counts.length) counts[bin]!++;
  }
  const width = ticksPerBin / sigma;
  const curve = counts.map((_, bin) => {
    const z = (bin - half) * width;
    return (bars.length * width * Math.exp(-(z * z) / 2)) / Math.sqrt(2 * Math.PI);
  });
  // Tails are what matters, and a linear scale hides them.
  const log = (count: number): number => Math.log10(1 + count);
  return { edge: (half + 0.5) * width, counts: counts.map(log), curve: curve.map(log) };
}

export function movesSection(bars: RawColumns, { moves }: JudgedBars, subject: Subject): Section {
  const sigma = moves.bound_ticks / 6;
  const { edge, counts, curve } = moveBins(bars, subject, sigma);
  const chart = { title: 'Moves from bar to bar', from: -edge, to: edge, counts, curve };
  const rows = moves.largest
    .slice(0, JUMPS_SHOWN)
    .map(({ open_us, ticks, line }) => [
      chicagoText(open_us),
      (ticks * subject.tick).toLocaleString('en-US', { maximumFractionDigits: 2 }),
      Math.abs(ticks / sigma).toFixed(0),
      line.toLocaleString('en-US'),
    ]);
  return {
    title: 'Moves and jumps',
    lead: 'Moves from bar to bar in robust standard deviations; the height is the logarithm (base 10) of one more than their number. A market has fat tails.',
    body: html`${responsive((width, phone) => histogram(chart, { width, height: phone ? 170 : 220 }))}
    ${legend([
      { text: 'this file', tone: 'main' },
      { text: 'a normal distribution with the same middle', tone: 'second' },
    ])}
    ${rows.length === 0 ? null : table(['largest moves within sessions', 'points', 'sigmas', 'line'], rows, [1, 2, 3])}`,
  };
}
