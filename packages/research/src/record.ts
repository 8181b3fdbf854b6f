import { createHash } from 'node:crypto';
import { z } from 'zod';
import { variantText, type Variant } from '@bellwether/statistics';

const parameter = z.strictObject({
  name: z.string().min(1),
  value: z.union([z.string(), z.number(), z.boolean()]),
});

const variantSchema = z.strictObject({
  kind: z.string().min(1),
  configuration: z.string(),
  data: z.array(z.string()),
  logic: z.array(z.strictObject({ stage: z.string().min(1), logic_version: z.int().min(0) })),
  parameters: z.array(parameter),
});

/** Trade dates that a result may have: sixty years. */
export const RESULT_DAYS_MAX = 15_000;

const resultSchema = z
  .strictObject({
    /** yyyymmdd, ascending; days without a trade are among them. */
    trade_dates: z.array(z.int()).max(RESULT_DAYS_MAX),
    net_cents: z.array(z.int()).max(RESULT_DAYS_MAX),
  })
  .refine(({ trade_dates, net_cents }) => trade_dates.length === net_cents.length, {
    error: 'Expected one result for each trade date',
  })
  .refine(({ trade_dates }) => trade_dates.every((date, i) => i === 0 || date > trade_dates[i - 1]!), {
    error: 'Expected ascending trade dates',
  });

const head = {
  format: z.literal(1),
  /** When it was written, microseconds UTC. */
  at_us: z.int().min(0),
  /** The run: its start and its end carry the same id. */
  run: z.string().min(1),
  /** SHA-256 of the variant's text. */
  variant_id: z.string().regex(/^[0-9a-f]{64}$/),
};

const recordSchema = z.discriminatedUnion('event', [
  z.strictObject({ ...head, event: z.literal('started'), variant: variantSchema }),
  z.strictObject({ ...head, event: z.literal('finished'), result: resultSchema }),
]);

export type ResearchRecord = z.infer<typeof recordSchema>;
/** Net result of each trade date of a run. */
export type RunResult = z.infer<typeof resultSchema>;

/** Longest line, its end included. */
export const LINE_BYTES_MAX = 1_048_576;
/** Hexadecimal digits of the check in front of a line: what was torn or changed is not taken for a record. */
const CHECK_LENGTH = 16;

/** Id of a variant: the same for the same configuration, data, logic and parameters, in any workspace. */
export function variantId(variant: Variant): string {
  return createHash('sha256').update(variantText(variant)).digest('hex');
}

function checkOf(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, CHECK_LENGTH);
}

/** Throws a zod error for what is no record. */
export function encodeRecord(record: ResearchRecord): Buffer {
  const json = JSON.stringify(recordSchema.parse(record));
  return Buffer.from(`${checkOf(json)} ${json}\n`);
}

/** A line without its end; null where it is torn, was changed, or is of another format. */
export function decodeRecord(line: string): ResearchRecord | null {
  const json = line.slice(CHECK_LENGTH + 1);
  if (line[CHECK_LENGTH] !== ' ' || line.slice(0, CHECK_LENGTH) !== checkOf(json)) return null;
  const parsed = recordSchema.safeParse(JSON.parse(json));
  if (!parsed.success) return null;
  const record = parsed.data;
  if (record.event === 'started' && variantId(record.variant) !== record.variant_id) return null;
  return record;
}
