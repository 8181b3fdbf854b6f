import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { ResearchLog, variantId } from '@bellwether/research';
import { dataLine } from '@bellwether/verdict';
import { variantOf } from '../backtest/backtest-run.js';
import { bookOf, readGrid, type GridPoint } from '../backtest/sweep-grid.js';
import { runSweep, type SweepVariant } from '../backtest/sweep-run.js';
import { planOf, sweepResult, type SweepTask } from '../backtest/sweep-task.js';
import { judgeSweep, sweepText, type SweptVariant } from '../backtest/sweep-verdict.js';
import { checkData, type DataOptions } from '../data/data-plan.js';
import { researchFolder } from '../folders.js';
import { showProgress } from '../progress.js';
import { whileRunning } from '../while-running.js';
import { ResultFile } from '../workers/result-file.js';

export interface SweepOptions extends DataOptions {
  readonly grid: string;
  readonly out: string;
  readonly jobs: number;
  readonly research?: string;
  readonly acceptVerdict?: boolean;
}

const WORKER = new URL('../backtest/sweep-worker.js', import.meta.url);
const INTERRUPTED_EXIT = 130;

interface GridVariant extends SweepVariant<SweepTask> {
  readonly point: GridPoint;
}

/** Each variant with a book file of its own, which `bw backtest --book` takes too. */
async function variantsOf(options: SweepOptions, folder: string): Promise<readonly GridVariant[]> {
  const points = await readGrid(options.grid);
  const base = await planOf(options);
  const mark = await base.mark();
  process.stderr.write(`${dataLine(mark)}\n`);
  if (mark.result === 'refuse' && options.acceptVerdict !== true) {
    throw new BellwetherError('data_refused', `${dataLine(mark)}. A sweep over it would say nothing`);
  }
  await mkdir(path.join(folder, 'books'), { recursive: true });
  const variants: GridVariant[] = [];
  for (const [i, point] of points.entries()) {
    const book = path.join(folder, 'books', `${String(i + 1).padStart(4, '0')}.yaml`);
    // JSON is YAML.
    await writeFile(book, `${JSON.stringify(bookOf(base.bookFile, point), null, 2)}\n`);
    const data = { ...dataOf(options), book };
    variants.push({ point, variant: variantOf(await planOf(data), []), task: { data } });
  }
  return variants;
}

function dataOf({ data, symbol, catalog, from, to, warmup, events, lexicon }: SweepOptions): DataOptions {
  return {
    ...{ data, symbol, warmup },
    ...(catalog === undefined ? {} : { catalog }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(events === undefined ? {} : { events }),
    ...(lexicon === undefined ? {} : { lexicon }),
  };
}

/** `bw sweep`: every variant of a grid, judged together. */
export async function sweep(options: SweepOptions): Promise<void> {
  checkData(options);
  const folder = path.resolve(options.out);
  const log = new ResearchLog({ folder: researchFolder(options.research ?? null) });
  const variants = await variantsOf(options, folder);
  const file = await ResultFile.open(path.join(folder, 'results.jsonl'), sweepResult);
  const progress = showProgress('variants', variants.length);
  const onDone = (done: number): void => {
    progress.update(done);
  };
  const finished = await whileRunning(async (signal) => {
    await runSweep({ variants, file, log, script: WORKER, jobs: options.jobs, signal, onDone });
    return !signal.aborted;
  }).finally(() => {
    progress.end();
  });
  if (!finished) {
    process.stderr.write('Ended before the last variant; the same command goes on.\n');
    process.exitCode = INTERRUPTED_EXIT;
    return;
  }
  const swept: SweptVariant[] = variants.map(({ point, variant, task }) => {
    const variant_id = variantId(variant);
    const book = path.relative(process.cwd(), task.data.book ?? '');
    return { point, variant_id, book, result: file.results.get(variant_id) ?? null };
  });
  const judged = judgeSweep(swept, await log.history());
  await writeFile(path.join(folder, 'sweep.json'), `${JSON.stringify(judged, null, 1)}\n`);
  process.stdout.write(`${sweepText(judged)}\n`);
}
