import { writeFileSync } from 'node:fs';
import { BellwetherError } from '@bellwether/contracts';
import { RegimeRun, regimeReport, type RegimeBar } from '@bellwether/training';
import { filePlan, namesNoData, samplePlan, type DataOptions, type DataPlan } from '../data/data-plan.js';
import { showProgress } from '../progress.js';
import { renderPage, renderPicture } from '../regime/report-page.js';
import { renderReport } from '../regime/report-text.js';
import { SYNTHETIC_LINE } from '../replay/report.js';

export interface RegimeReportOptions extends Omit<DataOptions, 'book' | 'warmup'> {
  readonly out?: string;
}

/** How often the progress is told. */
const TOLD_EVERY = 5_000;

async function barsOf(plan: DataPlan): Promise<readonly RegimeBar[]> {
  const run = new RegimeRun();
  const bars: RegimeBar[] = [];
  const progress = plan.bars === null ? null : showProgress('bars', plan.bars);
  let seen = 0;
  for await (const entry of plan.inputs(null)) {
    const bar = run.next(entry);
    if (bar !== null) bars.push(bar);
    if (entry.bar !== null && ++seen % TOLD_EVERY === 0) progress?.update(seen);
  }
  progress?.end();
  return bars;
}

function checkOut(out: string | undefined): void {
  if (out === undefined || out.endsWith('.html') || out.endsWith('.svg')) return;
  throw new BellwetherError('usage', `--out names a file that ends in .html or .svg, was ${out}`);
}

/** `bw regime report`: tables and a picture on standard output, and a page or a picture in a file. */
export async function regimeReportCommand(options: RegimeReportOptions): Promise<void> {
  checkOut(options.out);
  if (options.data.length > 1) {
    throw new BellwetherError('usage', 'The regime is reported of one series: name one --data');
  }
  // All bars of the file are history: the dates are cut in the report.
  const { from = 0, to = Infinity, out, ...whole } = options;
  const data: DataOptions = { ...whole, warmup: 0 };
  const plan = namesNoData(data) ? await samplePlan(data) : await filePlan(data);
  const report = regimeReport(await barsOf(plan), { from, to });
  if (report.time.bars === 0) {
    throw new BellwetherError('data_empty', `${plan.title}: There are no bars in these dates`);
  }
  const tables = [...(plan.synthetic ? [SYNTHETIC_LINE] : []), renderReport(report, plan.title)].join('\n\n');
  process.stdout.write(`${tables}\n`);
  if (out === undefined) return;
  const title = `${plan.synthetic ? 'SYNTHETIC DATA. ' : ''}Regime of ${plan.title}`;
  writeFileSync(out, out.endsWith('.svg') ? renderPicture(report, title) : renderPage(report, title, tables));
  process.stdout.write(`\nWritten: ${out}\n`);
}
