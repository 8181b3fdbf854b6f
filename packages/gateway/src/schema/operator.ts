import { z } from 'zod';
import { bookName, callerId } from './fields.js';
import { requestExamples, type RequestForm, type RequestOf } from './request.js';

const shape = {
  book: bookName.optional(),
  command_id: callerId.describe(
    'Your id of this command: the same again has no second effect. Also `commandId`.',
  ),
  action: z
    .enum(['kill', 'resume', 'dry_run', 'flatten'])
    .describe(
      'kill: close everything and lock the trade date; resume: end the dry run; dry_run: decide and enter nothing;' +
        ' flatten: close everything once.',
    ),
  note: z.string().max(200).default('').describe('Why, for the record.'),
};

const EXAMPLE = { command_id: 'kill-2025-09-15', action: 'kill', note: 'news' };

/** `POST /v1/operator`: a person tells a book what to do. */
export const operatorForm: RequestForm<typeof shape> = {
  schema: z
    .strictObject(shape)
    .meta(requestExamples(EXAMPLE, { commandId: 'kill-2025-09-15', action: 'kill' })),
  aliases: { '': { commandId: 'command_id' } },
};
export type OperatorRequest = RequestOf<typeof shape>;

/** `200` of `POST /v1/operator`. */
export const operatorAnswerSchema = z
  .object({
    status: z.literal('ok'),
    entry_id: z.string(),
    command_id: z.string(),
    book: z.string(),
    seq: z.int().min(0),
    decision_id: z.string(),
    action: z.string(),
    accepted: z.boolean(),
    reason: z.string(),
    reason_text: z.string(),
    dry_run: z.boolean(),
    orders: z.int().min(0).describe('Orders that this command sent: closes and cancels.'),
    direct: z.boolean().describe('Execution has closed the book itself, before the stages knew.'),
  })
  .meta({
    description: 'What became of the command.',
    examples: [
      {
        ...{ status: 'ok', entry_id: 'operator:kill-2025-09-15', command_id: 'kill-2025-09-15', book: 'es' },
        ...{ seq: 413, decision_id: 'es-413', action: 'kill', accepted: true, reason: 'ok' },
        reason_text: 'The check passed, or nothing stood in the way.',
        ...{ dry_run: true, orders: 1, direct: true },
      },
    ],
  });
export type OperatorAnswer = z.output<typeof operatorAnswerSchema>;
