import path from 'node:path';
import { openDataSource, type DataReference, type DataSource } from '@bellwether/catalog';
import { BellwetherError } from '@bellwether/contracts';
import { detectFormat, titleOf } from '@bellwether/importers';

/** The format of a file that is not of our own layout; null where it is, or where nothing tells. */
async function foreignTitle(file: string): Promise<string | null> {
  try {
    const { claims } = await detectFormat(file, path.basename(file));
    const foreign = claims.filter(({ format }) => format !== 'bellwether_csv');
    return foreign.length === 0 ? null : foreign.map(({ format }) => titleOf(format)).join(' or ');
  } catch (error) {
    if (error instanceof BellwetherError) return null;
    throw error;
  }
}

/**
 * What to say of a file that could not be read as our own: that it is of another product, where it is; else the error.
 *
 * @returns BellwetherError `foreign_format`, or `error` itself
 */
export async function asForeign(error: unknown, file: string, symbol: string): Promise<unknown> {
  if (!(error instanceof BellwetherError) || error.code !== 'data_unreadable') return error;
  const title = await foreignTitle(file);
  if (title === null) return error;
  return new BellwetherError(
    'foreign_format',
    `${file} looks like ${title}. Import it first: bw import ${JSON.stringify(file)} --symbol ${symbol}; ` +
      `then name it as --data catalog:${symbol}`,
    [],
    { cause: error },
  );
}

/**
 * Opens bars as `openDataSource` does. A file of another product is read by `bw import` alone, and whoever names one here
 * is told so.
 *
 * @throws BellwetherError `foreign_format`, and those of `openDataSource`
 */
export async function openBars(reference: DataReference, catalog: string): Promise<DataSource> {
  try {
    return await openDataSource(reference, catalog);
  } catch (error) {
    throw reference.kind === 'catalog' ? error : await asForeign(error, reference.path, reference.symbol);
  }
}
