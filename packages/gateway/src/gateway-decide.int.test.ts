import { afterEach, describe, expect, it } from '@jest/globals';
import { DataOrigin, ReasonCode, RegimeState, Side, Strategy } from '@bellwether/contracts';
import { acceptedAnswer } from './schema/answer-fields.js';
import { tickAnswerSchema } from './schema/report-answers.js';
import { signalAnswerSchema } from './schema/signal-answer.js';
import { buyingFrame, featuresPart, forecastPart, quietFrame, regimePart } from './test/frames.js';
import { NOW_US, World, barOf, postTo, until, type WorldOptions } from './test/harness.js';

let world: World | null = null;

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.start(options);
  return world;
}

afterEach(async () => {
  await world?.close();
  world = null;
});

describe('POST /v1/tick', () => {
  it('answers with the regime and journals the bar in ticks', async () => {
    const { line, post } = bound(await open());
    const answer = await post(
      '/v1/tick',
      barOf(0, { bidSize: 120, askSize: 100, lastTradeDir: 1, session: 'RTH' }),
    );
    expect(answer.status).toBe(200);
    const body = tickAnswerSchema.parse(answer.body);
    expect(body).toMatchObject({
      status: 'ok',
      regime: 'Calm-Trend',
      gate: true,
      reason: 'ok',
      feature_id: 'feat-es-1',
      featureSnapshotId: 'feat-es-1',
      synthetic: false,
      data_origin: 'market',
    });
    const open_us = NOW_US - 3_600_000_000;
    expect(body.entry_id).toBe(`bar:ES:60000000:${open_us}:http:0`);
    expect(line.entry(body.entry_id)).toMatchObject({
      event_us: open_us + 60_000_000,
      known_us: NOW_US,
      origin: DataOrigin.MARKET,
      bar: { close_ticks: 26_422, volume: 1_234, bid_size: 120, ask_size: 100, last_trade_dir: 1 },
    });
  });

  it('does not wait for the decision', async () => {
    const { line, post } = bound(await open());
    line.beforeDecision.shut();
    expect((await post('/v1/tick', barOf(0))).status).toBe(200);
    line.beforeDecision.open();
  });

  it('gives the same answer to the same bar and 409 to another bar under its id', async () => {
    const { line, post } = bound(await open());
    const first = await post('/v1/tick', barOf(0));
    expect((await post('/v1/tick', barOf(0))).body).toEqual(first.body);
    const other = await post('/v1/tick', barOf(0, { c: 6605.75 }));
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ error: { code: 'id_reused' } });
    expect(line.entries).toHaveLength(1);
    expect((await post('/v1/tick', barOf(0, { c: 6605.75, revision: 1 }))).status).toBe(200);
  });

  it('keeps an unknown volume unknown and marks synthetic bars for good', async () => {
    const { line, post } = bound(await open());
    const answer = await post('/v1/tick', barOf(0, { v: null, synthetic: true }));
    expect(answer.body).toMatchObject({ synthetic: true, data_origin: 'synthetic' });
    expect(line.entry(String(answer.body['entry_id'])).bar?.volume).toBeNull();
    expect((await post('/v1/tick', barOf(1))).body).toMatchObject({ synthetic: true });
  });

  it('tells what is wrong with the bar before what the regime says', async () => {
    const { line, post } = bound(await open());
    line.script = (frame) => ({
      ...quietFrame(frame),
      features: featuresPart('ES', { reason: ReasonCode.STALE_BAR }),
      regime: regimePart({ state: RegimeState.UNKNOWN, gate_open: false, reason: ReasonCode.REGIME_UNKNOWN }),
    });
    const answer = await post('/v1/tick', barOf(0));
    expect(answer.body).toMatchObject({ regime: null, gate: false, reason: 'stale_bar' });
  });

  it('answers 202 when nobody spoke in time, and the result to the same bar later', async () => {
    const { line, post } = bound(await open({ limits: { tickTimeoutMs: 30 } }));
    line.beforeRegime.shut();
    const late = await post('/v1/tick', barOf(0));
    expect(late.status).toBe(202);
    expect(acceptedAnswer.parse(late.body).reason).toBe('timeout');
    line.beforeRegime.open();
    await until(async () => (await post('/v1/tick', barOf(0))).status === 200, 'the regime');
  });

  it('refuses a bar that is not complete by the clock of the gateway', async () => {
    const { post } = bound(await open());
    expect((await post('/v1/tick', barOf(59))).status).toBe(200);
    const answer = await post('/v1/tick', barOf(60));
    expect(answer.body).toMatchObject({ error: { code: 'invalid_request', problems: [{ path: 'ts' }] } });
  });

  it('knows a bar at its close in an event-time book', async () => {
    const { line, post } = bound(await open({ knownTime: 'event' }));
    const answer = await post('/v1/tick', barOf(600));
    expect(answer.status).toBe(200);
    const entry = line.entry(String(answer.body['entry_id']));
    expect(entry.known_us).toBe(entry.event_us);
  });
});

