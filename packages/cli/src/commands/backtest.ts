import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ResearchLog } from '@bellwether/research';
import { reportPage, reportText } from '@bellwether/backtest-report';
import { backtestPlan } from '../backtest/backtest-run.js';
import { backtestText } from '../backtest/backtest-text.js';
import type { RunCollector } from '../backtest/run-collector.js';
import { RunTables } from '../backtest/run-tables.js';
import type { VariantParameter, WalkForwardFold } from '@bellwether/statistics';
import { WALK_FORWARD, walkedPlan } from '../backtest/walk-forward-models.js';
import {
  checkData,
  filePlan,
  namesNoData,
  samplePlan,
  type DataOptions,
  type DataPlan,
} from '../data/data-plan.js';
import { backtestFolder, researchFolder } from '../folders.js';
import { showProgress } from '../progress.js';
import { checkCuts } from '../backtest/cut-check.js';
import { whileRunning } from '../while-running.js';

export interface BacktestCommandOptions extends DataOptions {
  readonly out?: string;
  readonly json?: boolean;
  readonly train?: number;
  readonly validate?: number;
  readonly test?: number;
  readonly embargo: number;
  readonly target?: number;
  readonly acceptVerdict?: boolean;
  readonly allowOverlap?: boolean;
  readonly research?: string;
  readonly check?: boolean;
  readonly cuts: number;
  readonly seed: string;
}

/** Frames between two looks at the progress. */
const PROGRESS_EVERY = 256;
/** What a shell gives a program that Ctrl-C has ended. */
const INTERRUPTED_EXIT = 130;

/** `bw backtest`: the report in a folder, what may be said of it on standard output. */
export async function backtest(options: BacktestCommandOptions): Promise<void> {
  checkData(options);
  const { plan, folds } = await planned(options);
  if (options.check === true) return checkCuts(plan, options);
  const folder = path.resolve(options.out ?? backtestFolder(plan.book));
  await mkdir(folder, { recursive: true });
  const tables = await RunTables.open(folder);
  const total = plan.bars ?? plan.references().reduce((sum, { rows }) => sum + rows, 0);
  const progress = showProgress('decisions', total);
  let done = 0;
  const started = performance.now();
  const outcome = await whileRunning((signal) =>
    backtestPlan({
      ...{ plan, walk: options, signal, parameters: folds === null ? [] : walkedParameters(options) },
      ...(folds === null ? {} : { folds }),
      target_cents: options.target === undefined ? null : Math.round(100 * options.target),
      acceptVerdict: options.acceptVerdict === true,
      allowOverlap: options.allowOverlap === true,
      log: new ResearchLog({ folder: researchFolder(options.research ?? null) }),
      onFrame: (frame) => {
        done += 1;
        if (done % PROGRESS_EVERY === 0) progress.update(Math.min(done, total));
        return tables.add(frame) ?? undefined;
      },
    }),
  ).finally(() => {
    progress.end();
  });
  if (outcome === null) {
    await tables.discard();
    process.stderr.write('Ended before the last decision; no report was written.\n');
    process.exitCode = INTERRUPTED_EXIT;
    return;
  }
  const { report, mark, run } = outcome;
  await tables.close(report);
  const json = reportText(report);
  await writeFile(path.join(folder, 'report.json'), json);
  await writeFile(path.join(folder, 'report.html'), reportPage(report));
  const seconds = (performance.now() - started) / 1_000;
  if (options.json === true) process.stdout.write(json);
  else {
    const where = path.relative(process.cwd(), folder);
    process.stdout.write(
      `${backtestText(report, mark, [...gapNotes(run), `report.html, report.json and Parquet files in ${where}`])}\n`,
    );
  }
  const rss = process.resourceUsage().maxRSS;
  process.stderr.write(
    `${seconds.toFixed(1)} s, ${Math.round(report.run.bars / seconds).toLocaleString('en-US')} bars/s with all runs, ` +
      `peak memory ${Math.round(rss / 1_024)} MiB\n`,
  );
}

/** The data and the book, and the folds where models are trained before each. */
async function planned(
  options: BacktestCommandOptions,
): Promise<{ readonly plan: DataPlan; readonly folds: readonly WalkForwardFold[] | null }> {
  if (options.models !== WALK_FORWARD) {
    return { plan: namesNoData(options) ? await samplePlan(options) : await filePlan(options), folds: null };
  }
  const place = path.resolve(options.out ?? backtestFolder(WALK_FORWARD), 'models');
  return walkedPlan(options, options, place);
}

/** Another schedule trains other models: it is another trial. */
const walkedParameters = ({
  train = 0,
  test = 0,
  validate = 0,
  embargo,
}: BacktestCommandOptions): VariantParameter[] => [
  { name: 'models', value: `${WALK_FORWARD} ${train} ${validate} ${test} ${embargo}` },
];

/** Where bars are missing, nobody can close: the position goes on to the first bar behind the hole. */
function gapNotes(run: RunCollector): readonly string[] {
  const held = run.days.days().filter(({ open_positions }) => open_positions > 0);
  if (held.length === 0) return [];
  const dates = held.map(({ trade_date }) => trade_date).join(', ');
  return [`NOT FLAT at the end of ${held.length} trade date(s), where bars are missing: ${dates}`];
}
