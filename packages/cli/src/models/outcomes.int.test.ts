/** Goal: what a challenger is judged by is what models are trained on. Method: the outcomes of a replay beside the data sets. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Frame } from '@bellwether/contracts';
import { newOutcomeBook, outcomesAfter, type Outcome } from '@bellwether/model-review';
import {
  MarketRun,
  columnNamed,
  forecastDataSet,
  regimeDataSet,
  type DataSet,
  type HistoryBar,
  type MarketBar,
} from '@bellwether/training';
import { filePlan } from '../data/data-plan.js';
import { recordedRun } from '../replay/recorded-run.js';
import { fiveMinuteBook } from './five-minute-book-for-tests.js';

const SESSIONS = 22;
let folder = '';
let outcomes: readonly Outcome[] = [];
let bars: readonly (MarketBar | HistoryBar)[] = [];
let frames: readonly Frame[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-outcomes-'));
  const { options } = await fiveMinuteBook(folder, SESSIONS, { book: 'outcomes' });
  const plan = await filePlan({ ...options, from: 20_250_401, warmup: 20 });
  ({ frames } = await recordedRun(plan));
  const book = newOutcomeBook();
  outcomes = frames.flatMap((frame) => outcomesAfter(book, frame));
  const run = new MarketRun(true);
  const found: (MarketBar | HistoryBar)[] = [];
  for await (const entry of plan.inputs(null)) found.push(...run.next(entry));
  bars = found;
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const ofSession = (model: string): ReadonlyMap<number, number> =>
  new Map(
    outcomes
      .filter((one) => one.model === model)
      .map(({ start_us, outcome }) => [start_us, outcome]),
  );

/** Labels of a data set by the close of their bar; rows without one are left out. */
function labelsOf(set: DataSet, label: string): readonly (readonly [number, number])[] {
  const values = columnNamed(set.labelColumns, label);
  return Array.from(set.start_us, (start_us, i) => [start_us, values[i]!] as const).filter(([, value]) =>
    Number.isFinite(value),
  );
}

it.each([
  ['regime_classifier', 'regime', () => regimeDataSet(bars)],
  ['rl_model', 'up', () => forecastDataSet(bars)],
] as const)('%s: every label of the data set, and the same', (model, label, set) => {
  const came = ofSession(model);
  const labels = labelsOf(set(), label);
  expect(labels.length).toBeGreaterThan(200);
  expect(labels.filter(([start_us, value]) => came.get(start_us) !== value)).toEqual([]);
});

it('confidence: every trade that ended, once, by its net result', () => {
  const ended = frames.flatMap(({ portfolio }) => portfolio?.closed ?? []);
  const came = outcomes.filter(({ model }) => model === 'confidence_prediction');
  expect(ended.length).toBeGreaterThan(0);
  expect(came.map(({ key, outcome }) => [key, outcome])).toEqual(
    ended.map(({ decision_id, net_cents }) => [decision_id, net_cents > 0 ? 1 : 0]),
  );
});
