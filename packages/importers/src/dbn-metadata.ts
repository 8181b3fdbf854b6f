import { unreadable } from './refusals.js';

/** Metadata of every instrument of a large exchange stay below. */
export const METADATA_BYTES_MAX = 32 * 1024 * 1024;
/** Fields before the lists, in every version. */
const FIXED_BYTES = 100;
const VERSION_ONE_SYMBOL_BYTES = 22;
const SYMBOL_BYTES_MAX = 256;
const NO_SCHEMA = 0xffff;

/** Schemas by number, as far as a message names them. */
const SCHEMAS: readonly string[] =
  'mbo mbp-1 mbp-10 tbbo trades ohlcv-1s ohlcv-1m ohlcv-1h ohlcv-1d definition statistics status imbalance'.split(
    ' ',
  );
const OHLCV_MINUTE = 6;

interface NamedFrom {
  /** yyyymmdd, the end not included. */
  readonly from: number;
  readonly to: number;
  readonly symbol: string;
}

export interface DbnMetadata {
  readonly version: number;
  readonly dataset: string;
  /** Symbols of an instrument id by the dates on which it was theirs. */
  readonly symbols: ReadonlyMap<number, readonly NamedFrom[]>;
}

/** Reads fields one after the other and refuses to read beyond the end. */
class Fields {
  #at = 0;

  constructor(
    private readonly name: string,
    private readonly bytes: Buffer,
  ) {}

  #next(count: number): number {
    const at = this.#at;
    if (count > this.bytes.length - at) {
      throw unreadable(this.name, 'The metadata contradict their own length. Copy the file again');
    }
    this.#at = at + count;
    return at;
  }

  skip(count: number): void {
    this.#next(count);
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.#next(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.#next(4));
  }

  text(count: number): string {
    const at = this.#next(count);
    const text = this.bytes.toString('latin1', at, at + count);
    const end = text.indexOf('\0');
    return end < 0 ? text : text.slice(0, end);
  }
}

/**
 * The metadata of a DBN file (domain.md 3.1), `bytes` from byte 8 on.
 *
 * @throws BellwetherError `data_unreadable`, also for another schema than bars of one minute
 */
export function dbnMetadata(name: string, version: number, bytes: Buffer): DbnMetadata {
  const fields = new Fields(name, bytes);
  const dataset = fields.text(16);
  const schema = fields.u16();
  if (schema !== OHLCV_MINUTE && schema !== NO_SCHEMA) {
    const what = SCHEMAS[schema] ?? `number ${schema}`;
    throw unreadable(name, `It is of the schema ${what}, not ohlcv-1m (bars of one minute). Export ohlcv-1m`);
  }
  fields.skip(3 * 8);
  let symbolBytes = VERSION_ONE_SYMBOL_BYTES;
  if (version === 1) fields.skip(8);
  fields.skip(3);
  if (version > 1) symbolBytes = fields.u16();
  if (symbolBytes < 1 || symbolBytes > SYMBOL_BYTES_MAX) {
    throw unreadable(name, `Its symbols have ${symbolBytes} bytes, not at most ${SYMBOL_BYTES_MAX}`);
  }
  const read = 16 + 2 + 24 + (version === 1 ? 8 : 0) + 3 + (version > 1 ? 2 : 0);
  fields.skip(FIXED_BYTES - read);
  fields.skip(fields.u32());
  // What was asked for, in part or not found: the mappings say what there is.
  for (let list = 0; list < 3; list++) fields.skip(fields.u32() * symbolBytes);
  return { version, dataset, symbols: mappings(fields, symbolBytes) };
}

function mappings(fields: Fields, symbolBytes: number): ReadonlyMap<number, readonly NamedFrom[]> {
  const found = new Map<number, NamedFrom[]>();
  const count = fields.u32();
  for (let i = 0; i < count; i++) {
    const asked = fields.text(symbolBytes);
    const intervals = fields.u32();
    for (let j = 0; j < intervals; j++) {
      const from = fields.u32();
      const to = fields.u32();
      const id = fields.text(symbolBytes);
      // Mapped the other way round (to raw symbols), the ids are not told.
      if (!/^\d{1,10}$/.test(id)) continue;
      const named = found.get(Number(id)) ?? [];
      named.push({ from, to, symbol: asked });
      found.set(Number(id), named);
    }
  }
  return found;
}

/** The symbol of an instrument on a date (yyyymmdd), or its number as text where none is told. */
export function symbolOf({ symbols }: DbnMetadata, id: number, date: number): string {
  const named = symbols.get(id);
  return named?.find(({ from, to }) => date >= from && date < to)?.symbol ?? String(id);
}
