/** Test support: files that are wrong or unclear, each with what must become of it. */
import zlib from 'node:zlib';
import type { Bar } from '@bellwether/contracts';
import type { ForeignOptions } from '../open-foreign.js';
import { dbnHead, dbnOf, scidOf } from './binary-files.js';
import { zipOf, zstdBomb, zstdHugeWindow, zstdOf } from './packed.js';
import { SAMPLES } from './samples.js';
import {
  databentoCsv,
  firstRateText,
  iqfeedText,
  kibotText,
  leanMembers,
  projectxJson,
  semicolonText,
  tradingviewText,
} from './text-files.js';

export interface Malformed {
  readonly what: string;
  readonly file: string;
  readonly bytes: (bars: readonly Bar[]) => Buffer | string;
  readonly options?: Partial<ForeignOptions>;
  /** Code of the refusal, or `taken`. */
  readonly code: string;
  /** Part of the message. */
  readonly message: RegExp;
}

const NEW_YORK = { zone: 'America/New_York', stamp: 'open' } as const;
const NINJA = { zone: 'UTC', stamp: 'close' } as const;
const first = (bars: readonly Bar[], count: number): readonly Bar[] => bars.slice(0, count);
const LINE_END = 10;

/** Most of a file. A text ends inside a row, before its prices: a row that is cut in its last number looks whole. */
function most(bytes: Buffer): Buffer {
  const about = Math.floor(bytes.length * 0.7) + 1;
  const line = bytes.lastIndexOf(LINE_END, about);
  const isText = !bytes.subarray(0, 1_000).includes(0) && line > 0;
  return bytes.subarray(0, isText ? line + 22 : about);
}

function withBar(bars: readonly Bar[], place: number, change: (bar: Bar) => Bar): readonly Bar[] {
  return bars.map((bar, i) => (i === place ? change(bar) : bar));
}

const foreign = SAMPLES.filter(({ format }) => format !== 'bellwether_csv');
const BAD = 1_000;
/** Bars of a file whose format is given, and which is wrong before its zone matters. */
const FEW = 1_500;

/** The same faults in every format. */
const IN_EVERY_FORMAT: readonly Malformed[] = foreign.flatMap(({ file, format, bytes }): Malformed[] => {
  const given = { format };
  return [
    {
      what: `${format}: a negative price`,
      file,
      options: given,
      bytes: (bars) => bytes(withBar(first(bars, FEW), BAD, (bar) => ({ ...bar, low_ticks: -4 }))),
      code: 'data_unreadable',
      message: /The (low|close|open) -1 is not above zero|The (low|close|open) is not a number/,
    },
    {
      what: `${format}: open and high changed places`,
      file,
      options: given,
      bytes: (bars) =>
        bytes(
          first(bars, FEW).map((bar) => ({
            ...bar,
            open_ticks: bar.high_ticks + 8,
            high_ticks: bar.open_ticks,
          })),
        ),
      ...(file === 'ES-trades.scid'
        ? { code: 'taken', message: /bars/ }
        : {
            code: 'data_unreadable',
            message: /1500 problems[^]*Check the order of the columns[^]*and 1450 more lines/,
          }),
    },
    {
      what: `${format}: a price off the tick grid`,
      file,
      options: given,
      bytes: (bars) =>
        bytes(
          withBar(first(bars, FEW), BAD, (bar) => ({
            ...bar,
            close_ticks: bar.close_ticks + 0.5,
            high_ticks: bar.high_ticks + 1,
          })),
        ),
      code: 'data_unreadable',
      message: /is not on the grid of ES/,
    },
    {
      what: `${format}: cut off`,
      file,
      options: given,
      bytes: (bars) => most(bytes(first(bars, FEW))),
      code: 'data_unreadable',
      message:
        /too early|ends inside|no list of members|Expected|is not a number|is not above zero|grid|not a whole number/,
    },
  ];
});

