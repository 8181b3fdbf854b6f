import { expect, test } from '@jest/globals';
import { ReasonCodeName, type Bar } from '@bellwether/contracts';
import { present, uniformSource } from '@bellwether/kernel';
import { batchFeatures } from './batch-features.js';
import { FEATURES } from './feature-set.js';
import {
  MINUTE_US,
  MONDAY,
  applyAll,
  barEntry,
  configOf,
  featureAt,
  manySessions,
  releaseEntry,
} from './sample-entries.js';

/**
 * Goal: what the stage says bar by bar equals the formulas over the whole history. Method: a second, slow implementation
 * that shares no code with it, at bars drawn by a seed, over sessions with missing bars, holes, missing days and volumes
 * that are not known.
 */

function messyBars(seed: string, sessions: number, interval_us: number): Bar[] {
  const uniform = uniformSource(seed);
  const bars: Bar[] = [];
  let skip = 0;
  // As often in an hour, however long the bars are.
  const often = interval_us / (5 * MINUTE_US);
  for (const bar of manySessions(uniform, MONDAY, sessions, interval_us).flat()) {
    const draw = uniform() / often;
    if (skip > 0) skip -= 1;
    else if (draw < 0.002) skip = Math.floor((uniform() * 40 * MINUTE_US) / interval_us);
    else if (draw < 0.0021) skip = Math.floor((2_000 * MINUTE_US) / interval_us);
    else bars.push(uniform() < 0.0005 ? { ...bar, volume: null } : bar);
  }
  return bars;
}

test.each([
  ['one minute', 25, MINUTE_US, 80],
  ['five minutes', 90, 5 * MINUTE_US, 200],
])(
  'bars of %s: all 43 numbers and all reasons are those of the definitions',
  (name, sessions, interval_us, picks) => {
    const bars = messyBars(`batch ${name}`, sessions, interval_us);
    const { parts } = applyAll([releaseEntry(configOf(['ES'], interval_us)), ...bars.map(barEntry)]);
    const expectedAt = batchFeatures(bars);
    const uniform = uniformSource(`pick ${name}`);
    const compared = new Map<string, number>();
    // Early bars, late ones at which twenty sessions are there, and any.
    const late = Math.floor(0.95 * bars.length);
    for (let n = 0; n < picks; n++) {
      const early = n < 15;
      const from = n % 2 === 0 ? 0 : late;
      const i = early ? 4 * n : from + Math.floor(uniform() * (bars.length - from));
      const part = present(parts[i + 1], 'a part');
      expectedAt(i).forEach((expected, at) => {
        const found = featureAt(part, at);
        const { code } = present(FEATURES[at], 'a feature');
        const value =
          'value' in found ? found.value : ReasonCodeName[found.reason as keyof typeof ReasonCodeName];
        if (typeof expected === 'number' && 'value' in found) {
          const text = `bar ${i} ${code}: Expected ${expected}, was ${found.value}`;
          expect(Math.abs(expected - found.value) < 1e-9 ? '' : text).toBe('');
          compared.set(code, (compared.get(code) ?? 0) + 1);
        } else {
          const wanted = typeof expected === 'number' ? expected : ReasonCodeName[expected.reason];
          expect(`bar ${i} ${code} ${value}`).toBe(`bar ${i} ${code} ${wanted}`);
        }
      });
    }
    const seen = FEATURES.filter(({ code }) => (compared.get(code) ?? 0) > 0).map(({ code }) => code);
    expect(seen).toEqual(FEATURES.filter(({ code }) => code !== 'M4').map(({ code }) => code));
  },
);
