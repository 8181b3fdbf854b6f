import type { Bar } from '@bellwether/contracts';
import { BellwetherError } from '@bellwether/contracts';
import { contractOf } from '@bellwether/market';
import {
  DataVerdict,
  VERDICT_SYMBOLS,
  subjectOf,
  type RawBar,
  type Subject,
  type VerdictOptions,
} from '@bellwether/verdict';
import { readRawRows, type RawRowsOptions } from './raw-rows.js';

const TICKS_PER_POINT_E4 = 10_000;

export interface FileVerdictOptions extends RawRowsOptions, Omit<VerdictOptions, 'subject'> {
  readonly file: string;
  readonly symbol: string;
  /** Such as ESZ25; null for a continuous series. */
  readonly contract: string | null;
  /** Is given every row that is a bar, in the order of the file. */
  readonly onBar?: (bar: RawBar) => void;
}

/** @throws BellwetherError `unknown_symbol`, `usage` */
export function judgedSubject(symbol: string, contract: string | null): Subject {
  const month = contract === null ? null : contractOf(contract);
  if (contract !== null && month?.root !== symbol) {
    throw new BellwetherError(
      'usage',
      `Expected a contract of ${symbol} such as ${symbol}Z25, was ${contract}`,
    );
  }
  const subject = subjectOf(symbol, month);
  if (subject === null)
    throw new BellwetherError('unknown_symbol', `Expected ${VERDICT_SYMBOLS}, was ${symbol}`);
  return subject;
}

/**
 * Judges a bar file, whatever is wrong with its rows. Bounded memory.
 *
 * @throws BellwetherError `data_unreadable`, `unknown_symbol`, `usage`
 */
export async function judgeFile(options: FileVerdictOptions): Promise<DataVerdict> {
  const { file, symbol, contract, origin, trustTimes } = options;
  const verdict = new DataVerdict({ subject: judgedSubject(symbol, contract), origin, trustTimes });
  const onUnreadable = (line: number): void => {
    verdict.unreadable(line);
    options.onUnreadable?.(line);
  };
  for await (const rows of readRawRows(file, { ...options, onUnreadable })) {
    for (const { bar, line } of rows) {
      verdict.add(bar, line);
      options.onBar?.(bar);
    }
  }
  return verdict;
}

/** A bar in ticks, as a verdict takes it. */
export function rawBarOf(
  bar: Pick<Bar, 'open_us' | 'open_ticks' | 'high_ticks' | 'low_ticks' | 'close_ticks' | 'volume'>,
  tick_size_e4: number,
): RawBar {
  return {
    open_us: bar.open_us,
    open: (bar.open_ticks * tick_size_e4) / TICKS_PER_POINT_E4,
    high: (bar.high_ticks * tick_size_e4) / TICKS_PER_POINT_E4,
    low: (bar.low_ticks * tick_size_e4) / TICKS_PER_POINT_E4,
    close: (bar.close_ticks * tick_size_e4) / TICKS_PER_POINT_E4,
    volume: bar.volume ?? 0,
  };
}

/** Judges bars that were read already, a stream of batches. */
export async function judgeBars(
  batches: AsyncIterable<readonly Bar[]> | Iterable<readonly Bar[]>,
  options: VerdictOptions,
  onBar?: (bar: RawBar) => void,
): Promise<DataVerdict> {
  const verdict = new DataVerdict(options);
  // The header is line 1.
  let line = 1;
  for await (const bars of batches) {
    for (const bar of bars) {
      const raw = rawBarOf(bar, bar.tick_size_e4);
      verdict.add(raw, ++line);
      onBar?.(raw);
    }
  }
  return verdict;
}