const TEXTS: readonly Malformed[] = [
  {
    what: 'gzip cut off',
    file: 'cut.csv.gz',
    bytes: (bars) => most(zlib.gzipSync(databentoCsv(bars))),
    code: 'data_unreadable',
    message: /compressed data end too early/,
  },
  {
    what: 'gzip with a flipped byte',
    file: 'flipped.csv.gz',
    bytes: (bars) => {
      const packed = zlib.gzipSync(databentoCsv(bars));
      packed[packed.length >> 1]! ^= 0xff;
      return packed;
    },
    code: 'data_unreadable',
    message: /not valid gzip data|fields as in the header|too early/,
  },
  {
    what: 'a text that becomes one endless line (gzip bomb)',
    file: 'bomb.csv.gz',
    options: { format: 'databento_csv' },
    bytes: () => zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024)),
    code: 'data_unreadable',
    message: /longer than 8192 bytes/,
  },
  {
    what: '512 MB of line ends in 16 KB (zstd bomb)',
    file: 'bomb.txt.zst',
    options: { format: 'kibot' },
    bytes: () => zstdBomb(4_096),
    code: 'data_unreadable',
    message: /more than 1000 empty lines/,
  },
  {
    what: 'zstd that asks for a window of 2^41 bytes',
    file: 'window.dbn.zst',
    bytes: () => zstdHugeWindow(),
    code: 'data_unreadable',
    message: /takes a window of \d+ bytes, more than 134217728/,
  },
  {
    what: 'zstd cut off',
    file: 'cut.csv.zst',
    bytes: (bars) => most(zstdOf(databentoCsv(bars))),
    code: 'data_unreadable',
    message: /compressed data end too early/,
  },
  {
    what: 'more wrong lines than are worth reading',
    file: 'wrong.txt',
    options: { format: 'kibot' },
    bytes: () => 'no bar\n'.repeat(100_000),
    code: 'data_unreadable',
    message: /10000 problems[^]*and 9950 more lines; the reading ended there/,
  },
  { what: 'empty', file: 'empty.csv', bytes: () => '', code: 'data_empty', message: /is empty/ },
  {
    what: 'a header and nothing else',
    file: 'header.csv',
    options: { format: 'databento_csv' },
    bytes: () => databentoCsv([]),
    code: 'data_empty',
    message: /holds no bars/,
  },
  {
    what: 'random bytes',
    file: 'noise.bin',
    bytes: () => Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7_919) % 256)),
    code: 'format_unclear',
    message: /binary and begins like none/,
  },
  {
    what: 'a letter',
    file: 'letter.txt',
    bytes: () => 'Dear reader,\nthese are no bars.\n',
    code: 'format_unclear',
    message: /No format that can be read[^]*Dear reader[^]*Next:/,
  },
  {
    what: 'our own header in another order',
    file: 'order.csv',
    bytes: () => 'open,high,low,close,volume,ts\n1,1,1,1,1,2025-09-15T13:30:00Z\n',
    code: 'format_unclear',
    message: /No format that can be read/,
  },
  {
    what: 'TradingView: two zones in one file',
    file: 'zones.csv',
    options: { format: 'tradingview' },
    bytes: (bars) =>
      tradingviewText(first(bars, 100), 'iso')
        .toString()
        .replace(/-06:00/, '+01:00'),
    code: 'data_unreadable',
    message: /of another zone than that of the rows before/,
  },
  {
    what: 'TradingView: a time without a zone',
    file: 'nozone.csv',
    options: { format: 'tradingview' },
    bytes: (bars) => tradingviewText(first(bars, 100), 'iso').toString().replaceAll('-06:00', ''),
    code: 'data_unreadable',
    message: /The time names no zone/,
  },
  {
    what: 'ProjectX: the gateway refused',
    file: 'refused.json',
    bytes: () => '{"bars":[],"success":false,"errorCode":2,"errorMessage":"Contract not found"}',
    code: 'data_unreadable',
    message: /gateway refused the request: "Contract not found"/,
  },
];

