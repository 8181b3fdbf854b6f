import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { parse } from 'yaml';
import { z } from 'zod';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** No feed is asked more often. */
const INTERVAL_MS_MIN = 10_000;

const interval = z
  .string()
  .regex(/^[1-9]\d{0,4}[smh]$/, 'Expected a time such as 5m')
  .transform((text) => Number(text.slice(0, -1)) * (UNITS_MS[text.slice(-1)] ?? 0))
  .refine((ms) => ms >= INTERVAL_MS_MIN, 'Expected 10s or more');

const feedSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'Expected lower case, digits and -'),
    url: z.url({ protocol: /^https?$/, error: 'Expected an http or https address' }),
    /** How the answer is written. */
    kind: z.enum(['json', 'rss', 'csv']),
    event: z.enum(['news', 'options', 'calendar']).default('news'),
    interval: interval.default(300_000),
    /** JSON: where the list of items is, as names separated by dots; empty for the answer itself. */
    items: z.string().max(200).default(''),
    /** JSON and CSV: where each field of the event is in an item. */
    map: z.record(z.string(), z.string().max(200)).default({}),
    /** Fields that are the same in every item. */
    set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  })
  .refine(({ kind, event }) => kind !== 'rss' || event === 'news', 'RSS and Atom hold news')
  .refine(
    ({ kind, map }) => kind === 'rss' || Object.keys(map).length > 0,
    '`map` is required for json and csv',
  );
export type FeedConfig = z.output<typeof feedSchema>;

const configSchema = z
  .strictObject({
    user_agent: z.string().min(3).max(200).default('bellwether-collect (one trader, own use)'),
    /** JSON-lines file to which events are added. */
    output: z.string().min(1).optional(),
    /** Gateway to which events are sent. */
    gateway: z.url({ protocol: /^https?$/ }).optional(),
    book: z.string().optional(),
    state: z.string().min(1),
    feeds: z.array(feedSchema).min(1).max(100),
  })
  .refine(
    ({ output, gateway }) => output !== undefined || gateway !== undefined,
    'Expected `output` or `gateway`',
  )
  .refine(
    ({ feeds }) => new Set(feeds.map(({ name }) => name)).size === feeds.length,
    'A feed is named twice',
  );
export type CollectConfig = z.output<typeof configSchema>;

/** Checks a configuration. Throws `config_invalid` with all problems. */
export function collectConfigOf(value: unknown, file: string): CollectConfig {
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const list = problems.map(({ path: at, message }) => `${at}: ${message}`).join('\n  ');
  throw new BellwetherError('config_invalid', `${file}:\n  ${list}`, problems);
}

/** Reads a configuration; files in it are named from its own folder. */
export async function readCollectConfig(file: string): Promise<CollectConfig> {
  let value: unknown;
  try {
    value = parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new BellwetherError('config_invalid', `${file}: ${what}`, [], { cause });
  }
  const config = collectConfigOf(value, file);
  const here = (name: string): string => path.resolve(path.dirname(file), name);
  return {
    ...config,
    state: here(config.state),
    output: config.output === undefined ? undefined : here(config.output),
  };
}
