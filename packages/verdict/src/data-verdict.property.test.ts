/**
 * Goal: laws of a verdict that hold for every seed.
 * Method: generated worlds and generated walks of several seeds; a failure prints the seed.
 */
import { describe, expect, test } from '@jest/globals';
import { INVENTED_ES, inventedBars } from '@bellwether/testkit';
import { aWorld, codesOf, judge, priced } from './bars-for-tests.js';
import { subjectOf } from './subject.js';
import { DataVerdict } from './data-verdict.js';

const SEEDS = ['1', '2', '3', '4', '5', '6'];
const MINUTE_US = 60_000_000;

describe('for every seed', () => {
  test.each(SEEDS)('a world with the marks of a market is never refused (%s)', (seed) => {
    expect(codesOf(judge(aWorld({ seed, sessions: 8 })), 'refuse')).toEqual([]);
  });

  test.each(SEEDS)('a Gaussian walk is always refused, however well it is dressed (%s)', (seed) => {
    const dressed = {
      on_grid: true,
      whole_minutes: true,
      in_sessions: true,
      level: 6_400,
      sigma: 0.00015,
      rows: 6_000,
    };
    expect(codesOf(judge(inventedBars({ ...INVENTED_ES, ...dressed, seed })), 'refuse')).toContain(
      'generator_like',
    );
  });

  test.each(SEEDS.slice(0, 3))(
    'the same bars give the same verdict, and looking at it changes nothing (%s)',
    (seed) => {
      const subject = subjectOf('ES');
      if (subject === null) throw new Error('Expected ES to be known');
      const bars = aWorld({ seed, sessions: 6 });
      const looked = new DataVerdict({ subject, origin: 'market', trustTimes: false });
      bars.forEach((bar, i) => {
        looked.add(bar, i + 2);
        if (i === 6_000) looked.result();
      });
      expect(looked.result()).toEqual(judge(bars));
    },
  );

  test.each(SEEDS.slice(0, 3))('a fault seen in a prefix is seen in the whole (%s)', (seed) => {
    const bars = aWorld({ seed, sessions: 6 });
    bars[100] = { ...bars[100]!, high: bars[100]!.low - 1 };
    for (const length of [200, 2_000, bars.length]) {
      expect(codesOf(judge(bars.slice(0, length)), 'refuse')).toContain('ohlc_broken');
    }
  });

  test.each([0.98, 1, 1.02])('marks do not depend on the level: prices times %d', (factor) => {
    const bars = aWorld({ sessions: 8 });
    const scaled = priced(bars, (price) => Math.round(4 * factor * price) / 4);
    expect(codesOf(judge(scaled), 'refuse')).toEqual([]);
    expect(codesOf(judge(scaled), 'warn')).toEqual([]);
  });

  test.each([-720, -300, -61, -5, -1, 1, 5, 30, 60, 300, 720])(
    'a shift by %d minutes is never overlooked',
    (minutes) => {
      const bars = aWorld({ sessions: 10 }).map((bar) => ({
        ...bar,
        open_us: bar.open_us + minutes * MINUTE_US,
      }));
      expect(judge(bars).result).toBe('refuse');
    },
  );
});
