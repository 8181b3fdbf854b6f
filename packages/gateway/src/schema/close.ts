import { z } from 'zod';
import { bookName, callerId, isoTime, price, synthetic } from './fields.js';
import { requestExamples, type RequestForm, type RequestOf } from './request.js';

const CONTRACTS_MAX = 10_000;

const shape = {
  book: bookName.optional(),
  decision_id: callerId.describe('The decision that opened the position. Also `decisionId`.'),
  exit_price: price.describe('Also `exitPrice`.'),
  exit_ts: isoTime.describe('When it was closed. Also `exitTs`.'),
  final_contracts: z
    .int()
    .min(0)
    .max(CONTRACTS_MAX)
    .optional()
    .describe('Contracts that are still open after it. Missing: none. Also `finalContracts`.'),
  close_id: callerId
    .optional()
    .describe('Your id of this report. Default: the decision id and the exit time. Also `closeId`.'),
  synthetic,
};

const EXAMPLE = { decision_id: 'es-412', exit_price: 6608.25, exit_ts: '2025-09-15T13:45:00Z' };
const ORIGINAL_EXAMPLE = {
  decisionId: 'es-412',
  exitTs: '2025-09-15T13:46:00Z',
  exitPrice: 6608.25,
  finalContracts: 0,
};

/** `POST /v1/close`: the caller has closed a position, or a part of it. */
export const closeForm: RequestForm<typeof shape> = {
  schema: z.strictObject(shape).meta(requestExamples(EXAMPLE, ORIGINAL_EXAMPLE)),
  aliases: {
    '': {
      decisionId: 'decision_id',
      exitPrice: 'exit_price',
      exitTs: 'exit_ts',
      finalContracts: 'final_contracts',
      closeId: 'close_id',
    },
  },
};
export type CloseRequest = RequestOf<typeof shape>;
