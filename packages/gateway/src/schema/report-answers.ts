import { z } from 'zod';
import {
  maybeCount,
  maybeNumber,
  maybeText,
  openObject,
  originField,
  regimeField,
  dataField,
  syntheticField,
} from './answer-fields.js';

/** `200` of `POST /v1/tick`. */
export const tickAnswerSchema = z
  .object({
    status: z.literal('ok'),
    entry_id: z.string(),
    book: z.string(),
    seq: z.int().min(0),
    regime: regimeField,
    gate: z.boolean().describe('True where the regime lets new positions be opened.'),
    reason: z.string().describe('Why the gate is closed, or what is wrong with the bar; else ok.'),
    reason_text: z.string(),
    feature_id: z.string(),
    featureSnapshotId: z.string().describe('The same.'),
    synthetic: syntheticField,
    data_origin: originField,
    latency_ms: z.number(),
  })
  .meta({
    description: 'The regime has spoken.',
    examples: [
      {
        status: 'ok',
        entry_id: 'bar:ES:60000000:1757943000000000:http:0',
        book: 'es',
        seq: 412,
        regime: 'Calm-Trend',
        gate: true,
        reason: 'ok',
        reason_text: 'The check passed, or nothing stood in the way.',
        feature_id: 'feat-es-412',
        featureSnapshotId: 'feat-es-412',
        synthetic: false,
        data_origin: 'market',
        latency_ms: 1.9,
      },
    ],
  });
export type TickAnswer = z.output<typeof tickAnswerSchema>;

/** `200` of `POST /v1/fill`. */
export const fillAnswerSchema = z
  .object({
    status: z.literal('ok'),
    message: z.string(),
    entry_id: z.string(),
    fill_id: z.string(),
    book: z.string(),
    seq: z.int().min(0),
    matched: z
      .boolean()
      .nullable()
      .describe('False: it belongs to no decision, and counts toward position and caps all the same.'),
    reason: z.string(),
    reason_text: z.string(),
    symbol: z.string(),
    net_contracts: maybeCount.describe('Signed position after it: + long, - short.'),
    position: openObject.nullable(),
    total_contracts: maybeCount,
    realised_usd: maybeNumber.describe('What this fill realised, before fees.'),
    daily_pnl_usd: maybeNumber.describe('Realised + open - fees since 17:00 Chicago.'),
    data: dataField,
    synthetic: syntheticField,
    latency_ms: z.number(),
  })
  .meta({
    description: 'The portfolio has counted it.',
    examples: [
      {
        status: 'ok',
        message: 'Fill processed',
        entry_id: 'fill:broker-77',
        fill_id: 'broker-77',
        book: 'es',
        seq: 413,
        matched: true,
        reason: 'ok',
        reason_text: 'The check passed, or nothing stood in the way.',
        symbol: 'ES',
        net_contracts: 1,
        position: { symbol: 'ES', side: 'long', quantity: 1, decision_id: 'es-412' },
        total_contracts: 1,
        realised_usd: null,
        daily_pnl_usd: -1.4,
        data: 'pass (es-2025.csv)',
        synthetic: false,
        latency_ms: 2.2,
      },
    ],
  });
export type FillAnswer = z.output<typeof fillAnswerSchema>;

/** `200` of `POST /v1/close`. */
export const closeAnswerSchema = z
  .object({
    status: z.literal('ok'),
    message: z.string(),
    entry_id: z.string(),
    close_id: z.string(),
    decision_id: z.string(),
    book: z.string(),
    seq: z.int().min(0),
    reason: z.string(),
    reason_text: z.string(),
    pnl: maybeNumber.describe('The same as `pnl_usd`.'),
    pnl_usd: maybeNumber.describe('Realised by this close, net of the fees of entry and exit.'),
    gross_usd: maybeNumber.describe('The same before fees.'),
    dailyPnl: maybeNumber,
    daily_pnl_usd: maybeNumber.describe('Realised + open - fees since 17:00 Chicago.'),
    data: dataField,
    net_contracts: maybeCount,
    synthetic: syntheticField,
    final: z.literal(true),
    latency_ms: z.number(),
  })
  .meta({
    description: 'The portfolio has closed it.',
    examples: [
      {
        status: 'ok',
        message: 'Close processed',
        entry_id: 'close:es-412:1757943900000000',
        close_id: 'es-412:1757943900000000',
        decision_id: 'es-412',
        book: 'es',
        seq: 430,
        reason: 'ok',
        reason_text: 'The check passed, or nothing stood in the way.',
        pnl: 122.2,
        pnl_usd: 122.2,
        gross_usd: 125,
        dailyPnl: 122.2,
        daily_pnl_usd: 122.2,
        data: 'pass (es-2025.csv)',
        net_contracts: 0,
        synthetic: false,
        final: true,
        latency_ms: 2.4,
      },
    ],
  });
export type CloseAnswer = z.output<typeof closeAnswerSchema>;

