import { LINE } from '@bellwether/line';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { lineCases, type BenchCase } from '../cases.js';
import { median, table, whole } from '../figures.js';
import { checkGoldenDays } from './golden-days.js';
import { AuditSink } from './audit-sink.js';
import { measureLayers, type LayerCost } from './layers.js';
import { runLine, type LineRun } from './line-run.js';

/** Bars a second that are aimed at, without and with the audit log. */
const AIM = { off: 100_000, on: 50_000 } as const;

interface Speeds {
  readonly audit: 'off' | 'on';
  readonly bars_per_s: number;
  readonly best: number;
  readonly worst: number;
  /** Bars in a second of processor time: what other work on the machine disturbs less. */
  readonly bars_per_cpu_s: number;
}

function speedsOf(audit: 'off' | 'on', bars: number, runs: readonly LineRun[]): Speeds {
  const rates = runs.map(({ ms }) => (1_000 * bars) / ms);
  return {
    audit,
    bars_per_s: median(rates),
    best: Math.max(...rates),
    worst: Math.min(...rates),
    bars_per_cpu_s: median(runs.map(({ cpu_ms }) => (1_000 * bars) / cpu_ms)),
  };
}

interface CaseResult {
  readonly name: string;
  readonly bars: number;
  readonly frames: number;
  readonly digest: string;
  readonly speeds: readonly Speeds[];
  readonly layers: readonly LayerCost[];
}

async function audited(of: BenchCase): Promise<LineRun> {
  const sink = await AuditSink.open(of.book);
  try {
    const run = await runLine(of, sink);
    const { ok, frames } = await sink.verify(true);
    check(ok && frames === run.frames, `${of.name}: The audit log holds every decision`);
    return run;
  } finally {
    await sink.remove();
  }
}

async function measureCase(of: BenchCase, rounds: number, progress: Progress): Promise<CaseResult> {
  const first = await runLine(of, null);
  check(first.frames >= of.bars, `${of.name}: Every bar is decided`);
  await audited(of);
  const off: LineRun[] = [];
  const on: LineRun[] = [];
  for (let round = 1; round <= rounds; round++) {
    progress(`${of.name}, round ${round} of ${rounds}`);
    off.push(await runLine(of, null));
    on.push(await audited(of));
  }
  for (const { digest } of [...off, ...on]) {
    check(digest === first.digest, `${of.name}: Each run comes to the same digest`);
  }
  progress(`${of.name}, layers`);
  const layers = await measureLayers(of, Math.max(2, rounds));
  const { frames, digest } = first;
  const speeds = [speedsOf('off', of.bars, off), speedsOf('on', of.bars, on)];
  return { name: of.name, bars: of.bars, frames, digest, speeds, layers };
}

function caseLines({ name, bars, frames, speeds, layers }: CaseResult): readonly string[] {
  const rows = speeds.map((of) => [
    of.audit,
    whole(of.bars_per_s),
    whole(of.worst),
    whole(of.best),
    whole(of.bars_per_cpu_s),
    whole(AIM[of.audit]),
  ]);
  const [off] = speeds;
  const us = off === undefined ? NaN : 1e6 / off.best;
  const own = layers.filter(({ layer }) => !layer.startsWith('audit'));
  const sum = own.reduce((total, { us_per_bar }) => total + us_per_bar, 0);
  const cost = (layer: string, value: number): string[] => [
    layer,
    value.toFixed(2),
    `${((100 * value) / us).toFixed(0)} %`,
  ];
  return [
    `${name}: ${whole(bars)} bars, ${whole(frames)} decisions`,
    '',
    ...table(['audit', 'bars/s', 'worst', 'best', 'bars/CPU-s', 'aim'], rows),
    '',
    ...table(
      ['layer', 'µs/bar', 'of the whole'],
      [
        ...layers.map(({ layer, us_per_bar }) => cost(layer, us_per_bar)),
        cost('sum of the layers', sum),
        cost('the whole, best run without audit', us),
      ],
    ),
  ];
}

/** Bars a second of the whole line in this process, without and with the audit log, and what each layer costs. */
export async function lineBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const rounds = scale === 'full' ? 5 : 1;
  progress('recorded days');
  const days = checkGoldenDays(LINE);
  const cases = await lineCases(scale);
  const results: CaseResult[] = [];
  for (const of of cases) results.push(await measureCase(of, rounds, progress));
  return {
    title: 'The whole line in one process',
    checked: [
      `${days} recorded days come to the digests in test/golden`,
      'every run of a case, with and without audit, comes to the same digest; the layers one by one too',
      'every audit log verifies, and every frame in it decodes',
    ],
    lines: results.flatMap((result, i) => (i === 0 ? caseLines(result) : ['', ...caseLines(result)])),
    figures: { aim: AIM, rounds, cases: results },
  };
}
