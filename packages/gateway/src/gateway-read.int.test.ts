import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Action,
  DataOrigin,
  EntryKind,
  ReasonCode,
  ServiceState,
  encodeEntry,
  encodeStatus,
  subjects,
  type Frame,
} from '@bellwether/contracts';
import { makeEntry, releaseId } from '@bellwether/kernel';
import type { z } from 'zod';
import { decisionDetailSchema, decisionPageSchema } from './schema/decision-answer.js';
import { featureAnswerSchema } from './schema/feature-answer.js';
import { healthAnswerSchema, statsAnswerSchema } from './schema/report-answers.js';
import {
  bookConfig,
  buyingFrame,
  featuresPart,
  portfolioPart,
  position,
  quietFrame,
  riskPart,
} from './test/frames.js';
import { NOW_US, World, barOf, until, type WorldOptions } from './test/harness.js';

let world: World | null = null;

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.start(options);
  return world;
}

afterEach(async () => {
  await world?.close();
  world = null;
});

async function bars(opened: World, count: number): Promise<void> {
  for (let i = 0; i < count; i++) expect((await opened.post('/v1/tick', barOf(i))).status).toBe(200);
  await until(
    async () => (await opened.get(`/v1/decisions/es-${count}`)).status === 200,
    'the last decision',
  );
}

async function page(opened: World, query: string): Promise<z.output<typeof decisionPageSchema>> {
  const answer = await opened.get(`/v1/decisions${query}`);
  expect(answer.status).toBe(200);
  return decisionPageSchema.parse(answer.body);
}

const ids = (answer: z.output<typeof decisionPageSchema>): readonly string[] =>
  answer.decisions.map((item) => item.decision_id);

/** Buys on each third frame; every fifth decides nothing. */
function mixed(frame: Frame): Frame {
  if (frame.seq % 3 === 0) return buyingFrame(frame);
  return frame.seq % 5 === 0 ? { ...quietFrame(frame), risk: riskPart(frame) } : quietFrame(frame);
}

describe('GET /v1/decisions', () => {
  it('gives pages, newest first, without gap or repeat', async () => {
    const opened = await open();
    opened.line.script = mixed;
    await bars(opened, 20);
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 10; pages++) {
      const answer = await page(opened, `?limit=4${cursor}`);
      seen.push(...ids(answer));
      if (answer.next === null) break;
      cursor = `&before=${answer.next}`;
    }
    const asked = [20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 9, 8, 7, 6, 4, 3, 2, 1].filter(
      (n) => n % 5 !== 0 || n % 3 === 0,
    );
    expect(seen).toEqual(asked.map((seq) => `es-${seq}`));
  });

  it('filters by what was decided, why, in what and when', async () => {
    const opened = await open({ knownTime: 'event' });
    opened.line.script = mixed;
    await bars(opened, 10);
    expect(ids(await page(opened, '?reason=cap_step&limit=2'))).toEqual(['es-9', 'es-6']);
    expect(ids(await page(opened, '?strategy=s2'))).toEqual(['es-9', 'es-6', 'es-3']);
    expect(ids(await page(opened, '?symbol=NQ'))).toEqual([]);
    expect(ids(await page(opened, '?asked=false&limit=2'))).toEqual(['es-10', 'es-9']);
    // Bar n of the day closes n minutes after 08:00 Chicago, and that is when an event-time book knows it.
    const at = (minute: number): number => NOW_US - 3_600_000_000 + minute * 60_000_000;
    const between = await page(opened, `?from_us=${at(3)}&to_us=${at(6)}`);
    expect(ids(between)).toEqual(['es-4', 'es-3']);
    const iso = (minute: number): string => new Date(at(minute) / 1_000).toISOString();
    expect(ids(await page(opened, `?from=${iso(3)}&to=${iso(6)}`))).toEqual(['es-4', 'es-3']);
  });
});

