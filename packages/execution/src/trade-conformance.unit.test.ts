import { describe, expect, it } from '@jest/globals';
import {
  ExecutionMode,
  FillLeg,
  IntentKind,
  OrderOutcome,
  OrderType,
  ReasonCode,
  Side,
  type BookConfig,
  type Entry,
  type PaperConfig,
  type Setup,
} from '@bellwether/contracts';
import { aBarEntry, aFillEntry, aReleaseEntry, atMinute } from '@bellwether/testkit';
import { ScriptedBook } from './scripted-book.js';
import { aPaperConfig, atMarket, barOf, intentsOf, positionsOf, type Prices } from './scripted-line.js';

/**
 * Cases that the rules of domain.md 8.4 and 9.2 decide, one line each: what is planned, the bars after the decision,
 * and the fills that must come out: leg, contracts, price in ticks (24,000 is 6,000.00).
 */

const PAPER: PaperConfig = {
  ...{ latency_us: 370_000, thin_slippage_factor: 2, limit_through_ticks: 1, volume_share_e4: 100 },
};
const DECISION = 991;
const CLOSE = 23_999;
const quiet = (at: number): Prices => [at, at + 1, at - 1, at];
type Fills = readonly (readonly [leg: FillLeg, contracts: number, price: number, ambiguous?: boolean])[];

function bookWith(setup: Partial<Setup>, contracts: number, changes: Partial<BookConfig> = {}): ScriptedBook {
  const decision = barOf(DECISION, quiet(CLOSE));
  const book = new ScriptedBook((entry) => (entry.id === decision.id ? { setup, contracts } : null));
  book.feed(aReleaseEntry(aPaperConfig({ paper: PAPER, ...changes })), decision);
  return book;
}

function fillsOf(entries: readonly Entry[]): Fills {
  return entries.flatMap(({ fill }) => {
    if (fill === null) return [];
    const { leg, quantity, price_ticks, ambiguous } = fill;
    return [ambiguous ? [leg, quantity, price_ticks, true] : [leg, quantity, price_ticks]] as const;
  });
}

const { ENTRY, STOP, TP1, TARGET, TIME } = FillLeg;
const SHORT: Partial<Setup> = { side: Side.SHORT, stop_ticks: 24_014 };
const LIMIT: Partial<Setup> = { order_type: OrderType.LIMIT, entry_ticks: 23_995, stop_ticks: 23_985 };
const TRIGGER: Partial<Setup> = { order_type: OrderType.STOP, entry_ticks: 24_005, stop_ticks: 23_991 };

interface Case {
  readonly name: string;
  readonly setup?: Partial<Setup>;
  readonly contracts?: number;
  readonly bars: readonly Prices[];
  readonly fills: Fills;
}

