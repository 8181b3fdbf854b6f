import {
  countTrials,
  effectiveTrials,
  type EffectiveTrials,
  type Measure,
  type TrialCounts,
  type Variant,
} from '@bellwether/statistics';
import type { RunResult } from './record.js';
import type { ScannedLog } from './scan.js';

/** One variant, and what its last finished run came to. */
export interface VariantHistory {
  readonly variant_id: string;
  readonly variant: Variant;
  readonly runs: number;
  readonly first_us: number;
  readonly last_us: number;
  /** Null where no run of it has finished. */
  readonly result: RunResult | null;
}

export interface ResearchHistory {
  readonly counts: TrialCounts;
  /** Numbers of lines that were torn or changed. */
  readonly unreadable: readonly number[];
  /** The N to deflate by: distinct variants, and one for each line that nobody can read any more. */
  readonly trials: number;
  /** In the order of their first run. */
  readonly variants: readonly VariantHistory[];
}

/** What the records of a log add up to. */
export function historyOf({ records, unreadable }: ScannedLog): ResearchHistory {
  const variants = new Map<string, { -readonly [K in keyof VariantHistory]: VariantHistory[K] }>();
  const started: Variant[] = [];
  for (const record of records) {
    const known = variants.get(record.variant_id);
    if (record.event === 'started') {
      started.push(record.variant);
      if (known !== undefined) known.runs += 1;
      else {
        const { variant_id, variant, at_us } = record;
        variants.set(variant_id, {
          variant_id,
          variant,
          runs: 1,
          first_us: at_us,
          last_us: at_us,
          result: null,
        });
      }
    } else if (known !== undefined) known.result = record.result;
    const touched = variants.get(record.variant_id);
    if (touched !== undefined) touched.last_us = Math.max(touched.last_us, record.at_us);
  }
  const counts = countTrials(started);
  return {
    counts,
    unreadable,
    trials: counts.variants + unreadable.length,
    variants: [...variants.values()],
  };
}

/**
 * Daily results of the finished variants over the trade dates that all of them have, one column each, for the tests of many
 * and the effective number of trials. In cents.
 */
export function alignedResults(variants: readonly VariantHistory[]): {
  readonly trade_dates: readonly number[];
  readonly columns: readonly (readonly number[])[];
} {
  const results = variants.flatMap(({ result }) => (result === null ? [] : [result]));
  const byDate = results.map(
    ({ trade_dates, net_cents }) => new Map(trade_dates.map((date, i) => [date, net_cents[i] ?? 0])),
  );
  const [first] = results;
  const trade_dates = (first?.trade_dates ?? []).filter((date) => byDate.every((days) => days.has(date)));
  return { trade_dates, columns: byDate.map((days) => trade_dates.map((date) => days.get(date) ?? 0)) };
}

/** How many independent trials the finished variants come to, over the trade dates that they share. */
export function effectiveTrialsOf(history: ResearchHistory): Measure<EffectiveTrials> {
  return effectiveTrials(alignedResults(history.variants).columns);
}
