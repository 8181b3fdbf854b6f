import fs from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';

/** Rows sorted at a time in memory (20 MB), and most rows of one file: fifteen years of minutes have five million. */
const RUN_ROWS = 500_000;
export const ROWS_MAX = 20_000_000;
/** Rows read back from a run at a time. */
const READ_ROWS = 4_096;
const BATCH_ROWS = 4_096;

const ROW_BYTES = 40;
const DOUBLES = ROW_BYTES / 8;
const INTS = ROW_BYTES / 4;

/** A bar between its file and the catalog. The stamp is that of the file's clock. */
export interface SpooledRow {
  stamp_us: number;
  open_ticks: number;
  high_ticks: number;
  low_ticks: number;
  close_ticks: number;
  volume: number;
  place: number;
}

/** Rows of fixed length, one after the other. */
class Block {
  readonly #bytes: Buffer;
  readonly doubles: Float64Array;
  readonly ints: Int32Array;
  rows = 0;

  constructor(readonly capacity: number) {
    const memory = new ArrayBuffer(capacity * ROW_BYTES);
    this.#bytes = Buffer.from(memory);
    this.doubles = new Float64Array(memory);
    this.ints = new Int32Array(memory);
  }

  bytes(from: number, until: number): Buffer {
    return this.#bytes.subarray(from * ROW_BYTES, until * ROW_BYTES);
  }

  copy(from: Block, row: number): void {
    const at = this.rows++ * DOUBLES;
    for (let i = 0; i < DOUBLES; i++) this.doubles[at + i] = from.doubles[row * DOUBLES + i]!;
  }

  stamp(row: number): number {
    return this.doubles[row * DOUBLES]!;
  }

  place(row: number): number {
    return this.doubles[row * DOUBLES + 4]!;
  }

  row(row: number): SpooledRow {
    const { doubles, ints } = this;
    const ticks = row * INTS;
    return {
      stamp_us: doubles[row * DOUBLES]!,
      open_ticks: ints[ticks + 4]!,
      high_ticks: ints[ticks + 5]!,
      low_ticks: ints[ticks + 6]!,
      close_ticks: ints[ticks + 7]!,
      volume: doubles[row * DOUBLES + 1]!,
      place: doubles[row * DOUBLES + 4]!,
    };
  }
}

/** A sorted run while it is read back: from memory, or a piece at a time from the file. */
class Cursor {
  #at = 0;
  #left: number;
  readonly #block: Block;

  private constructor(
    private readonly file: fs.FileHandle | null,
    private from: number,
    rows: number,
    block: Block,
  ) {
    this.#block = block;
    this.#left = file === null ? 0 : rows;
  }

  static async inFile(file: fs.FileHandle, from: number, rows: number): Promise<Cursor> {
    const cursor = new Cursor(file, from, rows, new Block(READ_ROWS));
    await cursor.#fill();
    return cursor;
  }

  static inMemory(block: Block): Cursor {
    return new Cursor(null, 0, block.rows, block);
  }

  get done(): boolean {
    return this.#at >= this.#block.rows;
  }

  get stamp(): number {
    return this.#block.stamp(this.#at);
  }

  get place(): number {
    return this.#block.place(this.#at);
  }

  get row(): SpooledRow {
    return this.#block.row(this.#at);
  }

  /** Goes on; true where more must be read first. */
  step(): boolean {
    this.#at++;
    return this.done && this.#left > 0;
  }

  async #fill(): Promise<void> {
    const rows = Math.min(this.#left, READ_ROWS);
    const bytes = this.#block.bytes(0, rows);
    const { bytesRead } = (await this.file?.read(bytes, 0, bytes.length, this.from * ROW_BYTES)) ?? {
      bytesRead: 0,
    };
    assert(bytesRead === bytes.length, 'The temporary file is shorter than what was written to it');
    this.from += rows;
    this.#left -= rows;
    this.#block.rows = rows;
    this.#at = 0;
  }

  async more(): Promise<void> {
    await this.#fill();
  }
}

/**
 * Holds the rows of one file until it is known how its stamps are meant, and gives them out in order of time: in memory
 * while they are few, otherwise as sorted runs in a temporary file that are merged. Bounded memory.
 */
