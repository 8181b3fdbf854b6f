/** Test support: the same made-up bars in every format that can be read. */
import zlib from 'node:zlib';
import type { Bar } from '@bellwether/contracts';
import { generateSessions } from '@bellwether/testkit';
import type { FormatName } from '../format-names.js';
import { dbnOf, scidOf } from './binary-files.js';
import { zipOf, zstdOf } from './packed.js';
import {
  databentoCsv,
  firstRateText,
  iqfeedText,
  kibotText,
  leanMembers,
  ownCsv,
  projectxJson,
  semicolonText,
  tradingviewText,
} from './text-files.js';

/** Made-up bars: of some winter sessions and some summer ones, so that the zone can be told from them. */
export function sampleBarsOf(sessions: number, seed = 'importers'): readonly Bar[] {
  const made = (firstTradeDate: number): Iterable<Bar> =>
    generateSessions({ seed, symbol: 'ES', firstTradeDate, sessions, interval: '1m' });
  return [...made(20_250_113), ...made(20_250_714)];
}

export interface Sample {
  /** Name of the file; where a format reads more than one layout, each has its own. */
  readonly file: string;
  readonly format: FormatName;
  readonly bytes: (bars: readonly Bar[]) => Buffer;
}

const EASTERN = 'America/New_York';
const SPREADS = ['ESZ5-ESH6', 'NQZ5'];
const OTHER_IDS = new Map([
  [7, 'ESZ5-ESH6'],
  [8, 'NQZ5'],
]);

/** One small file of each format and layout. All bars in it are made up. */
export const SAMPLES: readonly Sample[] = [
  { file: 'own.csv', format: 'bellwether_csv', bytes: ownCsv },
  {
    file: 'glbx-ints.ohlcv-1m.csv',
    format: 'databento_csv',
    bytes: (bars) => databentoCsv(bars, { others: SPREADS }),
  },
  {
    file: 'glbx-pretty.csv.gz',
    format: 'databento_csv',
    bytes: (bars) => zlib.gzipSync(databentoCsv(bars, { pretty: true, symbol: null })),
  },
  { file: 'glbx.csv.zst', format: 'databento_csv', bytes: (bars) => zstdOf(databentoCsv(bars)) },
  { file: 'glbx-v1.dbn', format: 'dbn', bytes: (bars) => dbnOf(bars, { version: 1, others: OTHER_IDS }) },
  { file: 'glbx-v2.dbn.zst', format: 'dbn', bytes: (bars) => zstdOf(dbnOf(bars, { version: 2 })) },
  { file: 'glbx-v3.dbn', format: 'dbn', bytes: (bars) => dbnOf(bars, { version: 3, symbol: null }) },
  {
    file: 'ES 12-25.Last.txt',
    format: 'ninjatrader',
    bytes: (bars) => semicolonText(bars, { zone: 'UTC', stamp: 'close' }),
  },
  {
    file: 'DAT_ASCII_M1_2025.csv',
    format: 'histdata',
    bytes: (bars) => semicolonText(bars, { zone: 'Etc/GMT+5', stamp: 'open' }),
  },
  { file: 'CME_MINI_ES1!, 1.csv', format: 'tradingview', bytes: (bars) => tradingviewText(bars) },
  { file: 'tradingview-iso.csv', format: 'tradingview', bytes: (bars) => tradingviewText(bars, 'iso') },
  { file: 'retrieveBars.json', format: 'projectx', bytes: projectxJson },
  {
    file: 'ES_1min.txt',
    format: 'firstratedata',
    bytes: (bars) => firstRateText(bars, { zone: EASTERN, stamp: 'open' }, false),
  },
  {
    file: 'ES_1min_header.csv',
    format: 'firstratedata',
    bytes: (bars) => firstRateText(bars, { zone: EASTERN, stamp: 'open' }),
  },
  { file: 'kibot.txt', format: 'kibot', bytes: (bars) => kibotText(bars, { zone: EASTERN, stamp: 'open' }) },
  { file: 'lean_trade.zip', format: 'lean', bytes: (bars) => zipOf(leanMembers(bars)) },
  { file: 'ES-bars.scid', format: 'scid', bytes: (bars) => scidOf(bars) },
  { file: 'ES-trades.scid', format: 'scid', bytes: (bars) => scidOf(bars, 'trades') },
  {
    file: 'iqfeed.csv',
    format: 'iqfeed',
    bytes: (bars) => iqfeedText(bars, { zone: EASTERN, stamp: 'close' }),
  },
];
