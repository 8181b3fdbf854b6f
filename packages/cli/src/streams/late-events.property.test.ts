// Goal: what a stream says acts from the time at which it is known, never from the time that it speaks of.
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { OptionRight, STREAMS_DEFAULTS, Side, type AuxEvent, type Entry } from '@bellwether/contracts';
import { anAuxEntry } from '@bellwether/testkit';
import { bytesOf, framesOf, marketDays } from './market-days.js';

const MINUTE_US = 60_000_000;
const MINUTES = 1_440;

/** Bounds at which everything acts. */
const STREAMS = {
  ...STREAMS_DEFAULTS,
  ...{ news_block_score: 0.1, options_halve_unusual: 0.1, season_block_t: 0.5 },
};

interface Drawn {
  readonly kind: 0 | 1 | 2;
  readonly minute: number;
  readonly delay: number;
  readonly x: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.constantFrom(0 as const, 1 as const, 2 as const),
  minute: fc.integer({ min: 0, max: MINUTES }),
  delay: fc.integer({ min: 0, max: 600 }),
  x: fc.double({ min: -1, max: 1, noNaN: true }),
});

function contentOf({ kind, x }: Drawn, event_us: number): Partial<AuxEvent> {
  if (kind === 0) {
    const at_us = event_us + Math.round(30 * x) * MINUTE_US;
    const around_us = 2_000 * MINUTE_US;
    const releases = [{ at_us, name: 'CPI', tier: 1 }];
    return { economic: { from_us: event_us - around_us, to_us: event_us + around_us, releases } };
  }
  if (kind === 1) {
    const headline = `Headline ${x}`;
    return { news: { headline, symbols: [], tier: 1, score: x, confidence: 1, method: 'test' } };
  }
  const right = x > 0 ? OptionRight.CALL : OptionRight.PUT;
  const unusual = [
    {
      right,
      strike_points: 6_000,
      expiry: 20_250_417,
      volume: 900,
      open_interest: 1,
      premium_cents: 5e7,
      side: Side.LONG,
    },
  ];
  return {
    options: {
      ...{ underlying: 'SPX', call_volume: 10, put_volume: 9, unusual, net_gex_usd: x * 1e9 },
      ...{ call_open_interest: null, put_open_interest: null, spot_points: 6_000 },
      ...{ zero_gamma_points: 5_990, call_wall_points: 6_050, put_wall_points: 5_900 },
    },
  };
}

describe('an event', () => {
  it('changes no decision before it is known', async () => {
    const { inputs, config: own } = await marketDays();
    const config = { ...own, streams: STREAMS };
    const without = await framesOf(inputs, config);
    const bytes = without.map(bytesOf);
    const start_us = Math.min(...inputs.flatMap(({ bar }) => (bar === null ? [] : [bar.open_us])));
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(drawn, { minLength: 1, maxLength: 6 }), async (events) => {
        const entries: Entry[] = events.map((event, i) => {
          const event_us = start_us + event.minute * MINUTE_US;
          const known_us = event_us + event.delay * MINUTE_US;
          const id = `aux:test:${i}`;
          return anAuxEntry(contentOf(event, event_us), event_us, { book: config.book, known_us, id });
        });
        const first_us = Math.min(...entries.map(({ known_us }) => known_us));
        const frames = await framesOf(inputs, config, entries);
        const before = without.filter(({ book_time_us }) => book_time_us < first_us);
        expect(frames.slice(0, before.length).map(bytesOf)).toEqual(bytes.slice(0, before.length));
        const told = frames.filter(({ entry }) => entry?.bar != null);
        const others = without.filter(({ entry }) => entry?.bar != null);
        changed += told.some(
          ({ features }, i) => JSON.stringify(features?.aux) !== JSON.stringify(others[i]?.features?.aux),
        )
          ? 1
          : 0;
      }),
      { numRuns: 5, seed: 7 },
    );
    // Afterwards they do act, or the promise above would be empty.
    expect(changed).toBeGreaterThan(0);
  });
});
