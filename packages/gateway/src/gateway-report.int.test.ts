import { afterEach, describe, expect, it } from '@jest/globals';
import {
  DataOrigin,
  FillLeg,
  ReasonCode,
  RegimeState,
  Side,
  Strategy,
  type Frame,
} from '@bellwether/contracts';
import { closeAnswerSchema, fillAnswerSchema } from './schema/report-answers.js';
import { portfolioPart, position, quietFrame } from './test/frames.js';
import { NOW_US, World, until, type WorldOptions } from './test/harness.js';

let world: World | null = null;

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.start(options);
  return world;
}

afterEach(async () => {
  await world?.close();
  world = null;
});

const FILL = {
  fill_id: 'broker-1',
  decision_id: 'es-1',
  symbol: 'ES',
  side: 'LONG',
  contracts: 2,
  price: 6605.75,
  ts: '2025-09-15T13:31:00Z',
};

const CLOSE = { decision_id: 'es-1', exit_price: 6608.25, exit_ts: '2025-09-15T13:45:00Z' };

/** A portfolio that holds two contracts after this frame. */
function holding(frame: Frame): Frame {
  return {
    ...quietFrame(frame),
    portfolio: portfolioPart({
      positions: [position({ quantity: 2, cost_ticks: 52_846, decision_id: 'es-1' })],
      day: { trade_date: 20_250_915, realised_cents: 0, open_pnl_cents: 0, fees_cents: 280, pnl_cents: -280 },
      fill_result: {
        matched: true,
        reason: ReasonCode.OK,
        symbol: 'ES',
        net_contracts: 2,
        realised_cents: null,
      },
    }),
  };
}

function closing(frame: Frame): Frame {
  const trade = {
    decision_id: 'es-1',
    symbol: 'ES',
    strategy: Strategy.S2,
    regime: RegimeState.CALM_TREND,
    side: Side.LONG,
    quantity: 1,
    gross_cents: 12_500,
    fees_cents: 280,
    net_cents: 12_220,
    risk_cents: 15_000,
    net_r: 0.8,
    opened_us: 0,
    closed_us: 1,
    exit_leg: FillLeg.CLOSE,
    ambiguous: false,
    mae_ticks: 0,
    mfe_ticks: 10,
    mae_r: 0,
    mfe_r: 0.8,
  };
  return {
    ...quietFrame(frame),
    portfolio: portfolioPart({
      day: {
        trade_date: 20_250_915,
        realised_cents: 25_000,
        open_pnl_cents: 0,
        fees_cents: 560,
        pnl_cents: 24_440,
      },
      closed: [trade, trade],
      fill_result: {
        matched: true,
        reason: ReasonCode.OK,
        symbol: 'ES',
        net_contracts: 0,
        realised_cents: 25_000,
      },
    }),
  };
}

describe('POST /v1/fill', () => {
  it('says what the portfolio made of it', async () => {
    const opened = await open();
    opened.line.script = holding;
    const answer = await opened.post('/v1/fill', FILL);
    expect(answer.status).toBe(200);
    expect(fillAnswerSchema.parse(answer.body)).toMatchObject({
      status: 'ok',
      message: 'Fill processed',
      matched: true,
      reason: 'ok',
      net_contracts: 2,
      total_contracts: 2,
      daily_pnl_usd: -2.8,
      position: { symbol: 'ES', side: 'long', quantity: 2, stop_points: 6602.75 },
    });
    expect(opened.line.entry('fill:broker-1')).toMatchObject({
      event_us: Date.UTC(2025, 8, 15, 13, 31) * 1_000,
      known_us: NOW_US,
      origin: DataOrigin.MARKET,
      fill: {
        decision_id: 'es-1',
        side: Side.LONG,
        quantity: 2,
        price_ticks: 26_423,
        fee_cents: 280,
        leg: FillLeg.ENTRY,
        cause_id: '',
      },
    });
  });

  it('takes the names of the original service, a fee and a leg', async () => {
    const opened = await open();
    opened.line.script = holding;
    await opened.post('/v1/fill', {
      fillId: 'broker-2',
      decisionId: 'es-1',
      intentId: 'es-1/1',
      symbol: 'NQ',
      strategyId: 'S2',
      side: 'SHORT',
      entryTs: '2025-09-15T13:31:00Z',
      entryPrice: 24_000.25,
      size: 1,
      feeUsd: 2.8,
      leg: 'tp1',
    });
    expect(opened.line.entry('fill:broker-2').fill).toMatchObject({
      intent_id: 'es-1/1',
      symbol: 'NQ',
      strategy: Strategy.S2,
      side: Side.SHORT,
      quantity: 1,
      price_ticks: 96_001,
      fee_cents: 280,
      leg: FillLeg.TP1,
    });
  });

  it('counts a repeated report once', async () => {
    const opened = await open();
    opened.line.script = holding;
    const first = await opened.post('/v1/fill', FILL);
    expect((await opened.post('/v1/fill', FILL)).body).toEqual(first.body);
    const other = await opened.post('/v1/fill', { ...FILL, contracts: 3 });
    expect(other.body).toMatchObject({ error: { code: 'id_reused' } });
    expect(opened.line.entries).toHaveLength(1);
  });

  it('says that a fill is unmatched, which counts all the same', async () => {
    const opened = await open();
    opened.line.script = (frame) => ({
      ...holding(frame),
      portfolio: portfolioPart({
        reason: ReasonCode.UNMATCHED_FILL,
        positions: [position({ decision_id: '' })],
        fill_result: {
          matched: false,
          reason: ReasonCode.UNMATCHED_FILL,
          symbol: 'ES',
          net_contracts: 1,
          realised_cents: null,
        },
      }),
    });
    const answer = await opened.post('/v1/fill', { ...FILL, decision_id: undefined });
    expect(answer.body).toMatchObject({ matched: false, reason: 'unmatched_fill', total_contracts: 1 });
  });

  it('answers 202 when the portfolio is late, and the result to a repeat', async () => {
    const opened = await open({ limits: { tickTimeoutMs: 30 } });
    opened.line.script = holding;
    opened.line.beforeDecision.shut();
    const late = await opened.post('/v1/fill', FILL);
    expect(late.status).toBe(202);
    expect(late.body).toMatchObject({ status: 'accepted', reason: 'timeout', entry_id: 'fill:broker-1' });
    opened.line.beforeDecision.open();
    await until(async () => (await opened.post('/v1/fill', FILL)).status === 200, 'the portfolio');
  });
});

