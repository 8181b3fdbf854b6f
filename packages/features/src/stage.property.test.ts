import v8 from 'node:v8';
import { describe, expect, it, test } from '@jest/globals';
import { canonicalFeaturesPart, type Bar, type Entry, type FeaturesPart } from '@bellwether/contracts';
import { present, uniformSource } from '@bellwether/kernel';
import {
  MINUTE_US,
  MONDAY,
  applyAll,
  applyEntry,
  barEntry,
  barOf,
  configOf,
  featureAt,
  manySessions,
  releaseEntry,
  signalEntry,
} from './sample-entries.js';
import { FEATURES } from './feature-set.js';
import { stage, type FeaturesState } from './stage.js';
import { AT } from './vector-draft.js';

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** Sessions of 5-minute bars with missing bars, longer holes and signals between. */
function messyEntries(seed: string, sessions: number): Entry[] {
  const uniform = uniformSource(seed);
  const days = manySessions(uniform, MONDAY, sessions, 5 * MINUTE_US);
  const entries: Entry[] = [releaseEntry(configOf(['ES'], 5 * MINUTE_US))];
  for (const bars of days) {
    let skip = 0;
    for (const bar of bars) {
      if (skip > 0) skip -= 1;
      else if (uniform() < 0.003) skip = Math.floor(uniform() * 20);
      else entries.push(barEntry(uniform() < 0.02 ? { ...bar, volume: null } : bar));
      if (uniform() < 0.02) entries.push(signalEntry('ES', bar.open_us + bar.interval_us));
    }
  }
  return entries;
}

/** Index of the first part that differs, -1 where none does. As text: comparing deeply takes seconds here. */
function firstDifference(found: readonly FeaturesPart[], expected: readonly FeaturesPart[]): number {
  const length = Math.max(found.length, expected.length);
  for (let i = 0; i < length; i++) {
    if (JSON.stringify(found[i]) !== JSON.stringify(expected[i])) return i;
  }
  return -1;
}

const entries = messyEntries('stage', 30);
const whole = applyAll(entries);

describe('Over 30 messy sessions', () => {
  it.each([1, 2, 100, 277, 2_000, 5_555])(
    'the first %i entries give the same parts as the whole file does',
    (n) => {
      expect(firstDifference(applyAll(entries.slice(0, n)).parts, whole.parts.slice(0, n))).toBe(-1);
    },
  );

  it('what comes later changes nothing that was said', () => {
    const other = messyEntries('another future', 2).slice(1);
    const cut = 300;
    const { parts } = applyAll([...entries.slice(0, cut), ...other]);
    expect(firstDifference(parts.slice(0, cut), whole.parts.slice(0, cut))).toBe(-1);
    expect(firstDifference(parts, whole.parts)).toBe(cut);
  });

  it.each([1, 50, 276, 3_000, 6_500])('a state restored after %i entries goes on to the same end', (n) => {
    const first = applyAll(entries.slice(0, n));
    const restored = v8.deserialize(v8.serialize(first.state)) as FeaturesState;
    const rest = applyAll(entries.slice(n), restored);
    expect(firstDifference(rest.parts, whole.parts.slice(n))).toBe(-1);
    expect(JSON.stringify(rest.state)).toBe(JSON.stringify(whole.state));
  });

  it('no state or frame is changed in place', () => {
    let state = deepFreeze(stage.initialState());
    for (const entry of entries) state = deepFreeze(applyEntry(state, deepFreeze(entry)).state);
    expect(JSON.stringify(state)).toBe(JSON.stringify(whole.state));
  });

  it('every number is finite, every feature in [-1, 1], every part has a canonical form', () => {
    const present_index = new Set<number>();
    let largest = 0;
    for (const part of whole.parts) {
      // Throws on NaN and infinite numbers.
      canonicalFeaturesPart(part);
      for (const value of part.vector?.present_value ?? []) largest = Math.max(largest, Math.abs(value));
      for (const index of part.vector?.present_index ?? []) present_index.add(index);
    }
    expect(largest).toBeLessThanOrEqual(1);
    expect(largest).toBeGreaterThan(0.9);
    // All but M4, which has no calendar, were computed somewhere.
    expect([...present_index].sort((a, b) => a - b)).toEqual(Array.from({ length: 42 }, (_, i) => i));
  });
});

describe('Scale', () => {
  const bars = manySessions(uniformSource('scale'), MONDAY, 24, 5 * MINUTE_US).flat();
  const parts = (list: readonly Bar[], symbol = 'ES'): FeaturesPart[] =>
    applyAll([
      releaseEntry(configOf([symbol], 5 * MINUTE_US)),
      ...list.map((bar) => barEntry({ ...bar, symbol })),
    ]).parts;
  const plain = parts(bars);

  it('price and tick scaled together give the same vector: a contract is nothing but its ticks', () => {
    const found = parts(bars, 'MNQ').map((part) => part.vector);
    expect(JSON.stringify(found)).toBe(JSON.stringify(plain.map((part) => part.vector)));
  });

  it('the same moves in twice as many ticks give the same vector, but where a floor in ticks holds', () => {
    const times = (factor: number): Bar[] =>
      bars.map((bar) => ({
        ...bar,
        open_ticks: factor * bar.open_ticks,
        high_ticks: factor * bar.high_ticks,
        low_ticks: factor * bar.low_ticks,
        close_ticks: factor * bar.close_ticks,
      }));
    const many = parts(times(16));
    const compared = new Set<number>();
    parts(times(32)).forEach((part, i) => {
      const expected = present(many[i], 'a part');
      const floored = (expected.indicators?.vwap_sd_ticks ?? 0) <= 4;
      for (let at = 0; at < 43; at++) {
        if (part.vector === null || (at === AT.V3 && floored)) continue;
        const value = featureAt(part, at);
        if (JSON.stringify(value) !== JSON.stringify(featureAt(expected, at))) {
          throw new Error(
            `${i} ${FEATURES[at]?.code ?? ''}: Expected ${JSON.stringify(featureAt(expected, at))}`,
          );
        }
        if ('value' in value) compared.add(at);
      }
    });
    expect(compared.size).toBe(42);
  });
});

test('the state does not grow once 60 sessions are kept', () => {
  let { state } = applyAll([releaseEntry(configOf(['ES'], 5 * MINUTE_US))]);
  const bytes: number[] = [];
  for (const bars of manySessions(uniformSource('bounded'), MONDAY, 100, 5 * MINUTE_US)) {
    state = applyAll(bars.map(barEntry), state).state;
    bytes.push(v8.serialize(state).length);
  }
  const at70 = present(bytes[70], 'a size');
  expect(at70).toBeGreaterThan(present(bytes[30], 'a size'));
  for (const size of bytes.slice(70)) expect(Math.abs(size - at70) / at70).toBeLessThan(0.01);
  expect(at70).toBeLessThan(450_000);
});

test('prices at the edge of 32 bits and one-tick prices stay finite', () => {
  const uniform = uniformSource('edges');
  const bars = Array.from({ length: 400 }, (_, i) => {
    const price = uniform() < 0.5 ? 1 : 2_147_483_647;
    const prices = { open_ticks: 1, low_ticks: 1, high_ticks: price, close_ticks: price };
    return barOf({ open_us: MONDAY.open_us + i * MINUTE_US, ...prices, volume: i % 3 === 0 ? 0 : 2 ** 40 });
  });
  for (const part of applyAll([releaseEntry(), ...bars.map(barEntry)]).parts) canonicalFeaturesPart(part);
});
