/**
 * Goal: worlds obey the calendar and the tick grid, are the same for the same seed, hold what is planted in them and nothing
 * else. Method: several seeds, symbols and dates, and statistics with bands of four standard errors and more.
 */
import { describe, expect, it } from '@jest/globals';
import { BellwetherError, RegimeState, type Bar } from '@bellwether/contracts';
import { InvariantError } from '@bellwether/kernel';
import {
  isHalted,
  minuteOfSession,
  nextSession,
  sessionAt,
  sessionOf,
  tradingMinutes,
} from '@bellwether/market';
import { REGIME_WORLD, WORLD_DATES, World, worldBars, type WorldBar, type WorldOptions } from '../index.js';

const MINUTE_US = 60_000_000;

const WALK: WorldOptions = {
  kind: 'random_walk',
  seed: 'walk',
  symbol: 'ES',
  firstTradeDate: WORLD_DATES.spring,
  sessions: 5,
};
const made = (change: Partial<WorldOptions> = {}): readonly WorldBar[] => [
  ...worldBars({ ...WALK, ...change }),
];
const barsOf = (change: Partial<WorldOptions> = {}): readonly Bar[] => made(change).map(({ bar }) => bar);
const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const rms = (xs: readonly number[]): number => Math.sqrt(mean(xs.map((x) => x * x)));
const minuteOf = (bar: Bar): number => {
  const session = sessionAt(bar.open_us);
  if (session === null) throw new Error(`A bar outside every session: ${bar.open_us}`);
  return minuteOfSession(session, bar.open_us);
};

/** Close to close inside a session, a minute apart. */
function changesOf(bars: readonly Bar[]): number[] {
  return bars.flatMap((bar, i) => {
    const before = bars[i - 1];
    return before?.open_us === bar.open_us - MINUTE_US ? [bar.close_ticks - before.close_ticks] : [];
  });
}

const KINDS = ['random_walk', 'regimes', 'edge'] as const;

describe.each(KINDS)('a world of kind %s', (kind) => {
  it.each(Object.entries(WORLD_DATES))('has every minute that trades, in %s', (_name, firstTradeDate) => {
    const bars = barsOf({ kind, firstTradeDate });
    const expected: number[] = [];
    let session = sessionOf(firstTradeDate);
    for (let n = 0; n < WALK.sessions && session !== null; n++) {
      const before = expected.length;
      for (let at = session.open_us; at < session.close_us; at += MINUTE_US) {
        if (!isHalted(session, at)) expected.push(at);
      }
      expect(expected.length - before).toBe(tradingMinutes(session));
      session = nextSession(session.open_us);
    }
    expect(bars.map((bar) => bar.open_us)).toEqual(expected);
  });

  it.each(['ES', 'NQ', 'MES', 'MNQ'])('keeps %s on the grid, its open and close in its range', (symbol) => {
    const bars = barsOf({ kind, symbol, sessions: 2, fatTails: true, gaps: true });
    const wrong = bars.filter((bar) => {
      const { open_ticks, high_ticks, low_ticks, close_ticks, volume } = bar;
      const numbers = [open_ticks, high_ticks, low_ticks, close_ticks, volume ?? NaN];
      const inside =
        low_ticks <= Math.min(open_ticks, close_ticks) && high_ticks >= Math.max(open_ticks, close_ticks);
      return !inside || low_ticks < 1 || !numbers.every(Number.isSafeInteger) || (volume ?? 0) < 1;
    });
    expect(wrong).toEqual([]);
    expect(bars.length).toBeGreaterThan(2_300);
  });

  it('is the same for the same seed, another for another, and longer when asked for more', () => {
    const first = barsOf({ kind, sessions: 1 });
    expect(barsOf({ kind, sessions: 1 })).toEqual(first);
    expect(barsOf({ kind, sessions: 1, seed: 'other' })).not.toEqual(first);
    expect(barsOf({ kind, sessions: 2 }).slice(0, first.length)).toEqual(first);
  });
});