export class RowSpool {
  #block = new Block(RUN_ROWS / 16);
  readonly #full: Block[] = [];
  readonly #runs: { readonly from: number; readonly rows: number }[] = [];
  #file: fs.FileHandle | null = null;
  #written = 0;
  #last = -Infinity;
  rows = 0;
  get lastStamp(): number {
    return this.#last;
  }

  /** Whether every stamp came after the one before, or together with it. */
  sorted = true;

  /** `folder` is this spool's own, made when it is needed. */
  constructor(
    private readonly name: string,
    private readonly folder: string,
  ) {}

  /** @throws BellwetherError `data_unreadable` beyond {@link ROWS_MAX} */
  add(
    stamp_us: number,
    open_ticks: number,
    high_ticks: number,
    low_ticks: number,
    close_ticks: number,
    volume: number,
    place: number,
  ): void {
    if (this.#block.rows === this.#block.capacity) this.#grow();
    const { doubles, ints, rows } = this.#block;
    const at = rows * DOUBLES;
    const ticks = rows * INTS;
    doubles[at] = stamp_us;
    doubles[at + 1] = volume;
    ints[ticks + 4] = open_ticks;
    ints[ticks + 5] = high_ticks;
    ints[ticks + 6] = low_ticks;
    ints[ticks + 7] = close_ticks;
    doubles[at + 4] = place;
    this.#block.rows++;
    this.rows++;
    if (stamp_us < this.#last) this.sorted = false;
    this.#last = stamp_us;
  }

  #grow(): void {
    if (this.rows >= ROWS_MAX) {
      throw new BellwetherError(
        'data_unreadable',
        `${this.name}: It holds more than ${ROWS_MAX} bars of one instrument. Cut it by years`,
      );
    }
    const block = this.#block;
    if (block.capacity < RUN_ROWS) {
      const larger = new Block(block.capacity * 4 > RUN_ROWS ? RUN_ROWS : block.capacity * 4);
      larger.bytes(0, block.rows).set(block.bytes(0, block.rows));
      larger.rows = block.rows;
      this.#block = larger;
    } else {
      this.#full.push(block);
      this.#block = new Block(RUN_ROWS);
    }
  }

  /** Writes down what is full. To be called after each piece of the file, which fills one run at most. */
  async settle(): Promise<void> {
    for (const block of this.#full.splice(0)) await this.#write(block);
  }

  async #write(block: Block): Promise<void> {
    if (this.#file === null) {
      await fs.mkdir(this.folder, { recursive: true });
      this.#file = await fs.open(path.join(this.folder, 'rows'), 'w+');
    }
    const sorted = this.sorted ? block : sortedCopy(block);
    const bytes = sorted.bytes(0, sorted.rows);
    await this.#file.write(bytes, 0, bytes.length, this.#written * ROW_BYTES);
    this.#runs.push({ from: this.#written, rows: sorted.rows });
    this.#written += sorted.rows;
  }

  /** All rows by stamp, those of one stamp by place. */
  async *inOrder(): AsyncGenerator<readonly SpooledRow[], void, undefined> {
    await this.settle();
    const cursors: Cursor[] = [];
    for (const { from, rows } of this.#runs) {
      if (this.#file !== null) cursors.push(await Cursor.inFile(this.#file, from, rows));
    }
    cursors.push(Cursor.inMemory(this.sorted ? this.#block : sortedCopy(this.#block)));
    let batch: SpooledRow[] = [];
    for (;;) {
      const next = first(cursors);
      if (next === null) break;
      batch.push(next.row);
      if (next.step()) await next.more();
      if (batch.length < BATCH_ROWS) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
    await fs.rm(this.folder, { recursive: true, force: true });
  }
}

function first(cursors: readonly Cursor[]): Cursor | null {
  let best: Cursor | null = null;
  for (const cursor of cursors) {
    if (cursor.done) continue;
    if (
      best === null ||
      cursor.stamp < best.stamp ||
      (cursor.stamp === best.stamp && cursor.place < best.place)
    ) {
      best = cursor;
    }
  }
  return best;
}

function sortedCopy(block: Block): Block {
  const order = Uint32Array.from({ length: block.rows }, (_, row) => row);
  order.sort((a, b) => block.stamp(a) - block.stamp(b) || block.place(a) - block.place(b));
  const sorted = new Block(Math.max(1, block.rows));
  for (const row of order) sorted.copy(block, row);
  return sorted;
}
