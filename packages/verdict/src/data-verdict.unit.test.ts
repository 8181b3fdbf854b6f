/**
 * Goal: each fault is named by its own code, a world without faults by none.
 * Method: made-up bars with the marks of a market, one fault put in each time; bounds from both sides.
 */
import { describe, expect, it, test } from '@jest/globals';
import { INVENTED_ES, inventedBars } from '@bellwether/testkit';
import { sessionOf } from '@bellwether/market';
import { aWorld, codesOf, judge, priced, shifted } from './bars-for-tests.js';
import type { RawBar } from './bar.js';

const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;
const world = aWorld();

/** Noise that is the same every time. */
function noise(i: number): number {
  return ((i * 7_919) % 1_009) / 1_009;
}

describe('given a world with the marks of a market', () => {
  test.each([
    ['ES 1m', world, 'ES'],
    ['NQ 5m', aWorld({ symbol: 'NQ', interval: '5m', sessions: 30 }), 'NQ'],
    ['MES 1m', aWorld({ symbol: 'MES' }), 'MES'],
    ['ES 1m over the end of summer time', aWorld({ firstTradeDate: 20_251_022, sessions: 18 }), 'ES'],
  ])('%s passes', (_name, bars, symbol) => {
    const verdict = judge(bars, symbol);
    expect([verdict.result, codesOf(verdict, 'warn')]).toEqual(['pass', []]);
    expect(codesOf(verdict)).toContain('time_zone_tested');
  });

  it('marked synthetic it is judged, warned of, and never passes', () => {
    const verdict = judge(world, 'ES', { origin: 'synthetic' });
    expect([verdict.result, codesOf(verdict, 'warn')]).toEqual(['warn', ['synthetic']]);
  });

  it('without volume it is warned of, and its zone is tested by the range of its bars', () => {
    const verdict = judge(world.map((bar) => ({ ...bar, volume: 0 })));
    expect([verdict.result, codesOf(verdict, 'warn')]).toEqual(['warn', ['no_volume']]);
    expect(codesOf(verdict)).toContain('time_zone_tested');
  });
});

/** The same market with larger moves: so many times. */
function wider(times: number): RawBar[] {
  return priced(world, (price) => 6_000 + Math.round(4 * times * (price - 6_000)) / 4);
}

/** Faults of a file, and the code that must name each. */
const FAULTS: readonly (readonly [string, () => RawBar[], string])[] = [
  ['stamps an hour late', () => shifted(world, HOUR_US), 'time_zone_doubtful'],
  ['Chicago time taken for UTC', () => shifted(world, -5 * HOUR_US), 'time_zone_doubtful'],
  ['New York time taken for UTC', () => shifted(world, -4 * HOUR_US), 'outside_session'],
  [
    'an hour late and without volume',
    () => shifted(world, HOUR_US).map((bar) => ({ ...bar, volume: 0 })),
    'time_zone_doubtful',
  ],
  ['stamps of the close', () => shifted(world, MINUTE_US), 'close_stamps'],
  ['seconds in the stamps', () => shifted(world, 17_000_000), 'off_interval_grid'],
  ['prices off the grid', () => priced(world, (price) => price * 1.013), 'off_tick_grid'],
  ['prices times 100', () => priced(world, (price) => price * 100), 'level_implausible'],
  ['a tenth of the price', () => priced(world, (price) => Math.round(price / 2.5) / 4), 'level_implausible'],
  [
    'a high below its close',
    () => world.map((bar, i) => (i === 700 ? { ...bar, high: bar.low } : bar)),
    'ohlc_broken',
  ],
  ['a negative price', () => world.map((bar, i) => (i === 700 ? { ...bar, low: -1 } : bar)), 'ohlc_broken'],
  ['a stamp twice', () => [...world.slice(0, 500), world[499]!, ...world.slice(500)], 'stamps_repeated'],
  ['two bars in the wrong order', () => [world[1]!, world[0]!, ...world.slice(2)], 'stamps_unsorted'],
  ['the newest first', () => [...world].reverse(), 'stamps_unsorted'],
  [
    'a week copied to the next and shifted in price',
    () => {
      const week = 7 * 24 * HOUR_US;
      const from = sessionOf(20_250_818)?.open_us ?? 0;
      const first = world.filter(({ open_us }) => open_us >= from && open_us < from + 5 * 24 * HOUR_US);
      const copy = priced(shifted(first, week), (price) => price + 12.25);
      const rest = world.filter(({ open_us }) => open_us < from + week || open_us >= from + 2 * week);
      return [...rest, ...copy].sort((a, b) => a.open_us - b.open_us);
    },
    'repeated_blocks',
  ],
  [
    'three hours copied from the day before',
    () => {
      const at = 4 * 1_380 + 1_000;
      const day = (world[at]?.open_us ?? 0) - (world[at - 1_380]?.open_us ?? 0);
      const copy = shifted(world.slice(at - 1_380, at - 1_200), day);
      return [...world.slice(0, at), ...copy, ...world.slice(at + 180)];
    },
    'repeated_blocks',
  ],
  [
    'the daily break filled with noise',
    () => {
      const extra: RawBar[] = [];
      world.forEach((bar, i) => {
        const next = world[i + 1];
        if (next === undefined || next.open_us - bar.open_us !== HOUR_US + MINUTE_US) return;
        for (let m = 1; m <= 60; m++) {
          const close = bar.close + Math.round(8 * noise(i + m)) / 4;
          extra.push({
            open_us: bar.open_us + m * MINUTE_US,
            open: close,
            high: close + 1,
            low: close - 1,
            close,
            volume: 90,
          });
        }
      });
      return [...world, ...extra].sort((a, b) => a.open_us - b.open_us);
    },
    'invented_hours',
  ],
  [
    'one hour of each day made up',
    () =>
      world.map((bar, i) => {
        const hour = Math.floor(bar.open_us / HOUR_US) % 24;
        return hour === 16 ? { ...bar, volume: 500 + Math.floor(900 * noise(i * 13)) } : bar;
      }),
    'odd_hour',
  ],
  ['moves twenty times as large', () => wider(20), 'volatility_implausible'],
  ['one volume for all bars', () => world.map((bar) => ({ ...bar, volume: 1_000 })), 'time_zone_doubtful'],
];

