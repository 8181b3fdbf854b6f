import { Catalog, CatalogPlaces, isSelection, parseSelection, selectBars } from '@bellwether/catalog';
import { BellwetherError } from '@bellwether/contracts';
import { endedBefore } from './ended-sessions.js';

/** Said where the synthetic sample is trained on: it never changes. */
export const SAMPLE_SESSIONS = 'sample';

/** @throws BellwetherError `usage` for what is no selection of the catalog */
export function checkSelections(data: readonly string[]): void {
  for (const text of data) {
    if (!isSelection(text)) {
      throw new BellwetherError(
        'usage',
        `The trainer works on the catalog, in which new sessions can be told: import ${text}, and name it as catalog:SYMBOL`,
      );
    }
    parseSelection(text);
  }
}

/**
 * What a run would see at a time, as text: for each selection its last session that has ended and the bars up to it. Another text
 * means new sessions. Empty where the catalog has none.
 *
 * @throws BellwetherError `catalog_corrupt`, `usage`
 */
export async function newestSessions(
  data: readonly string[],
  catalogFolder: string,
  now_us: number,
): Promise<string> {
  if (data.length === 0) return SAMPLE_SESSIONS;
  const catalog = await Catalog.read(new CatalogPlaces(catalogFolder));
  const ended = endedBefore(now_us);
  const found = data.map((text) => {
    const selection = parseSelection(text);
    const to = selection.to === null ? ended : Math.min(selection.to, ended);
    if (selection.from !== null && selection.from > to) return '';
    try {
      const bars = selectBars(catalog, { ...selection, to });
      return `${bars.symbol} ${bars.last_trade_date} ${bars.rows}`;
    } catch (cause) {
      if (cause instanceof BellwetherError && cause.code === 'data_empty') return '';
      throw cause;
    }
  });
  return found.filter((one) => one !== '').join(', ');
}
