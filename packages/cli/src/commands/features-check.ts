import { BellwetherError } from '@bellwether/contracts';
import { stageProgram } from '@bellwether/features';
import { tradeDateAt } from '@bellwether/market';
import { filePlan, namesNoData, samplePlan, type DataOptions, type DataPlan } from '../data/data-plan.js';
import { BarColumns } from '../features/bar-columns.js';
import { checkFeatures } from '../features/check-program.js';
import { isPassed, renderCheck, verdictsOf } from '../features/check-tables.js';
import { showProgress, type Progress } from '../progress.js';
import { SYNTHETIC_LINE } from '../replay/report.js';

export interface FeaturesCheckOptions extends Omit<DataOptions, 'book' | 'warmup'> {
  readonly cuts: number;
  readonly asked: number;
}

/** What a shell is told where a feature looks ahead or is told too early. */
const FAILED_EXIT = 1;

/** The bars of the plan's one symbol, from a trade date to another. */
async function barsOf(plan: DataPlan, { from, to }: FeaturesCheckOptions): Promise<BarColumns> {
  const columns = new BarColumns();
  for await (const { bar } of plan.inputs(null)) {
    if (bar === null) continue;
    const date = tradeDateAt(bar.open_us);
    if (date >= (from ?? 0) && date <= (to ?? Infinity)) columns.push(bar);
  }
  return columns;
}

/** `bw features check`: tables on standard output; exit code 1 where a feature does not keep its promises. */
export async function featuresCheck(options: FeaturesCheckOptions): Promise<void> {
  if (options.data.length > 1) {
    throw new BellwetherError('usage', 'Features are checked on one series: name one --data');
  }
  // All bars of the file, none as warm-up: the dates are cut here.
  const { from: _from, to: _to, ...whole } = options;
  const data: DataOptions = { ...whole, warmup: 0 };
  const plan = namesNoData(data) ? await samplePlan(data) : await filePlan(data);
  const bars = await barsOf(plan, options);
  if (bars.length < 2) {
    throw new BellwetherError('data_empty', `${plan.title}: There are ${bars.length} bars in these dates`);
  }
  let progress: Progress | null = null;
  let done = 0;
  const check = checkFeatures(stageProgram(plan.settings.config), bars, options, {
    onTotal: (total) => {
      progress = showProgress('bars', total);
    },
    onBars: (count) => {
      done += count;
      progress?.update(done);
    },
  });
  (progress as Progress | null)?.end();
  const verdicts = verdictsOf(check);
  const lines = [
    ...(plan.synthetic ? [SYNTHETIC_LINE] : []),
    renderCheck(check, plan.title),
    isPassed(verdicts)
      ? 'Passed: no feature looks ahead, and none is told before it has settled.'
      : `FAILED: ${verdicts.filter((verdict) => verdict === 'looks ahead').length} features look ahead, ` +
        `${verdicts.filter((verdict) => verdict === 'unsettled').length} are told too early.`,
  ];
  process.stdout.write(`${lines.join('\n\n')}\n`);
  if (!isPassed(verdicts)) process.exitCode = FAILED_EXIT;
}
