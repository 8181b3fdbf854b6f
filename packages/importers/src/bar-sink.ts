import type { InstrumentPicker } from './instrument-picker.js';

/**
 * Takes the bars of a file as it has them: times in microseconds of the file's own clock, prices in points as written. A
 * place is a line or, in a binary file, a record, from 1.
 */
export interface BarSink {
  bar(
    place: number,
    stamp_us: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  ): void;
  /** Something at a place that cannot be taken. The reading goes on. */
  problem(place: number, message: string): void;
}

/** Reads one format from bytes that may be cut anywhere, in memory that does not grow with the file. */
export interface BarParser {
  /** A member of an archive begins. Formats that are no archives have one, the file itself. */
  member(name: string): void;
  /** @throws BellwetherError `data_unreadable` where the file as a whole is not of this format */
  write(bytes: Buffer): void;
  /** The bytes have ended. */
  end(): void;
  /** What the file says of itself, one sentence each. Asked after the end. */
  notes(): readonly string[];
}

export interface ParserOptions {
  /** Of the file, for messages. */
  readonly name: string;
  readonly sink: BarSink;
  /** Asked for each bar of a file that may hold several instruments. */
  readonly picker: InstrumentPicker;
}
