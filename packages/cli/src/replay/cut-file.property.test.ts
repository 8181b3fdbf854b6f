// Goal: no decision looks ahead. Method: cut the file after bars drawn from a seed; what is left must decide the same.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Action, encodeFrame, type Bar, type Frame } from '@bellwether/contracts';
import { readBookFile } from '@bellwether/host';
import { uniformSource } from '@bellwether/kernel';
import { sampleBars } from '@bellwether/testkit';
import { filePlan, type DataPlan } from '../data/data-plan.js';
import { WORKSPACE } from '../workspace.js';
import { recordedRun } from './recorded-run.js';

/** 17:00 Chicago of 2025-03-12, the open of trade date 2025-03-13: twenty sessions before the first decided one. */
const FIRST_BAR_US = Date.UTC(2025, 2, 12, 22) * 1_000;
const FIRST_DECIDED_DATE = 20_250_410;
const CUTS = 9;
const CUTS_AT_ENTRIES = 4;
const TIMEOUT_MS = 300_000;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-cut-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const entersTrade = ({ risk }: Frame): boolean => risk?.action === Action.BUY || risk?.action === Action.SELL;
const inBase64 = (frame: Frame): string => Buffer.from(encodeFrame(frame)).toString('base64');

function csvRow(bar: Bar): string {
  const prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) => ticks / 4);
  return [new Date(bar.open_us / 1_000).toISOString(), ...prices, bar.volume].join(',');
}

/** These rows as a file, always under the same name and for the same book. */
async function planOf(rows: readonly string[]): Promise<DataPlan> {
  const file = path.join(folder, 'made-up-bars.csv');
  await writeFile(file, ['ts,open,high,low,close,volume', ...rows].join('\n'));
  // What is in a file counts as market data, on which the shipped models say nothing.
  const { bookFile } = await readBookFile(path.join(WORKSPACE, 'config/books/sample.yaml'));
  const book = path.join(folder, 'rules.yaml');
  await writeFile(book, JSON.stringify({ ...bookFile, policy: 'rules' }));
  return filePlan({ data: [file], symbol: ['ES'], book, from: FIRST_DECIDED_DATE, warmup: 60 });
}

it(
  'a file that is cut after any bar leaves every earlier decision unchanged',
  async () => {
    const rows = [...sampleBars()].filter((bar) => bar.open_us >= FIRST_BAR_US).map(csvRow);
    const whole = await recordedRun(await planOf(rows));
    const bytes = whole.frames.map(inBase64);
    const warmupRows = rows.length - whole.result.summary.bars;
    const bars = whole.frames.filter((frame) => frame.entry?.bar);
    // Entry decisions are cuts of their own, for there looking ahead would pay; the others are drawn over the run.
    const cuts = bars.flatMap((frame, i) => (entersTrade(frame) ? [i + 1] : [])).slice(0, CUTS_AT_ENTRIES);
    expect(cuts.length).toBeGreaterThan(0);
    const uniform = uniformSource('cuts of the sample');
    while (cuts.length < CUTS) cuts.push(1 + Math.floor(uniform() * bars.length));
    for (const cut of cuts) {
      const short = await recordedRun(await planOf(rows.slice(0, warmupRows + cut)));
      expect(short.result.summary.bars).toBe(cut);
      const changed = short.frames.findIndex((frame, i) => inBase64(frame) !== bytes[i]);
      expect({ cut, changed }).toEqual({ cut, changed: -1 });
    }
  },
  TIMEOUT_MS,
);
