import { knownInstrument } from './csv-bars.js';
import { readChunks, type CsvOptions, type FileDigest } from './csv-chunks.js';
import { CsvRowReader, type CsvProblem, type CsvRow } from './csv-row.js';

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
  const reader = new CsvRowReader(path, knownInstrument(symbol), options.onProblem);
  const chunks = readChunks(path, options);
  try {
    for (;;) {
      const chunk = await chunks.next();
      const rows = chunk.done === true ? reader.lastRows() : reader.rows(chunk.value);
      if (rows.length > 0) yield rows;
      if (chunk.done === true) return chunk.value;
    }
  } finally {
    await chunks.return({ sha256: '', bytes: 0 });
  }
}
