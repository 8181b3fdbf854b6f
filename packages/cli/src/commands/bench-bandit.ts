import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { publishedSetOf, svgChart } from '@bellwether/bandit-bench';
import { BellwetherError } from '@bellwether/contracts';
import { playAll, type BenchPlan } from '../bandit/bench-tasks.js';
import {
  chartOf,
  curvesOf,
  publishedText,
  publishedWheel,
  regretTable,
  spreadOf,
  standing,
  type Results,
} from '../bandit/bench-text.js';
import { tableOf } from '../bandit/table-file.js';

export interface BenchBanditOptions {
  readonly csv?: string;
  readonly wheel?: number;
  /** False by `--no-header`. */
  readonly header: boolean;
  readonly class: 'first' | 'last';
  readonly seeds: number;
  readonly rounds?: number;
  readonly alpha?: number;
  readonly ridge: number;
  readonly jobs: number;
  readonly svg?: string;
  readonly json?: string;
}

const TABLE_ROUNDS = 10_000;
const WHEEL_ROUNDS = 20_000;
/** Weight of the uncertainty; on the wheel a reward of 5 waits where nothing says so. */
const TABLE_ALPHA = 0.15;
const WHEEL_ALPHA = 3;

/** `bw bench bandit`: the policies on a classification table or the wheel. */
export async function benchBandit(options: BenchBanditOptions): Promise<void> {
  const { csv, wheel } = options;
  if ((csv === undefined) === (wheel === undefined)) {
    throw new BellwetherError('usage', 'Expected either --csv <file> or --wheel <delta>');
  }
  await (csv === undefined ? onWheel(wheel ?? NaN, options) : onTable(csv, options));
}

async function onTable(file: string, options: BenchBanditOptions): Promise<void> {
  const source = { file, header: options.header, classAt: options.class };
  const table = await tableOf(source);
  const { rows, columns, classNames } = table;
  const numbers = columns.filter(({ kind }) => kind === 'numeric').length;
  const plan: BenchPlan = { ...planOf(options, TABLE_ROUNDS, TABLE_ALPHA), source };
  const rounds = Math.min(plan.rounds, rows);
  const name = path.basename(file);
  say(
    `${name}: ${rows} rows, ${numbers} columns of numbers, ${columns.length - numbers} of categories, ${classNames.length} classes\n` +
      `${settingsText(plan, rounds)}\n`,
  );
  const results = await playAll(plan);
  say(`\n${regretTable(results)}\n\nNeural-Linear UCB\n${standing(results)}\n`);
  say(`\n${publishedText(publishedSetOf(table), results)}\n\n${chartOf(results, rounds)}\n`);
  await keep(options, name, rounds, results);
}

async function onWheel(delta: number, options: BenchBanditOptions): Promise<void> {
  const plan: BenchPlan = { ...planOf(options, WHEEL_ROUNDS, WHEEL_ALPHA), source: { delta } };
  const name = `wheel, delta ${delta}`;
  say(`${name}: 5 arms; regret of expected rewards, in tens\n${settingsText(plan, plan.rounds)}\n`);
  const results = await playAll(plan);
  say(`\n${regretTable(results)}\n\nNeural-Linear UCB\n${standing(results)}\n`);
  say(`\n${publishedWheel(delta)}\n\n${chartOf(results, plan.rounds)}\n`);
  await keep(options, name, plan.rounds, results);
}

function planOf(options: BenchBanditOptions, rounds: number, alpha: number): Omit<BenchPlan, 'source'> {
  const { seeds, ridge, jobs } = options;
  return { seeds, ridge, jobs, rounds: options.rounds ?? rounds, alpha: options.alpha ?? alpha };
}

function settingsText({ seeds, alpha, ridge }: BenchPlan, rounds: number): string {
  return `${rounds} rounds, ${seeds} seeds; alpha ${alpha}, ridge ${ridge}; nothing is known of a row before its round`;
}

async function keep(
  { svg, json }: BenchBanditOptions,
  name: string,
  rounds: number,
  results: Results,
): Promise<void> {
  if (svg !== undefined) await write(svg, svgChart(name, curvesOf(results), rounds));
  if (json === undefined) return;
  const policies = [...results].map(([policy, played]) => ({
    ...{ policy, ...spreadOf(played) },
    regrets: played.map(({ regret }) => regret),
    curves: played.map(({ curve }) => curve),
  }));
  await write(json, `${JSON.stringify({ name, rounds, policies }, null, 2)}\n`);
}

async function write(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (cause) {
    throw new BellwetherError('usage', `${file} cannot be written: ${String(cause)}`, [], { cause });
  }
}

function say(what: string): void {
  process.stdout.write(what);
}
