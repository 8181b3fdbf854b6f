import { backtestOverfitting, deflatedSharpeOf, realityCheck, sharpeRatio } from '@bellwether/statistics';
import type { ResearchHistory } from '@bellwether/research';
import { plainTable } from '../plain-table.js';
import { money } from '../replay/report.js';
import { pointText, type GridPoint } from './sweep-grid.js';
import type { SweepResult } from './sweep-task.js';

export interface SweptVariant {
  readonly point: GridPoint;
  readonly variant_id: string;
  /** File of its book. */
  readonly book: string;
  readonly result: SweepResult | null;
}

export interface JudgedVariant {
  readonly settings: string;
  readonly variant_id: string;
  readonly book: string;
  readonly trades: number;
  readonly net_cents: number;
  /** A day; null where it has none. */
  readonly sharpe: number | null;
  /** Deflated by every trial of the workspace; null where it is missing. */
  readonly deflated: number | null;
}

export interface JudgedSweep {
  /** The best Sharpe ratio first. */
  readonly variants: readonly JudgedVariant[];
  /** Every variant ever run in the workspace, these among them. */
  readonly trials: number;
  readonly pbo: number | null;
  readonly reality_check_p: number | null;
  readonly sentence: string;
}

const DSR_MIN = 0.95;
const PBO_MAX = 0.2;
const P_MAX = 0.05;
const BLOCKS = [16, 10, 6, 4] as const;
const SEED = 'sweep';
const ROWS_SHOWN = 20;

/** What a sweep came to. The best of many looks good by chance, so all three bounds have to hold (learning.md 7). */
export function judgeSweep(swept: readonly SweptVariant[], history: ResearchHistory): JudgedSweep {
  const trialSharpes = history.variants.flatMap(
    ({ result }) => sharpeRatio(result?.net_cents ?? []).value ?? [],
  );
  const variants = swept.flatMap(({ point, variant_id, book, result }) => {
    if (result === null) return [];
    const { net_cents, trades } = result;
    const judged: JudgedVariant = {
      ...{ settings: pointText(point), variant_id, book, trades },
      net_cents: net_cents.reduce((sum, net) => sum + net, 0),
      sharpe: sharpeRatio(net_cents).value,
      deflated: deflatedSharpeOf(net_cents, trialSharpes, history.trials).value?.probability ?? null,
    };
    return [judged];
  });
  const sorted = [...variants].sort((a, b) => (b.sharpe ?? -Infinity) - (a.sharpe ?? -Infinity));
  const columns = swept.flatMap(({ result }) => (result === null ? [] : [result.net_cents]));
  const days = columns[0]?.length ?? 0;
  const blocks = BLOCKS.find((one) => days >= 2 * one);
  const pbo = blocks === undefined ? null : (backtestOverfitting(columns, blocks).value?.pbo ?? null);
  const p = realityCheck(columns, { seed: SEED }).value?.p ?? null;
  const figures = { trials: history.trials, pbo, reality_check_p: p };
  return { variants: sorted, ...figures, sentence: sentenceOf(sorted[0] ?? null, figures) };
}

function sentenceOf(
  best: JudgedVariant | null,
  { trials, pbo, reality_check_p: p }: Pick<JudgedSweep, 'trials' | 'pbo' | 'reality_check_p'>,
): string {
  const shown = (value: number | null): string => (value === null ? 'missing' : value.toFixed(3));
  const figures = `deflated Sharpe ${shown(best?.deflated ?? null)} after ${trials} trials, probability of overfitting ${shown(pbo)}, reality check p ${shown(p)}`;
  const holds =
    best?.deflated !== undefined &&
    best.deflated !== null &&
    best.deflated >= DSR_MIN &&
    pbo !== null &&
    pbo <= PBO_MAX &&
    p !== null &&
    p < P_MAX;
  return holds
    ? `The best variant passes all three bounds: ${figures}. Test it once on data that no variant has seen.`
    : `No evidence of an edge: of the best variant, ${figures} (bounds ${DSR_MIN}, ${PBO_MAX}, ${P_MAX}).`;
}

export function sweepText({ variants, sentence }: JudgedSweep): string {
  const fixed = (value: number | null): string => (value === null ? 'missing' : value.toFixed(3));
  const rows = variants
    .slice(0, ROWS_SHOWN)
    .map(({ settings, trades, net_cents, sharpe, deflated, book }) => [
      ...[settings, trades, money(net_cents), fixed(sharpe), fixed(deflated), book],
    ]);
  const head = ['settings', 'trades', 'net', 'Sharpe a day', 'deflated', 'book'];
  const more = variants.length > ROWS_SHOWN ? [`and ${variants.length - ROWS_SHOWN} more in sweep.json`] : [];
  return [sentence, '', plainTable(head, rows, [1, 2, 3, 4]), ...more].join('\n');
}
