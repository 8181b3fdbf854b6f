import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Bar, FeatureVector } from '@bellwether/contracts';
import { present, uniformSource } from '@bellwether/kernel';
import { pointsToTicks } from '@bellwether/market';
import { generateSessions } from '@bellwether/testkit';
import { distanceOf, valuesOf } from './analysis/vector-values.js';
import { batchFeatures } from './batch-features.js';
import { FEATURES } from './feature-set.js';
import { applyEntry, barEntry, barOf, configOf, releaseEntry } from './sample-entries.js';
import { stage, type FeaturesState } from './stage.js';
import { AT } from './vector-draft.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const FOLDER = process.env['BW_DATA_DIR'] ?? path.join(ROOT, '../shared/data');

/** Every file of bars that a book can have, with whether its volumes are known. */
const FILES = [
  ['ES_1m_201909_quantcs109.csv.gz', true],
  ['ES_1m_2020_spawnaga-ibkr.csv.gz', true],
  ['ES_1m_2025_quotrading-topstepx.csv.gz', true],
  ['ES_1m_lean-algoseek.csv.gz', true],
  ['MNQ_1m_202509_cloudspider.csv.gz', true],
  ['ES_5m_202305_desoxyribon-tradingview.csv.gz', false],
  ['ES_5m_2026_yahoo.csv.gz', true],
  ['NQ_5m_2019_0liu.csv.gz', false],
  ['NQ_5m_202303_spawnaga-tradingview.csv.gz', true],
  ['NQ_5m_2026_yahoo.csv.gz', true],
] as const;

function readBars(file: string, hasVolume: boolean): Bar[] {
  const [symbol = '', interval = ''] = file.split('_');
  const lines = zlib
    .gunzipSync(fs.readFileSync(path.join(FOLDER, file)))
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(1);
  return lines.map((line) => {
    const [ts, open, high, low, close, volume] = line.split(',');
    const ticks = (text: string | undefined): number =>
      present(pointsToTicks(Number(text), 2_500), 'a price');
    return barOf({
      symbol,
      interval_us: interval === '5m' ? 300_000_000 : 60_000_000,
      open_us: Date.parse(present(ts, 'a time')) * 1_000,
      open_ticks: ticks(open),
      high_ticks: ticks(high),
      low_ticks: ticks(low),
      close_ticks: ticks(close),
      volume: hasVolume ? Number(volume) : null,
    });
  });
}

interface Run {
  readonly state: FeaturesState;
  /** Null for a bar that was not taken. */
  readonly vectors: readonly (FeatureVector | null)[];
}

/** What is said of these bars, after those that made the state. */
function run(bars: readonly Bar[], from: FeaturesState): Run {
  const vectors: (FeatureVector | null)[] = [];
  let state = from;
  for (const bar of bars) {
    const applied = applyEntry(state, barEntry(bar));
    state = applied.state;
    vectors.push(applied.part.vector);
  }
  return { state, vectors };
}

function released(bars: readonly Bar[]): FeaturesState {
  const { symbol, interval_us } = present(bars[0], 'a bar');
  return applyEntry(stage.initialState(), releaseEntry(configOf([symbol], interval_us))).state;
}

const equal = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

function sameVector(a: FeatureVector | null, b: FeatureVector | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    equal(a.present_value, b.present_value) &&
    equal(a.present_index, b.present_index) &&
    equal(a.masked_reason, b.masked_reason)
  );
}

/** Index of the first vector that differs, -1 where none does. */
function firstDifference(found: Run['vectors'], expected: Run['vectors']): number {
  if (found.length !== expected.length) return Math.min(found.length, expected.length);
  return found.findIndex((vector, i) => !sameVector(vector, expected[i] ?? null));
}

function expectBounded({ vectors }: Run, hasVolume: boolean): void {
  const seen = new Set<number>();
  for (const vector of vectors) {
    const { present_value, present_index } = present(vector, 'the vector of a bar that was taken');
    expect(present_value.every((value) => Number.isFinite(value) && Math.abs(value) <= 1)).toBe(true);
    for (const index of present_index) seen.add(index);
  }
  const volumes = FEATURES.filter((feature, at) => feature.needs_volume && seen.has(at));
  expect(volumes.length > 0).toBe(hasVolume);
}