const CASES: readonly Case[] = [
  {
    name: '8.4: +1R touched does not fill TP1, a tick through does; the rest leaves at break-even',
    contracts: 2,
    bars: [
      quiet(23_999),
      [24_001, 24_016, 24_000, 24_010],
      [24_010, 24_017, 24_008, 24_012],
      [24_010, 24_010, 24_001, 24_005],
    ],
    fills: [
      [ENTRY, 2, 24_000],
      [TP1, 1, 24_016],
      [STOP, 1, 24_000],
    ],
  },
  {
    name: 'a gap over the stop fills at the open',
    bars: [quiet(23_999), [23_970, 23_975, 23_965, 23_972]],
    fills: [
      [ENTRY, 1, 24_000],
      [STOP, 1, 23_969],
    ],
  },
  {
    name: 'a gap over the stop of a short fills at the open',
    setup: SHORT,
    bars: [quiet(23_999), [24_030, 24_031, 24_020, 24_025]],
    fills: [
      [ENTRY, 1, 23_998],
      [STOP, 1, 24_031],
    ],
  },
  {
    name: 'a gap over the target fills at the target, not better',
    setup: { target_ticks: 24_020, tp1_r: null },
    bars: [quiet(23_999), [24_040, 24_041, 24_039, 24_040]],
    fills: [
      [ENTRY, 1, 24_000],
      [TARGET, 1, 24_020],
    ],
  },
  {
    name: 'stop and target in one bar: the stop, and the bar is counted as ambiguous',
    setup: { target_ticks: 24_020, tp1_r: null },
    bars: [quiet(23_999), [24_000, 24_030, 23_980, 24_010]],
    fills: [
      [ENTRY, 1, 24_000],
      [STOP, 1, 23_983, true],
    ],
  },
  {
    name: 'stop and TP1 in one bar: the stop, ambiguous',
    contracts: 2,
    bars: [quiet(23_999), [24_000, 24_017, 23_984, 24_010]],
    fills: [
      [ENTRY, 2, 24_000],
      [STOP, 2, 23_983, true],
    ],
  },
  {
    name: 'TP1 and a close under break-even in one bar: both',
    contracts: 2,
    bars: [quiet(23_999), [24_010, 24_017, 23_999, 24_001]],
    fills: [
      [ENTRY, 2, 24_000],
      [TP1, 1, 24_016],
      [STOP, 1, 24_000],
    ],
  },
  {
    name: 'the entry bar itself can stop the trade out',
    bars: [[23_999, 24_000, 23_984, 23_990]],
    fills: [
      [ENTRY, 1, 24_000],
      [STOP, 1, 23_983],
    ],
  },
  {
    name: 'a stop entry whose bar also reached the stop is stopped out, whatever the close',
    setup: TRIGGER,
    bars: [[23_999, 24_010, 23_991, 24_009]],
    fills: [
      [ENTRY, 1, 24_006],
      [STOP, 1, 23_990],
    ],
  },
  {
    name: 'a stop entry behind a gap fills at the open',
    setup: TRIGGER,
    bars: [[24_009, 24_010, 24_007, 24_009]],
    fills: [[ENTRY, 1, 24_010]],
  },
  {
    name: 'a limit entry that is only touched waits',
    setup: LIMIT,
    bars: [[23_999, 24_000, 23_995, 23_999]],
    fills: [],
  },
  {
    name: 'a limit entry that is traded through fills at its price, without slippage',
    setup: LIMIT,
    bars: [[23_999, 24_000, 23_994, 23_999]],
    fills: [[ENTRY, 1, 23_995]],
  },
  {
    name: 'after a limit entry no target fills in the same bar',
    setup: { ...LIMIT, target_ticks: 24_010, tp1_r: null },
    bars: [
      [23_999, 24_020, 23_994, 24_015],
      [24_015, 24_016, 24_014, 24_015],
    ],
    fills: [
      [ENTRY, 1, 23_995],
      [TARGET, 1, 24_010],
    ],
  },
  {
    name: 'a time stop leaves at the close, and the latency of the entry costs it no bar',
    setup: { time_stop_us: 120_000_000 },
    bars: [quiet(23_999), quiet(24_003)],
    fills: [
      [ENTRY, 1, 24_000],
      [TIME, 1, 24_002],
    ],
  },
];

describe('Conformance of a trade', () => {
  it.each(CASES.map((item) => [item.name, item] as const))('%s', (_, { setup, contracts, bars, fills }) => {
    const book = bookWith(atMarket(setup), contracts ?? 1);
    const made = bars.flatMap((prices, i) => book.feed(barOf(DECISION + 1 + i, prices)));
    expect(fillsOf(made)).toEqual(fills);
  });

  it('8.4: 2 ES from 6,000.00 earn 194.40 USD, +0.486 R, fees of 5.60 paid', () => {
    const book = bookWith(atMarket(), 2);
    CASES[0]?.bars.forEach((prices, i) => book.feed(barOf(DECISION + 1 + i, prices)));
    expect(book.trades).toMatchObject([
      { quantity: 2, net_cents: 19_440, fees_cents: 560, risk_cents: 40_000, net_r: 0.486 },
    ]);
  });
});

