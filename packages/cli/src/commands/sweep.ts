import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { ResearchLog, variantId, type StartedRun } from '@bellwether/research';
import { dataLine } from '@bellwether/verdict';
import { variantOf } from '../backtest/backtest-run.js';
import { bookOf, readGrid, type GridPoint } from '../backtest/sweep-grid.js';
import { planOf, sweepResult, type SweepResult, type SweepTask } from '../backtest/sweep-task.js';
import { judgeSweep, sweepText, type SweptVariant } from '../backtest/sweep-verdict.js';
import { checkData, type DataOptions } from '../data/data-plan.js';
import { researchFolder } from '../folders.js';
import { showProgress } from '../progress.js';
import { whileRunning } from '../while-running.js';
import { ResultFile } from '../workers/result-file.js';
import { runInWorkers } from '../workers/worker-pool.js';

export interface SweepOptions extends DataOptions {
  readonly grid: string;
  readonly out: string;
  readonly jobs: number;
  readonly research?: string;
  readonly acceptVerdict?: boolean;
}

const WORKER = new URL('../backtest/sweep-worker.js', import.meta.url);
const INTERRUPTED_EXIT = 130;

interface Variant {
  readonly point: GridPoint;
  readonly data: DataOptions;
  readonly variant_id: string;
  readonly start: () => Promise<StartedRun>;
}

/** Each variant with a book file of its own, which `bw backtest --book` takes too. */
async function variantsOf(
  options: SweepOptions,
  folder: string,
  log: ResearchLog,
): Promise<readonly Variant[]> {
  const points = await readGrid(options.grid);
  const base = await planOf(options);
  const mark = await base.mark();
  process.stderr.write(`${dataLine(mark)}\n`);
  if (mark.result === 'refuse' && options.acceptVerdict !== true) {
    throw new BellwetherError('data_refused', `${dataLine(mark)}. A sweep over it would say nothing`);
  }
  await mkdir(path.join(folder, 'books'), { recursive: true });
  const variants: Variant[] = [];
  for (const [i, point] of points.entries()) {
    const book = path.join(folder, 'books', `${String(i + 1).padStart(4, '0')}.yaml`);
    // JSON is YAML.
    await writeFile(book, `${JSON.stringify(bookOf(base.bookFile, point), null, 2)}\n`);
    const data = { ...dataOf(options), book };
    const variant = variantOf(await planOf(data), []);
    variants.push({ point, data, variant_id: variantId(variant), start: () => log.started(variant) });
  }
  return variants;
}

function dataOf({ data, symbol, catalog, from, to, warmup }: SweepOptions): DataOptions {
  return {
    ...{ data, symbol, warmup },
    ...(catalog === undefined ? {} : { catalog }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** Runs what the file does not have yet. Every variant is noted as a trial before the first of them begins. */
async function runMissing(
  variants: readonly Variant[],
  file: ResultFile<SweepResult>,
  log: ResearchLog,
  { jobs }: SweepOptions,
): Promise<boolean> {
  const missing = variants.filter(({ variant_id }) => !file.results.has(variant_id));
  const started: StartedRun[] = [];
  for (const { start } of missing) started.push(await start());
  const progress = showProgress('variants', variants.length);
  let done = variants.length - missing.length;
  progress.update(done);
  const finished = await whileRunning(async (signal) => {
    await runInWorkers<SweepTask, SweepResult>({
      ...{ script: WORKER, tasks: missing.map(({ data }) => ({ data })), jobs, signal },
      onResult: async (result, index) => {
        const { trade_dates, net_cents } = result;
        await log.finished(started[index]!, { trade_dates, net_cents });
        await file.add(missing[index]!.variant_id, result);
        done += 1;
        progress.update(done);
      },
    });
    return !signal.aborted;
  });
  progress.end();
  return finished;
}

/** `bw sweep`: every variant of a grid, judged together. */
export async function sweep(options: SweepOptions): Promise<void> {
  checkData(options);
  const folder = path.resolve(options.out);
  const log = new ResearchLog({ folder: researchFolder(options.research ?? null) });
  const variants = await variantsOf(options, folder, log);
  const file = await ResultFile.open(path.join(folder, 'results.jsonl'), sweepResult);
  if (!(await runMissing(variants, file, log, options))) {
    process.stderr.write('Ended before the last variant; the same command goes on.\n');
    process.exitCode = INTERRUPTED_EXIT;
    return;
  }
  const swept: SweptVariant[] = variants.map(({ point, variant_id, data }) => ({
    ...{ point, variant_id, book: path.relative(process.cwd(), data.book ?? '') },
    result: file.results.get(variant_id) ?? null,
  }));
  const judged = judgeSweep(swept, await log.history());
  await writeFile(path.join(folder, 'sweep.json'), `${JSON.stringify(judged, null, 1)}\n`);
  process.stdout.write(`${sweepText(judged)}\n`);
}