describe('POST /v1/close', () => {
  it('says what was realised, net and gross', async () => {
    const opened = await open();
    opened.line.script = closing;
    const answer = await opened.post('/v1/close', CLOSE);
    expect(answer.status).toBe(200);
    expect(closeAnswerSchema.parse(answer.body)).toMatchObject({
      status: 'ok',
      pnl: 244.4,
      pnl_usd: 244.4,
      gross_usd: 250,
      dailyPnl: 244.4,
      daily_pnl_usd: 244.4,
      net_contracts: 0,
      final: true,
    });
    const exit_us = Date.UTC(2025, 8, 15, 13, 45) * 1_000;
    expect(opened.line.entry(`close:es-1:${exit_us}`).close).toEqual({
      close_id: `es-1:${exit_us}`,
      decision_id: 'es-1',
      exit_us,
      exit_price_ticks: 26_433,
      tick_size_e4: 2_500,
      final_contracts: null,
    });
  });

  it('closes once, under the names of the original service as well', async () => {
    const opened = await open();
    opened.line.script = closing;
    const first = await opened.post('/v1/close', CLOSE);
    const original = { decisionId: 'es-1', exitPrice: 6608.25, exitTs: '2025-09-15T08:45:00-05:00' };
    expect((await opened.post('/v1/close', original)).body).toEqual(first.body);
    expect(opened.line.entries).toHaveLength(1);
    const other = await opened.post('/v1/close', { ...original, exitPrice: 6608.5 });
    expect(other.body).toMatchObject({ error: { code: 'id_reused' } });
  });

  it('answers 404 each time where there is no position', async () => {
    const opened = await open();
    opened.line.script = (frame) => ({
      ...quietFrame(frame),
      portfolio: portfolioPart({
        reason: ReasonCode.NO_POSITION,
        fill_result: {
          matched: false,
          reason: ReasonCode.NO_POSITION,
          symbol: '',
          net_contracts: 0,
          realised_cents: null,
        },
      }),
    });
    for (let i = 0; i < 2; i++) {
      const answer = await opened.post('/v1/close', { ...CLOSE, closeId: 'c-1', finalContracts: 1 });
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ error: { code: 'no_position' } });
    }
    expect(opened.line.entry('close:c-1').close?.final_contracts).toBe(1);
  });

  it('finds the book by the decision id where several are served', async () => {
    const opened = await open({ books: ['es', 'nq'] });
    const second = opened.lines.get('nq');
    if (second === undefined) throw new Error('There is no second line');
    second.script = closing;
    expect((await opened.post('/v1/close', { ...CLOSE, decision_id: 'nq-7' })).status).toBe(200);
    expect(second.entries).toHaveLength(1);
    const unknown = await opened.post('/v1/close', { ...CLOSE, decision_id: 'dec-1757' });
    expect(unknown.body).toMatchObject({ error: { problems: [{ path: 'book' }] } });
  });
});