const ZONES: readonly Malformed[] = [
  {
    what: 'NinjaTrader layout: first half UTC, second half Chicago',
    file: 'half.txt',
    bytes: (bars) => {
      const half = bars.length / 2;
      const one = semicolonText(bars.slice(0, half), NINJA);
      return Buffer.concat([
        one,
        semicolonText(bars.slice(half), { zone: 'America/Chicago', stamp: 'close' }),
      ]);
    },
    code: 'format_unclear',
    message: /No time zone makes its stamps those of this market/,
  },
  {
    what: 'NinjaTrader layout in Chicago time',
    file: 'chicago.txt',
    bytes: (bars) => semicolonText(bars, { zone: 'America/Chicago', stamp: 'open' }),
    code: 'format_unclear',
    message: /Layout and data disagree[^]*give --zone America\/Chicago --stamp open/,
  },
  {
    what: 'NinjaTrader layout in Chicago time, with the zone given',
    file: 'chicago-told.txt',
    options: { zone: 'America/Chicago', stamp: 'open' },
    bytes: (bars) => semicolonText(bars, { zone: 'America/Chicago', stamp: 'open' }),
    code: 'taken',
    message: /16320 bars/,
  },
  {
    what: 'NinjaTrader or histdata: too few bars to tell',
    file: 'few.txt',
    bytes: (bars) => semicolonText(first(bars, 300), NINJA),
    code: 'format_unclear',
    message:
      /two meanings[^]*--format ninjatrader \(UTC, bar close\) or --format histdata \(Etc\/GMT\+5, bar open\)/,
  },
  {
    what: 'NinjaTrader: too few bars, but the format was given',
    file: 'few-told.txt',
    options: { format: 'ninjatrader' },
    bytes: (bars) => semicolonText(first(bars, 300), NINJA),
    code: 'taken',
    message: /300 bars/,
  },
  {
    what: 'FirstRateData: too few bars, and its maker documents no zone',
    file: 'few-first.csv',
    options: { format: 'firstratedata' },
    bytes: (bars) => firstRateText(first(bars, 300), NEW_YORK),
    code: 'format_unclear',
    message: /give --zone and --stamp, by the description it came with/,
  },
  {
    what: 'Kibot: too few bars to tell',
    file: 'few-kibot.txt',
    bytes: (bars) => kibotText(first(bars, 300), NEW_YORK),
    code: 'format_unclear',
    message: /give --format kibot, which means --zone America\/New_York --stamp open/,
  },
  {
    what: 'IQFeed stamped by the open (LabelAtBeginning=1)',
    file: 'label.csv',
    bytes: (bars) => iqfeedText(bars, NEW_YORK),
    code: 'format_unclear',
    message: /give --zone America\/New_York --stamp open/,
  },
  {
    what: 'Kibot: an hour that the clocks skip',
    file: 'skipped.txt',
    options: { format: 'kibot' },
    bytes: () => '03/09/2025,02:30,6000,6001,5999,6000,10\n03/09/2025,02:31,6000,6001,5999,6000,10\n',
    code: 'data_unreadable',
    message: /clocks of America\/New_York skip 2025-03-09T02:30:00/,
  },
  {
    what: 'a zone for stamps that are instants',
    file: 'instant.csv',
    options: { zone: 'America/Chicago' },
    bytes: (bars) => databentoCsv(first(bars, 10)),
    code: 'usage',
    message: /--zone America\/Chicago has no meaning/,
  },
  {
    what: 'a zone that does not exist',
    file: 'mars.txt',
    options: { format: 'kibot', zone: 'Mars/Base' },
    bytes: (bars) => kibotText(first(bars, 10), NEW_YORK),
    code: 'usage',
    message: /Expected an IANA time zone/,
  },
];

const BINARIES: readonly Malformed[] = [
  {
    what: 'DBN of the schema trades',
    file: 'trades.dbn',
    bytes: (bars) => dbnOf(first(bars, 10), { schema: 4 }),
    code: 'data_unreadable',
    message: /schema trades, not ohlcv-1m/,
  },
  {
    what: 'DBN with bars of one hour',
    file: 'hours.dbn',
    bytes: (bars) => dbnOf(first(bars, 10), { schema: 0xffff, rtype: 34 }),
    code: 'data_unreadable',
    message: /Expected bars of one minute \(rtype 33\), was rtype 34/,
  },
  {
    what: 'DBN of version 9',
    file: 'nine.dbn',
    bytes: () => Buffer.from('DBN\x09\x10\x00\x00\x00', 'latin1'),
    code: 'data_unreadable',
    message: /DBN of version 9/,
  },
  {
    what: 'DBN with metadata of 4 GB',
    file: 'metadata.dbn',
    bytes: () => Buffer.from('DBN\x02\xff\xff\xff\xff', 'latin1'),
    code: 'data_unreadable',
    message: /metadata have 4294967295 bytes/,
  },
  {
    what: 'DBN with a record of length 0',
    file: 'zero.dbn',
    bytes: () => Buffer.concat([dbnHead(), Buffer.alloc(64)]),
    code: 'data_unreadable',
    message: /Record 1, at byte \d+, gives itself 0 bytes/,
  },
  {
    what: 'DBN with a record longer than the file',
    file: 'long.dbn',
    bytes: () => Buffer.concat([dbnHead(), Buffer.from([255, 33]), Buffer.alloc(54)]),
    code: 'data_unreadable',
    message: /ends inside record 1/,
  },
  {
    what: 'DBN with more symbols than bytes',
    file: 'symbols.dbn',
    bytes: () => {
      const head = dbnHead();
      head.writeUInt32LE(0xffffffff, 8 + 104);
      return head;
    },
    code: 'data_unreadable',
    message: /metadata contradict their own length/,
  },
  {
    what: 'prices in hundredths of a point',
    file: 'hundred.dbn',
    bytes: (bars) => dbnOf(bars, { price_times: 100 }),
    code: 'format_unclear',
    message: /prices reach \d+[^]*give --price-factor 0\.01/,
  },
  {
    what: 'prices in hundredths of a point, with the factor given',
    file: 'hundred-told.dbn',
    options: { price_factor: '0.01' },
    bytes: (bars) => dbnOf(bars, { price_times: 100 }),
    code: 'taken',
    message: /16320 bars/,
  },
  {
    what: '.scid with records of 44 bytes',
    file: 'records.scid',
    bytes: (bars) => {
      const bytes = scidOf(first(bars, 10));
      bytes.writeUInt32LE(44, 8);
      return bytes;
    },
    code: 'data_unreadable',
    message: /header and records should have 56 and 40 bytes, was 56 and 44/,
  },
  {
    what: '.scid whose trades go back in time',
    file: 'back.scid',
    bytes: (bars) => scidOf([...first(bars, 10), ...first(bars, 10)], 'trades'),
    code: 'data_unreadable',
    message: /older than one before it/,
  },
  {
    what: '.scid with days as floating point (old versions)',
    file: 'old.scid',
    bytes: (bars) => {
      const bytes = scidOf(first(bars, 1));
      bytes.writeDoubleLE(45_000.5, 56);
      return bytes;
    },
    code: 'data_unreadable',
    message: /not one in microseconds/,
  },
];

