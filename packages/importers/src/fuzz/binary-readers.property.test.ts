/**
 * Goal: no damaged binary file ends in anything but bars or a refusal of ours: no crash, no hang, no memory without bound.
 * Method: files with seeded damage, read in a thread that is ended where it does not answer. `npm run fuzz:importers` reads
 * more of them.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { sampleBarsOf } from '../testing/samples.js';
import { fuzzBases } from './mutate.js';
import type { SeedResult } from './read-seed.js';
import { runSeeds } from './run-seeds.js';

const SEEDS = 400;

test('damaged files are refused or read, whatever is damaged', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bw fuzz '));
  const results: SeedResult[] = [];
  await runSeeds({ folder, from: 1, until: SEEDS + 1 }, (result) => void results.push(result));
  fs.rmSync(folder, { recursive: true });
  expect(results.filter(({ outcome }) => outcome === 'crash')).toEqual([]);
  expect(results).toHaveLength(SEEDS);
  // Damage that nothing ever notices, or that never leaves anything whole, would test little.
  expect(results.filter(({ outcome }) => outcome === 'refused').length).toBeGreaterThan(SEEDS / 4);
  expect(results.filter(({ outcome }) => outcome === 'taken').length).toBeGreaterThan(SEEDS / 50);
  const bases = fuzzBases(sampleBarsOf(1).slice(0, 10)).map(({ name }) => name);
  expect([...new Set(results.map(({ base }) => base))].sort()).toEqual([...bases].sort());
}, 120_000);
