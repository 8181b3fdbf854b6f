import { REASONS, type BookConfig } from '@bellwether/contracts';
import { FEATURES, stageProgram } from '@bellwether/features';
import { html, responsive, sparkHistogram, type Section } from '@bellwether/report';
import type { Subject } from '@bellwether/verdict';
import { BarColumns } from '../../features/bar-columns.js';
import { FeatureBins } from './feature-bins.js';
import type { RawColumns } from './raw-columns.js';

function short(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 0.01 || size >= 10_000) ? value.toExponential(1) : value.toFixed(2);
}

/** The bars as a book takes them; null where one is not on the grid. */
function bookBars(
  bars: RawColumns,
  subject: Subject,
  interval_us: number,
  hasVolume: boolean,
): BarColumns | null {
  const columns = new BarColumns();
  for (let i = 0; i < bars.length; i++) {
    const bar = bars.barAt(i, subject, interval_us, hasVolume);
    if (bar === null) return null;
    columns.push(bar);
  }
  return columns;
}

const TITLE = 'The 43 features';

/** The distributions of the features, by the stage that a book runs. */
export function featureSection(
  bars: RawColumns,
  subject: Subject,
  interval_us: number | null,
  hasVolume: boolean,
  config: BookConfig | null,
): Section {
  const taken =
    interval_us === null || config === null ? null : bookBars(bars, subject, interval_us, hasVolume);
  if (taken === null || config === null) {
    const why = 'Features are computed of futures, of bars of one or five minutes on the tick grid alone.';
    return { title: TITLE, body: html`<p>${why}</p>` };
  }
  const bins = FEATURES.map(() => new FeatureBins());
  stageProgram(config)(taken, (_place, vector) => {
    if (vector === null) return;
    vector.present_index.forEach((feature, i) => bins[feature]?.value(vector.present_value[i] ?? 0));
    vector.masked_index.forEach((feature, i) => bins[feature]?.miss(vector.masked_reason[i] ?? 0));
  });
  const cells = FEATURES.map((feature, i) => cellOf(feature.code, feature.name, bins[i]!, taken.length));
  return {
    title: TITLE,
    lead: 'As a book that decides on these bars would see them: how often each value came, from the 0.5th to the 99.5th percentile of the whole file; what lies outside is told below. What is missing has its reason.',
    body: html`<div class="small">${cells}</div>`,
  };
}

const share = (part: number): string => `${(100 * part).toFixed(1)} %`;

function cellOf(code: string, name: string, bins: FeatureBins, bars: number): ReturnType<typeof html> {
  const present = ((100 * bins.present) / Math.max(1, bars)).toFixed(0);
  const [reason] = [...bins.missing].sort((a, b) => b[1] - a[1]);
  const why = reason === undefined ? '' : `, else ${reasonName(reason[0])}`;
  const histogram = bins.histogram();
  if (histogram === null) {
    return html`<div>
      <h3>${code} ${name}</h3>
      <p>no value</p>
      <p>${present} % of bars${why}</p>
    </div>`;
  }
  const { from, to, counts, below, above } = histogram;
  return html`<div>
    <h3>${code} ${name}</h3>
    ${responsive((_width, phone) =>
      sparkHistogram(`${code} ${name}`, counts, { width: phone ? 150 : 200, height: 56 }),
    )}
    <p>
      ${short(from)} to ${short(to)}, ${share(below)} below, ${share(above)} above; ${present} % of bars${why}
    </p>
  </div>`;
}

function reasonName(reason: number): string {
  const entry = Object.entries(REASONS).find(([number]) => Number(number) === reason);
  return entry === undefined ? 'unknown' : entry[1].name;
}