const ARCHIVES: readonly Malformed[] = [
  {
    what: 'LEAN zip of quotes',
    file: 'quote.zip',
    bytes: () =>
      zipOf([{ name: '20131007_es_minute_quote_201312.csv', bytes: Buffer.from('0,1,1,1,1,1,1,1,1,1,1\n') }]),
    code: 'data_unreadable',
    message: /take the zip that ends in _trade\.zip/,
  },
  {
    what: 'zip of something else',
    file: 'other.zip',
    bytes: () => zipOf([{ name: 'readme.txt', bytes: Buffer.from('hello') }]),
    code: 'format_unclear',
    message: /no members named as LEAN names them/,
  },
  {
    what: 'zip whose member unpacks to more than it says (zip bomb)',
    file: 'bomb.zip',
    bytes: () =>
      zipOf([
        { name: '20131007_es_minute_trade_201312.csv', bytes: Buffer.alloc(50_000_000), told_bytes: 1_000 },
      ]),
    code: 'data_unreadable',
    message: /member of the zip is damaged/,
  },
  {
    what: 'zip whose member says that it is 2 GB',
    file: 'large.zip',
    bytes: () =>
      zipOf([
        { name: '20131007_es_minute_trade_201312.csv', bytes: Buffer.from('1'), told_bytes: 2_000_000_000 },
      ]),
    code: 'data_unreadable',
    message: /A member has 2000000000 bytes/,
  },
  {
    what: 'a zip where another format was named',
    file: 'kibot.zip',
    options: { format: 'kibot' },
    bytes: (bars) => zipOf(leanMembers(first(bars, 10))),
    code: 'data_unreadable',
    message: /This is a zip\. Unpack it/,
  },
];

const INSTRUMENTS: readonly Malformed[] = [
  {
    what: 'Databento CSV of NQ, asked for ES',
    file: 'nq.csv',
    bytes: (bars) => databentoCsv(bars, { symbol: 'NQZ5' }),
    code: 'symbol_unclear',
    message: /holds no bar of ES, but of NQZ5 \(16320\)/,
  },
  {
    what: 'DBN of NQ, asked for ES',
    file: 'nq.dbn',
    bytes: (bars) => dbnOf(bars, { symbol: 'NQZ5' }),
    code: 'symbol_unclear',
    message: /holds no bar of ES, but of NQZ5/,
  },
  {
    what: 'two contracts interleaved',
    file: 'two.csv',
    bytes: (bars) => databentoCsv(bars, { others: ['ESU5', 'ESU5-ESZ5'] }),
    code: 'symbol_unclear',
    message: /several instruments that could be meant: ESU5 \(16320\), ESZ5 \(16320\)[^]*--contract/,
  },
  {
    what: 'two contracts interleaved, one of them asked for',
    file: 'two-told.csv',
    options: { contract: 'ESZ25' },
    bytes: (bars) => databentoCsv(bars, { others: ['ESU5', 'ESU5-ESZ5'] }),
    code: 'taken',
    message: /16320 bars/,
  },
  {
    what: 'a file named after NQ, asked for ES',
    file: 'NQ 12-25.Last.txt',
    bytes: (bars) => semicolonText(bars, NINJA),
    code: 'symbol_unclear',
    message: /named after NQ, and --symbol says ES/,
  },
  {
    what: 'nothing tells the instrument',
    file: 'unnamed.json',
    options: { symbol: null },
    bytes: (bars) => projectxJson(bars),
    code: 'symbol_unclear',
    message: /Nothing in it tells its instrument/,
  },
  {
    what: 'bars of one hour',
    file: 'hours.txt',
    options: { format: 'kibot' },
    bytes: (bars) =>
      kibotText(
        bars.filter((_, i) => i % 60 === 0),
        NEW_YORK,
      ),
    code: 'interval_unsupported',
    message: /3600 s between most rows/,
  },
];

export const MALFORMED: readonly Malformed[] = [
  ...IN_EVERY_FORMAT,
  ...TEXTS,
  ...ZONES,
  ...BINARIES,
  ...ARCHIVES,
  ...INSTRUMENTS,
];