describe('the random walk', () => {
  const seeds = ['a', 'b', 'c', 'd', 'e', 'f'];
  const walks = seeds.map((seed) => barsOf({ seed, sessions: 20 }));

  it('has neither drift nor memory', () => {
    const changes = walks.flatMap(changesOf);
    const products = changes.slice(1).map((change, i) => change * changes[i]!);
    expect(Math.abs(mean(changes)) / (rms(changes) / Math.sqrt(changes.length))).toBeLessThan(4);
    expect(Math.abs(mean(products)) / (rms(products) / Math.sqrt(products.length))).toBeLessThan(4);
  });

  it('is fair to a stop and a target, and to one that trades with or against the last half hour', () => {
    const gains: number[] = [];
    for (const bars of walks) {
      for (let i = 30; i < bars.length - 1; i += 40) {
        const sign = bars[i]!.close_ticks >= bars[i - 30]!.close_ticks ? 1 : -1;
        gains.push(sign * bracketGain(bars, i + 1, sign));
      }
    }
    expect(gains.length).toBeGreaterThan(3_000);
    expect(Math.abs(mean(gains)) / (rms(gains) / Math.sqrt(gains.length))).toBeLessThan(4);
  });

  it('has the course of the day: volatility and volume at the open, at noon and at night', () => {
    const bars = walks.flat();
    const between = (from: number, to: number): readonly Bar[] =>
      bars.filter((bar) => minuteOf(bar) >= from && minuteOf(bar) < to);
    const size = (some: readonly Bar[]): number => rms(some.map((bar) => bar.close_ticks - bar.open_ticks));
    const volume = (some: readonly Bar[]): number => mean(some.map((bar) => bar.volume ?? 0));
    const [open, noon, night] = [between(930, 960), between(1_140, 1_260), between(300, 420)];
    expect(size(open)).toBeGreaterThan(1.5 * size(noon));
    expect(size(noon)).toBeGreaterThan(1.5 * size(night));
    expect(volume(open)).toBeGreaterThan(1.5 * volume(noon));
    expect(volume(noon)).toBeGreaterThan(8 * volume(night));
  });

  it('keeps its course of the day when the clocks change', () => {
    for (const firstTradeDate of [WORLD_DATES.spring, WORLD_DATES.autumn]) {
      const bars = barsOf({ firstTradeDate, sessions: 10 });
      const at = (minute: number, from: number): number =>
        mean(
          bars
            .slice(from, from + 5 * 1_380)
            .filter((b) => minuteOf(b) === minute)
            .map((b) => b.volume ?? 0),
        );
      for (const from of [0, 5 * 1_380]) expect(at(930, from)).toBeGreaterThan(5 * at(925, from));
    }
  });

  it('tells no regime', () => {
    expect(new Set(made({ sessions: 1 }).map(({ regime }) => regime))).toEqual(
      new Set([RegimeState.UNSPECIFIED]),
    );
  });
});

/** Gain in ticks of a bracket of 12 ticks from this bar's open, a tick at a time where a bar holds both ends: none. */
function bracketGain(bars: readonly Bar[], from: number, sign: 1 | -1): number {
  const entry = bars[from]!.open_ticks;
  for (let i = from; i < bars.length && i < from + 600; i++) {
    const { high_ticks, low_ticks, open_ticks } = bars[i]!;
    if (Math.abs(open_ticks - entry) >= 12) return open_ticks - entry;
    const up = high_ticks - entry >= 12;
    const down = entry - low_ticks >= 12;
    // Both in one bar: which came first is not known, so it is not counted; by symmetry that is fair.
    if (up && down) return 0;
    if (up || down) return up ? 12 : -12;
  }
  return sign * 0;
}

describe('fat tails', () => {
  it('have many times the kurtosis of a normal, and the same variance or nearly', () => {
    const kurtosis = (fatTails: boolean): { readonly ratio: number; readonly size: number } => {
      // Noon, so that the course of the day adds nothing.
      const bars = barsOf({ fatTails, dayVolatility: 0, sessions: 40 });
      const changes = changesOf(bars.filter((bar) => minuteOf(bar) >= 1_140 && minuteOf(bar) < 1_260));
      const size = rms(changes);
      return { ratio: mean(changes.map((c) => (c / size) ** 4)), size };
    };
    const thin = kurtosis(false);
    const fat = kurtosis(true);
    expect(Math.abs(thin.ratio - 3)).toBeLessThan(0.35);
    expect(fat.ratio).toBeGreaterThan(6);
    expect(fat.size / thin.size).toBeGreaterThan(0.85);
    expect(fat.size / thin.size).toBeLessThan(1.15);
  });
});