describe('GET /v1/decisions/:id', () => {
  it('gives the frame with names, points and reasons in words', async () => {
    const opened = await open();
    opened.line.script = buyingFrame;
    opened.now_us = NOW_US;
    await bars(opened, 1);
    const answer = await opened.get('/v1/decisions/es-1');
    const body = decisionDetailSchema.parse(answer.body);
    expect(body).toMatchObject({
      action: 'BUY',
      side: 'LONG',
      strategy: 'S2',
      reason: 'cap_step',
      intents: [
        { kind: 'enter', side: 'long', order_type: 'market', stop_ticks: 26_410, stop_points: 6602.5 },
      ],
      frame: {
        origin: 'market',
        entry: { kind: 'bar', bar: { close_ticks: 26_422, close_points: 6605.5, volume: 1_234 } },
        regime: { state: 'calm_trend', method: 'rule' },
        forecast: { reason: 'no_model', reason_text: expect.stringMatching(/forecast/) },
        sizing: { stop_distance_points: 3 },
        risk: {
          action: 'buy',
          policy: 'rules',
          checks: [{ code: 'cap_step', passed: false, value: 2, limit: 1 }],
        },
      },
    });
  });

  it('shows the audit record under its first names, what is missing with its reason', async () => {
    const opened = await open();
    opened.line.script = buyingFrame;
    await bars(opened, 1);
    const { seed_view } = decisionDetailSchema.parse((await opened.get('/v1/decisions/es-1')).body);
    expect(seed_view).toEqual({
      timestamp: '2025-09-15T13:01:00.000Z',
      symbol: 'ES',
      regime: 'Calm-Trend',
      strategy_selected: 'S2',
      ucb_confidence: 0.9,
      ml_prediction: null,
      ml_prediction_reason: 'no_model',
      sac_size: null,
      sac_size_reason: 'no_model',
      final_size: 1,
      risk_reason: 'cap_step',
      latency_ms: 0,
    });
  });

  it('does not know the latency of decisions from before its start, where no audit log does', async () => {
    const opened = await open({ audited: false });
    await bars(opened, 1);
    const again = await opened.restarted();
    const port = opened.port;
    opened.port = again.port;
    const { seed_view } = decisionDetailSchema.parse((await opened.get('/v1/decisions/es-1')).body);
    expect(seed_view).toMatchObject({ latency_ms: null, latency_ms_reason: 'not_available' });
    await again.gateway.close();
    opened.port = port;
  });
});

describe('GET /v1/features/:id', () => {
  it('gives each of the 43 a value or a reason', async () => {
    const opened = await open();
    opened.line.script = (frame) => ({
      ...quietFrame(frame),
      features: featuresPart('ES', {
        vector: {
          set_version: '1',
          schema_sha256: 'ab',
          present_index: [0, 42],
          present_value: [0.25, 0],
          masked_index: [12],
          masked_reason: [ReasonCode.NO_VOLUME],
        },
        aux: {
          set_version: 'aux-v1',
          schema_sha256: 'cd',
          present_index: [6],
          present_value: [-0.5],
          masked_index: [0],
          masked_reason: [ReasonCode.STREAM_ABSENT],
        },
      }),
    });
    await bars(opened, 1);
    const body = featureAnswerSchema.parse((await opened.get('/v1/features/feat-es-1')).body);
    expect(body.features).toHaveLength(43);
    expect(body.present).toBe(2);
    expect(body.features[0]).toEqual({ index: 0, code: 'P1', value: 0.25, reason: null });
    expect(body.features[12]).toEqual({ index: 12, code: 'V1', value: null, reason: 'no_volume' });
    expect(body.features[20]).toEqual({ index: 20, code: 'T1', value: null, reason: 'not_available' });
    expect(body.features[35]?.code).toBe('R1');
    expect(body.features[42]).toEqual({ index: 42, code: 'M4', value: 0, reason: null });
    expect(body.auxiliary_set_version).toBe('aux-v1');
    expect(body.auxiliary[0]).toMatchObject({ name: 'putCallZ', value: null, reason: 'stream_absent' });
    expect(body.auxiliary[6]).toMatchObject({ name: 'newsScore', value: -0.5, reason: null });
  });
});

