import {
  EntryKind,
  ReasonCodeName,
  StrategyName,
  type BookConfig,
  type Frame,
  type Strategy,
} from '@bellwether/contracts';
import { tradeDateAt } from '@bellwether/market';
import { ResearchLog, type StartedRun } from '@bellwether/research';
import { dataLine } from '@bellwether/verdict';
import { variantOf } from '../backtest/backtest-run.js';
import { dailyNets } from '../backtest/daily-nets.js';
import {
  filePlan,
  measure,
  namesNoData,
  samplePlan,
  type DataOptions,
  type DataPlan,
} from '../data/data-plan.js';
import { researchFolder } from '../folders.js';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { SYNTHETIC_LINE } from '../replay/report.js';
import { ALL_STRATEGIES, ArmRun, REGIMES, armConfig } from '../strategies/arm-run.js';
import { adjustedPs, figuresOf, type ArmFigures } from '../strategies/arm-statistics.js';
import { renderClaim, renderFigures } from '../strategies/arm-tables.js';

export interface StrategiesReportOptions extends DataOptions {
  readonly seed: string;
  /** Folder of the research log. */
  readonly research?: string;
}

/** Reasons of an arm that are shown. */
const REASONS_SHOWN = 4;

/** Why each arm had no setup while the regime gate was open, and how often. */
class Refusals {
  readonly #counts = new Map<Strategy, Map<number, number>>();

  add(strategy: Strategy, frame: Frame | null): void {
    const reason = frame?.bandit?.refused.find((one) => one.strategy === strategy)?.reason;
    if (reason === undefined) return;
    const counts = this.#counts.get(strategy) ?? new Map<number, number>();
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
    this.#counts.set(strategy, counts);
  }

  render(): string {
    const rows = ALL_STRATEGIES.map((strategy) => {
      const counts = [...(this.#counts.get(strategy) ?? [])].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      const shown = counts.slice(0, REASONS_SHOWN).map(([reason, count]) => `${nameOf(reason)} ${count}`);
      return [StrategyName[strategy], shown.join(', ')];
    });
    return plainTable(['arm', 'why there was no setup, bars with an open gate'], rows);
  }
}

function nameOf(reason: number): string {
  return (ReasonCodeName as Readonly<Record<number, string>>)[reason]?.toLowerCase() ?? String(reason);
}

function figures(run: ArmRun, config: BookConfig, seed: string): readonly ArmFigures[] {
  return run.books.flatMap(({ strategy, trades }) => {
    const all = figuresOf(strategy, null, trades, config, seed);
    const parts = REGIMES.map((regime) => figuresOf(strategy, regime, trades, config, seed));
    return [all, ...parts.filter((one) => one.trades > 0)];
  });
}

interface ArmsRun {
  readonly run: ArmRun;
  /** Trade dates that were decided on. */
  readonly trade_dates: readonly number[];
}

async function runArms(plan: DataPlan, refusals: Refusals): Promise<ArmsRun> {
  const { config } = plan.settings;
  const run = new ArmRun(
    ALL_STRATEGIES.map((strategy) => ({ strategy, config: armConfig(config, strategy) })),
  );
  const total = plan.bars ?? (await measure(plan.inputs(null))).count;
  const progress = showProgress('inputs', total);
  let done = 0;
  const dates = new Set<number>();
  for await (const batch of plan.batches()) {
    for (const input of batch) {
      const frames = run.accept(input);
      if (input.bar !== null && input.kind === EntryKind.BAR) dates.add(tradeDateAt(input.bar.open_us));
      run.books.forEach(({ strategy }, i) => {
        refusals.add(strategy, frames[i] ?? null);
      });
      done += 1;
    }
    progress.update(Math.min(done, total));
  }
  progress.end();
  return { run, trade_dates: [...dates].sort((a, b) => a - b) };
}

/** Each arm alone is a trial of the workspace, as a backtest is; what a generator made is none, as it says nothing of a market. */
async function noted(plan: DataPlan, log: ResearchLog, work: () => Promise<ArmsRun>): Promise<ArmsRun> {
  if (plan.synthetic) return work();
  const { config } = plan.settings;
  const started: StartedRun[] = [];
  for (const strategy of ALL_STRATEGIES) {
    started.push(
      await log.started(variantOf(plan, [], { kind: 'arm', config: armConfig(config, strategy) })),
    );
  }
  const made = await work();
  for (const [i, { trades }] of made.run.books.entries()) {
    const { trade_dates } = made;
    await log.finished(started[i]!, {
      trade_dates: [...trade_dates],
      net_cents: [...dailyNets(trades, trade_dates)],
    });
  }
  return made;
}

/** `bw strategies report`: each arm alone over the same bars. The same data, book and seed give the same text. */
export async function strategiesReport(options: StrategiesReportOptions): Promise<void> {
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan(options);
  const refusals = new Refusals();
  const log = new ResearchLog({ folder: researchFolder(options.research ?? null) });
  const { run, trade_dates } = await noted(plan, log, () => runArms(plan, refusals));
  const rows = figures(run, plan.settings.config, options.seed);
  const ps = adjustedPs(rows, trade_dates, options.seed);
  const counted = plan.synthetic
    ? 'Bars of a generator: no trial was noted.'
    : `Noted as ${ALL_STRATEGIES.length} trials; this workspace has made ${(await log.history()).trials}.`;
  const lines = [
    ...(plan.synthetic ? [SYNTHETIC_LINE] : []),
    `Each arm alone over ${plan.title}: two contracts a trade, no limit of money, costs of the book.\n${dataLine(await plan.mark())}`,
    renderFigures(rows, ps),
    renderClaim(rows, ps),
    refusals.render(),
    `Intervals of mean R: bootstrap of 2,000 draws of whole days; of hits: Wilson. ${counted}`,
  ];
  process.stdout.write(`${lines.join('\n\n')}\n`);
}
