import { z } from 'zod';
import { BellwetherError, EVIDENCE_NAMES } from '@bellwether/contracts';

/** What an evidence file holds (`evidence.json`): of each learned part and each arm the numbers of one run, and the data behind them. */

export const EVIDENCE_FORMAT = 1;
/** Runs of one name that may be counted; more are no evidence of anything. */
const TIMES_MAX = 100_000;

const name = z.string().refine((text) => EVIDENCE_NAMES.includes(text), {
  error: `Expected a learned part or an arm: ${EVIDENCE_NAMES.join(', ')}`,
});
const share = z.number().min(0).max(1);
const text = z.string().max(2_000);

/** Paired daily differences: all parts with it, less all parts without it. */
const numbersSchema = z.strictObject({
  /** US dollars a day with a 95 % interval; null where they cannot be measured. */
  mean_usd: z.number().nullable(),
  low_usd: z.number().nullable(),
  high_usd: z.number().nullable(),
  p: share.nullable(),
  /** Adjusted for every comparison of its table (Holm). */
  p_adjusted: share.nullable(),
  comparisons: z.int().min(1).max(10_000),
  sessions: z.int().min(0),
  trades_with: z.int().min(0),
  trades_without: z.int().min(0),
});

const dataSchema = z.strictObject({
  title: text,
  sources: z
    .array(
      z.strictObject({ symbol: z.string().max(8), reference: text, sha256: z.string().max(64).nullable() }),
    )
    .max(16),
  synthetic: z.boolean(),
  /** Models that were asked had learned from these days, or from later ones. */
  in_sample: z.boolean(),
  /** What is said of the data: pass, warn, refuse or unknown. */
  verdict: z.enum(['pass', 'warn', 'refuse', 'unknown']),
  /** First and last trade date, yyyymmdd. */
  from: z.int().nullable(),
  to: z.int().nullable(),
});

const runSchema = z.strictObject({
  /** Over data, settings, models and logic: the same run asked again is the same. */
  id: z.string().min(1).max(100),
  command: text,
  /** How many different runs of market data ever looked at this name; what is asked often is found by chance. */
  times: z.int().min(1).max(TIMES_MAX),
  /** Of every stage of the line. */
  logic_versions: z.record(z.string(), z.int()),
  models: z
    .array(z.strictObject({ model: z.string().max(100), regime: z.int(), sha256: z.string().max(64) }))
    .max(100),
  /** The settings of this part or arm, as the run had them. */
  settings: z.string().max(16_000),
});

export const evidenceEntrySchema = z.strictObject({
  name,
  /** As the rule gave it when this was written. It is judged anew whenever it is read. */
  status: z.enum(['proven', 'unproven', 'rejected']),
  why: text,
  numbers: numbersSchema,
  data: dataSchema,
  run: runSchema,
});

const fileSchema = z.strictObject({
  format: z.literal(EVIDENCE_FORMAT),
  entries: z.array(evidenceEntrySchema).max(1_000),
});

export type EvidenceEntry = z.output<typeof evidenceEntrySchema>;
export type EvidenceFile = z.output<typeof fileSchema>;
export type EvidenceNumbers = EvidenceEntry['numbers'];

export const NO_EVIDENCE: EvidenceFile = { format: EVIDENCE_FORMAT, entries: [] };

/**
 * The content of an evidence file.
 *
 * @throws BellwetherError `config_invalid`, with every problem and its place
 */
export function parseEvidence(content: unknown, where: string): EvidenceFile {
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.') || '(file)',
    message,
  }));
  throw new BellwetherError('config_invalid', `${where} is no evidence file`, problems);
}
