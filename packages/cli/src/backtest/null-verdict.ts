import { plainTable } from '../plain-table.js';
import type { WorldFigures } from './null-worlds.js';

/** What all worlds together say, with the bounds of learning.md 7. */
export interface NullVerdict {
  readonly worlds: number;
  /** Worlds whose value lies below 0.95 or is missing because nothing was traded. */
  readonly probabilisticBelow: number;
  readonly deflatedBelow: number;
  readonly deflatedBestBelow: number;
  readonly trades: number;
  readonly meanNet_cents: number;
  /** Mean over its standard error, worlds being independent. */
  readonly t: number;
  /** Over the worlds that have one; null without any. */
  readonly meanPbo: number | null;
  readonly pboWorlds: number;
}

const CONFIDENCE = 0.95;
/** Share of worlds that must not look like an edge. */
const SHARE_MIN = 0.95;
/** One-sided, 5 %. */
const Z_95 = 1.6449;
const PBO_RANGE = [0.4, 0.6] as const;

export function nullVerdict(figures: readonly WorldFigures[]): NullVerdict {
  const nets = figures.map(({ net_cents }) => net_cents);
  const n = nets.length;
  const mean = nets.reduce((sum, net) => sum + net, 0) / n;
  const variance = nets.reduce((sum, net) => sum + (net - mean) ** 2, 0) / (n - 1);
  const below = (of: (one: WorldFigures) => number | null): number =>
    figures.filter((one) => (of(one) ?? 0) < CONFIDENCE).length;
  const pbos = figures.flatMap(({ pbo }) => pbo.value ?? []);
  return {
    worlds: n,
    probabilisticBelow: below(({ probabilistic }) => probabilistic.value),
    deflatedBelow: below(({ deflated }) => deflated.value),
    deflatedBestBelow: below(({ deflatedBest }) => deflatedBest.value),
    trades: figures.reduce((sum, { trades }) => sum + trades, 0),
    meanNet_cents: mean,
    t: mean / Math.sqrt(variance / n),
    meanPbo: pbos.length === 0 ? null : pbos.reduce((sum, pbo) => sum + pbo, 0) / pbos.length,
    pboWorlds: pbos.length,
  };
}

/** What does not hold, in words; empty where all does. PBO is judged without costs: costs are a true difference. */
export function nullFaults(paid: NullVerdict, free: NullVerdict): readonly string[] {
  const faults: string[] = [];
  for (const [name, verdict] of [
    ['with costs', paid],
    ['without costs', free],
  ] as const) {
    const least = Math.floor(SHARE_MIN * verdict.worlds);
    if (verdict.deflatedBelow < least)
      faults.push(`${name}: the deflated Sharpe ratio finds an edge too often`);
    if (verdict.deflatedBestBelow < least)
      faults.push(`${name}: the deflated Sharpe ratio of the best finds an edge too often`);
    if (verdict.t > Z_95) faults.push(`${name}: the net result lies significantly above zero`);
  }
  const { meanPbo } = free;
  if (meanPbo !== null && (meanPbo < PBO_RANGE[0] || meanPbo > PBO_RANGE[1])) {
    faults.push(`without costs: the mean PBO ${meanPbo.toFixed(3)} lies outside 0.4 to 0.6`);
  }
  return faults;
}

export function renderNull(paid: NullVerdict, free: NullVerdict): string {
  const of = (n: number, all: number): string => `${n} of ${all}`;
  const rows: readonly (readonly [string, (one: NullVerdict) => string])[] = [
    ['deflated Sharpe of the system below 0.95', (one) => of(one.deflatedBelow, one.worlds)],
    ['deflated Sharpe of the best of 13 below 0.95', (one) => of(one.deflatedBestBelow, one.worlds)],
    ['probabilistic Sharpe of the system below 0.95', (one) => of(one.probabilisticBelow, one.worlds)],
    ['trades of the system', (one) => String(one.trades)],
    ['mean net of a world, USD', (one) => (one.meanNet_cents / 100).toFixed(2)],
    ['its t over the worlds', (one) => one.t.toFixed(2)],
    [
      'mean PBO over system and arms',
      (one) => (one.meanPbo === null ? '' : `${one.meanPbo.toFixed(3)} (${one.pboWorlds} worlds)`),
    ],
  ];
  return plainTable(
    ['', 'costs of the book', 'no costs'],
    rows.map(([name, text]) => [name, text(paid), text(free)]),
    [1, 2],
  );
}
