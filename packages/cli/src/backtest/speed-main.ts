import { DataOrigin, bookConfigOf, type Entry } from '@bellwether/contracts';
import { runBacktest } from '@bellwether/backtest';
import { noModels } from '@bellwether/host';
import { bookInputBatches, nextRelease } from '@bellwether/ingestion';
import { LINE, stageVersions } from '@bellwether/line';
import { generateSessions } from '@bellwether/testkit';
import { plainTable } from '../plain-table.js';
import { RunCollector } from './run-collector.js';

/** 254 sessions of 1,380 bars: 350,520. */
const SESSIONS = Number(process.argv[2] ?? 254);
const FIRST_TRADE_DATE = 20_240_102;
const { config } = bookConfigOf({ book: 'speed', symbols: [{ symbol: 'ES' }], known_time: 'event' });

function inputs(): AsyncIterable<readonly Entry[]> {
  const bars = generateSessions({
    ...{ seed: 'bench', symbol: 'ES', firstTradeDate: FIRST_TRADE_DATE, sessions: SESSIONS, interval: '1m' },
  });
  return bookInputBatches({
    config,
    series: [{ symbol: 'ES', bars, source: 'speed', origin: DataOrigin.SYNTHETIC }],
    release: nextRelease({ config, stages: stageVersions(), latest: null }),
    ...{ from: null, to: null },
  });
}

/** Seconds of processor time that a work takes. */
async function timed(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

let bars = 0;
const making = await timed(async () => {
  for await (const batch of inputs()) for (const { bar } of batch) if (bar !== null) bars += 1;
});
const signal = new AbortController().signal;
const run = { book: 'speed', stages: LINE, infer: noModels, signal };
const line = await timed(async () => {
  await runBacktest({ ...run, inputs: inputs(), onFrame: () => undefined });
});
const collector = new RunCollector();
const whole = await timed(async () => {
  await runBacktest({
    ...run,
    inputs: inputs(),
    onFrame: (frame) => {
      collector.add(frame);
    },
  });
});
const row = (name: string, seconds: number): readonly (string | number)[] => [
  ...[name, seconds.toFixed(1), Math.round(bars / seconds), ((1e6 * seconds) / bars).toFixed(1)],
];
process.stdout.write(
  `${bars.toLocaleString('en-US')} generated one-minute bars, all rules on; seconds of processor time\n\n` +
    `${plainTable(
      ['', 'seconds', 'bars/s', 'µs a bar'],
      [
        row('making bars and entries', making),
        row('with the line and its digest', line),
        row('with the results of a backtest', whole),
      ],
      [1, 2, 3],
    )}\n\npeak memory ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB, ` +
    `${collector.trades.trades.length} trades, ${collector.days.days().length} days\n`,
);
