import type { Bar } from '@bellwether/contracts';
import { runBacktest } from '@bellwether/backtest';
import { RunCollector } from '@bellwether/cli';
import { noModels } from '@bellwether/host';
import { LINE } from '@bellwether/line';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { madeUp, streamedCase, type BenchCase } from '../cases.js';
import { table, whole } from '../figures.js';
import { rateCells, ratesOf, timed, type Rate, type Timing } from '../timing.js';
import { referenceTrades, type CrossTrade } from './crossover.js';
import { runCrossover } from './crossover-line.js';
import { grademarkBars, pineCandles, runGrademark, runPine, type PeerTrade } from './peers.js';

/** 254 sessions: 348,390 bars, a year. */
const SESSIONS = { full: 254, quick: 3 } as const;
const ROUNDS = { full: 3, quick: 1 } as const;

/** Seconds of processor time that all rules may take for a year of one-minute bars. */
const AIM_SECONDS = 5;

const MIB = 1024 * 1024;

interface WholeRun extends Timing {
  readonly digest: string;
  readonly frames: number;
  readonly trades: number;
}

/** Every rule, and the results of a backtest; bars are made as they are read. */
async function wholeRun(of: BenchCase): Promise<WholeRun> {
  const collector = new RunCollector();
  const done = { digest: '', frames: 0 };
  const timing = await timed(async () => {
    const { digest, frames } = await runBacktest({
      ...{ book: of.book, stages: LINE, infer: noModels, signal: new AbortController().signal },
      inputs: of.batches(),
      onFrame: (frame) => {
        collector.add(frame);
      },
    });
    Object.assign(done, { digest, frames });
  });
  return { ...done, ...timing, trades: collector.trades.trades.length };
}

async function making(of: BenchCase): Promise<Timing> {
  return timed(async () => {
    for await (const _batch of of.batches());
  });
}

const prices = (trades: readonly PeerTrade[]): string =>
  trades.map(({ entry_ticks, exit_ticks }) => `${entry_ticks}-${exit_ticks}`).join(' ');

function checkTrades(name: string, trades: readonly PeerTrade[], expected: readonly CrossTrade[]): void {
  check(trades.length > 0, `${name}: There are trades`);
  check(prices(trades) === prices(expected), `${name}: Its trades are those of the plain loop`);
}

/** Checks what each comes to, then measures them in turns over the same bars. */
async function compare(
  bars: readonly Bar[],
  rounds: number,
  progress: Progress,
): Promise<{ readonly rates: readonly Rate[]; readonly trades: number }> {
  progress('checks of the crossover');
  const expected = referenceTrades(bars);
  const rested = referenceTrades(bars, true);
  const forGrademark = grademarkBars(bars);
  const forPine = pineCandles(bars);
  const ours = await runCrossover(bars);
  check(JSON.stringify(ours.trades) === JSON.stringify(expected), 'bellwether: Trades and times of the loop');
  check((await runCrossover(bars)).digest === ours.digest, 'bellwether: Two runs come to one digest');
  checkTrades('grademark', runGrademark(forGrademark), rested);
  checkTrades('PineTS', await runPine(forPine), expected);
  const subjects = [
    { name: 'bellwether, line of one strategy', run: () => runCrossover(bars) },
    { name: 'PineTS strategy()', run: () => runPine(forPine) },
    { name: 'grademark', run: () => runGrademark(forGrademark) },
    { name: 'plain loop', run: () => referenceTrades(bars) },
  ];
  return { rates: await ratesOf(subjects, bars.length, rounds, progress), trades: expected.length };
}

function wholeLines(
  bars: number,
  inputs: Timing,
  runs: readonly WholeRun[],
  peak: number,
): readonly string[] {
  const row = (name: string, { cpu_ms, ms }: Timing): readonly string[] => [
    name,
    (cpu_ms / 1_000).toFixed(1),
    whole((1_000 * bars) / cpu_ms),
    ((1_000 * cpu_ms) / bars).toFixed(1),
    (ms / 1_000).toFixed(1),
  ];
  const aim = (AIM_SECONDS * bars) / (SESSIONS.full * 1_380);
  const best = Math.min(...runs.map(({ cpu_ms }) => cpu_ms / 1_000));
  return [
    `${whole(bars)} made-up bars, all rules on, ${runs[0]?.trades ?? 0} trades`,
    '',
    ...table(
      ['', 'CPU s', 'bars/CPU-s', 'µs/bar', 'wall s'],
      [row('making bars and entries', inputs), ...runs.map((run, i) => row(`run ${i + 1}`, run))],
    ),
    '',
    `aim ${aim.toFixed(1)} s on one core: ${best <= aim ? 'met' : `missed by ${(best / aim).toFixed(1)}`}; ` +
      `peak memory of this process so far ${whole(peak)} MiB`,
  ];
}

/** A year with all rules on, and one strategy beside other programs with the same bars. */
export async function backtestBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const sessions = SESSIONS[scale];
  progress('a year with all rules on');
  const of = streamedCase(sessions, 'backtest');
  const inputs = await making(of);
  const runs: WholeRun[] = [];
  for (let i = 0; i < 2; i++) runs.push(await wholeRun(of));
  const [first, second] = runs;
  check(first?.digest === second?.digest, 'Two runs with all rules come to one digest');
  check((first?.frames ?? 0) >= of.bars, 'Every bar is decided');
  const peak = (process.resourceUsage().maxRSS * 1_024) / MIB;
  if (scale === 'full') check((first?.trades ?? 0) > 0, 'There are trades');
  const bars = [...madeUp(sessions)];
  const { rates, trades } = await compare(bars, ROUNDS[scale], progress);
  return {
    title: 'A backtest, and one strategy beside other programs',
    checked: [
      'two runs with all rules come to the same digest; every bar is decided',
      `the ${trades} trades of the crossover are those of a plain loop: ours with their times and one digest in two runs, those of PineTS to the tick, those of grademark by a loop that rests on the bar of a fill as it does`,
    ],
    lines: [
      ...wholeLines(of.bars, inputs, runs, peak),
      '',
      `crossover of two averages over ${whole(bars.length)} bars in memory, ${whole(trades)} trades`,
      '',
      ...table(['', 'bars/s', 'best', 'bars/CPU-s'], rates.map(rateCells)),
    ],
    figures: { bars: of.bars, aim_seconds: AIM_SECONDS, inputs, runs, peak_mib: peak, rates, trades },
  };
}
