/** Test support: binary bar files, written by hand. */
import type { Bar } from '@bellwether/contracts';
import { ticksToPoints } from '@bellwether/market';

const FIXED_BYTES = 100;

export interface DbnOptions {
  readonly version?: 1 | 2 | 3;
  /** 6 is ohlcv-1m. */
  readonly schema?: number;
  readonly rtype?: number;
  /** Further instruments in between: their symbols by id. */
  readonly others?: ReadonlyMap<number, string>;
  /** Symbol of the bars, or null for a file without mappings. */
  readonly symbol?: string | null;
  readonly price_times?: number;
}

const ID = 4_916;

function cString(text: string, bytes: number): Buffer {
  const out = Buffer.alloc(bytes);
  out.write(text, 'latin1');
  return out;
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value, 0);
  return out;
}

/** Header and metadata of a DBN file. */
export function dbnHead(options: DbnOptions = {}): Buffer {
  const { version = 2, schema = 6, symbol = 'ESZ5', others = new Map<number, string>() } = options;
  const symbolBytes = version === 1 ? 22 : 71;
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.write('GLBX.MDP3', 0, 'latin1');
  fixed.writeUInt16LE(schema, 16);
  const types = version === 1 ? 50 : 42;
  fixed[types] = 1;
  if (version > 1) fixed.writeUInt16LE(symbolBytes, types + 3);
  const mapped = symbol === null ? [] : [[ID, symbol] as const, ...others];
  const mappings = mapped.map(([id, name]) =>
    Buffer.concat([
      cString(name, symbolBytes),
      u32(1),
      u32(20_100_101),
      u32(20_300_101),
      cString(String(id), symbolBytes),
    ]),
  );
  const body = Buffer.concat([fixed, u32(0), u32(0), u32(0), u32(0), u32(mapped.length), ...mappings]);
  return Buffer.concat([Buffer.from(`DBN${String.fromCharCode(version)}`, 'latin1'), u32(body.length), body]);
}

function dbnRecord(bar: Bar, id: number, rtype: number, times: number): Buffer {
  const out = Buffer.alloc(56);
  out[0] = 14;
  out[1] = rtype;
  out.writeUInt16LE(1, 2);
  out.writeUInt32LE(id, 4);
  out.writeBigUInt64LE(BigInt(bar.open_us) * 1_000n, 8);
  const prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks];
  prices.forEach((ticks, i) => {
    const points = ticksToPoints(ticks, bar.tick_size_e4) * times;
    out.writeBigInt64LE(BigInt(Math.round(points * 10_000)) * 100_000n, 16 + 8 * i);
  });
  out.writeBigUInt64LE(BigInt(bar.volume ?? 0), 48);
  return out;
}

export function dbnOf(bars: readonly Bar[], options: DbnOptions = {}): Buffer {
  const { rtype = 33, others = new Map<number, string>(), price_times = 1 } = options;
  const parts = [dbnHead(options)];
  for (const bar of bars) {
    for (const id of others.keys()) parts.push(dbnRecord(bar, id, rtype, price_times));
    parts.push(dbnRecord(bar, ID, rtype, price_times));
  }
  return Buffer.concat(parts);
}

const SCID_EPOCH_US = 2_209_161_600_000_000n;

export function scidHead(): Buffer {
  const out = Buffer.alloc(56);
  out.write('SCID', 0, 'latin1');
  out.writeUInt32LE(56, 4);
  out.writeUInt32LE(40, 8);
  out.writeUInt16LE(1, 12);
  return out;
}

function scidRecord(
  us: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
): Buffer {
  const out = Buffer.alloc(40);
  out.writeBigInt64LE(BigInt(us) + SCID_EPOCH_US, 0);
  out.writeFloatLE(open, 8);
  out.writeFloatLE(high, 12);
  out.writeFloatLE(low, 16);
  out.writeFloatLE(close, 20);
  out.writeUInt32LE(1, 24);
  out.writeUInt32LE(volume, 28);
  return out;
}

/** Bars as Sierra Chart keeps them, or four trades for each: at the open, the high, the low and the close. */
export function scidOf(bars: readonly Bar[], kind: 'bars' | 'trades' = 'bars'): Buffer {
  const parts = [scidHead()];
  for (const bar of bars) {
    const [open = 0, high = 0, low = 0, close = 0] = [
      bar.open_ticks,
      bar.high_ticks,
      bar.low_ticks,
      bar.close_ticks,
    ].map((ticks) => ticksToPoints(ticks, bar.tick_size_e4));
    const volume = bar.volume ?? 0;
    if (kind === 'bars') {
      parts.push(scidRecord(bar.open_us, open, high, low, close, volume));
      continue;
    }
    const sizes = [volume - 3 * (volume >> 2), volume >> 2, volume >> 2, volume >> 2];
    [open, high, low, close].forEach((price, i) => {
      // The first of them is part of a trade that was split up, which its open marks.
      const mark = i === 0 ? -1.99900095e37 : 0;
      parts.push(scidRecord(bar.open_us + i * 1_000_000, mark, price + 0.25, price - 0.25, price, sizes[i]!));
    });
  }
  return Buffer.concat(parts);
}
