import { z } from 'zod';
import { dataField, syntheticField } from './answer-fields.js';
import { bookName, callerId, isoTime, symbolName, synthetic } from './fields.js';
import { requestExamples, type RequestForm, type RequestOf } from './request.js';

const CONTRACTS_MAX = 10_000;
const SYMBOLS_MAX = 20;
/** Above any account that this is for. */
const BALANCE_USD_MAX = 1_000_000_000;

const held = z.strictObject({
  symbol: symbolName,
  net_contracts: z
    .int()
    .min(-CONTRACTS_MAX)
    .max(CONTRACTS_MAX)
    .describe('Signed: + long, - short. Also `netContracts`.'),
});

const shape = {
  book: bookName.optional(),
  snapshot_id: callerId.describe(
    'Your id of this snapshot: the same again has no second effect. Also `snapshotId`.',
  ),
  ts: isoTime.describe('When the broker saw the account so: fills up to then are in it.'),
  positions: z
    .array(held)
    .max(SYMBOLS_MAX)
    .describe('All open positions. A symbol of the book that is not named has none.'),
  balance_usd: z
    .number()
    .min(-BALANCE_USD_MAX)
    .max(BALANCE_USD_MAX)
    .optional()
    .describe('Balance without open profit, in whole cents. Missing: not compared. Also `balanceUsd`.'),
  can_trade: z
    .boolean()
    .optional()
    .describe('Whether the broker lets the account trade. Missing: as it said last. Also `canTrade`.'),
  synthetic,
};

const EXAMPLE = {
  snapshot_id: 'after-reconnect-7',
  ts: '2025-09-15T13:31:00Z',
  positions: [{ symbol: 'ES', net_contracts: 1 }],
  balance_usd: 50_120.4,
  can_trade: true,
};
const CAMEL_EXAMPLE = {
  snapshotId: 'after-reconnect-8',
  ts: '2025-09-15T13:31:00Z',
  positions: [],
  canTrade: true,
};

/** `POST /v1/account`: the account as the broker sees it. */
export const accountForm: RequestForm<typeof shape> = {
  schema: z.strictObject(shape).meta(requestExamples(EXAMPLE, CAMEL_EXAMPLE)),
  aliases: { '': { snapshotId: 'snapshot_id', balanceUsd: 'balance_usd', canTrade: 'can_trade' } },
};
export type AccountRequest = RequestOf<typeof shape>;

/** `200` of `POST /v1/account`. */
export const accountAnswerSchema = z
  .object({
    status: z.literal('ok'),
    entry_id: z.string(),
    snapshot_id: z.string(),
    book: z.string(),
    seq: z.int().min(0),
    matched: z.boolean().describe('False: no new risk until both sides agree again.'),
    reason: z.string(),
    reason_text: z.string(),
    differences: z
      .array(z.object({ symbol: z.string(), our_contracts: z.int(), their_contracts: z.int() }))
      .describe('Positions in which the two sides differ, signed.'),
    our_balance_usd: z.number().nullable(),
    their_balance_usd: z.number().nullable(),
    data: dataField,
    synthetic: syntheticField,
  })
  .meta({
    description: 'The portfolio has compared the two sides.',
    examples: [
      {
        ...{ status: 'ok', entry_id: 'account:after-reconnect-7', snapshot_id: 'after-reconnect-7' },
        ...{ book: 'es', seq: 415, matched: false, reason: 'reconcile' },
        reason_text: 'The broker’s account differs from the book.',
        differences: [{ symbol: 'ES', our_contracts: 0, their_contracts: 1 }],
        ...{
          our_balance_usd: 50_120.4,
          their_balance_usd: 50_120.4,
          data: 'pass (es-2025.csv)',
          synthetic: false,
        },
      },
    ],
  });
export type AccountAnswer = z.output<typeof accountAnswerSchema>;
