import {
  figureOf,
  missingFigure,
  reportStatistics,
  type Figure,
  type ReportStatistics,
} from '@bellwether/backtest-report';
import {
  alignedResults,
  effectiveTrialsOf,
  type ResearchHistory,
  type RunResult,
  type VariantHistory,
} from '@bellwether/research';
import { backtestOverfitting, realityCheck, sharpeRatio } from '@bellwether/statistics';
import { REPORT_SEED } from './report-builder.js';

/** Fewer blocks where the days do not fill the usual 16 twice. */
const BLOCKS = [16, 10, 6, 4] as const;

interface Judged {
  readonly history: ResearchHistory;
  /** The variant that is judged. Its result of a former run does not count: this one is put in its place. */
  readonly variant_id: string;
  readonly result: RunResult;
}

/** The history as it will be when this run is noted as finished. */
function withOwn({ history, variant_id, result }: Judged): readonly VariantHistory[] {
  return history.variants.map((one) => (one.variant_id === variant_id ? { ...one, result } : one));
}

/**
 * Variants of one kind on the same data can be compared day by day; others share no days, no market or, as the arms alone with
 * their own contracts, no account.
 */
function sameData(variants: readonly VariantHistory[], variant_id: string): readonly VariantHistory[] {
  const own = variants.find((one) => one.variant_id === variant_id);
  const data = JSON.stringify([...(own?.variant.data ?? [])].sort());
  return variants.filter(
    ({ variant }) => variant.kind === own?.variant.kind && JSON.stringify([...variant.data].sort()) === data,
  );
}

function overfitting(columns: readonly (readonly number[])[]): Figure {
  if (columns.length < 2) return missingFigure('one_variant');
  const days = columns[0]?.length ?? 0;
  const blocks = BLOCKS.find((one) => days >= 2 * one);
  if (blocks === undefined) return missingFigure('too_few');
  const made = backtestOverfitting(columns, blocks);
  return made.missing === null ? { value: made.value.pbo } : missingFigure(made.missing);
}

function reality(columns: readonly (readonly number[])[]): Figure {
  if (columns.length < 2) return missingFigure('one_variant');
  const made = realityCheck(columns, { seed: REPORT_SEED });
  return made.missing === null ? { value: made.value.p } : missingFigure(made.missing);
}

/** The statistics of a run among all variants of its workspace. */
export function judgedStatistics(judged: Judged): ReportStatistics {
  const { history, variant_id, result } = judged;
  const variants = withOwn(judged);
  const others = sameData(variants, variant_id);
  const { columns } = alignedResults(others);
  const lost = others.some((one) => one.result === null);
  const effective = effectiveTrialsOf({ ...history, variants: others });
  return reportStatistics({
    days: result.net_cents,
    seed: REPORT_SEED,
    trials: {
      count: history.trials,
      sharpes: variants.flatMap((one) => sharpeRatio(one.result?.net_cents ?? []).value ?? []),
      effective: effective.missing === null ? { value: effective.value.implied } : figureOf(effective),
      scope: 'every variant in the research log of this workspace; effective: those on the same data',
    },
    pbo: lost && columns.length < 2 ? missingFigure('results_lost') : overfitting(columns),
    reality_check_p: lost && columns.length < 2 ? missingFigure('results_lost') : reality(columns),
  });
}
