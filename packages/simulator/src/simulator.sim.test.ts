/**
 * Goal: a slice of what `npm run sim` does, for every change: whole runs hold what they must, and are repeatable.
 */
import { describe, expect, it } from '@jest/globals';
import { Chance } from './chance.js';
import type { Counter } from './coverage.js';
import { failureText } from './report.js';
import { runScenario, runSeed } from './run-seed.js';
import { scenarioOf } from './scenario.js';

const SEEDS = Array.from({ length: 12 }, (_, i) => 1 + i);
/** What must not be counted in a run without faults. */
const FAULTS: readonly Counter[] = [
  'crash',
  'lost_ack',
  'refused',
  'dropped',
  'bit_flip',
  'frozen',
  'outage',
];

describe('the simulator', () => {
  it.each(SEEDS)('seed %p holds what it must', async (seed) => {
    const result = await runSeed(seed);
    expect(failureText(result, null)).toBe('');
    expect(result.entries).toBeGreaterThan(90);
  });

  it('gives one history for one seed, and another for another', async () => {
    const [first, again, other] = [await runSeed(14), await runSeed(14), await runSeed(15)];
    expect(again.history).toBe(first.history);
    expect(again.counts).toEqual(first.counts);
    expect(other.history).not.toBe(first.history);
  });

  it('lets nothing go wrong where a seed has no faults', async () => {
    const scenario = { ...scenarioOf(3, new Chance('scenario 3')), faulty: false };
    const { failure, counts } = await runScenario(scenario);
    expect(failure).toBeNull();
    for (const fault of FAULTS) expect([fault, counts[fault]]).toEqual([fault, 0]);
  });
});
