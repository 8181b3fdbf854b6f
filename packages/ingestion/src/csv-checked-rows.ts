import { BellwetherError } from '@bellwether/contracts';
import { checkHeader, knownInstrument } from './csv-bars.js';
import { readLines, type CsvOptions, type FileDigest } from './csv-lines.js';
import { CsvRowReader, type CsvRow } from './csv-row.js';

/** A line of a bar file that cannot be taken, and why. */
export interface CsvProblem {
  readonly line: number;
  readonly message: string;
}

export interface CheckedRowsOptions extends CsvOptions {
  /**
   * Is told of every line that cannot be taken, in order and before the rows around it are given. The reading goes on
   * after it.
   */
  readonly onProblem: (problem: CsvProblem) => void;
}

/**
 * The rows of a bar file, each checked by itself and against the one before, as `inspectCsv` checks them; but all that is
 * wrong is told, where that stops at the first line. Bounded memory.
 *
 * @throws BellwetherError `data_unreadable` where the file as a whole is none of bars; `unknown_symbol`
 */
export async function* readCheckedRows(
  path: string,
  symbol: string,
  options: CheckedRowsOptions,
): AsyncGenerator<readonly CsvRow[], FileDigest, undefined> {
  const reader = new CsvRowReader(path, knownInstrument(symbol));
  const batches = readLines(path, options);
  try {
    for (;;) {
      const batch = await batches.next();
      if (batch.done === true) return batch.value;
      const rows: CsvRow[] = [];
      batch.value.lines.forEach((text, i) => {
        const line = batch.value.first + i;
        if (line === 1) {
          checkHeader(path, text);
          return;
        }
        try {
          rows.push(reader.row(text, line));
        } catch (error) {
          options.onProblem({ line, message: messageOf(error, `${path}:${line}: `) });
        }
      });
      if (rows.length > 0) yield rows;
    }
  } finally {
    await batches.return({ sha256: '', bytes: 0 });
  }
}

/** What is wrong, without the place, which the reader of a list of problems has already. */
function messageOf(error: unknown, place: string): string {
  if (!(error instanceof BellwetherError)) throw error;
  return error.detail.startsWith(place) ? error.detail.slice(place.length) : error.detail;
}
