/** The layouts of event CSV files, told apart by their columns; each row becomes the JSON of an event. */
export type CsvLayout = 'news' | 'options' | 'calendar';

const ALIASES: Readonly<Record<CsvLayout, Readonly<Record<string, string>>>> = {
  news: { ts: 'published', text: 'headline', market_terms: 'symbols' },
  options: { ts: 'as_of' },
  calendar: { ts: 'at', event: 'name', impact: 'tier' },
};

const COLUMNS: Readonly<Record<CsvLayout, readonly string[]>> = {
  news: ['source', 'id', 'known', 'published', 'headline', 'symbols', 'tier', 'score', 'confidence'],
  options: [
    ...['source', 'id', 'known', 'as_of', 'underlying', 'call_volume', 'put_volume', 'call_open_interest'],
    ...['put_open_interest', 'net_gex_usd', 'zero_gamma', 'call_wall', 'put_wall', 'spot'],
  ],
  // The local time of a release is there for people.
  calendar: ['at', 'name', 'tier', 'known', 'eastern'],
};
const NEEDED: Readonly<Record<CsvLayout, readonly string[]>> = {
  news: ['published', 'headline'],
  options: ['as_of', 'underlying', 'call_volume', 'put_volume'],
  calendar: ['at', 'name', 'tier'],
};
const TEXTS: ReadonlySet<string> = new Set(
  'source id known published headline as_of underlying at name eastern'.split(' '),
);
const IMPACTS: Readonly<Record<string, number>> = { high: 1, medium: 2, low: 3 };

export interface CsvHeader {
  readonly layout: CsvLayout;
  readonly columns: readonly string[];
}

/** The layout of a header, or what is wrong with it. */
export function headerOf(fields: readonly string[]): CsvHeader | string {
  const given = fields.map((field) =>
    field
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase(),
  );
  for (const layout of ['news', 'options', 'calendar'] as const) {
    const columns = given.map((name) =>
      Object.hasOwn(ALIASES[layout], name) ? (ALIASES[layout][name] ?? name) : name,
    );
    if (!NEEDED[layout].every((name) => columns.includes(name))) continue;
    const unknown = columns.filter((name) => !COLUMNS[layout].includes(name));
    if (unknown.length > 0) return `A file of ${layout} has no column ${unknown.join(', ')}`;
    if (new Set(columns).size < columns.length) return 'A column is named twice';
    return { layout, columns };
  }
  return (
    'Expected the columns of news (published,headline), options (as_of,underlying,call_volume,put_volume) or ' +
    'a calendar (ts,event,impact)'
  );
}

function valueOf(column: string, text: string): unknown {
  if (column === 'symbols')
    return text
      .split(/[;|]/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  if (TEXTS.has(column)) return text;
  if (column === 'tier' && Object.hasOwn(IMPACTS, text.toLowerCase())) return IMPACTS[text.toLowerCase()];
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** The row as JSON; an empty field is missing. Null where the number of fields is another than that of the header. */
export function rowValue(
  { layout, columns }: CsvHeader,
  fields: readonly string[],
  source: string,
): Record<string, unknown> | null {
  if (fields.length !== columns.length) return null;
  const out: Record<string, unknown> = layout === 'calendar' ? {} : { kind: layout, source };
  columns.forEach((column, i) => {
    const text = (fields[i] ?? '').trim();
    if (text !== '' && column !== 'eastern') out[column] = valueOf(column, text);
  });
  return out;
}