describe('GET /v1/stats', () => {
  it('says how the book stands', async () => {
    const opened = await open();
    opened.line.script = (frame) => ({
      ...mixed(frame),
      portfolio: portfolioPart({
        positions: [
          position({ quantity: 2, open_pnl_cents: 1_250 }),
          position({ symbol: 'NQ', open_pnl_cents: null }),
        ],
        day: {
          trade_date: 20_250_915,
          realised_cents: 0,
          open_pnl_cents: 1_250,
          fees_cents: 280,
          pnl_cents: 970,
        },
      }),
    });
    await bars(opened, 6);
    const body = statsAnswerSchema.parse((await opened.get('/v1/stats')).body);
    expect(body).toMatchObject({
      book: 'es',
      regime: 'Calm-Trend',
      regimes: { ES: 'Calm-Trend' },
      daily_pnl: 9.7,
      total_contracts: 3,
      active_positions: 2,
      degraded_mode: false,
      degraded_mode_reason: null,
      decision_count: 5,
      counts: [
        {
          trade_date: 20_250_915,
          decisions: 5,
          by_action: { hold: 3, buy: 2 },
          by_reason: { no_setup: 3, cap_step: 2 },
        },
      ],
      avg_latency_ms: 0,
      seq: 6,
      synthetic: false,
      data_origin: 'market',
    });
    expect(body.positions).toEqual([
      { decision_id: 'es-1', symbol: 'ES', side: 'LONG', contracts: 2, status: 'open', pnl: 12.5 },
      { decision_id: 'es-1', symbol: 'NQ', side: 'LONG', contracts: 1, status: 'open', pnl: null },
    ]);
    expect(new Set(Object.values(body.streams))).toEqual(new Set(['absent']));
    expect(Object.keys(body.streams)).toHaveLength(6);
  });

  it('has nothing but reasons before the first frame', async () => {
    const opened = await open();
    const body = statsAnswerSchema.parse((await opened.get('/v1/stats')).body);
    expect(body).toMatchObject({
      regime: null,
      regime_reason: 'not_available',
      daily_pnl: null,
      total_contracts: null,
    });
    expect(body).toMatchObject({
      avg_latency_ms: null,
      decision_count: 0,
      counts: [],
      seq: 0,
      book_time: null,
    });
  });

  it('counts the last two trade dates, also after a restart', async () => {
    const opened = await open({ knownTime: 'event' });
    const day_us = 86_400_000_000;
    for (let day = 0; day < 4; day++) {
      const ts = new Date((NOW_US + day * day_us) / 1_000).toISOString();
      expect((await opened.post('/v1/tick', barOf(0, { ts }))).status).toBe(200);
    }
    const dates = async (): Promise<unknown> =>
      statsAnswerSchema.parse((await opened.get('/v1/stats')).body).counts.map((day) => day.trade_date);
    await until(async () => (await opened.get('/v1/decisions/es-4')).status === 200, 'the last decision');
    expect(await dates()).toEqual([20_250_917, 20_250_918]);
    const again = await opened.restarted();
    const port = opened.port;
    opened.port = again.port;
    expect(await dates()).toEqual([20_250_917, 20_250_918]);
    await again.gateway.close();
    opened.port = port;
  });

  it('asks which book where there are several', async () => {
    const opened = await open({ books: ['es', 'nq'] });
    const answer = await opened.get('/v1/stats');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      error: { problems: [{ path: 'book', message: 'Required: this gateway serves es, nq' }] },
    });
    expect((await opened.get('/v1/stats?book=nq')).body).toMatchObject({ book: 'nq' });
  });
});

