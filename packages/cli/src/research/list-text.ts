import {
  expectedMaximumSharpe,
  sharpeRatio,
  type Measure,
  type VariantParameter,
} from '@bellwether/statistics';
import { effectiveTrialsOf, type ResearchHistory, type VariantHistory } from '@bellwether/research';
import { plainTable } from '../plain-table.js';
import { money } from '../replay/report.js';

const ID_SHOWN = 12;

/** Variants of a research log with what they came to, and how many trials they are. */
export function renderResearch(history: ResearchHistory): string {
  const { counts, variants, unreadable, trials } = history;
  if (variants.length === 0 && unreadable.length === 0) return 'No variant was run in this workspace yet.';
  const table = plainTable(
    ['variant', 'kind', 'parameters', 'data', 'runs', 'last run', 'days', 'net', 'Sharpe a day'],
    variants.map(rowOf),
    [4, 6, 7, 8],
  );
  const lines = [
    `${counts.runs} runs of ${counts.variants} variants (${counts.configurations} without telling data apart)`,
    ...(unreadable.length === 0
      ? []
      : [
          `${unreadable.length} lines are torn or changed and count as one trial each: ${unreadable.join(', ')}`,
        ]),
    `Trials to deflate a Sharpe ratio by: ${trials}`,
    effectiveText(history),
    thresholdText(history),
  ];
  return `${table}\n\n${lines.join('\n')}`;
}

function rowOf({ variant_id, variant, runs, last_us, result }: VariantHistory): readonly (string | number)[] {
  const net = result?.net_cents.reduce((sum, cents) => sum + cents, 0);
  return [
    variant_id.slice(0, ID_SHOWN),
    variant.kind,
    variant.parameters.map(parameterText).join(' ') || '-',
    variant.data.join(' ') || '-',
    runs,
    new Date(last_us / 1_000).toISOString().slice(0, 16),
    result?.net_cents.length ?? 'no result',
    net === undefined ? '-' : money(net),
    result === null ? '-' : measureText(sharpeRatio(result.net_cents), 4),
  ];
}

function parameterText({ name, value }: VariantParameter): string {
  return `${name}=${value}`;
}

function measureText(measure: Measure, digits: number): string {
  return measure.value?.toFixed(digits) ?? measure.missing ?? '';
}

function effectiveText(history: ResearchHistory): string {
  const effective = effectiveTrialsOf(history);
  if (effective.missing !== null) return `Independent trials among the finished ones: ${effective.missing}`;
  const { clusters, implied, variants } = effective.value;
  return (
    `Independent trials among the ${variants} finished ones: ${clusters.length} clusters, ` +
    `${implied.toFixed(1)} by their mean correlation`
  );
}

/** What the best of so many variants would show without any edge. */
function thresholdText({ trials, variants }: ResearchHistory): string {
  const sharpes = variants.flatMap(({ result }) => {
    const sharpe = result === null ? null : sharpeRatio(result.net_cents).value;
    return sharpe === null ? [] : [sharpe];
  });
  if (sharpes.length < 2) return 'Best Sharpe ratio a day that chance alone would show: too_few';
  const mean = sharpes.reduce((sum, value) => sum + value, 0) / sharpes.length;
  const variance = sharpes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sharpes.length - 1);
  const expected = measureText(expectedMaximumSharpe({ count: trials, variance }), 4);
  return `Best Sharpe ratio a day that chance alone would show: ${expected}`;
}