describe('given one fault', () => {
  test.each(FAULTS)('%s: it is refused and named', (_name, make, code) => {
    const verdict = judge(make());
    expect(verdict.result).toBe('refuse');
    expect(codesOf(verdict, 'refuse')).toContain(code);
    for (const { next, message } of verdict.findings) expect([next, message]).not.toContain('');
  });

  it('NQ taken for ES is refused by its level', () => {
    const verdict = judge(aWorld({ symbol: 'NQ' }), 'ES');
    expect(codesOf(verdict, 'refuse')).toEqual(['level_implausible']);
  });

  it('a display factor is named', () => {
    const verdict = judge(priced(world, (price) => price * 100));
    expect(verdict.findings[0]?.message).toContain('Divided by 100 it would fit');
  });

  it('the zone that the stamps look like is named', () => {
    const told = (us: number): string =>
      judge(shifted(world, us))
        .findings.map(({ message }) => message)
        .join('\n');
    expect(told(-5 * HOUR_US)).toContain('America/Chicago');
    expect(told(-4 * HOUR_US)).toContain('America/New_York');
    expect(told(MINUTE_US)).toContain('the stamps are bar closes');
  });

  it('a zone without daylight saving is found where winter and summer differ', () => {
    const summer = aWorld({ firstTradeDate: 20_250_818, sessions: 8 });
    const winter = shifted(aWorld({ firstTradeDate: 20_251_103, sessions: 8 }), -HOUR_US);
    const verdict = judge([...summer, ...winter]);
    const zone = verdict.findings.find(({ code }) => code === 'time_zone_doubtful');
    expect(zone?.evidence).toEqual({ winter_minutes_off: -60 });
  });
});

describe('given the bounds', () => {
  const off = (count: number): RawBar[] =>
    world.map((bar, i) =>
      i > 0 && i % 20 === 0 && i / 20 <= count ? { ...bar, high: bar.high + 0.1 } : bar,
    );

  it('a price off the grid in one bar of a thousand is warned of, in more the file is refused', () => {
    const bound = Math.floor(world.length / 1_000);
    expect(codesOf(judge(off(bound)), 'warn')).toContain('off_tick_grid');
    expect(codesOf(judge(off(bound + 1)), 'refuse')).toContain('off_tick_grid');
  });

  it('one bar in closed hours is warned of, half a per cent of them are refused', () => {
    const saturday = (count: number): RawBar[] =>
      Array.from({ length: count }, (_, i) => ({
        ...world[0]!,
        open_us: (sessionOf(20_250_822)?.close_us ?? 0) + (i + 600) * MINUTE_US,
      }));
    const merged = (count: number): RawBar[] =>
      [...world, ...saturday(count)].sort((a, b) => a.open_us - b.open_us);
    const one = judge(merged(1));
    expect([one.result, codesOf(one, 'warn')]).toEqual(['warn', ['outside_session']]);
    expect(codesOf(judge(merged(120)), 'refuse')).toEqual(['outside_session', 'invented_hours']);
  });

  it('moves of a panic are told, and more than any market has had are refused', () => {
    expect(codesOf(judge(wider(5)))).not.toContain('volatility_implausible');
    expect(codesOf(judge(wider(12)), 'warn')).toContain('volatility_implausible');
  });

  it('30 bars with the same moves are chance, 80 are a copy', () => {
    const copied = (count: number): RawBar[] => {
      // The cash session of one day, put into that of the next: nearly every bar moves.
      const at = 1_380 + 940;
      const to = at + 1_380;
      return world.map((bar, i) => {
        const from = world[at + i - to];
        return i < to || i >= to + count || from === undefined ? bar : { ...from, open_us: bar.open_us };
      });
    };
    expect(codesOf(judge(copied(30)))).not.toContain('repeated_blocks');
    expect(codesOf(judge(copied(80)))).toContain('repeated_blocks');
  });

  it('too few bars for statistics are judged by their form alone', () => {
    const few = [
      ...inventedBars({
        ...INVENTED_ES,
        rows: 600,
        on_grid: true,
        whole_minutes: true,
        in_sessions: true,
        level: 6_400,
      }),
    ];
    expect(codesOf(judge(few))).not.toContain('generator_like');
    expect(judge(world.slice(0, 1)).result).toBe('refuse');
    expect(codesOf(judge([]))).toEqual(['empty']);
  });
});