function expectPrefixesAndRestored(bars: readonly Bar[], whole: Run, cuts: readonly number[]): void {
  for (const cut of cuts) {
    const first = run(bars.slice(0, cut), released(bars));
    expect(firstDifference(first.vectors, whole.vectors.slice(0, cut))).toBe(-1);
    const restored = v8.deserialize(v8.serialize(first.state)) as FeaturesState;
    const rest = run(bars.slice(cut), restored);
    expect(firstDifference(rest.vectors, whole.vectors.slice(cut))).toBe(-1);
    expect(JSON.stringify(rest.state)).toBe(JSON.stringify(whole.state));
  }
}

function expectDefinitions(bars: readonly Bar[], whole: Run, places: readonly number[]): void {
  const expectedAt = batchFeatures(bars);
  for (const place of places) {
    const told = valuesOf(present(whole.vectors[place], 'a vector'));
    expectedAt(place).forEach((expected, at) => {
      const found = present(told[at], 'a number or a reason');
      const same =
        typeof expected === 'number'
          ? 'value' in found && Math.abs(expected - found.value) < 1e-9
          : 'reason' in found && expected.reason === found.reason;
      const text = `bar ${place} ${FEATURES[at]?.code ?? ''}: ${JSON.stringify({ expected, found })}`;
      expect(same ? '' : text).toBe('');
    });
  }
}

const times = (bars: readonly Bar[], factor: number): Bar[] =>
  bars.map((bar) => ({
    ...bar,
    open_ticks: factor * bar.open_ticks,
    high_ticks: factor * bar.high_ticks,
    low_ticks: factor * bar.low_ticks,
    close_ticks: factor * bar.close_ticks,
  }));

/** Numbers that are floored at a number of ticks: so many ticks are another part of a price once that is scaled. */
const FLOORED: readonly number[] = [AT.P11, AT.V3];

/** The same ticks of another contract say the same; so do the same moves in twice as many ticks. */
function expectScaleInvariant(bars: readonly Bar[], whole: Run): void {
  const [first] = bars;
  const other = first?.symbol === 'ES' ? 'MNQ' : 'ES';
  const renamed = bars.map((bar) => ({ ...bar, symbol: other }));
  expect(firstDifference(run(renamed, released(renamed)).vectors, whole.vectors)).toBe(-1);
  const many = run(times(bars, 16), released(bars)).vectors;
  const twice = run(times(bars, 32), released(bars)).vectors;
  const differing = new Set<string>();
  many.forEach((vector, i) => {
    const a = valuesOf(present(vector, 'a vector'));
    const b = valuesOf(present(twice[i], 'a vector'));
    a.forEach((told, at) => {
      if (!FLOORED.includes(at) && distanceOf(told, b[at]!) !== 0) differing.add(FEATURES[at]?.code ?? '');
    });
  });
  expect([...differing]).toEqual([]);
}

function expectAll(name: string, bars: readonly Bar[], hasVolume: boolean): void {
  const uniform = uniformSource(name);
  const draw = (count: number): number[] =>
    Array.from({ length: count }, () => Math.floor(uniform() * bars.length));
  const whole = run(bars, released(bars));
  expectBounded(whole, hasVolume);
  expectPrefixesAndRestored(bars, whole, draw(2));
  expectDefinitions(bars, whole, draw(8));
  expectScaleInvariant(bars, whole);
}

describe('On real bars all numbers are finite, in [-1, 1], as defined, the same of a cut file, a restored state, another scale', () => {
  for (const [file, hasVolume] of FILES) {
    const there = fs.existsSync(path.join(FOLDER, file));
    if (!there)
      console.warn(`SKIPPED: ${file} is not in ${FOLDER}. Set BW_DATA_DIR to the folder that has it.`);
    const onFile = there ? it : it.skip;
    onFile(file, () => {
      expectAll(file, readBars(file, hasVolume), hasVolume);
    });
  }
});

describe('and so on generated worlds', () => {
  it.each([
    ['1m', 'ES', 20150831, 23],
    ['5m', 'NQ', 20200217, 66],
  ] as const)('of %s bars of %s from %i on, %i sessions', (interval, symbol, firstTradeDate, sessions) => {
    const name = `world ${interval}`;
    const bars = [...generateSessions({ seed: name, symbol, firstTradeDate, sessions, interval })];
    expectAll(name, bars, true);
  });
});
