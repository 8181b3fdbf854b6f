/** Test support: bar files as text, written by hand. */
import type { Bar } from '@bellwether/contracts';
import { ticksToPoints } from '@bellwether/market';
import { WallZone } from '../wall-zone.js';

const HOUR_US = 3_600_000_000;

export interface WallOptions {
  readonly zone: string;
  readonly stamp: 'open' | 'close';
}

interface WallBar {
  /** yyyy-mm-dd and hh:mm:ss of the file's zone. */
  readonly date: string;
  readonly time: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Bars with their stamps in wall time. */
function wallBars(bars: readonly Bar[], { zone, stamp }: WallOptions): readonly WallBar[] {
  const wall = new WallZone(zone);
  const hours = new Map<number, number>();
  return bars.map((bar) => {
    const at = bar.open_us + (stamp === 'close' ? bar.interval_us : 0);
    const hour = Math.floor(at / HOUR_US);
    const offset_us = hours.get(hour) ?? wall.offsetAt(at);
    hours.set(hour, offset_us);
    const text = new Date((at + offset_us) / 1_000).toISOString();
    const points = (ticks: number): number => ticksToPoints(ticks, bar.tick_size_e4);
    return {
      date: text.slice(0, 10),
      time: text.slice(11, 19),
      open: points(bar.open_ticks),
      high: points(bar.high_ticks),
      low: points(bar.low_ticks),
      close: points(bar.close_ticks),
      volume: bar.volume ?? 0,
    };
  });
}

const text = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);
const prices = ({ open, high, low, close }: WallBar, separator: string): string =>
  [open, high, low, close].join(separator);

/** The layout of NinjaTrader and histdata. */
export function semicolonText(bars: readonly Bar[], options: WallOptions): Buffer {
  return text(
    wallBars(bars, options).map((bar) => {
      const stamp = `${bar.date.replaceAll('-', '')} ${bar.time.replaceAll(':', '')}`;
      return `${stamp};${prices(bar, ';')};${bar.volume}`;
    }),
  );
}

export function kibotText(bars: readonly Bar[], options: WallOptions): Buffer {
  return text(
    wallBars(bars, options).map((bar) => {
      const [year = '', month = '', day = ''] = bar.date.split('-');
      return `${month}/${day}/${year},${bar.time.slice(0, 5)},${prices(bar, ',')},${bar.volume}`;
    }),
  );
}

export function firstRateText(bars: readonly Bar[], options: WallOptions, header = true): Buffer {
  const rows = wallBars(bars, options).map(
    (bar) => `${bar.date} ${bar.time},${prices(bar, ',')},${bar.volume}`,
  );
  return text(header ? ['timestamp,open,high,low,close,volume', ...rows] : rows);
}

/** Newest first, with the running volume of the day before that of the bar. */
export function iqfeedText(bars: readonly Bar[], options: WallOptions): Buffer {
  let day = 0;
  const rows = wallBars(bars, options).map((bar) => {
    day += bar.volume;
    return `${bar.date} ${bar.time},${bar.high},${bar.low},${bar.open},${bar.close},${day},${bar.volume},0,`;
  });
  return text([...rows.reverse(), '!ENDMSG!,']);
}

/** A column of a plot stands between close and volume. */
export function tradingviewText(bars: readonly Bar[], times: 'seconds' | 'iso' = 'seconds'): Buffer {
  const wall = new WallZone('America/Chicago');
  const rows = wallBars(bars, { zone: 'America/Chicago', stamp: 'open' }).map((bar, i) => {
    const { open_us } = bars[i]!;
    const west = (): number => -wall.offsetAt(open_us) / HOUR_US;
    const time = times === 'seconds' ? open_us / 1_000_000 : `${bar.date}T${bar.time}-0${west()}:00`;
    return `${time},${prices(bar, ',')},NaN,${bar.volume}`;
  });
  return text(['time,open,high,low,close,Basis,Volume', ...rows]);
}

export function projectxJson(bars: readonly Bar[]): Buffer {
  const rows = wallBars(bars, { zone: 'UTC', stamp: 'open' })
    .map(({ date, time, open, high, low, close, volume }) => {
      return JSON.stringify({ t: `${date}T${time}+00:00`, o: open, h: high, l: low, c: close, v: volume });
    })
    .reverse();
  return Buffer.from(`{"bars":[${rows.join(',')}],"success":true,"errorCode":0,"errorMessage":null}`);
}

export interface DatabentoOptions {
  readonly pretty?: boolean;
  /** Further symbols in between. */
  readonly others?: readonly string[];
  readonly symbol?: string | null;
  readonly rtype?: number;
}

export function databentoCsv(bars: readonly Bar[], options: DatabentoOptions = {}): Buffer {
  const { pretty = false, others = [], symbol = 'ESZ5', rtype = 33 } = options;
  const lines = [
    `ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume${symbol === null ? '' : ',symbol'}`,
  ];
  for (const bar of wallBars(bars, { zone: 'UTC', stamp: 'open' })) {
    const ns = `${Date.parse(`${bar.date}T${bar.time}Z`)}000000`;
    const time = pretty ? `${bar.date}T${bar.time}.000000000Z` : ns;
    const price = (points: number): string =>
      pretty ? points.toFixed(9) : String(BigInt(Math.round(points * 10_000)) * 100_000n);
    const values = [bar.open, bar.high, bar.low, bar.close].map(price).join(',');
    const row = (id: number, name: string): string =>
      `${time},${rtype},1,${id},${values},${bar.volume}${symbol === null ? '' : `,${name}`}`;
    others.forEach((name, i) => lines.push(row(100 + i, name)));
    lines.push(row(4_916, symbol ?? ''));
  }
  return text(lines);
}

/** Members of a LEAN zip: one a day of UTC, with milliseconds since midnight. */
export function leanMembers(
  bars: readonly Bar[],
  expiry = '202512',
): readonly { name: string; bytes: Buffer }[] {
  const days = new Map<string, string[]>();
  for (const bar of wallBars(bars, { zone: 'UTC', stamp: 'open' })) {
    const day = bar.date.replaceAll('-', '');
    const ms = Date.parse(`1970-01-01T${bar.time}Z`);
    const rows = days.get(day) ?? [];
    rows.push(`${ms},${prices(bar, ',')},${bar.volume}`);
    days.set(day, rows);
  }
  return [...days].map(([day, rows]) => ({
    name: `${day}_es_minute_trade_${expiry}.csv`,
    bytes: text(rows),
  }));
}

export function ownCsv(bars: readonly Bar[]): Buffer {
  const rows = wallBars(bars, { zone: 'UTC', stamp: 'open' }).map(
    (bar) => `${bar.date}T${bar.time}Z,${prices(bar, ',')},${bar.volume}`,
  );
  return text(['ts,open,high,low,close,volume', ...rows]);
}
