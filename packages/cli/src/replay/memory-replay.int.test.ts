import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Action, DataOrigin, encodeFrame, type Bar, type Frame } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { sampleBars } from '@bellwether/testkit';
import { filePlan, samplePlan, type DataPlan } from '../data/data-plan.js';
import { WORKSPACE } from './fleet.js';
import type { FollowResult } from './follow.js';
import { replayInMemory } from './memory-replay.js';

const nothing = (): void => undefined;
const folders: string[] = [];

/** 17:00 Chicago of 2025-03-12, in daylight-saving time: the open of trade date 2025-03-13. */
const FIRST_BAR_US = Date.UTC(2025, 2, 12, 22) * 1_000;

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** The last two sessions of the sample; the 28 before them warm up. */
const twoSessions = (): Promise<DataPlan> =>
  samplePlan({ data: [], symbol: [], from: 20_250_410, warmup: 60 });

async function run(
  plan: DataPlan,
): Promise<{ readonly result: FollowResult; readonly frames: readonly Frame[] }> {
  const frames: Frame[] = [];
  const result = await replayInMemory(plan, nothing, (frame) => {
    frames.push(frame);
  });
  return { result, frames };
}

describe('a replay in memory', () => {
  it('gives the same digest twice, and trades in it', async () => {
    const first = await run(await twoSessions());
    const second = await run(await twoSessions());
    expect(second.result.digest).toBe(first.result.digest);
    expect(first.result.finished).toBe(true);
    expect(first.result.summary.sessions).toBe(2);
    expect(first.result.summary.trades.length).toBeGreaterThan(0);
    expect(first.result.summary.openPositions).toBe(0);
  });

  it('marks every frame of the sample as synthetic', async () => {
    const { frames, result } = await run(await twoSessions());
    expect(frames.every((frame) => frame.origin === DataOrigin.SYNTHETIC)).toBe(true);
    expect(result.summary.synthetic).toBe(true);
  });

  it('gives every decision a reason, and every entry order its protective stop', async () => {
    const { frames } = await run(await twoSessions());
    for (const { risk } of frames) expect(risk?.reason ?? 0).not.toBe(0);
    const orders = frames.filter(entersTrade).map((frame) => frame.risk?.intents[0]);
    expect(orders.length).toBeGreaterThan(0);
    for (const order of orders) expect(order?.stop_ticks).toEqual(expect.any(Number));
  });

  // Goal: no decision looks ahead. Method: cut the file after random bars; what is left must decide the same.
  it('leaves every earlier decision unchanged when the file is cut after any bar', async () => {
    // Twenty sessions before the first that is decided on: as many as the volatility profile wants.
    const rows = [...sampleBars()].filter((bar) => bar.open_us >= FIRST_BAR_US).map(csvRow);
    const whole = await run(await planOf(rows));
    const bytes = whole.frames.map(inBase64);
    const warmupRows = rows.length - whole.result.summary.bars;
    const barFrames = whole.frames.filter((frame) => frame.entry?.bar);
    // Entry decisions are cuts of their own, for there looking ahead would pay; the others are drawn over the run.
    const uniform = uniformSource('cuts of the sample');
    const cuts = barFrames.flatMap((frame, i) => (entersTrade(frame) ? [i + 1] : [])).slice(0, 4);
    while (cuts.length < 9) cuts.push(1 + Math.floor(uniform() * barFrames.length));
    for (const cut of cuts) {
      const short = await run(await planOf(rows.slice(0, warmupRows + cut)));
      expect(short.result.summary.bars).toBe(cut);
      const changed = short.frames.findIndex((frame, i) => inBase64(frame) !== bytes[i]);
      expect({ cut, changed }).toEqual({ cut, changed: -1 });
    }
  });
});

const entersTrade = ({ risk }: Frame): boolean => risk?.action === Action.BUY || risk?.action === Action.SELL;
const inBase64 = (frame: Frame): string => Buffer.from(encodeFrame(frame)).toString('base64');

function csvRow(bar: Bar): string {
  const prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) => ticks / 4);
  return [new Date(bar.open_us / 1_000).toISOString(), ...prices, bar.volume].join(',');
}

/** These rows as a file of its own, always under the same name and for the same book. */
async function planOf(rows: readonly string[]): Promise<DataPlan> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bw-cut-'));
  folders.push(folder);
  const file = path.join(folder, 'made-up-bars.csv');
  await writeFile(file, ['ts,open,high,low,close,volume', ...rows].join('\n'));
  const book = path.join(WORKSPACE, 'config/books/sample.yaml');
  return filePlan({ data: [file], symbol: ['ES'], book, from: 20_250_410, warmup: 60 });
}
