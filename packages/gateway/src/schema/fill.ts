import { z } from 'zod';
import { FillLeg } from '@bellwether/contracts';
import {
  bookName,
  callerId,
  isoTime,
  lowerNames,
  price,
  sideName,
  strategyName,
  symbolName,
  synthetic,
} from './fields.js';
import { requestExamples, type RequestForm, type RequestOf } from './request.js';

/** Above any fee of one fill. */
const FEE_USD_MAX = 100_000;

const shape = {
  book: bookName.optional(),
  fill_id: callerId.describe(
    'The broker’s id of this execution. It makes a repeated report harmless, so it is' +
      ' required. Also `fillId`.',
  ),
  decision_id: callerId
    .optional()
    .describe(
      'The decision that it belongs to. Missing or unknown: it counts as unmatched. Also `decisionId`.',
    ),
  intent_id: z
    .string()
    .regex(/^[A-Za-z0-9_.:/-]{1,160}$/, 'Expected an intent id such as es-12/1')
    .optional()
    .describe('The order intent that it fills. Also `intentId`.'),
  symbol: symbolName,
  strategy_id: strategyName.optional().describe('Also `strategyId`.'),
  side: sideName.describe('Side of the execution: LONG bought, SHORT sold.'),
  contracts: z
    .int()
    .min(0)
    .max(10_000)
    .describe('0 only in a correction: it takes the other fill back. Also `size`.'),
  corrects: callerId
    .optional()
    .describe(
      'The `fill_id` that this one takes the place of: the broker has corrected it. Also `corrects_fill_id`,' +
        ' `correctsFillId`.',
    ),
  price: price.describe('Also `entry_price`, `entryPrice`.'),
  fee_usd: z
    .number()
    .min(0)
    .max(FEE_USD_MAX)
    .optional()
    .describe('Fees of this fill, in whole cents. Missing: the book’s fee per contract. Also `feeUsd`.'),
  ts: isoTime.describe('When it was filled. Also `entry_ts`, `entryTs`.'),
  leg: z
    .enum(lowerNames(FillLeg))
    .default('entry')
    .describe('What the order was for. Fills of an exit say which.'),
  synthetic,
};

const EXAMPLE = {
  fill_id: 'broker-77',
  decision_id: 'es-412',
  symbol: 'ES',
  side: 'LONG',
  contracts: 1,
  price: 6605.75,
  ts: '2025-09-15T13:31:00Z',
};
const ORIGINAL_EXAMPLE = {
  fillId: 'broker-78',
  decisionId: 'es-412',
  symbol: 'ES',
  strategyId: 'S2',
  side: 'LONG',
  entryTs: '2025-09-15T13:31:00Z',
  entryPrice: 6605.75,
  contracts: 1,
};

/** `POST /v1/fill`: a broker has executed. */
export const fillForm: RequestForm<typeof shape> = {
  schema: z.strictObject(shape).meta(requestExamples(EXAMPLE, ORIGINAL_EXAMPLE)),
  aliases: {
    '': {
      fillId: 'fill_id',
      decisionId: 'decision_id',
      intentId: 'intent_id',
      strategyId: 'strategy_id',
      size: 'contracts',
      entry_price: 'price',
      entryPrice: 'price',
      corrects_fill_id: 'corrects',
      correctsFillId: 'corrects',
      feeUsd: 'fee_usd',
      entry_ts: 'ts',
      entryTs: 'ts',
    },
  },
};
export type FillRequest = RequestOf<typeof shape>;