describe('gaps', () => {
  const whole = barsOf({ sessions: 20 });
  const holed = barsOf({ sessions: 20, gaps: true });
  const steps = holed.slice(1).map((bar, i) => (bar.open_us - holed[i]!.open_us) / MINUTE_US);

  it('leave minutes out, most of them at night, and now and then more than five in a row', () => {
    const missing = 1 - holed.length / whole.length;
    expect(missing).toBeGreaterThan(0.01);
    expect(missing).toBeLessThan(0.1);
    expect(steps.filter((minutes) => minutes > 5 && minutes <= 45).length).toBeGreaterThan(5);
    const quiet = (bars: readonly Bar[]): number => bars.filter((bar) => minuteOf(bar) < 500).length;
    const loud = (bars: readonly Bar[]): number =>
      bars.filter((bar) => minuteOf(bar) >= 930 && minuteOf(bar) < 1_320).length;
    expect(1 - quiet(holed) / quiet(whole)).toBeGreaterThan(1 - loud(holed) / loud(whole));
  });

  it('make the sessions jump', () => {
    const jumps = (bars: readonly Bar[]): number =>
      rms(
        bars.flatMap((bar, i) => {
          const before = bars[i - 1];
          return before !== undefined && minuteOf(bar) < minuteOf(before)
            ? [bar.open_ticks - before.close_ticks]
            : [];
        }),
      );
    expect(jumps(holed)).toBeGreaterThan(2 * jumps(whole));
  });
});

describe('the world of four regimes', () => {
  const world = [...worldBars({ ...WALK, kind: 'regimes', sessions: 120 })];
  const shareOf = (state: RegimeState): number =>
    world.filter(({ regime }) => regime === state).length / world.length;

  it('spends its time in the four as its parameters say', () => {
    expect(shareOf(RegimeState.CALM_CHOP)).toBeCloseTo(0.36, 1);
    expect(shareOf(RegimeState.CALM_TREND)).toBeCloseTo(0.24, 1);
    expect(shareOf(RegimeState.HIGHVOL_CHOP)).toBeCloseTo(0.24, 1);
    expect(shareOf(RegimeState.HIGHVOL_TREND)).toBeCloseTo(0.16, 1);
  });

  it('moves as much more when volatile as its parameters say', () => {
    const noon = world.filter(({ bar }) => minuteOf(bar) >= 1_140 && minuteOf(bar) < 1_260);
    const size = (highvol: boolean): number =>
      rms(
        noon
          .filter(({ hidden }) => hidden?.highvol === highvol && hidden.direction === 0)
          .map(({ bar }) => bar.close_ticks - bar.open_ticks),
      );
    const { calm_factor, highvol_factor } = REGIME_WORLD;
    expect(size(true) / size(false) / (highvol_factor / calm_factor)).toBeGreaterThan(0.9);
    expect(size(true) / size(false) / (highvol_factor / calm_factor)).toBeLessThan(1.1);
  });

  it('goes on in a trend, and comes back in a chop', () => {
    const half = (state: 'trend' | 'chop'): number => {
      const products: number[] = [];
      for (let i = 20; i < world.length - 20; i += 20) {
        const same = [world[i - 20]!, world[i]!, world[i + 20]!].map(({ hidden }) => hidden?.direction ?? 0);
        if (new Set(same).size > 1 || (state === 'trend') !== (same[0] !== 0)) continue;
        const [a, b, c] = [world[i - 20]!.bar, world[i]!.bar, world[i + 20]!.bar];
        products.push(Math.sign(b.close_ticks - a.close_ticks) * Math.sign(c.close_ticks - b.close_ticks));
      }
      expect(products.length).toBeGreaterThan(500);
      return mean(products);
    };
    expect(half('trend')).toBeGreaterThan(0.2);
    expect(half('chop')).toBeLessThan(-0.05);
  });
});

describe('what cannot be made', () => {
  it('a symbol it does not know', () =>
    expect(() => new World({ ...WALK, symbol: 'CL' })).toThrow(BellwetherError));
  it.each([20_250_101, 20_251_301])('a world from %p, which has no session', (firstTradeDate) =>
    expect(() => new World({ ...WALK, firstTradeDate })).toThrow(InvariantError),
  );
});
