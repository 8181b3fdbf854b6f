import { z } from 'zod';
import { INTERVALS } from './places.js';

/** Version of the folder's layout and of the files below. Another one is refused, not guessed at. */
export const CATALOG_FORMAT = 1;

const format = z.literal(CATALOG_FORMAT);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const tradeDate = z.int().min(20_130_101).max(20_271_231);
const us = z.int();
const count = z.int().min(0);
/** Relative to the folder, and never out of it. */
const file = z
  .string()
  .regex(/^(bars|journals)(\/[A-Za-z0-9][A-Za-z0-9_.-]*)+\.parquet$/)
  .refine((name) => !name.includes('..'));

export const IMPORT_ID = /^[a-z]{2,3}-(1m|5m)-[0-9a-f]{16}$/;
const importId = z.string().regex(IMPORT_ID);

const finding = z.strictObject({
  /** What kind of thing was found. */
  code: z.string().regex(/^[a-z_]+$/),
  message: z.string().min(1),
  /** Imports of before there were verdicts have no levels. */
  level: z.enum(['note', 'warn', 'refuse']).optional(),
  evidence: z.record(z.string(), z.number()).optional(),
});
/** Something that a reader of the bars should know, and that is no reason to refuse them. */
export type Finding = z.infer<typeof finding>;

/** Whether the bars can be believed; what it rests on is in `findings`. */
const importVerdict = z.strictObject({
  version: z.int().min(1),
  result: z.enum(['pass', 'warn', 'refuse']),
  /** The file was refused, and taken because the user said so. */
  accepted: z.boolean(),
});
export type ImportVerdict = z.infer<typeof importVerdict>;

const importedDate = z.strictObject({
  trade_date: tradeDate,
  rows: count,
  first_open_us: us,
  last_open_us: us,
  /** Of the rows themselves, not of the file's bytes: docs/reference/catalog.md says how. */
  rows_sha256: sha256,
  file,
});
export type ImportedDate = z.infer<typeof importedDate>;

const importReading = z.strictObject({
  /** What prices as written were multiplied by, as the user gave it. */
  price_factor: z.string().min(1),
  /** The instrument that was taken, as the file names it; null where it names none. */
  instrument: z.string().nullable(),
  /** Why format, zone and stamp side were read so, one sentence each. */
  evidence: z.array(z.string().min(1)),
  /** Rows that were left out because a later one of the file has the same stamp. */
  duplicates: count,
  /** False where the rows had to be sorted. */
  in_order: z.boolean(),
});
export type ImportReading = z.infer<typeof importReading>;

export const importManifest = z.strictObject({
  format,
  id: importId,
  source: z.strictObject({
    /** The file's name without its folder. It stands in the id of every entry made of these bars. */
    name: z.string().min(1).max(100),
    sha256,
    bytes: count,
    /** The layout: `bellwether_csv`, or one that packages/importers reads. */
    kind: z.string().regex(/^[a-z_]+$/),
  }),
  symbol: z.string().regex(/^[A-Z]{2,3}$/),
  /** Such as ESZ25; null where it is a continuous series or was not told. */
  contract: z
    .string()
    .regex(/^[A-Z]{2,3}[HMUZ]\d\d$/)
    .nullable(),
  /** IANA name of the zone of the stamps in the source. The bars of the catalog are in UTC. */
  zone: z.string().regex(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/),
  /** Which end of its bar a stamp of the source names. The bars of the catalog are stamped by their open. */
  stamp: z.enum(['open', 'close']),
  interval: z.enum(INTERVALS),
  tick_size_e4: z.int().min(1),
  origin: z.enum(['market', 'synthetic']),
  has_volume: z.boolean(),
  rows: count,
  first_open_us: us,
  last_open_us: us,
  findings: z.array(finding),
  /** Not there in imports of before there were verdicts: what was never judged is unknown, not believed. */
  verdict: importVerdict.optional(),
  /** How a file in another layout than ours was read; absent for ours. */
  reading: importReading.optional(),
  importer: z.strictObject({ name: z.literal('bw import'), version: z.int().min(1) }),
  /** ISO 8601, UTC. */
  imported_at: z.string().min(1),
  trade_dates: z.array(importedDate).min(1),
});
export type ImportManifest = z.infer<typeof importManifest>;

export const catalogIndex = z.strictObject({
  format,
  /** Symbol, interval, trade date: the import that its bars come from. */
  bars: z.record(
    z.string(),
    z.partialRecord(z.enum(INTERVALS), z.record(z.string().regex(/^\d{8}$/), importId)),
  ),
});
export type CatalogIndex = z.infer<typeof catalogIndex>;

const journalSegment = z.strictObject({
  file,
  entries: z.int().min(1),
  first_sequence: z.int().min(1),
  last_sequence: z.int().min(1),
  first_known_us: us,
  last_known_us: us,
  /** Of the entries as they were read from the journal, and again as they were read back from the file. */
  entries_sha256: sha256,
  /** Of the last entry alone: how the next archive knows that it goes on with the same journal. */
  last_entry_sha256: sha256,
  archived_at: z.string().min(1),
});
export type JournalSegment = z.infer<typeof journalSegment>;

export const journalManifest = z.strictObject({
  format,
  book: z.string().min(1),
  segments: z.array(journalSegment),
});
export type JournalManifest = z.infer<typeof journalManifest>;