const standing = {
  regime: regimeField,
  regime_reason: maybeText,
  daily_pnl: maybeNumber.describe('Dollars: realised + open - fees since 17:00 Chicago.'),
  data: dataField,
  evidence: z
    .string()
    .describe(
      'Which learned parts and arms are proven, stand in shadow, or decide because the book file overrides.',
    ),
  total_contracts: maybeCount,
  active_positions: maybeCount,
  degraded_mode: z
    .boolean()
    .nullable()
    .describe('Decisions take too long: rules decide, and sizes are halved. Null before the first decision.'),
  degraded_mode_reason: z.string().nullable(),
  avg_latency_ms: maybeNumber,
  avg_latency_ms_reason: maybeText,
};

const STANDING = {
  regime: 'Calm-Trend',
  regime_reason: null,
  daily_pnl: 122.2,
  data: 'pass (es-2025.csv)',
  evidence:
    'Evidence: proven: S2; unproven, in shadow: bandit, S1; rejected, in shadow: none; OVERRIDDEN, deciding without proof: none',
  total_contracts: 0,
  active_positions: 0,
  degraded_mode: false,
  degraded_mode_reason: null,
  avg_latency_ms: 2.1,
  avg_latency_ms_reason: null,
};

export const AUXILIARY_STREAMS = [
  'options_flow',
  'news_sentiment',
  'supply_demand_zones',
  'seasonality',
  'portfolio_heat',
  'economic_calendar',
] as const;

/** `GET /v1/stats`. */
export const statsAnswerSchema = z
  .object({
    book: z.string(),
    ...standing,
    decision_count: z.int().min(0).describe('Decisions of the last two trade dates.'),
    counts: z.array(
      z.object({
        trade_date: z.int().min(0).describe('yyyymmdd'),
        decisions: z.int().min(0),
        by_action: z.record(z.string(), z.int().min(0)),
        by_reason: z.record(z.string(), z.int().min(0)),
      }),
    ),
    regimes: z.record(z.string(), regimeField).describe('By symbol.'),
    positions: z.array(
      z.object({
        decision_id: z.string(),
        symbol: z.string(),
        side: z.string(),
        contracts: z.int().min(0),
        status: z.literal('open'),
        pnl: maybeNumber.describe('Open profit or loss in dollars; null while no price has been seen.'),
      }),
    ),
    seq: z.int().min(0).describe('Last frame seen; 0 before one.'),
    book_time: maybeText,
    streams: z
      .record(z.enum(AUXILIARY_STREAMS), z.enum(['live', 'delayed', 'absent']))
      .describe('Inputs beside bars: the best status of any symbol.'),
    stream_states: z
      .record(
        z.string(),
        z.array(
          z.object({
            stream: z.enum(AUXILIARY_STREAMS),
            status: z.enum(['live', 'delayed', 'absent']),
            reason: z.string(),
            as_of: maybeText.describe(
              'What the newest event is about; of the calendar, the time up to which it is known.',
            ),
          }),
        ),
      )
      .describe('By symbol, as of its last bar or signal.'),
    synthetic: syntheticField,
    data_origin: originField,
  })
  .meta({
    description: 'How the book stands.',
    examples: [
      {
        book: 'es',
        ...STANDING,
        decision_count: 412,
        counts: [
          {
            trade_date: 20250915,
            decisions: 412,
            by_action: { hold: 411, buy: 1 },
            by_reason: { no_setup: 411, ok: 1 },
          },
        ],
        regimes: { ES: 'Calm-Trend' },
        positions: [],
        seq: 430,
        book_time: '2025-09-15T13:45:00.000Z',
        streams: Object.fromEntries(AUXILIARY_STREAMS.map((name) => [name, 'absent'])),
        stream_states: {
          ES: [{ stream: 'news_sentiment', status: 'absent', reason: 'stream_absent', as_of: null }],
        },
        synthetic: false,
        data_origin: 'market',
      },
    ],
  });
export type StatsAnswer = z.output<typeof statsAnswerSchema>;

/** `GET /health`. */
export const healthAnswerSchema = z
  .object({
    status: z.enum(['READY', 'STARTING', 'DEGRADED']),
    service: z.literal('bellwether'),
    version: z.string(),
    ...standing,
    missing: z.array(z.string()).describe('What stands in the way, by book; empty when READY.'),
    books: z.array(
      z.object({
        book: z.string(),
        status: z.enum(['READY', 'STARTING', 'DEGRADED']),
        seq: z.int().min(0),
        missing: z.array(z.string()),
        synthetic: syntheticField,
      }),
    ),
  })
  .meta({
    description: 'READY with 200; STARTING or DEGRADED with 503.',
    examples: [
      {
        status: 'READY',
        service: 'bellwether',
        version: '0.1.0',
        ...STANDING,
        missing: [],
        books: [{ book: 'es', status: 'READY', seq: 430, missing: [], synthetic: false }],
      },
    ],
  });
export type HealthAnswer = z.output<typeof healthAnswerSchema>;
