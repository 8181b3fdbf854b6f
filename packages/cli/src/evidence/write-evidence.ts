import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BookConfig } from '@bellwether/contracts';
import {
  NO_EVIDENCE,
  isLearnedPart,
  modelsOf,
  settingsOf,
  withEvidence,
  type NewEvidence,
} from '@bellwether/evidence';
import { readEvidence } from '@bellwether/host';
import { stageVersions } from '@bellwether/line';
import type { AblationReport } from '../ablation/ablation-text.js';
import type { JudgedComparison } from '../ablation/judge.js';
import type { SweepResult } from '../backtest/sweep-task.js';
import type { DataPlan } from '../data/data-plan.js';

/** What an ablation found, and what it was made of. */
export interface FoundEvidence {
  readonly plan: DataPlan;
  /** With all parts. */
  readonly config: BookConfig;
  readonly report: AblationReport;
  /** By the name of the variant. */
  readonly results: ReadonlyMap<string, SweepResult>;
}

/**
 * The learned part or arm that a comparison says something of; null for others. The choice among arms is compared with chance, which is what
 * the gate puts in its place.
 */
export function subjectOf({ kind, part, arm }: JudgedComparison): string | null {
  if (kind === 'arm') return arm;
  if (kind === 'choice') return 'bandit';
  return kind === 'removed' && part !== null && part !== 'bandit' && isLearnedPart(part) ? part : null;
}

const usdOf = (cents: number | null): number | null => (cents === null ? null : Math.round(cents) / 100);

function dataOf({ plan, report, results }: FoundEvidence): NewEvidence['data'] {
  const dates = [...results.values()].flatMap(({ trade_dates }) => trade_dates);
  return {
    title: report.title,
    sources: plan.references().map(({ symbol, reference, sha256 }) => ({ symbol, reference, sha256 })),
    synthetic: report.synthetic,
    in_sample: report.in_sample.length > 0,
    verdict: report.mark.result,
    from: dates.length === 0 ? null : dates.reduce((a, b) => Math.min(a, b)),
    to: dates.length === 0 ? null : dates.reduce((a, b) => Math.max(a, b)),
  };
}

/** What each comparison says of a learned part or an arm. */
export function evidenceOf(found: FoundEvidence): readonly NewEvidence[] {
  const { plan, config, report } = found;
  const data = dataOf(found);
  const versions = stageVersions();
  const logic_versions = Object.fromEntries(
    versions.map(({ stage, logic_version }) => [stage, logic_version]),
  );
  const command = `bw ablate over ${plan.sources.join(', ')} with ${report.parts.join(', ')}; ${report.trials} variants ever run in the workspace`;
  return report.comparisons.flatMap((one): readonly NewEvidence[] => {
    const name = subjectOf(one);
    if (name === null) return [];
    const models = modelsOf(name, { promotions: plan.models.promotions, config });
    const settings = settingsOf(name, config);
    const made = { name, data, logic_versions, models, settings, parts: report.parts };
    const id = createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 16);
    return [
      {
        name,
        data,
        numbers: {
          mean_usd: usdOf(one.mean_cents),
          low_usd: usdOf(one.low_cents),
          high_usd: usdOf(one.high_cents),
          p: one.p,
          p_adjusted: one.p_adjusted,
          comparisons: report.comparisons.length,
          sessions: one.days,
          trades_with: one.trades[0],
          trades_without: one.trades[1],
        },
        run: { id, command, logic_versions, models: [...models], settings },
      },
    ];
  });
}

/** Writes what was found beside what is known; the file is whole at every moment. Gives a line for people. */
export async function writeEvidence(file: string, found: FoundEvidence): Promise<string> {
  const known = (await readEvidence(file)) ?? NO_EVIDENCE;
  const made = withEvidence(known, evidenceOf(found));
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(made, null, 1)}\n`);
  await rename(draft, file);
  const count = (status: string): number => made.entries.filter((one) => one.status === status).length;
  return `Evidence: ${count('proven')} proven, ${count('unproven')} unproven, ${count('rejected')} rejected, in ${file}. See bw evidence list.`;
}
