import { z } from 'zod';
import { ERRORS, type ErrorCode } from '@bellwether/contracts';

/** An object whose fields this page does not list: the messages of proto/ in JSON, enums by name. */
export const openObject = z.record(z.string(), z.unknown());

export const maybeNumber = z.number().nullable();
export const maybeText = z.string().nullable();
export const maybeCount = z.int().nullable();

export const regimeField = z
  .string()
  .nullable()
  .describe('Calm-Trend, Calm-Chop, HighVol-Trend or HighVol-Chop; null while it is not known.');
/** Stands beside every profit and loss. */
export const dataField = z
  .string()
  .describe(
    'Whether the data behind the profit and loss can be believed: `pass`, `warn`, `refuse` or `unknown`, and why in brackets.',
  );

export const syntheticField = z
  .boolean()
  .describe(
    'True once any made-up number has entered the book. Such a decision says nothing about a market.',
  );
export const originField = z.enum(['unspecified', 'market', 'synthetic']);

/** Whether the audit log holds the frame of an answer. */
export const auditedFields = {
  audited: z
    .boolean()
    .describe(
      'True where the audit log holds the frame. It follows within a fraction of a second; idle clock entries are counted' +
        ' there, not kept.',
    ),
  audit_record: maybeCount.describe('Number of the record that holds it; null where it is not audited.'),
};

export const auditHeadField = z
  .object({
    record: z.int().min(1),
    seq: z.int().min(1).describe('Last frame that the log holds.'),
    hash: z.string().describe('SHA-256 of the last record, which covers all before it.'),
    signed_us: z.int().min(0),
    key_id: z.string().describe('SHA-256 of the public key that signed it.'),
  })
  .nullable()
  .describe(
    'Newest signed head of the audit log; null where it does not answer or is empty. `bw audit verify` checks the log.',
  );

export const AUDIT_HEAD_EXAMPLE = {
  record: 401,
  seq: 412,
  hash: '5f7c3a0e4a9d0c0d7c1f0ae0a6f2a0d1f6d59f0bb1a9f1d2f2b34ad7ce6d8e21',
  signed_us: 1757943060104000,
  key_id: 'c0ffee0a6f2a0d1f6d59f0bb1a9f1d2f2b34ad7ce6d8e215f7c3a0e4a9d0c0d7',
};

/** The answer of a call whose entry is stored but whose result has not come in time: 202. */
export const acceptedAnswer = z
  .object({
    status: z.literal('accepted'),
    entry_id: z.string(),
    reason: z.literal('timeout'),
    reason_text: z.string(),
    next: z.string(),
  })
  .meta({
    description: 'Stored, but the line has not answered in time. The same request again gives the result.',
    examples: [
      {
        status: 'accepted',
        entry_id: 'bar:ES:60000000:1757943000000000:http:0',
        reason: 'timeout',
        reason_text: 'The entry is stored. Its result did not come before the deadline of the call.',
        next: 'Repeat the call with the same content to see the result.',
      },
    ],
  });
export type AcceptedAnswer = z.output<typeof acceptedAnswer>;

const CODES = Object.keys(ERRORS).filter(
  (code): code is ErrorCode => ERRORS[code as ErrorCode].http_status !== null,
);

/** Every answer that is not 2xx. */
export const errorAnswerSchema = z
  .object({
    error: z.object({
      code: z.enum(CODES),
      message: z.string(),
      next: z.string().describe('What the caller may do.'),
      problems: z
        .array(z.object({ path: z.string(), message: z.string() }))
        .describe('Everything that is wrong.'),
    }),
  })
  .meta({
    description: 'Refused. The code is stable; the texts may change.',
    examples: [
      {
        error: {
          code: 'off_tick_grid',
          message: 'The request does not have the form that the route asks for',
          next: ERRORS.off_tick_grid.next,
          problems: [{ path: 'c', message: 'Not on the tick grid: expected a multiple of 0.25, was 6605.3' }],
        },
      },
    ],
  });
