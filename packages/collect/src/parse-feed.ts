import { CsvRecordReader, isoText, readEvent, type EventJson } from '@bellwether/events';
import { XMLParser } from 'fast-xml-parser';
import type { FeedConfig } from './config.js';

export const ITEMS_MAX = 5_000;
const TIME_FIELDS: ReadonlySet<string> = new Set(['published', 'as_of', 'from', 'to', 'known']);
const ZONED = /(Z|GMT|UTC?|E[SD]T|C[SD]T|M[SD]T|P[SD]T|[+-]\d\d:?\d\d)$/;
/** Numbers above are milliseconds, below seconds: both lie between 2000 and 2099 only so. */
const SECONDS_MAX = 100_000_000_000;

export interface ParsedFeed {
  readonly events: readonly EventJson[];
  /** What was wrong with items that are left out. */
  readonly problems: readonly string[];
}

type Values = Record<string, unknown>;

/** Entities are never expanded and documents that declare some are refused, so none can grow. */
const XML = new XMLParser({
  ...{ processEntities: false, ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#' },
  ...{ parseTagValue: false, parseAttributeValue: false, removeNSPrefix: false, maxNestedTags: 30 },
});

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function at(value: unknown, path: string): unknown {
  if (path === '') return value;
  let found = value;
  for (const key of path.split('.')) {
    if (Array.isArray(found)) found = (found as unknown[])[Number(key)];
    else found = isValues(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The five entities of XML and character numbers, once; tags of HTML in a title are taken out. */
function plainText(value: unknown): string {
  const raw = isValues(value) ? value['#'] : value;
  if (typeof raw !== 'string') return '';
  const text = raw.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,5});/g, (all, name: string) => {
    if (!name.startsWith('#')) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? all) : all;
    const code = name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
  return text.replace(/<[^<>]{0,500}>/g, ' ').trim();
}

/** ISO 8601 of a time with a zone, in a text or as a number since 1970; anything else as it is, to be refused. */
function timeOf(value: unknown): unknown {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\d{9,14}$/.test(value)
        ? Number(value)
        : null;
  if (number !== null) return instant(number < SECONDS_MAX ? number * 1_000 : number, value);
  if (typeof value !== 'string' || !ZONED.test(value.trim())) return value;
  return instant(Date.parse(value.trim()), value);
}

function instant(ms: number, given: unknown): unknown {
  return Number.isFinite(ms) && Math.abs(ms) < 8e15 ? isoText(Math.floor(ms) * 1_000) : given;
}

function newsItems(text: string): Values[] {
  if (/<!(DOCTYPE|ENTITY)/i.test(text))
    throw new Error('The feed declares a document type, which is not taken');
  const root: unknown = XML.parse(text);
  const rss = [...list(at(root, 'rss.channel.item')), ...list(at(root, 'rdf:RDF.item'))];
  const atom = list(at(root, 'feed.entry'));
  if (rss.length + atom.length === 0 && at(root, 'rss') === undefined && at(root, 'feed') === undefined)
    throw new Error('This is neither RSS nor Atom');
  return [...rss, ...atom].filter(isValues).map((item) => {
    const link = list(item['link']).map((one) => (isValues(one) ? (one['@href'] ?? one['#']) : one))[0];
    const date = item['pubDate'] ?? item['published'] ?? item['updated'] ?? item['dc:date'];
    const id = plainText(item['guid']) || plainText(item['id']) || plainText(link);
    return {
      headline: plainText(item['title']),
      published: plainText(date) || undefined,
      ...(id === '' ? {} : { id }),
    };
  });
}

function csvItems(text: string): Values[] {
  const reader = new CsvRecordReader();
  const [header, ...rows] = [...reader.push(text), ...reader.end()];
  if (header === undefined) throw new Error('The file is empty');
  return rows.map(({ fields }) =>
    Object.fromEntries(header.fields.map((name, i) => [name.trim(), fields[i]])),
  );
}

function mapped(item: unknown, { kind, map }: FeedConfig): Values {
  const out: Values = {};
  for (const [field, path] of Object.entries(map)) {
    const value =
      kind === 'csv'
        ? isValues(item) && Object.hasOwn(item, path)
          ? item[path]
          : undefined
        : at(item, path);
    if (value === undefined || value === null || value === '') continue;
    const number =
      kind === 'csv' && !['headline', 'id'].includes(field) && !TIME_FIELDS.has(field) ? Number(value) : NaN;
    out[field] = Number.isFinite(number) ? number : value;
  }
  return out;
}

function itemsOf(body: Buffer, feed: FeedConfig): readonly Values[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  if (feed.kind === 'rss') return newsItems(text);
  if (feed.kind === 'csv') return csvItems(text).map((item) => mapped(item, feed));
  const found = at(JSON.parse(text) as unknown, feed.items);
  if (!Array.isArray(found) && !isValues(found)) throw new Error(`There is nothing at items: ${feed.items}`);
  return list(found).map((item) => mapped(item, feed));
}

/** An item as an event that is known now; what its source dates later counts as now. */
function eventOf(item: Values, feed: FeedConfig, now_us: number): Values {
  const out: Values = { kind: feed.event, source: feed.name, ...feed.set, ...item, known: isoText(now_us) };
  for (const field of TIME_FIELDS) if (out[field] !== undefined) out[field] = timeOf(out[field]);
  if (typeof out['id'] === 'number') out['id'] = String(out['id']);
  const happened = feed.event === 'news' ? 'published' : feed.event === 'options' ? 'as_of' : null;
  if (happened === null) return out;
  const own = out[happened];
  const us = typeof own === 'string' ? Date.parse(own) * 1_000 : NaN;
  if (own === undefined ? out['id'] !== undefined : us > now_us) out[happened] = isoText(now_us);
  if (feed.event === 'calendar') return out;
  return out;
}

/** The events of an answer. Throws an Error where it as a whole is not what the feed should give. */
export function parseFeed(body: Buffer, feed: FeedConfig, now_us: number): ParsedFeed {
  const items = itemsOf(body, feed);
  if (items.length > ITEMS_MAX) throw new Error(`The feed holds more than ${ITEMS_MAX} items`);
  const events: EventJson[] = [];
  const problems: string[] = [];
  items.forEach((item, i) => {
    const value = eventOf(item, feed, now_us);
    const read = readEvent(value);
    if (read.event !== null) events.push(value as EventJson);
    else
      problems.push(
        `item ${i + 1}: ${read.problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
      );
  });
  return { events, problems };
}
