import type { FeatureVector } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { FEATURES } from '../feature-set.js';
import { partOf, type BarSource, type FeatureProgram } from './feature-program.js';
import { distanceOf, valuesOf } from './vector-values.js';

/** What became of one feature when the file was cut. */
export interface LookAhead {
  /** Bars at which what the cut file said was compared with what the whole file said. */
  readonly compared: number;
  readonly differing: number;
  /** Largest distance; null where a value stood against a reason. */
  readonly largest: number | null;
  /** Place of the first bar that differed. */
  readonly first: number | null;
}

/** Bars before each cut that are compared: a feature that looks ahead shows itself at the last of them at least. */
export const TAIL_BARS = 30;

/**
 * Bars of a stretch before each cut of which also the last {@link TAIL_BARS} are left out one by one, so that each of
 * them stands at an end once: a feature that sees the next bar now and then shows itself nowhere else. Most features have
 * values after so many bars.
 */
const STRETCH_BARS = 160;

/** Bars that are run for the stretch before one cut. */
export const STRETCH_COST = TAIL_BARS * STRETCH_BARS;

/** Where to cut a file of so many bars: half of the places evenly spread, half drawn. */
export function cutPlaces(bars: number, cuts: number): readonly number[] {
  const uniform = uniformSource(`cuts ${bars}`);
  const places = new Set<number>();
  for (let n = 1; n <= cuts; n++) {
    const place = n % 2 === 0 ? Math.floor((bars * n) / (cuts + 1)) : 1 + Math.floor(uniform() * (bars - 1));
    if (place > 0 && place < bars) places.add(place);
  }
  return [...places].sort((a, b) => a - b);
}

interface Finding {
  compared: number;
  differing: number;
  largest: number | null;
  first: number | null;
}

function compare(
  findings: Finding[],
  place: number,
  whole: FeatureVector | null,
  cut: FeatureVector | null,
): void {
  const expected = whole === null ? null : valuesOf(whole);
  const found = cut === null ? null : valuesOf(cut);
  findings.forEach((finding, at) => {
    finding.compared += 1;
    if (expected === null && found === null) return;
    const distance = expected === null || found === null ? null : distanceOf(expected[at]!, found[at]!);
    if (distance === 0) return;
    finding.differing += 1;
    finding.first ??= place;
    finding.largest =
      distance === null || finding.largest === null ? null : Math.max(finding.largest, distance);
  });
}

/**
 * Whether a program looks ahead: what it says of the last bars of a file that ends there must be, to the last bit, what it
 * says of them in the whole file. One finding for each feature. `onBars` is told how many bars were run.
 */
export function checkLookAhead(
  program: FeatureProgram,
  bars: BarSource,
  cuts: readonly number[],
  onBars: (count: number) => void,
): readonly LookAhead[] {
  const kept = new Map<number, FeatureVector | null>();
  const isKept = new Set(cuts.flatMap((cut) => Array.from({ length: TAIL_BARS }, (_, i) => cut - 1 - i)));
  program(bars, (place, vector) => {
    if (isKept.has(place)) kept.set(place, vector);
    onBars(1);
  });
  const findings = FEATURES.map((): Finding => ({ compared: 0, differing: 0, largest: 0, first: null }));
  for (const cut of cuts) {
    program(partOf(bars, 0, cut), (place, vector) => {
      if (place >= cut - TAIL_BARS) compare(findings, place, kept.get(place) ?? null, vector);
      onBars(1);
    });
    compareEnds(program, bars, cut, findings, onBars);
  }
  return findings;
}

/** What a stretch that ends at a bar says of that bar, against what a longer one says of it. */
function compareEnds(
  program: FeatureProgram,
  bars: BarSource,
  cut: number,
  findings: Finding[],
  onBars: (count: number) => void,
): void {
  const from = Math.max(0, cut - STRETCH_BARS);
  const whole: (FeatureVector | null)[] = [];
  program(partOf(bars, from, cut), (_, vector) => whole.push(vector));
  for (let end = Math.max(from + 1, cut - TAIL_BARS); end < cut; end++) {
    program(partOf(bars, from, end), (place, vector) => {
      if (from + place === end - 1) compare(findings, end - 1, whole[place] ?? null, vector);
    });
    onBars(end - from);
  }
}
