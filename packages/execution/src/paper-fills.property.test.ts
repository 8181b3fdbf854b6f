import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  FillLeg,
  OrderType,
  Side,
  type Bar,
  type Entry,
  type Fill,
  type PaperConfig,
} from '@bellwether/contracts';
import { aReleaseEntry, atMinute } from '@bellwether/testkit';
import { slippageTicks } from './paper-assumptions.js';
import { ScriptedBook } from './scripted-book.js';
import { aPaperConfig, atMarket, barOf, type Prices } from './scripted-line.js';
import { instrumentOf } from '@bellwether/market';

const RUNS = 600;
const SEED = 7_022;
const DECISION = 991;
const START = 24_000;

interface Walk {
  readonly side: Side;
  readonly order_type: OrderType;
  readonly away: number;
  readonly contracts: number;
  readonly stop: number;
  readonly target: number | null;
  readonly latency_us: number;
  readonly bars: readonly {
    readonly gap: number;
    readonly up: number;
    readonly down: number;
    readonly at: number;
  }[];
}

const walk: fc.Arbitrary<Walk> = fc.record({
  side: fc.constantFrom(Side.LONG, Side.SHORT),
  order_type: fc.constantFrom(OrderType.MARKET, OrderType.STOP, OrderType.LIMIT),
  away: fc.integer({ min: 1, max: 8 }),
  contracts: fc.integer({ min: 1, max: 2 }),
  stop: fc.integer({ min: 6, max: 20 }),
  target: fc.option(fc.integer({ min: 4, max: 40 }), { nil: null }),
  latency_us: fc.constantFrom(0, 370_000, 999_999, 1_000_000, 90_000_000),
  bars: fc.array(
    fc.record({
      gap: fc.integer({ min: -12, max: 12 }),
      up: fc.integer({ min: 0, max: 25 }),
      down: fc.integer({ min: 0, max: 25 }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 2, maxLength: 20 },
  ),
});

interface Seen {
  readonly fill: Fill;
  readonly bar: Bar;
  readonly created_us: number;
}

const config = (latency_us: number) => {
  const paper: PaperConfig = {
    latency_us,
    thin_slippage_factor: 2,
    limit_through_ticks: 1,
    volume_share_e4: 0,
  };
  return aPaperConfig({ paper, valid_for_us: 600_000_000 });
};

function run(of: Walk): { readonly fills: readonly Seen[]; readonly entry_ticks: number } {
  const sign = of.side === Side.LONG ? 1 : -1;
  const direction = of.order_type === OrderType.LIMIT ? -sign : sign;
  const entry_ticks = of.order_type === OrderType.MARKET ? START : START + direction * of.away;
  const decision = barOf(DECISION, [START, START + 1, START - 1, START]);
  const setup = atMarket({
    ...{ side: of.side, order_type: of.order_type, entry_ticks, stop_ticks: entry_ticks - sign * of.stop },
    target_ticks: of.target === null ? null : entry_ticks + sign * of.target,
  });
  const book = new ScriptedBook((entry) =>
    entry.id === decision.id ? { setup, contracts: of.contracts } : null,
  );
  book.feed(aReleaseEntry(config(of.latency_us)), decision);
  let last = START;
  const fills: Seen[] = [];
  of.bars.forEach(({ gap, up, down, at }, i) => {
    const open = last + gap;
    const close = open - down + Math.round(at * (up + down));
    const prices: Prices = [open, open + up, open - down, close];
    const entry: Entry = barOf(DECISION + 1 + i, prices);
    last = close;
    const bar = entry.bar;
    for (const { fill } of book.feed(entry)) {
      if (fill === null || bar === null) continue;
      const intent = book.frames
        .flatMap(({ risk }) => risk?.intents ?? [])
        .find(({ intent_id }) => intent_id === fill.intent_id);
      fills.push({ fill, bar, created_us: intent?.created_us ?? atMinute(DECISION + 1) });
    }
  });
  return { fills, entry_ticks };
}

/** How much worse than this price the fill was, seen from whoever traded. */
function worse(fill: Fill, than_ticks: number): number {
  return (fill.side === Side.LONG ? 1 : -1) * (fill.price_ticks - than_ticks);
}

const instrument = instrumentOf('ES');

describe('Paper fills on generated bars', () => {
  it('are never better than the rules allow', () => {
    fc.assert(
      fc.property(walk, (of) => {
        const { fills, entry_ticks } = run(of);
        for (const { fill, bar } of fills) {
          if (instrument === null) throw new Error('Expected ES');
          const slip = slippageTicks(config(0), instrument, bar);
          const bought = fill.side === Side.LONG;
          const best = bought ? bar.low_ticks : bar.high_ticks;
          // Nobody is paid a price that the bar did not have.
          expect(worse(fill, best)).toBeGreaterThanOrEqual(0);
          if (fill.leg === FillLeg.ENTRY && of.order_type === OrderType.MARKET) {
            expect(worse(fill, bar.open_ticks)).toBe(slip);
          }
          if (fill.leg === FillLeg.ENTRY && of.order_type === OrderType.STOP) {
            const trigger = bought
              ? Math.max(entry_ticks, bar.open_ticks)
              : Math.min(entry_ticks, bar.open_ticks);
            expect(worse(fill, trigger)).toBe(slip);
          }
          if (fill.leg === FillLeg.ENTRY && of.order_type === OrderType.LIMIT) {
            expect(fill.price_ticks).toBe(entry_ticks);
            expect(worse(fill, best)).toBeGreaterThanOrEqual(1);
          }
          if (fill.leg === FillLeg.TARGET || fill.leg === FillLeg.TP1) {
            // The market went through the order by a tick, and the fill is the order's own price.
            expect(worse(fill, best)).toBeGreaterThanOrEqual(1);
          }
          if (fill.leg === FillLeg.STOP) {
            expect(worse(fill, best)).toBeGreaterThanOrEqual(slip);
          }
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('come neither before their order was there nor outside of their bar', () => {
    fc.assert(
      fc.property(walk, (of) => {
        for (const { fill, bar, created_us } of run(of).fills) {
          expect(fill.fill_us).toBeGreaterThanOrEqual(created_us + of.latency_us);
          expect(fill.fill_us).toBeGreaterThanOrEqual(bar.open_us);
          expect(fill.fill_us).toBeLessThanOrEqual(bar.open_us + bar.interval_us);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('reach every leg of the plan, so that the properties above say something', () => {
    const legs = new Set<FillLeg>();
    for (const of of fc.sample(walk, { numRuns: RUNS, seed: SEED })) {
      for (const { fill } of run(of).fills) legs.add(fill.leg);
    }
    expect([...legs].sort()).toEqual([FillLeg.ENTRY, FillLeg.STOP, FillLeg.TP1, FillLeg.TARGET]);
  });
});
