import { z } from 'zod';
import {
  maybeCount,
  maybeNumber,
  maybeText,
  openObject,
  originField,
  regimeField,
  syntheticField,
} from './answer-fields.js';

const riskBlock = z.object({
  stop_points: maybeNumber.describe('Distance of the stop that the size was computed with.'),
  point_value: maybeNumber.describe('Dollars per point and contract.'),
  daily_soft_loss_remaining_usd: maybeNumber.describe(
    'Loss that may still be made today before no new risk is taken.',
  ),
  checks: z.array(openObject).describe('Every check of the risk stage with its value and limit.'),
  stopPoints: maybeNumber,
  pointValue: maybeNumber,
  dailySoftLossRemaining: maybeNumber,
});

/** What may be done with the trade at the close of a bar, beside its ladder. */
export const TRADE_ACTIONS = [
  'Hold',
  'TakePartial25',
  'Trail_ATR',
  'Trail_Structure',
  'Tighten',
  'Close',
] as const;

const plan = z.object({
  order_type: z.string(),
  trigger: maybeNumber.describe('Price that starts a stop entry.'),
  entry: maybeNumber.describe('Price that the plan counts from: the trigger, or the last close.'),
  stop: maybeNumber,
  tp1: maybeNumber.describe('Price of the first partial exit by the planned entry.'),
  break_even: maybeNumber.describe('Stop after the first partial exit.'),
  target: maybeNumber,
  trail_atr: maybeNumber.describe('Distance of the trailing stop in 5-minute ATR.'),
  risk_usd: maybeNumber.describe('Between entry and stop, costs apart.'),
  tp1_at_r: maybeNumber,
  tp1_contracts: maybeCount,
  time_stop_s: maybeNumber,
  flat_by: maybeText,
  entry_expires: z.string(),
  allowed_actions: z.array(z.enum(TRADE_ACTIONS)),
});

/** The plan under the names of the original service; what does not exist here is absent. */
const originalPlan = z.object({
  tp1AtR: maybeNumber,
  stopPoints: maybeNumber,
  allowedActions: z.array(z.enum(TRADE_ACTIONS)),
});

const shape = {
  action: z.enum(['BUY', 'SELL', 'HOLD', 'EXIT', 'NONE']),
  size: z.int().min(0).describe('Contracts.'),
  final: z.boolean().describe('False: the decision has not come in time. The same id again gives it.'),
  reason: z.string().describe('Binding reason code.'),
  reason_text: z.string(),
  next: z.string().describe('What the caller may do about the reason.'),
  signal_id: z.string(),
  book: z.string(),
  symbol: z.string(),
  decision_id: maybeText,
  decisionId: maybeText,
  feature_id: maybeText,
  seq: maybeCount,
  strategy_id: maybeText,
  side: maybeText,
  confidence: z.null().describe('There is no confidence model yet, so there is no number.'),
  confidence_reason: z.string(),
  regime: regimeField,
  regime_reason: maybeText,
  gate: z.boolean().describe('True where the answer is an order to enter: BUY or SELL with a size.'),
  regime_gate_open: z.boolean().nullable(),
  policy: maybeText,
  p_cloud: maybeNumber,
  p_online: maybeNumber,
  p_final: maybeNumber,
  forecast_reason: maybeText.describe('Why a probability is missing.'),
  ucb: maybeNumber.describe('Score of the chosen strategy.'),
  ucb_reason: maybeText,
  proposedContracts: maybeCount,
  finalContracts: z.int().min(0),
  risk: riskBlock.nullable(),
  management_plan: plan.nullable(),
  managementPlan: originalPlan.nullable(),
  valid_until: maybeText.describe('Do not act on it later.'),
  valid_until_us: maybeCount,
  abandoned: z
    .boolean()
    .nullable()
    .describe(
      'True: an earlier call with this id was given up on, so an unfilled order is ' +
        'cancelled: do not act on it. null: not known.',
    ),
  abandon_effect: z.enum(['pending', 'cancel_requested', 'nothing_to_cancel']).nullable(),
  synthetic: syntheticField.nullable(),
  data_origin: originField.nullable(),
  latency_ms: z.number().describe('From the receipt of this call to its answer.'),
  latencyMs: z.number(),
};

const EXAMPLE = {
  action: 'BUY',
  size: 1,
  final: true,
  reason: 'ok',
  reason_text: 'The check passed, or nothing stood in the way.',
  next: 'Nothing.',
  signal_id: 'demo-1',
  book: 'es',
  symbol: 'ES',
  decision_id: 'es-412',
  decisionId: 'es-412',
  feature_id: 'feat-es-412',
  seq: 412,
  strategy_id: 'S2',
  side: 'LONG',
  confidence: null,
  confidence_reason: 'no_model',
  regime: 'Calm-Trend',
  regime_reason: null,
  gate: true,
  regime_gate_open: true,
  policy: 'rules',
  p_cloud: null,
  p_online: null,
  p_final: null,
  forecast_reason: 'no_model',
  ucb: null,
  ucb_reason: 'warm_up',
  proposedContracts: 1,
  finalContracts: 1,
  risk: {
    stop_points: 3,
    point_value: 50,
    daily_soft_loss_remaining_usd: 600,
    checks: [],
    stopPoints: 3,
    pointValue: 50,
    dailySoftLossRemaining: 600,
  },
  management_plan: {
    order_type: 'market',
    trigger: null,
    entry: 6605.5,
    stop: 6602.5,
    tp1: 6608.5,
    break_even: 6605.75,
    target: 6611,
    trail_atr: 1.5,
    risk_usd: 150,
    tp1_at_r: 1,
    tp1_contracts: 0,
    time_stop_s: 2700,
    flat_by: '2025-09-15T20:00:00.000Z',
    entry_expires: '2025-09-15T13:33:00.000Z',
    allowed_actions: [...TRADE_ACTIONS],
  },
  managementPlan: { tp1AtR: 1, stopPoints: 3, allowedActions: [...TRADE_ACTIONS] },
  valid_until: '2025-09-15T13:32:00.000Z',
  valid_until_us: 1757943120000000,
  abandoned: false,
  abandon_effect: null,
  synthetic: false,
  data_origin: 'market',
  latency_ms: 4.2,
  latencyMs: 4.2,
};

/** `200` of `POST /v1/signal`. */
export const signalAnswerSchema = z.object(shape).meta({ description: 'The decision.', examples: [EXAMPLE] });
export type SignalAnswer = z.output<typeof signalAnswerSchema>;
