import { z } from 'zod';
import {
  AUDIT_HEAD_EXAMPLE,
  auditHeadField,
  auditedFields,
  maybeNumber,
  maybeText,
  openObject,
  originField,
  syntheticField,
} from './answer-fields.js';

/** `GET /v1/features/:id`. */
export const featureAnswerSchema = z
  .object({
    feature_id: z.string(),
    decision_id: z.string(),
    book: z.string(),
    seq: z.int().min(0),
    symbol: maybeText,
    timestamp: maybeText,
    reason: z.string(),
    fault: openObject.nullable(),
    feature_set_version: maybeText,
    schema_sha256: maybeText,
    present: z.int().min(0).describe('How many of the 43 have a value.'),
    features: z.array(
      z.object({
        index: z.int().min(0),
        code: z.string().describe('P1 to M4.'),
        value: maybeNumber,
        reason: maybeText.describe('Why there is no value; null where there is one.'),
      }),
    ),
    auxiliary: z
      .array(
        z.object({
          index: z.int().min(0),
          code: z.string().describe('O1 to E3.'),
          name: z.string(),
          value: maybeNumber,
          reason: maybeText.describe('Why there is no value; null where there is one.'),
        }),
      )
      .describe('The numbers of options, news, zones, season and releases; none of them is a default.'),
    auxiliary_set_version: maybeText,
    indicators: openObject.nullable().describe('In ticks and points; null where it cannot be computed.'),
    clock: openObject.nullable().describe('Where in the trading calendar the book stands.'),
    synthetic: syntheticField,
    data_origin: originField,
    ...auditedFields,
    audit_head: auditHeadField,
  })
  .meta({
    description: 'What a decision was made from: all 43 numbers, each with its value or its reason.',
    examples: [
      {
        feature_id: 'feat-es-412',
        decision_id: 'es-412',
        book: 'es',
        seq: 412,
        symbol: 'ES',
        timestamp: '2025-09-15T13:31:00.000Z',
        reason: 'ok',
        fault: null,
        feature_set_version: '1',
        schema_sha256: null,
        present: 1,
        features: [
          { index: 0, code: 'P1', value: 0.12, reason: null },
          { index: 42, code: 'M4', value: null, reason: 'no_calendar' },
        ],
        auxiliary: [{ index: 6, code: 'N1', name: 'newsScore', value: null, reason: 'stream_absent' }],
        auxiliary_set_version: 'aux-v1',
        indicators: { vwap_ticks: 26420.5, vwap_points: 6605.125 },
        clock: { trade_date: 20250915, in_session: true },
        synthetic: false,
        data_origin: 'market',
        audited: true,
        audit_record: 401,
        audit_head: AUDIT_HEAD_EXAMPLE,
      },
    ],
  });
export type FeatureAnswer = z.output<typeof featureAnswerSchema>;
