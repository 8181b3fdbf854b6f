import { createHash } from 'node:crypto';

/** The bars of one trade date, in columns of equal length. Volume is null where the source has none. */
export interface TradeDateRows {
  readonly trade_date: number;
  readonly open_us: readonly number[];
  readonly open_ticks: readonly number[];
  readonly high_ticks: readonly number[];
  readonly low_ticks: readonly number[];
  readonly close_ticks: readonly number[];
  readonly volume: readonly number[] | null;
}

const ROW_BYTES = 32;
const LOW = 2 ** 32;

/** A safe integer as a signed 64-bit one, little-endian. */
function writeInt64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setInt32(at + 4, Math.floor(value / LOW), true);
}

/**
 * SHA-256 over the rows in order, 32 bytes each, little-endian: open in microseconds UTC (int64), open, high, low, close
 * in ticks (int32 each), volume (int64, -1 where it is not known). It says what the bars are, however they are stored.
 */
export function rowsSha256(rows: TradeDateRows): string {
  const { open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume } = rows;
  const bytes = new Uint8Array(open_us.length * ROW_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < open_us.length; i++) {
    const at = i * ROW_BYTES;
    writeInt64(view, at, open_us[i]!);
    view.setInt32(at + 8, open_ticks[i]!, true);
    view.setInt32(at + 12, high_ticks[i]!, true);
    view.setInt32(at + 16, low_ticks[i]!, true);
    view.setInt32(at + 20, close_ticks[i]!, true);
    writeInt64(view, at + 24, volume === null ? -1 : volume[i]!);
  }
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bars of one trade date while they come in. */
export class TradeDateBuilder {
  readonly open_us: number[] = [];
  readonly open_ticks: number[] = [];
  readonly high_ticks: number[] = [];
  readonly low_ticks: number[] = [];
  readonly close_ticks: number[] = [];
  readonly volume: number[] = [];

  constructor(readonly trade_date: number) {}

  get rows(): number {
    return this.open_us.length;
  }

  add(row: {
    readonly open_us: number;
    readonly open_ticks: number;
    readonly high_ticks: number;
    readonly low_ticks: number;
    readonly close_ticks: number;
    readonly volume: number;
  }): void {
    this.open_us.push(row.open_us);
    this.open_ticks.push(row.open_ticks);
    this.high_ticks.push(row.high_ticks);
    this.low_ticks.push(row.low_ticks);
    this.close_ticks.push(row.close_ticks);
    this.volume.push(row.volume);
  }

  done(has_volume: boolean): TradeDateRows {
    const { trade_date, open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume } = this;
    return {
      ...{ trade_date, open_us, open_ticks, high_ticks, low_ticks, close_ticks },
      volume: has_volume ? volume : null,
    };
  }
}