describe('given what the user vouches for', () => {
  it('stamps that are doubted are told and refuse nothing', () => {
    const verdict = judge(shifted(world, HOUR_US), 'ES', { trustTimes: true });
    expect(verdict.result).toBe('warn');
    expect(codesOf(verdict)).toContain('times_trusted');
  });

  it('that covers the stamps alone', () => {
    expect(
      judge(
        priced(world, (price) => price * 100),
        'ES',
        { trustTimes: true },
      ).result,
    ).toBe('refuse');
  });

  it('a generated file that says so is not refused for it, and a broken one is', () => {
    const better = { ...INVENTED_ES, on_grid: true, whole_minutes: true, in_sessions: true };
    const marked = judge(inventedBars(better), 'ES', { origin: 'synthetic', trustTimes: true });
    expect(marked.result).toBe('warn');
    expect(codesOf(marked, 'warn')).toEqual(expect.arrayContaining(['generator_like', 'synthetic']));
    const broken = world.map((bar, i) => (i === 3 ? { ...bar, high: bar.low - 1 } : bar));
    expect(judge(broken, 'ES', { origin: 'synthetic' }).result).toBe('refuse');
  });
});

describe('given the invented file of the original system', () => {
  it('it is refused for every reason that there is', () => {
    const verdict = judge(inventedBars(INVENTED_ES));
    expect(verdict.result).toBe('refuse');
    expect(codesOf(verdict, 'refuse')).toEqual([
      'off_tick_grid',
      'off_interval_grid',
      'outside_session',
      'invented_hours',
      'level_implausible',
      'volatility_implausible',
      'generator_like',
    ]);
    // 4 % of its prices are on the grid, as in the original.
    expect(verdict.findings[0]?.evidence['on_grid']).toBeCloseTo(0.04, 2);
  });

  it('mended in grid, stamps, hours, level and volatility it is still told by what a market leaves', () => {
    const mended = { on_grid: true, whole_minutes: true, in_sessions: true, level: 6_400, sigma: 0.0002 };
    for (const seed of ['a', 'b', 'c']) {
      const verdict = judge(inventedBars({ ...INVENTED_ES, ...mended, seed }));
      expect(codesOf(verdict, 'refuse')).toContain('generator_like');
    }
  });
});

describe('given other kinds', () => {
  const cash = world.filter(({ open_us }) => {
    const minute = Math.floor(open_us / MINUTE_US) % 1_440;
    return minute >= 810 && minute < 1_200;
  });

  it('a cash index is judged by its own hours, and the same bars as a future are not', () => {
    const index = judge(cash, 'SPX');
    expect([index.kind, index.result]).toEqual(['cash_index', 'warn']);
    expect(codesOf(index, 'warn')).toContain('not_tradable');
    expect(codesOf(index)).not.toContain('outside_session');
    expect(codesOf(judge(cash))).toContain('cash_hours_only');
    expect(codesOf(judge(world, 'SPX'), 'refuse')).toContain('outside_session');
  });

  it('a fund has the level of a tenth of its index', () => {
    const fund = judge(
      priced(cash, (price) => price / 10),
      'SPY',
    );
    expect(codesOf(fund, 'refuse')).toEqual([]);
    expect(codesOf(judge(cash, 'SPY'), 'refuse')).toContain('level_implausible');
  });

  it('bars of no fixed length are told so', () => {
    const events = world.filter((_, i) => noise(i) < 0.3);
    expect(codesOf(judge(events), 'warn')).toContain('event_bars');
  });
});
