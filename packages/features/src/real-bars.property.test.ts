import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import zlib from 'node:zlib';
import { expect, test } from '@jest/globals';
import { ReasonCode, canonicalFeaturesPart, type Bar } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { pointsToTicks } from '@bellwether/market';
import { applyAll, barEntry, barOf, releaseEntry } from './sample-entries.js';
import type { FeaturesState } from './stage.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const FILE = path.join(
  process.env['BW_DATA_DIR'] ?? path.join(ROOT, '../shared/data'),
  'ES_1m_2025_quotrading-topstepx.csv.gz',
);
const ROWS = 2_000;

function readBars(): Bar[] {
  const lines = zlib
    .gunzipSync(fs.readFileSync(FILE))
    .toString('utf8')
    .split('\n')
    .slice(1, ROWS + 1);
  return lines.map((line) => {
    const [ts, open, high, low, close, volume] = line.split(',');
    const ticks = (text: string | undefined): number =>
      present(pointsToTicks(Number(text), 2_500), 'a price');
    return barOf({
      open_us: Date.parse(present(ts, 'a time')) * 1_000,
      open_ticks: ticks(open),
      high_ticks: ticks(high),
      low_ticks: ticks(low),
      close_ticks: ticks(close),
      volume: Number(volume),
    });
  });
}

const there = fs.existsSync(FILE);
if (!there)
  console.warn(`SKIPPED: real bars are not here (${FILE}). Set BW_DATA_DIR to the folder that has them.`);
const onRealBars = there ? test : test.skip;

onRealBars('the first 2,000 real ES bars are all taken, and every prefix says the same', () => {
  const entries = [releaseEntry(), ...readBars().map(barEntry)];
  const whole = applyAll(entries);
  expect(entries.length).toBe(ROWS + 1);
  expect(whole.parts.slice(1).every((part) => part.reason === ReasonCode.OK)).toBe(true);
  for (const part of whole.parts) {
    canonicalFeaturesPart(part);
    expect((part.vector?.present_value ?? []).every((value) => Math.abs(value) <= 1)).toBe(true);
  }
  // The second session begins after 1,380 bars: indicators go on over the break.
  const last = present(whole.parts.at(-1), 'a part');
  expect(last.vector?.present_index.length).toBe(12);
  expect(last.indicators?.vwap_ticks).not.toBeNull();
  for (const n of [10, 500, 1_381, 1_700]) {
    const first = applyAll(entries.slice(0, n));
    expect(JSON.stringify(first.parts)).toBe(JSON.stringify(whole.parts.slice(0, n)));
    const restored = v8.deserialize(v8.serialize(first.state)) as FeaturesState;
    const rest = applyAll(entries.slice(n), restored);
    expect(JSON.stringify(rest)).toBe(JSON.stringify({ state: whole.state, parts: whole.parts.slice(n) }));
  }
});
