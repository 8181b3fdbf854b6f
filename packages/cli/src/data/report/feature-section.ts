import { REASONS, type BookConfig } from '@bellwether/contracts';
import { FEATURES, stageProgram } from '@bellwether/features';
import { html, responsive, sparkHistogram, type Section } from '@bellwether/report';
import type { Subject } from '@bellwether/verdict';
import { BarColumns } from '../../features/bar-columns.js';
import type { RawColumns } from './raw-columns.js';

const BINS = 30;
/** Values that the range of a histogram is taken from; later ones beyond it go into its last bins. */
const HEAD_VALUES = 4_000;

/** One feature's values in bounded memory. */
class FeatureBins {
  #head: number[] | null = [];
  readonly counts = new Array<number>(BINS).fill(0);
  readonly missing = new Map<number, number>();
  from = 0;
  to = 0;
  present = 0;

  value(value: number): void {
    this.present++;
    if (this.#head === null) this.#count(value);
    else if (this.#head.push(value) >= HEAD_VALUES) this.settle();
  }

  miss(reason: number): void {
    this.missing.set(reason, (this.missing.get(reason) ?? 0) + 1);
  }

  settle(): void {
    const head = this.#head;
    if (head === null) return;
    const sorted = [...head].sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    // Without the outermost values: one of them would press all others into one bin.
    this.from = at(0.005);
    this.to = at(0.995);
    this.#head = null;
    for (const value of head) this.#count(value);
  }

  #count(value: number): void {
    const width = this.to - this.from;
    const bin = width > 0 ? Math.floor(((value - this.from) / width) * BINS) : 0;
    this.counts[Math.max(0, Math.min(BINS - 1, bin))]!++;
  }
}

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
    lead: 'As a book that decides on these bars would see them: how often each value came, without the outermost half per cent on each side. What is missing has its reason.',
    body: html`<div class="small">${cells}</div>`,
  };
}

function cellOf(code: string, name: string, bins: FeatureBins, bars: number): ReturnType<typeof html> {
  bins.settle();
  const share = ((100 * bins.present) / Math.max(1, bars)).toFixed(0);
  const [reason] = [...bins.missing].sort((a, b) => b[1] - a[1]);
  const why = reason === undefined ? '' : `, else ${reasonName(reason[0])}`;
  const chart =
    bins.present === 0
      ? html`<p>no value</p>`
      : responsive((_width, phone) =>
          sparkHistogram(`${code} ${name}`, bins.counts, { width: phone ? 150 : 200, height: 56 }),
        );
  const range = bins.present === 0 ? '' : `${short(bins.from)} to ${short(bins.to)}, `;
  return html`<div>
    <h3>${code} ${name}</h3>
    ${chart}
    <p>${range}${share} % of bars${why}</p>
  </div>`;
}

function reasonName(reason: number): string {
  const entry = Object.entries(REASONS).find(([number]) => Number(number) === reason);
  return entry === undefined ? 'unknown' : entry[1].name;
}
