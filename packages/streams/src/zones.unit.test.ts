import { describe, expect, it } from '@jest/globals';
import { Side } from '@bellwether/contracts';
import { NO_ZONES, ZONES_MAX, nearestZone, withZoneBar, type ZoneRun } from './zones.js';
import type { ZoneBar } from './zone-pattern.js';

const FIVE_US = 300_000_000;
type Prices = readonly [open: number, high: number, low: number, close: number];

/** A fall of 9, a base of two bars between 1,090 and 1,094, a rise of 20. A5 is 10. */
const LEG_IN: readonly Prices[] = [
  [1_102, 1_103, 1_098, 1_099],
  [1_099, 1_100, 1_095, 1_096],
  [1_096, 1_097, 1_092, 1_093],
];
const BASE: readonly Prices[] = [
  [1_093, 1_094, 1_090, 1_092],
  [1_092, 1_094, 1_091, 1_092],
];
const LEG_OUT: Prices = [1_092, 1_113, 1_092, 1_112];
const DEMAND = [...LEG_IN, ...BASE, LEG_OUT];

interface Options {
  readonly scale?: number;
  readonly volumes?: readonly (readonly [traded: number, usual: number])[];
  readonly from?: ZoneRun;
}

function longer([open, high, low, close]: Prices, i: number, { scale = 1, volumes }: Options): ZoneBar {
  const [traded, usual] = volumes?.[i] ?? [0, 0];
  return {
    close_us: (i + 1) * FIVE_US,
    ...{ open_ticks: open * scale, high_ticks: high * scale, low_ticks: low * scale },
    close_ticks: close * scale,
    atr_ticks: 10 * scale,
    volume: volumes === undefined ? null : { traded, usual },
  };
}

/** Each 5-minute bar is one bar of a 5-minute book. */
function runOver(bars: readonly Prices[], options: Options = {}): ZoneRun {
  return bars.reduce((run, prices, i) => {
    const bar = longer(prices, i, options);
    const session_start = options.from === undefined && i === 0;
    return withZoneBar(run, { ...bar, session_start }, [bar]);
  }, options.from ?? NO_ZONES);
}

const mirror = (bars: readonly Prices[]): readonly Prices[] =>
  bars.map(([o, h, l, c]) => [2_200 - o, 2_200 - l, 2_200 - h, 2_200 - c]);
const quiet = (price: number): Prices => [price, price, price, price];