describe('Assumptions of a paper fill', () => {
  it('an order of a decision at a close fills at the next open, when its latency has passed', () => {
    const [fill] = bookWith(atMarket(), 1).feed(barOf(DECISION + 1, quiet(23_999)));
    expect(fill?.fill?.fill_us).toBe(atMinute(DECISION + 1) + PAPER.latency_us);
  });

  it('an order slower than a second waits for the bar after', () => {
    const paper = { ...PAPER, latency_us: 1_000_000 };
    const book = bookWith(atMarket(), 1, { paper, valid_for_us: 180_000_000 });
    expect(fillsOf(book.feed(barOf(DECISION + 1, quiet(23_999))))).toEqual([]);
    expect(fillsOf(book.feed(barOf(DECISION + 2, quiet(23_999))))).toEqual([[ENTRY, 1, 24_000]]);
  });

  it('an entry above its share of the bar’s volume is rejected', () => {
    const of = (volume: number | null): Entry =>
      aBarEntry({
        ...{ open_us: atMinute(DECISION + 1), open_ticks: 23_999, high_ticks: 24_000 },
        ...{ low_ticks: 23_998, close_ticks: 23_999, volume },
      });
    const end = bookWith(atMarket(), 2).feed(of(199))[0]?.order_end;
    expect(end).toMatchObject({ outcome: OrderOutcome.REJECTED, reason: ReasonCode.VOLUME_CAP });
    expect(fillsOf(bookWith(atMarket(), 2).feed(of(200)))).toEqual([[ENTRY, 2, 24_000]]);
    expect(fillsOf(bookWith(atMarket(), 2).feed(of(null)))).toEqual([[ENTRY, 2, 24_000]]);
  });

  it('slippage is twice as much after a bar of unusual range', () => {
    const decision = barOf(1_031, quiet(CLOSE));
    const entering = (wide: boolean): Fills => {
      const book = new ScriptedBook((entry) =>
        entry.id === decision.id ? { setup: atMarket(), contracts: 1 } : null,
      );
      book.feed(aReleaseEntry(aPaperConfig({ paper: PAPER })));
      for (let minute = 991; minute < 1_031; minute++) book.feed(barOf(minute, quiet(CLOSE)));
      const last: Prices = wide ? [CLOSE, CLOSE + 40, CLOSE - 40, CLOSE] : quiet(CLOSE);
      book.feed({ ...decision, bar: barOf(1_031, last).bar });
      return fillsOf(book.feed(barOf(1_032, quiet(CLOSE))));
    };
    expect(entering(false)).toEqual([[ENTRY, 1, CLOSE + 1]]);
    expect(entering(true)).toEqual([[ENTRY, 1, CLOSE + 2]]);
  });
});

describe('An external book', () => {
  const external = { execution: ExecutionMode.EXTERNAL };

  function filled(book: ScriptedBook, quantity: number, id: string): void {
    const [enter] = book.frames.flatMap(intentsOf);
    const fill = aFillEntry({
      ...{ fill_id: id, decision_id: enter?.decision_id ?? '', intent_id: enter?.intent_id ?? '' },
      ...{ quantity, price_ticks: 24_000, fill_us: atMinute(DECISION + 1), leg: ENTRY },
    });
    book.outside(fill);
  }

  it('partial fill, then kill: what is open is closed, the rest is called back, and a late fill is closed too', () => {
    const book = bookWith(atMarket({ order_type: OrderType.STOP, entry_ticks: 24_001 }), 2, external);
    filled(book, 1, 'x1');
    book.feed(barOf(DECISION + 1, quiet(23_919)));
    expect(intentsOf(book.lastFrame)).toMatchObject([
      { kind: IntentKind.CLOSE, quantity: 1, reason: ReasonCode.KILL_LATCHED },
      { kind: IntentKind.CANCEL, quantity: 1, reason: ReasonCode.KILL_LATCHED },
    ]);
    const [close] = intentsOf(book.lastFrame);
    book.outside(
      aFillEntry({
        ...{ fill_id: 'x2', decision_id: close?.decision_id ?? '', intent_id: close?.intent_id ?? '' },
        ...{
          side: Side.SHORT,
          quantity: 1,
          price_ticks: 23_919,
          fill_us: atMinute(DECISION + 2),
          leg: FillLeg.CLOSE,
        },
      }),
    );
    expect(positionsOf(book.lastFrame)).toEqual([]);
    // The cancel lost the race: the broker filled the rest before it came.
    filled(book, 1, 'x3');
    expect(intentsOf(book.lastFrame)).toMatchObject([
      { kind: IntentKind.CLOSE, quantity: 1, reason: ReasonCode.KILL_LATCHED },
    ]);
  });

  it('is told of every stop that moves, and of none that does not', () => {
    const book = bookWith(atMarket(), 1, external);
    filled(book, 1, 'x1');
    book.feed(barOf(DECISION + 1, [24_000, 24_010, 23_999, 24_005]));
    expect(intentsOf(book.lastFrame)).toEqual([]);
    book.feed(barOf(DECISION + 2, [24_005, 24_016, 24_004, 24_015]));
    expect(intentsOf(book.lastFrame)).toMatchObject([
      { kind: IntentKind.MOVE_STOP, stop_ticks: 24_001, quantity: 1, side: Side.SHORT },
    ]);
    book.feed(barOf(DECISION + 3, [24_015, 24_016, 24_012, 24_015]));
    expect(intentsOf(book.lastFrame)).toEqual([]);
  });
});
