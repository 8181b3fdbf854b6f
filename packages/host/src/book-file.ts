import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { BellwetherError, bookConfigOf, type BookFile, type BookSettings } from '@bellwether/contracts';

/** Largest book file; a larger one is another kind of file. */
const BOOK_FILE_BYTES_MAX = 256 * 1024;

/**
 * Reads a book file (YAML or JSON). Gives what stands in it and what it means.
 *
 * @throws BellwetherError `config_invalid`: it cannot be read, is no YAML, or has problems (all of them are named)
 */
export async function readBookFile(
  file: string,
): Promise<{ readonly bookFile: BookFile; readonly settings: BookSettings }> {
  let content: unknown;
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > BOOK_FILE_BYTES_MAX) throw new Error(`Expected at most ${BOOK_FILE_BYTES_MAX} bytes`);
    content = parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BellwetherError('config_invalid', `${file}: ${why}`, [], { cause });
  }
  const settings = bookConfigOf(content);
  // bookConfigOf has refused whatever is no book file.
  return { bookFile: content as BookFile, settings };
}