describe('A zone', () => {
  it('is demand from the highest body of the base to its lowest low, from the close of the leg-out on', () => {
    expect(runOver(DEMAND.slice(0, -1)).told).toEqual([]);
    expect(runOver(DEMAND).told).toEqual([
      {
        ...{ side: Side.LONG, proximal_ticks: 1_093, distal_ticks: 1_090, fresh: true, age_sessions: 0 },
        // 0.4 + 0.3 * 20 / 30 + 0.1, over 0.8: the volume is not known.
        score: (0.4 + 0.3 * (20 / 30) + 0.1) / 0.8,
        born_us: 6 * FIVE_US,
      },
    ]);
  });

  it('is supply where all is the other way round', () => {
    expect(runOver(mirror(DEMAND)).told).toMatchObject([
      { side: Side.SHORT, proximal_ticks: 1_107, distal_ticks: 1_110 },
    ]);
  });

  it('counts the volume of its leg-out: twice the usual is the most', () => {
    const volumes = DEMAND.map(() => [399, 199] as const);
    expect(runOver(DEMAND, { volumes }).told[0]?.score).toBeCloseTo(0.4 + 0.2 + 0.2 + 0.1, 12);
  });

  it.each<[string, readonly Prices[]]>([
    ['a leg-out below 1.5 A5', [...LEG_IN, ...BASE, [1_092, 1_107, 1_092, 1_106]]],
    ['a leg-out that closes in its middle', [...LEG_IN, ...BASE, [1_092, 1_118, 1_092, 1_111]]],
    ['a leg-in below 0.75 A5', [...LEG_IN.map(() => quiet(1_093)), ...BASE, LEG_OUT]],
    ['a base bar with a large body', [...LEG_IN, [1_094, 1_095, 1_090, 1_091], LEG_OUT]],
    ['a base bar with a large range', [...LEG_IN, [1_093, 1_099, 1_088, 1_092], LEG_OUT]],
    [
      'a leg-out that stays near the base',
      [...LEG_IN, [1_093, 1_102, 1_092, 1_092], [1_088, 1_106, 1_088, 1_106]],
    ],
  ])('is none with %s', (_, bars) => {
    expect(runOver(bars).told).toEqual([]);
  });

  it('may take two bars to leave', () => {
    const bars = [
      ...LEG_IN,
      ...BASE,
      [1_092, 1_101, 1_092, 1_100] as const,
      [1_100, 1_112, 1_099, 1_112] as const,
    ];
    expect(runOver(bars).told).toMatchObject([{ side: Side.LONG, proximal_ticks: 1_093 }]);
  });

  it('is tested by a touch of the near edge and gone after a close beyond the far one', () => {
    const run = runOver(DEMAND);
    expect(runOver([[1_095, 1_096, 1_094, 1_095]], { from: run }).told).toMatchObject([{ fresh: true }]);
    const touched = runOver([[1_095, 1_096, 1_089, 1_092]], { from: run });
    expect(touched.told).toMatchObject([{ fresh: false }]);
    expect(touched.told[0]?.score).toBeCloseTo((0.2 + 0.1) / 0.8, 12);
    expect(runOver([[1_092, 1_092, 1_089, 1_089]], { from: touched }).told).toEqual([]);
  });

  it('ends with the third session after its own', () => {
    let run = runOver(DEMAND);
    const ages: (number | undefined)[] = [];
    for (let session = 1; session <= 3; session++) {
      const bar = longer(quiet(1_112), 0, {});
      run = withZoneBar(run, { ...bar, session_start: true }, [bar]);
      ages.push(run.told[0]?.age_sessions);
    }
    expect(ages).toEqual([1, 2, undefined]);
  });

  it('joins another one of its side that it overlaps by more than half', () => {
    const again = [...LEG_IN, ...BASE.map(([o, h, l, c]): Prices => [o - 1, h - 1, l - 1, c - 1]), LEG_OUT];
    const run = runOver([...DEMAND, ...again.map(([o, h, l, c]): Prices => [o, h, l, c])]);
    expect(run.told).toMatchObject([{ proximal_ticks: 1_093, distal_ticks: 1_089 }]);
  });

  it('gives way, the oldest first, where a side has too many', () => {
    let run = runOver(DEMAND);
    for (let i = 1; i <= ZONES_MAX; i++) {
      const higher = DEMAND.map(([o, h, l, c]): Prices => [
        o + 100 * i,
        h + 100 * i,
        l + 100 * i,
        c + 100 * i,
      ]);
      run = runOver(higher, { from: run });
    }
    const near = run.told.filter(({ side }) => side === Side.LONG).map((zone) => zone.proximal_ticks);
    expect(near).toHaveLength(ZONES_MAX);
    expect(near).not.toContain(1_093);
  });

  it('scales with the prices', () => {
    const scaled = runOver(DEMAND, { scale: 8 }).told;
    expect(scaled).toEqual(
      runOver(DEMAND).told.map((zone) => ({
        ...zone,
        proximal_ticks: 8 * zone.proximal_ticks,
        distal_ticks: 8 * zone.distal_ticks,
      })),
    );
  });
});

describe('The nearest zone', () => {
  it('is that of the near edge, seen from the price', () => {
    const { told } = runOver(DEMAND);
    expect(nearestZone(told, Side.LONG, 1_100)).toMatchObject({ distance_ticks: 7 });
    expect(nearestZone(told, Side.LONG, 1_091)).toMatchObject({ distance_ticks: -2 });
    expect(nearestZone(told, Side.SHORT, 1_100)).toBeNull();
  });
});