describe('POST /v1/signal', () => {
  const SIGNAL = { signal_id: 'a-1', symbol: 'ES' };

  it('answers with the whole decision', async () => {
    const { line, post } = bound(await open());
    line.script = buyingFrame;
    const answer = await post('/v1/signal', SIGNAL);
    expect(answer.status).toBe(200);
    expect(signalAnswerSchema.parse(answer.body)).toMatchObject({
      action: 'BUY',
      size: 1,
      final: true,
      gate: true,
      reason: 'cap_step',
      decision_id: 'es-1',
      decisionId: 'es-1',
      feature_id: 'feat-es-1',
      strategy_id: 'S2',
      side: 'LONG',
      regime: 'Calm-Trend',
      confidence: null,
      confidence_reason: 'no_model',
      p_final: null,
      forecast_reason: 'no_model',
      ucb: 0.9,
      ucb_reason: null,
      proposedContracts: 2,
      finalContracts: 1,
      risk: { stop_points: 3, stopPoints: 3, point_value: 50, daily_soft_loss_remaining_usd: 600 },
      management_plan: { stop: 6602.5, target: 6611.5, tp1_at_r: 1, tp1_contracts: 0, time_stop_s: 2_700 },
      managementPlan: { tp1AtR: 1, stopPoints: 3 },
      valid_until: '2025-09-15T14:01:00.000Z',
      abandoned: false,
      abandon_effect: null,
    });
  });

  it('holds with a reason, and invents no number that is missing', async () => {
    const { post } = bound(await open());
    const body = signalAnswerSchema.parse((await post('/v1/signal', SIGNAL)).body);
    expect(body).toMatchObject({ action: 'HOLD', size: 0, gate: false, reason: 'no_setup', ucb: null });
    expect(body.ucb_reason).toBe('no_setup');
    expect(body.management_plan).toBeNull();
    expect(body.risk?.stop_points).toBeNull();
  });

  it('takes the names of the original service', async () => {
    const { line, post } = bound(await open());
    const answer = await post('/v1/signal', {
      signalId: 'b.1',
      symbol: 'NQ',
      strategyId: 'S11',
      side: 'SHORT',
      hints: { stopPoints: 2.5 },
      cloud: { p: 0.67, sourceModelId: 'cloud.es.s2.v23', latencyMs: 18 },
    });
    expect(answer.status).toBe(200);
    expect(line.entry('signal:b.1')).toMatchObject({
      origin: DataOrigin.UNSPECIFIED,
      signal: {
        signal_id: 'b.1',
        symbol: 'NQ',
        strategy: Strategy.S11,
        side: Side.SHORT,
        stop_distance_ticks: 10,
        cloud: { p: 0.67, source_model_id: 'cloud.es.s2.v23', latency_ms: 18 },
        ts_us: null,
      },
    });
  });

  it('shows the forecast that the decision was made with', async () => {
    const { line, post } = bound(await open());
    line.script = (frame) => ({
      ...quietFrame(frame),
      forecast: forecastPart({ reason: ReasonCode.CALLER_FORECAST, p_cloud: 0.6, p_final: 0.6 }),
    });
    const answer = await post('/v1/signal', SIGNAL);
    expect(answer.body).toMatchObject({
      p_cloud: 0.6,
      p_online: null,
      p_final: 0.6,
      forecast_reason: 'caller_forecast',
    });
  });

  it('has one effect and one answer for one id, also for calls at the same time', async () => {
    const { line, post } = bound(await open());
    line.beforeDecision.shut();
    const calls = [post('/v1/signal', SIGNAL), post('/v1/signal', SIGNAL)];
    await until(() => line.entries.length > 0, 'the entry');
    line.beforeDecision.open();
    const [first, second] = await Promise.all(calls);
    expect(second?.body).toEqual(first?.body);
    expect((await post('/v1/signal', SIGNAL)).body).toEqual(first?.body);
    expect(line.entries.map((entry) => entry.id)).toEqual(['signal:a-1']);
  });

  it('refuses an id that was used for another question', async () => {
    const { line, post } = bound(await open());
    await post('/v1/signal', SIGNAL);
    const answer = await post('/v1/signal', { ...SIGNAL, side: 'LONG' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ error: { code: 'id_reused', problems: [] } });
    expect(line.entries).toHaveLength(1);
  });

  it('says the same after a restart of the gateway', async () => {
    const opened = await open();
    const first = await opened.post('/v1/signal', SIGNAL);
    const second = await opened.restarted();
    expect((await postTo(second.port, '/v1/signal', SIGNAL)).body).toEqual(first.body);
    await second.gateway.close();
  });

  it('finds the decision of an id that has left the index', async () => {
    const { post } = bound(await open({ limits: { indexEntries: 2 } }));
    const first = await post('/v1/signal', SIGNAL);
    for (let i = 0; i < 6; i++) await post('/v1/tick', barOf(i));
    await until(
      async () => (await post('/v1/signal', { signal_id: 'last', symbol: 'ES' })).status === 200,
      'the last',
    );
    expect((await post('/v1/signal', SIGNAL)).body).toEqual(first.body);
  });

  it('requires the time of the signal in an event-time book and uses it', async () => {
    const { line, post } = bound(await open({ knownTime: 'event' }));
    const without = await post('/v1/signal', SIGNAL);
    expect(without.body).toMatchObject({ error: { problems: [{ path: 'ts' }] } });
    await post('/v1/signal', { ...SIGNAL, ts: '2025-09-15T08:30:00.000001-05:00' });
    const at_us = Date.UTC(2025, 8, 15, 13, 30) * 1_000 + 1;
    expect(line.entry('signal:a-1')).toMatchObject({
      event_us: at_us,
      known_us: at_us,
      signal: { ts_us: at_us },
    });
  });
});

/** The parts of a world that a test uses most. */
function bound(opened: World): Pick<World, 'line' | 'get' | 'post'> {
  return {
    line: opened.line,
    get: (url) => opened.get(url),
    post: (url, body) => opened.post(url, body),
  };
}
