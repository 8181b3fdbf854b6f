import { z } from 'zod';
import {
  bookName,
  callerId,
  isoTime,
  price,
  sideName,
  strategyName,
  symbolName,
  wholeCount,
} from './fields.js';
import { requestExamples, type RequestForm, type RequestOf } from './request.js';

const shape = {
  book: bookName.optional(),
  signal_id: callerId.describe(
    'Your id of this question. The same id with the same content has no second effect. Also `signalId`.',
  ),
  symbol: symbolName,
  strategy_id: strategyName
    .optional()
    .describe('Score or refuse this strategy. Missing: one is chosen. Also `strategyId`.'),
  side: sideName.optional().describe('Score or refuse this side. Missing: either.'),
  hints: z
    .strictObject({
      stop_points: price
        .optional()
        .describe('Distance of your own protective stop, in points. Also `stopPoints`.'),
    })
    .optional(),
  cloud: z
    .strictObject({
      p: z.number().min(0).max(1).describe('Your probability that the price is higher in 15 minutes.'),
      source_model_id: callerId.describe('The model that said so. Also `sourceModelId`.'),
      latency_ms: wholeCount.optional().describe('Also `latencyMs`.'),
    })
    .optional()
    .describe('Your own fresh forecast. It takes the place of ours and is marked as yours.'),
  ts: isoTime
    .optional()
    .describe('When you raised the signal. Required in a book whose entries are known at their own time.'),
};

const EXAMPLE = { signal_id: 'demo-1', symbol: 'ES' };
const ORIGINAL_EXAMPLE = {
  signalId: 'demo-2',
  symbol: 'ES',
  strategyId: 'S2',
  side: 'LONG',
  hints: { stopPoints: 3.0 },
  cloud: { p: 0.67, sourceModelId: 'cloud.es.s2.v23', latencyMs: 18 },
};

/** `POST /v1/signal`: asks for a decision. */
export const signalForm: RequestForm<typeof shape> = {
  schema: z.strictObject(shape).meta(requestExamples(EXAMPLE, ORIGINAL_EXAMPLE)),
  aliases: {
    '': { signalId: 'signal_id', strategyId: 'strategy_id' },
    hints: { stopPoints: 'stop_points' },
    cloud: { sourceModelId: 'source_model_id', latencyMs: 'latency_ms' },
  },
};
export type SignalRequest = RequestOf<typeof shape>;
