import { z } from 'zod';
import {
  AUDIT_HEAD_EXAMPLE,
  auditHeadField,
  auditedFields,
  maybeCount,
  maybeNumber,
  maybeText,
  openObject,
  originField,
  regimeField,
  syntheticField,
} from './answer-fields.js';

const summaryShape = {
  decision_id: z.string(),
  feature_id: z.string(),
  book: z.string(),
  seq: z.int().min(0).describe('Number of the frame in its book.'),
  timestamp: z.string().describe('Market time of the entry that was decided on.'),
  event_us: z.int().min(0),
  book_time_us: z.int().min(0),
  entry_id: z.string(),
  entry_kind: z.string(),
  symbol: maybeText,
  action: z.string(),
  size: z.int().min(0),
  side: maybeText,
  strategy: maybeText,
  regime: regimeField,
  reason: z.string(),
  reason_text: z.string(),
  policy: z.string(),
  intents: z.array(openObject).describe('Orders that the decision wants, prices in ticks and points.'),
  valid_until: maybeText,
  valid_until_us: maybeCount,
  latency_ms: maybeNumber.describe(
    'From the receipt of the entry to the arrival of the decision here, or in the audit log for those from before the' +
      ' start of the gateway; null where it was not measured.',
  ),
  synthetic: syntheticField,
  data_origin: originField,
};

const SUMMARY = {
  decision_id: 'es-412',
  feature_id: 'feat-es-412',
  book: 'es',
  seq: 412,
  timestamp: '2025-09-15T13:31:00.000Z',
  event_us: 1757943060000000,
  book_time_us: 1757943060004000,
  entry_id: 'bar:ES:60000000:1757943000000000:http:0',
  entry_kind: 'bar',
  symbol: 'ES',
  action: 'HOLD',
  size: 0,
  side: null,
  strategy: null,
  regime: 'Calm-Trend',
  reason: 'no_setup',
  reason_text: 'No permitted strategy has a setup now.',
  policy: 'rules',
  intents: [],
  valid_until: null,
  valid_until_us: null,
  latency_ms: 2.1,
  synthetic: false,
  data_origin: 'market',
};

/** One decision in brief. */
export const decisionSummarySchema = z.object(summaryShape);
export type DecisionSummary = z.output<typeof decisionSummarySchema>;

const AUDITED = { audited: true, audit_record: 401 };

/** `GET /v1/decisions`. */
export const decisionPageSchema = z
  .object({
    book: z.string(),
    decisions: z.array(z.object({ ...summaryShape, ...auditedFields })).describe('Newest first.'),
    next: maybeText.describe('`before` of the next page; null at the end.'),
    audit_head: auditHeadField,
  })
  .meta({
    description: 'A page of decisions.',
    examples: [
      {
        book: 'es',
        decisions: [{ ...SUMMARY, ...AUDITED }],
        next: 'es-300',
        audit_head: AUDIT_HEAD_EXAMPLE,
      },
    ],
  });
export type DecisionPage = z.output<typeof decisionPageSchema>;

const seedViewSchema = z
  .looseObject({
    timestamp: maybeText,
    symbol: maybeText,
    regime: maybeText,
    strategy_selected: maybeText,
    ucb_confidence: maybeNumber,
    ml_prediction: maybeNumber,
    sac_size: maybeNumber,
    final_size: maybeNumber,
    risk_reason: maybeText,
    latency_ms: maybeNumber,
  })
  .describe('The audit record under its first names. A field that is null has a sibling `<field>_reason`.');

export type SeedView = z.output<typeof seedViewSchema>;

/** `GET /v1/decisions/:id`. */
export const decisionDetailSchema = z
  .object({
    ...summaryShape,
    ...auditedFields,
    audit_head: auditHeadField,
    next: z.string(),
    seed_view: seedViewSchema,
    frame: openObject.describe(
      'The whole frame of proto/bellwether/v1/frame.proto: enums by name, prices in ' +
        'points beside ticks, reasons in words beside their codes.',
    ),
  })
  .meta({
    description: 'Everything about one decision.',
    examples: [
      {
        ...SUMMARY,
        ...AUDITED,
        audit_head: AUDIT_HEAD_EXAMPLE,
        next: 'Read `refused` in the frame: each strategy says why it has none.',
        seed_view: {
          timestamp: '2025-09-15T13:31:00.000Z',
          symbol: 'ES',
          regime: 'Calm-Trend',
          strategy_selected: null,
          strategy_selected_reason: 'no_setup',
          ucb_confidence: null,
          ucb_confidence_reason: 'no_setup',
          ml_prediction: null,
          ml_prediction_reason: 'no_model',
          sac_size: null,
          sac_size_reason: 'no_model',
          final_size: 0,
          risk_reason: 'no_setup',
          latency_ms: 2.1,
        },
        frame: {},
      },
    ],
  });
export type DecisionDetail = z.output<typeof decisionDetailSchema>;
