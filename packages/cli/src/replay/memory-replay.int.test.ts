import { beforeAll, describe, expect, it } from '@jest/globals';
import { Action, DataOrigin, type Frame } from '@bellwether/contracts';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { recordedRun } from './recorded-run.js';

/** The last two sessions of the sample; the 28 before them warm up. */
const twoSessions = (): Promise<DataPlan> =>
  samplePlan({ data: [], symbol: [], from: 20_250_410, warmup: 60 });

describe('a replay in memory', () => {
  let first: Awaited<ReturnType<typeof recordedRun>>;

  beforeAll(async () => {
    first = await recordedRun(await twoSessions());
  });

  it('gives the same digest twice, and trades in it', async () => {
    const second = await recordedRun(await twoSessions());
    expect(second.result.digest).toBe(first.result.digest);
    expect(first.result.finished).toBe(true);
    expect(first.result.summary.sessions).toBe(2);
    expect(first.result.summary.trades.length).toBeGreaterThan(0);
    expect(first.result.summary.openPositions).toBe(0);
  });

  it('marks every frame of the sample as synthetic', () => {
    expect(first.frames.every((frame) => frame.origin === DataOrigin.SYNTHETIC)).toBe(true);
    expect(first.result.summary.synthetic).toBe(true);
  });

  it('gives every decision a reason, and every entry order its protective stop', () => {
    for (const { risk } of first.frames) expect(risk?.reason ?? 0).not.toBe(0);
    const enters = ({ risk }: Frame): boolean => risk?.action === Action.BUY || risk?.action === Action.SELL;
    const orders = first.frames.filter(enters).map((frame) => frame.risk?.intents[0]);
    expect(orders.length).toBeGreaterThan(0);
    for (const order of orders) expect(order?.stop_ticks).toEqual(expect.any(Number));
  });
});