describe('GET /health', () => {
  it('is not ready before the stored decisions have been read, and refuses calls until then', async () => {
    world = new World();
    await world.gateway.app.listen({ host: '127.0.0.1', port: 0 });
    const address = world.gateway.app.server.address();
    world.port = typeof address === 'object' && address !== null ? address.port : 0;
    const answer = await world.get('/health');
    expect(answer.status).toBe(503);
    expect(healthAnswerSchema.parse(answer.body)).toMatchObject({ status: 'STARTING' });
    const call = await world.post('/v1/signal', { signal_id: 'x', symbol: 'ES' });
    expect(call.status).toBe(503);
    expect(call.headers['retry-after']).toBe('1');
    expect(call.body).toMatchObject({ error: { code: 'not_ready' } });
    expect(world.line.entries).toHaveLength(0);
  });

  it('is ready with 200 and says how the books stand together', async () => {
    const opened = await open({ books: ['es', 'nq'] });
    for (const line of opened.lines.values()) {
      line.script = (frame) => ({
        ...quietFrame(frame),
        portfolio: portfolioPart({
          positions: [position()],
          day: {
            trade_date: 20_250_915,
            realised_cents: 10,
            open_pnl_cents: 0,
            fees_cents: 0,
            pnl_cents: 10,
          },
        }),
      });
    }
    await opened.post('/v1/tick', barOf(0, { book: 'es' }));
    await opened.post('/v1/tick', barOf(0, { book: 'nq', symbol: 'NQ' }));
    await until(async () => (await opened.get('/health')).body['total_contracts'] === 2, 'both books');
    const answer = await opened.get('/health');
    expect(answer.status).toBe(200);
    expect(healthAnswerSchema.parse(answer.body)).toMatchObject({
      status: 'READY',
      daily_pnl: 0.2,
      active_positions: 2,
      missing: [],
      books: [
        { book: 'es', status: 'READY', seq: 1 },
        { book: 'nq', status: 'READY', seq: 1 },
      ],
    });
    expect((await opened.get('/')).body).toMatchObject({ service: 'bellwether', ready: true, docs: '/docs' });
  });

  it('is degraded while a stage of the line cannot go on', async () => {
    const opened = await open();
    const status = (state: ServiceState): Promise<void> =>
      opened.bus.publish(
        subjects.status('regime', 'es'),
        encodeStatus({ service: 'regime', book: 'es', owner: 'a', state, seq: 3, detail: '' }),
      );
    await status(ServiceState.DIVERGED);
    const answer = await opened.get('/health');
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ status: 'DEGRADED', missing: ['es: regime: diverged'] });
    await status(ServiceState.RUNNING);
    expect((await opened.get('/health')).status).toBe(200);
  });

  it('is degraded while the decision stream cannot be followed', async () => {
    const opened = await open({ audited: false });
    await opened.bus.append(subjects.line('risk', 'es'), Buffer.from('no frame'), {
      expectedLastSequence: 0,
    });
    await until(async () => (await opened.get('/health')).status === 503, 'the failure');
    expect((await opened.get('/health')).body).toMatchObject({
      status: 'DEGRADED',
      missing: ['es: decisions: cannot be followed'],
    });
    expect(opened.logger.errors).not.toHaveLength(0);
  });
});

describe('a release entry', () => {
  it('brings another configuration', async () => {
    const opened = await open();
    const config = bookConfig('es', {
      symbols: [{ symbol: 'MES', slippage_ticks: 1, fee_per_side_cents: 37 }],
    });
    const entry = makeEntry(
      {
        book: 'es',
        id: releaseId(2),
        kind: EntryKind.RELEASE,
        event_us: NOW_US,
        known_us: NOW_US,
        source: 'test',
        origin: DataOrigin.UNSPECIFIED,
      },
      { release: { number: 2, contract_version: 1, stages: [], config } },
    );
    await opened.bus.append(subjects.journal('es', 'release', entry.id), encodeEntry(entry), {
      expectedLastSequence: 0,
    });
    await until(async () => (await opened.post('/v1/tick', barOf(0))).status === 400, 'the release');
    expect((await opened.post('/v1/tick', barOf(0))).body).toMatchObject({
      error: { code: 'unknown_symbol' },
    });
    expect((await opened.post('/v1/tick', barOf(0, { symbol: 'MES' }))).status).toBe(200);
  });
});

describe('GET /metrics', () => {
  it('counts answers by route, refusals by code, and never by path', async () => {
    const opened = await open();
    await opened.get('/v1/decisions/es-1');
    await opened.get('/v1/nothing/at/all');
    const answer = await opened.get('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toContain(
      'bw_gateway_requests_total{"route":"/v1/decisions/:id","method":"GET","status":"404"} 1',
    );
    expect(answer.text).toContain('bw_gateway_refused_total{"code":"decision_not_found"} 1');
    expect(answer.text).toContain('"route":"unknown"');
    expect(answer.text).not.toContain('at/all');
  });
});

describe('a decision that nobody asked for', () => {
  it('is listed, for it made an exit', async () => {
    const opened = await open();
    opened.line.script = (frame) => ({
      ...quietFrame(frame),
      risk: riskPart(frame, { action: Action.EXIT, reason: ReasonCode.TIME_STOP }),
    });
    await bars(opened, 1);
    expect((await page(opened, '')).decisions).toMatchObject([{ action: 'EXIT', reason: 'time_stop' }]);
  });
});
