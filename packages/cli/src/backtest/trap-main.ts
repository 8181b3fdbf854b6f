import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { judgeFile } from '@bellwether/catalog';
import { BellwetherError } from '@bellwether/contracts';
import { exitCodeOf } from '@bellwether/host';
import { ResearchLog } from '@bellwether/research';
import { INVENTED_ES, inventedBars, type InventedOptions } from '@bellwether/testkit';
import { filePlan } from '../data/data-plan.js';
import { plainTable } from '../plain-table.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { backtestPlan } from './backtest-run.js';
import { trapAnswers, type TrapAnswer } from './trap-worlds.js';

interface Options {
  readonly walks: number;
  readonly sessions: number;
}

/** Every fault of the original that a look at single rows would find is mended; what is left is the walk itself. */
const MENDED = { on_grid: true, whole_minutes: true, in_sessions: true } as const;
/** 23 hours. */
const SESSION_BARS = 1_380;

const usd = (value: number): string => `${Math.round(value).toLocaleString('en-US')} USD`;

async function written(folder: string, name: string, options: InventedOptions): Promise<string> {
  const rows = ['ts,open,high,low,close,volume'];
  for (const { open_us, open, high, low, close, volume } of inventedBars(options)) {
    rows.push(`${new Date(open_us / 1_000).toISOString()},${open},${high},${low},${close},${volume}`);
  }
  const file = path.join(folder, name);
  await writeFile(file, `${rows.join('\n')}\n`);
  return file;
}

function ownAccounting(walks: number): string {
  const cell = ({ net_usd, trades, wins, open_max }: TrapAnswer['files'][number]): string =>
    `${usd(net_usd)} (${trades}, ${((100 * wins) / trades).toFixed(0)} %, ${open_max})`;
  const rows = trapAnswers(walks).map(({ name, files, walks: many }) => [
    ...[name, ...files.map(cell), usd(files.reduce((sum, { net_usd }) => sum + net_usd, 0))],
    ...[usd(many.mean_usd), many.t.toFixed(1), `${many.gained} of ${walks}`],
  ]);
  const head = [
    ...['the rule with', 'ES file (trades, winners, open at once)', 'NQ file', 'both'],
    ...[`mean of ${walks} ES walks`, 't', 'walks that gain'],
  ];
  return plainTable(head, rows, [1, 2, 3, 4, 5, 6]);
}

async function judged(file: string): Promise<string> {
  const options = { symbol: 'ES', contract: null, origin: 'market', trustTimes: false } as const;
  const { result, findings } = (await judgeFile({ file, ...options })).result();
  const codes = findings.filter(({ level }) => level === result).map(({ code }) => code);
  return `${result} (${codes.join(', ')})`;
}

/** What `bw backtest` does with a file: its exit code and what it says, or the report where it is forced. */
async function tested(file: string, folder: string, acceptVerdict: boolean): Promise<string> {
  const plan = await filePlan({ data: [file], symbol: ['ES'], warmup: 60 });
  const outcome = await backtestPlan({
    ...{ plan, walk: { embargo: 1 }, target_cents: null, acceptVerdict, parameters: [] },
    log: new ResearchLog({ folder: path.join(folder, 'research') }),
    signal: new AbortController().signal,
  });
  if (outcome === null) return 'ended';
  const { verdict, trades_total, costs, statistics } = outcome.report;
  const ratio = 'value' in statistics.dsr ? statistics.dsr.value.toFixed(3) : 'missing';
  return [
    verdict.sentence,
    `${trades_total} trades, net ${usd(costs.net_cents / 100)}, deflated Sharpe ${ratio}`,
    ...verdict.against.map(({ text }) => `  against: ${text}`),
  ].join('\n');
}

async function answer(run: Promise<string>): Promise<string> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof BellwetherError) return `exit code ${exitCodeOf(error)}: ${error.message}`;
    throw error;
  }
}

async function run({ walks, sessions }: Options): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bw trap '));
  try {
    const own = await written(folder, 'as-made.csv', INVENTED_ES);
    const mended = await written(folder, 'mended.csv', { ...INVENTED_ES, ...MENDED });
    const rows = sessions * SESSION_BARS;
    const long = await written(folder, 'mended-long.csv', { ...INVENTED_ES, ...MENDED, rows });
    const lines = [
      `A walk that nothing drives, and the rule of the original, by its own accounting and by others:\n\n${ownAccounting(walks)}`,
      `The file as it was made\n  bw data verdict: ${await judged(own)}\n  bw backtest: ${await answer(tested(own, folder, false))}`,
      `The file with ticks, minutes and sessions mended\n  bw data verdict: ${await judged(mended)}\n  bw backtest: ${await answer(tested(mended, folder, false))}`,
      `The same walk over ${sessions} sessions, forced by --accept-verdict\n${await answer(tested(long, folder, true))}`,
    ];
    process.stdout.write(`${lines.join('\n\n')}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

await runStudy(
  new Command('backtest-trap')
    .description(
      'The trap of the original: its kind of data and its look-ahead, and what this system says of it.',
    )
    .option('--walks <number>', 'walks for the mean of each accounting', wholeNumber, 300)
    .option('--sessions <number>', 'of the forced run', wholeNumber, 60)
    .addHelpText('after', `\nBoth files are made of the draws of the seed ${INVENTED_ES.seed}.\n`)
    .action(run),
);
