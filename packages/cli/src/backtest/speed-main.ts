import { DataOrigin, bookConfigOf, type BookFile, type Entry } from '@bellwether/contracts';
import { runBacktest } from '@bellwether/backtest';
import { bookInputBatches, nextRelease } from '@bellwether/ingestion';
import { LINE, stageVersions } from '@bellwether/line';
import { generateSessions } from '@bellwether/testkit';
import { Command } from 'commander';
import { planModels, type PlanModels } from '../data/plan-models.js';
import { plainTable } from '../plain-table.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { EVERYTHING } from './null-worlds.js';
import { RunCollector } from './run-collector.js';

interface Options {
  readonly sessions: number;
  readonly everything?: boolean;
}

const SYMBOL = 'ES';
const FIRST_TRADE_DATE = 20_240_102;
const RULES: BookFile = { book: 'speed', symbols: [{ symbol: SYMBOL }], known_time: 'event' };
/** The models are asked on every bar: none is stale, none waits for its first day. */
const LEARNED: BookFile = { ...EVERYTHING, ...RULES, policy: 'learned' };

/** Seconds of processor time that a work takes, and of the clock. */
interface Seconds {
  readonly cpu: number;
  readonly wall: number;
}

async function timed(work: () => Promise<void>): Promise<Seconds> {
  const [before, from] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1_000_000, wall: (performance.now() - from) / 1_000 };
}

async function run({ sessions, everything = false }: Options): Promise<void> {
  const { config } = bookConfigOf(everything ? LEARNED : RULES);
  const models: PlanModels = await planModels(config, {});
  const inputs = (): AsyncIterable<readonly Entry[]> => {
    const bars = generateSessions({
      ...{ seed: 'bench', symbol: SYMBOL, firstTradeDate: FIRST_TRADE_DATE, sessions, interval: '1m' },
    });
    return bookInputBatches({
      config,
      series: [{ symbol: SYMBOL, bars, source: 'speed', origin: DataOrigin.SYNTHETIC }],
      release: nextRelease({ config, stages: stageVersions(), latest: null }),
      ...{ from: null, to: null, promotions: models.promotions },
    });
  };
  let bars = 0;
  const making = await timed(async () => {
    for await (const batch of inputs()) for (const { bar } of batch) if (bar !== null) bars += 1;
  });
  const signal = new AbortController().signal;
  const { infer, answerRows } = models;
  const line = { book: config.book, stages: LINE, infer, answerRows, signal };
  const alone = await timed(async () => {
    await runBacktest({ ...line, inputs: inputs(), onFrame: () => undefined });
  });
  const collector = new RunCollector();
  const asked = new Map<string, number>();
  const whole = await timed(async () => {
    await runBacktest({
      ...line,
      inputs: inputs(),
      onFrame: (frame) => {
        collector.add(frame);
        for (const { model } of frame.inferences) asked.set(model, (asked.get(model) ?? 0) + 1);
      },
    });
  });
  const row = (name: string, { cpu, wall }: Seconds): readonly (string | number)[] => [
    ...[name, wall.toFixed(1), cpu.toFixed(1), Math.round(bars / wall), ((1e6 * wall) / bars).toFixed(1)],
  ];
  const answers = [...asked].map(([model, count]) => `${model} ${count.toLocaleString('en-US')}`).join(', ');
  process.stdout.write(
    `SYNTHETIC: ${bars.toLocaleString('en-US')} generated one-minute bars, ${everything ? 'everything on' : 'all rules on'}, one process\n\n` +
      `${plainTable(
        ['', 'seconds', 'of processor time', 'bars/s', 'µs a bar'],
        [
          row('making bars and entries', making),
          row('with the line and its digest', alone),
          row('with the results of a backtest', whole),
        ],
        [1, 2, 3, 4],
      )}\n\n${everything ? `answers of models: ${answers}\n` : ''}` +
      `peak memory ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB, ` +
      `${collector.trades.trades.length} trades, ${collector.days.days().length} days\n`,
  );
}

const command = new Command('backtest-speed')
  .description('Take a year of made-up one-minute bars through the whole line, and say how long it took.')
  .option('--sessions <number>', '254 of 1,380 bars are 350,520', wholeNumber, 254)
  .option('--everything', 'learning, and asking the shipped models; else rules alone')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run backtest-speed\n  npm run backtest-speed -- --everything\n  npm run backtest-speed -- --sessions 20\n',
  )
  .action(run);

await runStudy(command);
