import { describe, expect, it } from '@jest/globals';
import {
  ClockReason,
  DataOrigin,
  EntryKind,
  ExecutionMode,
  FillLeg,
  IntentKind,
  OrderOutcome,
  OrderType,
  ReasonCode,
  Side,
  type Entry,
  type Setup,
} from '@bellwether/contracts';
import { closeEntryId, intentId, makeEntry, paperFillId } from '@bellwether/kernel';
import { sessionOf } from '@bellwether/market';
import {
  A_BOOK,
  aBarEntry,
  aClockEntry,
  aFillEntry,
  aReleaseEntry,
  aSignalEntry,
  anAbandonEntry,
  atMinute,
  deepFreeze,
  firstUnplain,
  restored,
} from '@bellwether/testkit';
import { onDecision, onInput } from './paper-broker.js';
import { ScriptedBook } from './scripted-book.js';
import {
  aPaperConfig,
  atMarket,
  barOf,
  intentsOf,
  portfolioOf,
  positionsOf,
  type Prices,
} from './scripted-line.js';

const MINUTE_US = 60_000_000;
/** The bar that decides opens at 09:31 Chicago. */
const DECISION = 991;
const SHORT: Partial<Setup> = { side: Side.SHORT, stop_ticks: 24_016 };
const quiet = (at: number): Prices => [at, at + 1, at - 1, at];

/** A book that enters once, on the bar of minute 991, which closes at `close`. */
function bookWith(
  setup: Partial<Setup>,
  contracts: number,
  config = aPaperConfig(),
  close = 23_999,
): ScriptedBook {
  const decision = barOf(DECISION, quiet(close));
  const book = new ScriptedBook((entry) => (entry.id === decision.id ? { setup, contracts } : null));
  book.feed(aReleaseEntry(config), decision);
  return book;
}

interface Brief {
  leg: FillLeg;
  quantity: number;
  price: number;
  ambiguous: boolean;
}

function briefly(entries: readonly Entry[]): readonly Brief[] {
  return entries.flatMap(({ fill }) =>
    fill === null
      ? []
      : [{ leg: fill.leg, quantity: fill.quantity, price: fill.price_ticks, ambiguous: fill.ambiguous }],
  );
}

function brief(leg: FillLeg, quantity: number, price: number, ambiguous = false): Brief {
  return { leg, quantity, price, ambiguous };
}

function endsOf(entries: readonly Entry[]): readonly [OrderOutcome, ReasonCode][] {
  return entries.flatMap(({ order_end }) =>
    order_end === null ? [] : [[order_end.outcome, order_end.reason]],
  );
}

const { ENTRY, STOP, TP1, TARGET, TIME, CLOSE } = FillLeg;

describe('The worked example of domain.md 8.4', () => {
  it('nets +0.486 R: TP1 only with a price through it, then break-even', () => {
    const book = bookWith(atMarket(), 2);
    expect(briefly(book.feed(barOf(992, [23_999, 24_010, 23_995, 24_005])))).toEqual([
      brief(ENTRY, 2, 24_000),
    ]);
    expect(book.feed(barOf(993, [24_005, 24_016, 24_002, 24_010]))).toEqual([]);
    expect(briefly(book.feed(barOf(994, [24_010, 24_017, 24_005, 24_012])))).toEqual([brief(TP1, 1, 24_016)]);
    expect(positionsOf(book.lastFrame)).toMatchObject([{ quantity: 1, stop_ticks: 24_001 }]);
    expect(book.feed(barOf(995, [24_012, 24_014, 24_002, 24_003]))).toEqual([]);
    expect(briefly(book.feed(barOf(996, [24_003, 24_005, 24_001, 24_004])))).toEqual([
      brief(STOP, 1, 24_000),
    ]);
    const [trade] = book.trades;
    expect(book.trades).toHaveLength(1);
    expect(trade).toMatchObject({
      ...{ gross_cents: 20_000, fees_cents: 560, net_cents: 19_440, risk_cents: 40_000 },
      ...{ exit_leg: STOP, ambiguous: false, quantity: 2 },
    });
    expect(trade?.net_r).toBeCloseTo(0.486, 12);
    expect(portfolioOf(book.lastFrame).day).toMatchObject({
      realised_cents: 20_000,
      fees_cents: 560,
      pnl_cents: 19_440,
    });
  });

  it('mirrors for a short', () => {
    const book = bookWith(atMarket(SHORT), 2, aPaperConfig(), 24_001);
    const fills = book.feed(
      barOf(992, [24_001, 24_005, 23_990, 23_995]),
      barOf(993, [23_995, 23_998, 23_984, 23_990]),
      barOf(994, [23_990, 23_995, 23_983, 23_988]),
      barOf(995, [23_988, 23_999, 23_986, 23_997]),
    );
    expect(briefly(fills)).toEqual([brief(ENTRY, 2, 24_000), brief(TP1, 1, 23_984), brief(STOP, 1, 24_000)]);
    expect(fills.map(({ fill }) => fill?.side)).toEqual([Side.SHORT, Side.LONG, Side.LONG]);
    expect(book.trades[0]).toMatchObject({ net_cents: 19_440, side: Side.SHORT });
  });
});

describe('A fill entry', () => {
  it('names order, decision and cause, and is known when its bar is', () => {
    const book = bookWith(atMarket(), 2);
    const bar = barOf(992, [23_999, 24_010, 23_980, 24_005]);
    const [entry, stop] = book.feed(bar);
    const decision = `${A_BOOK}-2`;
    const id = paperFillId(intentId(decision, 1), 1);
    expect(entry).toMatchObject({
      ...{
        id: `fill:${id}`,
        kind: EntryKind.FILL,
        source: 'paper',
        origin: DataOrigin.SYNTHETIC,
        book: A_BOOK,
      },
      ...{ event_us: atMinute(992), known_us: atMinute(993) },
      fill: {
        ...{ fill_id: id, decision_id: decision, intent_id: `${decision}/1`, symbol: 'ES', side: Side.LONG },
        ...{ quantity: 2, price_ticks: 24_000, tick_size_e4: 2_500, fee_cents: 280, fill_us: atMinute(992) },
        ...{ leg: ENTRY, cause_id: bar.id, ambiguous: false, strategy: null },
      },
    });
    expect(stop).toMatchObject({
      ...{ event_us: atMinute(993), known_us: atMinute(993) },
      fill: { fill_id: paperFillId(`${decision}/1`, 2), side: Side.SHORT, leg: STOP, fill_us: atMinute(993) },
    });
  });

  it('takes its origin from the bar', () => {
    const decision = barOf(DECISION, quiet(23_999));
    const book = new ScriptedBook((item) =>
      item.id === decision.id ? { setup: atMarket(), contracts: 1 } : null,
    );
    const market = (entry: Entry): Entry => ({ ...entry, origin: DataOrigin.MARKET });
    book.feed(market(aReleaseEntry(aPaperConfig())), market(decision));
    const [order] = book.journal.slice(-1);
    expect(order).toMatchObject({ kind: EntryKind.ORDER, origin: DataOrigin.MARKET });
    const [fill] = book.feed(market(barOf(992, quiet(23_999))));
    expect(fill).toMatchObject({ kind: EntryKind.FILL, origin: DataOrigin.MARKET });
  });
});

describe('Market entries', () => {
  it('fill at the first open after the decision, one slippage worse', () => {
    const book = bookWith(atMarket({ stop_ticks: 23_960 }), 1);
    expect(briefly(book.feed(barOf(992, [24_020, 24_021, 24_019, 24_020])))).toEqual([
      brief(ENTRY, 1, 24_021),
    ]);
  });

  it('are taken on before anything else, with their whole plan', () => {
    const book = bookWith(atMarket({ time_stop_us: MINUTE_US }), 2);
    expect(book.journal.at(-1)).toMatchObject({
      ...{ id: `order:${A_BOOK}-2/1`, kind: EntryKind.ORDER, source: 'paper' },
      ...{ event_us: atMinute(992), known_us: atMinute(992) },
      order: {
        intent_id: `${A_BOOK}-2/1`,
        quantity: 2,
        stop_ticks: 23_984,
        tp1_quantity: 1,
        time_stop_us: MINUTE_US,
      },
    });
    expect(portfolioOf(book.lastFrame).working).toHaveLength(1);
  });

  it('may be stopped out, or reach TP1 and break-even, in the bar that fills them', () => {
    const stopped = bookWith(atMarket(), 2).feed(barOf(992, [23_999, 24_010, 23_984, 24_005]));
    expect(briefly(stopped)).toEqual([brief(ENTRY, 2, 24_000), brief(STOP, 2, 23_983)]);
    const won = bookWith(atMarket(), 2).feed(barOf(992, [23_999, 24_017, 23_990, 24_010]));
    expect(briefly(won)).toEqual([brief(ENTRY, 2, 24_000), brief(TP1, 1, 24_016)]);
    const back = bookWith(atMarket(), 2).feed(barOf(992, [23_999, 24_017, 23_990, 24_001]));
    expect(briefly(back)).toEqual([brief(ENTRY, 2, 24_000), brief(TP1, 1, 24_016), brief(STOP, 1, 24_000)]);
  });

  it('are stopped at the open where that lies beyond the stop already', () => {
    const book = bookWith(atMarket(), 2).feed(barOf(992, [23_970, 23_990, 23_965, 23_980]));
    expect(briefly(book)).toEqual([brief(ENTRY, 2, 23_971), brief(STOP, 2, 23_969)]);
  });

  it('expire when no bar opens in time', () => {
    const book = bookWith(atMarket(), 2);
    const made = book.feed(barOf(993, quiet(24_000)));
    expect(made).toMatchObject([
      {
        ...{ id: `order_end:${A_BOOK}-2/1`, event_us: atMinute(993), known_us: atMinute(994) },
        order_end: {
          ...{ intent_id: `${A_BOOK}-2/1`, decision_id: `${A_BOOK}-2`, symbol: 'ES' },
          ...{ outcome: OrderOutcome.EXPIRED, reason: ReasonCode.ORDER_EXPIRED },
          cause_id: barOf(993, quiet(24_000)).id,
        },
      },
    ]);
    expect(portfolioOf(book.lastFrame).working).toEqual([]);
    expect(book.line.risk.entries).toEqual([]);
    expect(book.feed(barOf(994, quiet(24_000)))).toEqual([]);
  });

  it('wait for a bar of their own symbol', () => {
    const book = bookWith(atMarket(), 1);
    expect(book.feed(barOf(992, quiet(20_000), 'NQ'))).toEqual([]);
    expect(briefly(book.feed(barOf(992, quiet(24_000))))).toHaveLength(1);
  });

  it('are not filled by a bar that opened before the decision', () => {
    const decision = barOf(DECISION, quiet(23_999));
    const signal = aSignalEntry({ ts_us: atMinute(992) + 30_000_000 });
    const book = new ScriptedBook((item) =>
      item.id === signal.id ? { setup: atMarket(), contracts: 1 } : null,
    );
    book.feed(aReleaseEntry(aPaperConfig()), decision);
    book.outside(signal);
    expect(book.journal.at(-1)?.kind).toBe(EntryKind.ORDER);
    expect(book.feed(barOf(992, quiet(24_000)))).toEqual([]);
    expect(briefly(book.feed(barOf(993, quiet(24_000))))).toEqual([brief(ENTRY, 1, 24_001)]);
  });
});

describe('Stop entries', () => {
  const stop = atMarket({
    order_type: OrderType.STOP,
    entry_ticks: 24_010,
    stop_ticks: 23_994,
    expires_us: atMinute(995),
  });

  it('wait for their trigger, and fill there with slippage', () => {
    const book = bookWith(stop, 2);
    expect(book.feed(barOf(992, [24_000, 24_009, 23_998, 24_005]))).toEqual([]);
    const [fill] = book.feed(barOf(993, [24_005, 24_010, 24_004, 24_008]));
    expect(fill).toMatchObject({
      event_us: atMinute(994),
      fill: { price_ticks: 24_011, leg: ENTRY, fill_us: atMinute(994) },
    });
    expect(positionsOf(book.lastFrame)).toMatchObject([
      { quantity: 2, cost_ticks: 48_022, stop_ticks: 23_994 },
    ]);
  });

  it('fill at the open where the market jumps over the trigger', () => {
    const [fill] = bookWith(stop, 1).feed(barOf(992, [24_020, 24_022, 24_015, 24_018]));
    expect(fill).toMatchObject({ event_us: atMinute(992), fill: { price_ticks: 24_021 } });
  });

  it('count as stopped out when the bar also reached the stop, whatever its close', () => {
    const fills = bookWith(stop, 2).feed(barOf(992, [24_000, 24_015, 23_994, 24_014]));
    expect(briefly(fills)).toEqual([brief(ENTRY, 2, 24_011), brief(STOP, 2, 23_993)]);
    const both = bookWith(stop, 2).feed(barOf(992, [24_000, 24_040, 23_994, 24_014]));
    expect(briefly(both)).toEqual([brief(ENTRY, 2, 24_011), brief(STOP, 2, 23_993, true)]);
  });

  it('reach TP1 in the same bar only after the trigger, which lies below it', () => {
    // R is 17 ticks from 24,011, so TP1 stands at 24,028.
    const fills = bookWith(stop, 2).feed(barOf(992, [24_005, 24_029, 24_000, 24_020]));
    expect(briefly(fills)).toEqual([brief(ENTRY, 2, 24_011), brief(TP1, 1, 24_028)]);
  });

  it('mirror for a short', () => {
    const short = { ...stop, side: Side.SHORT, entry_ticks: 23_990, stop_ticks: 24_006 };
    const book = bookWith(short, 1);
    expect(book.feed(barOf(992, [24_000, 24_002, 23_991, 23_995]))).toEqual([]);
    expect(briefly(book.feed(barOf(993, [23_995, 24_006, 23_990, 23_992])))).toEqual([
      brief(ENTRY, 1, 23_989),
      brief(STOP, 1, 24_007),
    ]);
    const gap = bookWith(short, 1).feed(barOf(992, [23_980, 23_985, 23_975, 23_978]));
    expect(briefly(gap)).toEqual([brief(ENTRY, 1, 23_979)]);
  });

  it('expire', () => {
    const book = bookWith(stop, 2);
    expect(book.feed(barOf(994, quiet(24_000)))).toEqual([]);
    expect(endsOf(book.feed(barOf(995, [24_020, 24_030, 24_000, 24_010])))).toEqual([
      [OrderOutcome.EXPIRED, ReasonCode.ORDER_EXPIRED],
    ]);
  });
});

/** A book with an open trade: long from 24,000, or short from 24,000. */
function open(setup: Partial<Setup> = {}, contracts = 2, config = aPaperConfig()): ScriptedBook {
  const short = setup.side === Side.SHORT;
  const book = bookWith(
    atMarket({ ...(short ? SHORT : {}), ...setup }),
    contracts,
    config,
    short ? 24_001 : 23_999,
  );
  book.feed(barOf(992, quiet(short ? 24_001 : 23_999)));
  expect(positionsOf(book.lastFrame)).toMatchObject([
    { quantity: contracts, cost_ticks: contracts * 24_000 },
  ]);
  return book;
}

describe('Stops', () => {
  it('fill at a touch, one slippage worse', () => {
    expect(open().feed(barOf(993, [24_000, 24_002, 23_985, 23_990]))).toEqual([]);
    expect(briefly(open().feed(barOf(993, [24_000, 24_002, 23_984, 23_990])))).toEqual([
      brief(STOP, 2, 23_983),
    ]);
  });

  it('fill at the open behind a gap', () => {
    const [fill] = open().feed(barOf(993, [23_960, 23_990, 23_950, 23_985]));
    expect(fill).toMatchObject({
      event_us: atMinute(993),
      fill: { leg: STOP, price_ticks: 23_959, quantity: 2 },
    });
    const short = open(SHORT).feed(barOf(993, [24_040, 24_050, 24_010, 24_015]));
    expect(briefly(short)).toEqual([brief(STOP, 2, 24_041)]);
  });

  it('come before every profit in the same bar, and say that nobody knows', () => {
    const target = { target_ticks: 24_020 };
    const wide: Prices = [24_000, 24_030, 23_984, 24_025];
    expect(briefly(open(target).feed(barOf(993, wide)))).toEqual([brief(STOP, 2, 23_983, true)]);
    expect(open(target).feed(barOf(993, wide)).at(-1)?.fill?.ambiguous).toBe(true);
    const touch: Prices = [24_000, 24_016, 23_984, 24_010];
    expect(briefly(open(target).feed(barOf(993, touch)))).toEqual([brief(STOP, 2, 23_983)]);
    expect(briefly(open({}, 1).feed(barOf(993, touch)))).toEqual([brief(STOP, 1, 23_983, true)]);
  });
});

describe('Profits', () => {
  it('need a price through them by one tick', () => {
    const setup = { target_ticks: 24_020, tp1_r: null };
    expect(open(setup).feed(barOf(993, [24_000, 24_020, 23_995, 24_015]))).toEqual([]);
    expect(briefly(open(setup).feed(barOf(993, [24_000, 24_021, 23_995, 24_015])))).toEqual([
      brief(TARGET, 2, 24_020),
    ]);
  });

  it('fill at their price and not better when the market opens beyond them', () => {
    const setup = { target_ticks: 24_020, tp1_r: null };
    const [fill] = open(setup).feed(barOf(993, [24_030, 24_031, 23_980, 23_990]));
    expect(fill).toMatchObject({ event_us: atMinute(993), fill: { leg: TARGET, price_ticks: 24_020 } });
    const both = open({ target_ticks: 24_020 }).feed(barOf(993, [24_030, 24_031, 23_980, 23_990]));
    expect(briefly(both)).toEqual([brief(TP1, 1, 24_016), brief(TARGET, 1, 24_020)]);
  });

  it('take TP1 and target in one bar', () => {
    const fills = open({ target_ticks: 24_020 }).feed(barOf(993, [24_000, 24_021, 23_995, 24_018]));
    expect(briefly(fills)).toEqual([brief(TP1, 1, 24_016), brief(TARGET, 1, 24_020)]);
  });

  it('pay nobody beyond a target that is nearer than TP1', () => {
    const near = { target_ticks: 24_010 };
    const through = open(near).feed(barOf(993, [24_000, 24_021, 23_995, 24_018]));
    expect(briefly(through)).toEqual([brief(TARGET, 2, 24_010)]);
    const gap = open(near).feed(barOf(993, [24_030, 24_031, 23_995, 24_018]));
    expect(briefly(gap)).toEqual([brief(TARGET, 2, 24_010)]);
  });

  it('give break-even the better claim when the bar closes under it', () => {
    const fills = open({ target_ticks: 24_020 }).feed(barOf(993, [24_000, 24_021, 23_995, 24_001]));
    expect(briefly(fills)).toEqual([brief(TP1, 1, 24_016), brief(STOP, 1, 24_000, true)]);
  });

  it('let a gap over TP1 be followed by the break-even stop at its touch', () => {
    const fills = open().feed(barOf(993, [24_020, 24_022, 24_001, 24_015]));
    expect(briefly(fills)).toEqual([brief(TP1, 1, 24_016), brief(STOP, 1, 24_000)]);
  });

  it('are taken once', () => {
    const book = open();
    book.feed(barOf(993, [24_000, 24_017, 23_995, 24_012]));
    expect(book.feed(barOf(994, [24_012, 24_019, 24_005, 24_012]))).toEqual([]);
    expect(positionsOf(book.lastFrame)).toMatchObject([{ quantity: 1, stop_ticks: 24_001 }]);
  });
});

describe('One contract', () => {
  it('closes nothing at +1 R, but its stop moves for the rest of the bar and after it', () => {
    const book = open({}, 1);
    expect(book.feed(barOf(993, [24_000, 24_016, 23_995, 24_010]))).toEqual([]);
    expect(positionsOf(book.lastFrame)).toMatchObject([{ quantity: 1, stop_ticks: 24_001 }]);
    expect(briefly(book.feed(barOf(994, [24_010, 24_012, 24_001, 24_010])))).toEqual([
      brief(STOP, 1, 24_000),
    ]);
    const same = open({}, 1).feed(barOf(993, [24_000, 24_016, 23_995, 24_001]));
    expect(briefly(same)).toEqual([brief(STOP, 1, 24_000)]);
  });

  it('moves it in the bar of the entry too', () => {
    const book = bookWith(atMarket(), 1);
    book.feed(barOf(992, [23_999, 24_016, 23_990, 24_010]));
    expect(positionsOf(book.lastFrame)).toMatchObject([{ stop_ticks: 24_001 }]);
  });
});

describe('Exits by time', () => {
  it('close at the close of the bar that reaches the time', () => {
    const book = open({ time_stop_us: 2 * MINUTE_US });
    const [fill] = book.feed(barOf(993, [24_000, 24_005, 23_995, 24_004]));
    expect(fill).toMatchObject({
      event_us: atMinute(994),
      fill: { leg: TIME, price_ticks: 24_003, quantity: 2 },
    });
    expect(portfolioOf(book.lastFrame).exits).toEqual([]);
  });

  it('come after stop and profits of that bar', () => {
    const setup = { time_stop_us: 2 * MINUTE_US, target_ticks: 24_020, tp1_r: null };
    expect(briefly(open(setup).feed(barOf(993, [24_000, 24_021, 23_995, 24_004])))).toEqual([
      brief(TARGET, 2, 24_020),
    ]);
    expect(briefly(open(setup).feed(barOf(993, [24_000, 24_002, 23_984, 24_000])))).toEqual([
      brief(STOP, 2, 23_983),
    ]);
    const rest = open({ time_stop_us: 2 * MINUTE_US }).feed(barOf(993, [24_000, 24_017, 23_995, 24_010]));
    expect(briefly(rest)).toEqual([brief(TP1, 1, 24_016), brief(TIME, 1, 24_009)]);
  });

  it('close at the open where bars were missing, but not above a gap over the stop', () => {
    const setup = { time_stop_us: 2 * MINUTE_US };
    const [fill] = open(setup).feed(barOf(996, [24_008, 24_012, 23_980, 23_990]));
    expect(fill).toMatchObject({ event_us: atMinute(996), fill: { leg: TIME, price_ticks: 24_007 } });
    expect(briefly(open(setup).feed(barOf(996, [23_980, 23_981, 23_970, 23_975])))).toEqual([
      brief(STOP, 2, 23_979),
    ]);
  });

  it('are flat by 15:05, at doubled slippage after 15:00', () => {
    const book = open();
    // Every five minutes at least: a longer hole would end the position.
    for (let minute = 995; minute <= 1_323; minute += 4) book.feed(barOf(minute, quiet(24_000)));
    expect(positionsOf(book.lastFrame)).toHaveLength(1);
    expect(briefly(book.feed(barOf(1_324, quiet(24_000))))).toEqual([brief(TIME, 2, 23_998)]);
  });

  it('are flat ten minutes before the close of a short day', () => {
    const session = sessionOf(20251128);
    if (session === null) throw new Error('Expected a session on 2025-11-28');
    const at = (before: number, prices: Prices): Entry => {
      const [open_ticks, high_ticks, low_ticks, close_ticks] = prices;
      const open_us = session.close_us - before * MINUTE_US;
      return aBarEntry({ open_us, open_ticks, high_ticks, low_ticks, close_ticks });
    };
    const decision = at(121, quiet(23_999));
    const setup = atMarket({ expires_us: session.close_us });
    const book = new ScriptedBook((item) => (item.id === decision.id ? { setup, contracts: 1 } : null));
    book.feed(aReleaseEntry(aPaperConfig()), decision);
    for (let before = 120; before >= 12; before -= 4) book.feed(at(before, quiet(23_999)));
    expect(positionsOf(book.lastFrame)).toMatchObject([{ exit_by_us: session.close_us - 10 * MINUTE_US }]);
    expect(briefly(book.feed(at(11, quiet(24_000))))).toEqual([brief(TIME, 1, 23_999)]);
  });

  it('are asked for by the portfolio when no bar comes, and filled at the next open, once', () => {
    const book = open({ time_stop_us: 2 * MINUTE_US });
    const clock = (minute: number): Entry =>
      aClockEntry({ boundary_us: atMinute(minute), reason: ClockReason.IDLE });
    book.feed(clock(995), clock(996));
    expect(book.frames.flatMap(intentsOf).filter(({ kind }) => kind === IntentKind.CLOSE)).toHaveLength(1);
    const made = book.feed(barOf(997, quiet(24_000)));
    expect(briefly(made)).toEqual([brief(CLOSE, 2, 23_999)]);
    expect(made[0]?.fill).toMatchObject({ decision_id: `${A_BOOK}-2`, side: Side.SHORT });
    expect(book.trades).toMatchObject([{ exit_leg: CLOSE, quantity: 2 }]);
    expect(book.broker.closes).toEqual([]);
    expect(book.line.risk.closes).toEqual([]);
  });
});

describe('Slippage', () => {
  it('doubles at night and in the first minute of the day session', () => {
    const entryAt = (minute: number): number | undefined => {
      const decision = barOf(minute - 1, quiet(24_000));
      const book = new ScriptedBook((item) =>
        item.id === decision.id ? { setup: atMarket(), contracts: 1 } : null,
      );
      const [fill] = book
        .feed(aReleaseEntry(aPaperConfig()), decision, barOf(minute, quiet(24_000)))
        .slice(1);
      return fill?.fill?.price_ticks;
    };
    expect([600, 929, 930, 931, 1_200].map(entryAt)).toEqual([24_002, 24_002, 24_002, 24_001, 24_001]);
  });

  it('is the symbol’s own, with its own fee', () => {
    const decision = barOf(DECISION, quiet(20_000), 'NQ');
    const setup = atMarket({ symbol: 'NQ', stop_ticks: 19_960 });
    const book = new ScriptedBook((item) => (item.id === decision.id ? { setup, contracts: 1 } : null));
    const symbols = [{ symbol: 'NQ', slippage_ticks: 3, fee_per_side_cents: 155 }];
    const made = book.feed(
      aReleaseEntry(aPaperConfig({ symbols })),
      decision,
      barOf(992, quiet(20_000), 'NQ'),
    );
    expect(made.at(-1)?.fill).toMatchObject({ price_ticks: 20_003, fee_cents: 155 });
  });
});

describe('A kill in the middle of a trade', () => {
  it('closes at the next open and rejects nothing that reduces', () => {
    const limits = aPaperConfig().limits;
    const config = aPaperConfig({
      limits:
        limits === null ? null : { ...limits, daily_kill_loss_cents: 20_000, daily_soft_loss_cents: 20_000 },
    });
    const book = open({}, 2, config);
    expect(book.feed(barOf(993, [24_000, 24_002, 23_990, 23_992]))).toEqual([]);
    expect(intentsOf(book.lastFrame)).toMatchObject([
      { kind: IntentKind.CLOSE, quantity: 2, created_us: atMinute(994) },
    ]);
    const made = book.feed(barOf(994, [23_993, 24_100, 23_900, 24_000]));
    expect(briefly(made)).toEqual([brief(CLOSE, 2, 23_992)]);
    expect(made[0]).toMatchObject({
      event_us: atMinute(994),
      fill: { fill_id: paperFillId(`${A_BOOK}-6/1`, 1) },
    });
    expect(portfolioOf(book.lastFrame).day).toMatchObject({
      realised_cents: -20_000,
      fees_cents: 560,
      pnl_cents: -20_560,
    });
    expect(book.trades).toMatchObject([{ net_cents: -20_560, exit_leg: CLOSE }]);
  });

  it('cancels an entry that waits', () => {
    const stop = atMarket({ order_type: OrderType.STOP, entry_ticks: 24_100, stop_ticks: 24_084 });
    const book = bookWith(stop, 1);
    const loss = aFillEntry({
      fill_id: 'x',
      symbol: 'NQ',
      decision_id: null,
      intent_id: null,
      price_ticks: 20_000,
      fee_cents: 95_000,
    });
    book.outside(loss);
    expect(endsOf(book.journal)).toEqual([[OrderOutcome.CANCELLED, ReasonCode.KILL_LATCHED]]);
    expect(book.feed(barOf(992, [24_200, 24_210, 24_000, 24_100]))).toEqual([]);
  });
});

describe('Cancels', () => {
  const signal = aSignalEntry({ ts_us: atMinute(992) });

  function asked(setup: Partial<Setup> = atMarket()): ScriptedBook {
    const book = new ScriptedBook((item) => (item.id === signal.id ? { setup, contracts: 2 } : null));
    book.feed(aReleaseEntry(aPaperConfig()), barOf(DECISION, quiet(23_999)));
    book.outside(signal);
    return book;
  }

  it('end an order that is not filled', () => {
    const book = asked();
    book.outside(anAbandonEntry());
    expect(book.journal.at(-1)).toMatchObject({
      ...{ id: `order_end:${A_BOOK}-3/1`, kind: EntryKind.ORDER_END },
      order_end: { outcome: OrderOutcome.CANCELLED, reason: ReasonCode.ABANDONED, cause_id: '' },
    });
    expect(book.feed(barOf(992, quiet(24_000)))).toEqual([]);
    expect(book.line.risk.entries).toEqual([]);
  });

  it('come too late for one that is', () => {
    const book = asked();
    book.feed(barOf(992, quiet(24_000)));
    book.outside(anAbandonEntry());
    expect(endsOf(book.journal)).toEqual([]);
    expect(positionsOf(book.lastFrame)).toMatchObject([{ quantity: 2 }]);
  });

  it('do nothing when the bar that fills the order is being worked on', () => {
    // The service has computed the fill; the abandon and its cancel reach the journal just before it.
    const book = asked();
    const bar = barOf(992, [23_999, 24_005, 23_980, 23_990]);
    const computed = onInput(book.broker, bar);
    expect(briefly(computed)).toEqual([brief(ENTRY, 2, 24_000), brief(STOP, 2, 23_983)]);
    const due = book.journaled(anAbandonEntry());
    expect(endsOf(due)).toEqual([[OrderOutcome.CANCELLED, ReasonCode.ABANDONED]]);
    for (const entry of computed) {
      expect(book.journaled(entry)).toEqual([]);
      expect(onInput(book.broker, bar)).toEqual(computed);
    }
    expect(book.journaled(bar)).toEqual([]);
    expect(book.trades).toHaveLength(1);
    expect(book.broker.orders).toEqual([]);
  });

  it('end an order before it was taken on, without taking it on', () => {
    const book = new ScriptedBook((item) =>
      item.id === signal.id ? { setup: atMarket(), contracts: 2 } : null,
    );
    book.feed(aReleaseEntry(aPaperConfig()), barOf(DECISION, quiet(23_999)));
    expect(book.journaled(signal)).toMatchObject([{ kind: EntryKind.ORDER }]);
    expect(book.journaled(anAbandonEntry())).toMatchObject([{ kind: EntryKind.ORDER_END }]);
  });
});

describe('Orders that come too late', () => {
  it('are rejected when the market has passed their expiry before they were taken on', () => {
    const decision = barOf(DECISION, quiet(23_999));
    const book = new ScriptedBook((item) =>
      item.id === decision.id ? { setup: atMarket(), contracts: 2 } : null,
    );
    book.feed(aReleaseEntry(aPaperConfig()));
    expect(book.journaled(decision)).toMatchObject([{ kind: EntryKind.ORDER }]);
    const due = book.journaled(aClockEntry({ boundary_us: atMinute(993) }));
    expect(due).toMatchObject([
      {
        kind: EntryKind.ORDER_END,
        order_end: { outcome: OrderOutcome.REJECTED, reason: ReasonCode.ORDER_EXPIRED },
      },
    ]);
    expect(due.flatMap((entry) => book.journaled(entry))).toEqual([]);
    expect(book.broker.orders).toEqual([]);
    expect(book.line.risk.entries).toEqual([]);
  });
});

describe('An order that is written down when it is over', () => {
  const signal = aSignalEntry({ ts_us: atMinute(992) });

  /** The book before the order of the signal is written, and the order. */
  function beforeOrder(config = aPaperConfig()): { book: ScriptedBook; order: Entry } {
    const book = new ScriptedBook((item) =>
      item.id === signal.id ? { setup: atMarket(), contracts: 2 } : null,
    );
    book.feed(aReleaseEntry(config), barOf(DECISION, quiet(23_999)));
    const [order] = book.journaled(signal);
    if (order === undefined) throw new Error('Expected an order');
    return { book, order };
  }

  function endsAgain(book: ScriptedBook, order: Entry): void {
    const due = book.journaled(order);
    expect(portfolioOf(book.lastFrame).working).toHaveLength(1);
    expect(due).toMatchObject([
      {
        ...{ id: `order_end:${A_BOOK}-3/1:over`, kind: EntryKind.ORDER_END },
        order_end: { outcome: OrderOutcome.CANCELLED, reason: ReasonCode.ORDER_OVER },
      },
    ]);
    // The same until it is there, whatever comes in between.
    expect(book.journaled(aSignalEntry({ signal_id: 'other', ts_us: atMinute(992) }))).toEqual(due);
    expect(due.flatMap((entry) => book.journaled(entry))).toEqual([]);
    expect(portfolioOf(book.lastFrame).working).toEqual([]);
    expect(book.line.risk.entries).toEqual([]);
  }

  it('by an owner that has lost the book: it ends once more, and reserves nothing', () => {
    const { book, order } = beforeOrder();
    for (const end of book.journaled(anAbandonEntry())) book.journaled(end);
    endsAgain(book, order);
    expect(positionsOf(book.lastFrame)).toEqual([]);
  });

  it('in an external book, because its fill was reported first', () => {
    const { book, order } = beforeOrder(aPaperConfig({ execution: ExecutionMode.EXTERNAL }));
    const names = { decision_id: `${A_BOOK}-3`, intent_id: `${A_BOOK}-3/1` };
    expect(book.journaled(aFillEntry({ ...names, quantity: 2, price_ticks: 24_000 }))).toEqual([]);
    endsAgain(book, order);
    expect(positionsOf(book.lastFrame)).toMatchObject([{ quantity: 2 }]);
  });
});

describe('One position in a symbol', () => {
  it('rejects an entry that triggers while another position is open', () => {
    const decisions = [barOf(DECISION, quiet(23_999)), barOf(992, quiet(23_999))];
    const book = new ScriptedBook((item) =>
      decisions.some(({ id }) => id === item.id) ? { setup: atMarket(), contracts: 1 } : null,
    );
    book.feed(aReleaseEntry(aPaperConfig()), ...decisions);
    expect(endsOf(book.feed(barOf(993, quiet(24_000))))).toEqual([
      [OrderOutcome.REJECTED, ReasonCode.POSITION_OPEN],
    ]);
    expect(positionsOf(book.lastFrame)).toMatchObject([{ quantity: 1, decision_id: `${A_BOOK}-2` }]);
  });

  it('lets an entry in where the position closed at the open', () => {
    const decisions = [barOf(DECISION, quiet(23_999)), barOf(992, quiet(23_999))];
    const book = new ScriptedBook((item) =>
      decisions.some(({ id }) => id === item.id)
        ? { setup: atMarket({ stop_ticks: 23_990 }), contracts: 1 }
        : null,
    );
    book.feed(aReleaseEntry(aPaperConfig()), ...decisions);
    const fills = briefly(book.feed(barOf(993, [23_990, 24_005, 23_989, 24_000])));
    expect(fills).toEqual([brief(STOP, 1, 23_989), brief(ENTRY, 1, 23_991), brief(STOP, 1, 23_989)]);
  });
});

describe('Positions from elsewhere', () => {
  const stray = aFillEntry({
    fill_id: 'x',
    decision_id: null,
    intent_id: null,
    price_ticks: 24_000,
    quantity: 2,
  });

  it('are left alone until a CLOSE order ends them', () => {
    const book = new ScriptedBook();
    book.feed(aReleaseEntry(aPaperConfig()), barOf(DECISION, quiet(24_000)));
    book.outside(stray);
    expect(book.feed(barOf(992, [24_000, 24_900, 23_990, 24_000]))).toEqual([]);
    book.feed(barOf(1_324, quiet(24_000)));
    expect(intentsOf(book.lastFrame)).toMatchObject([
      { kind: IntentKind.CLOSE, decision_id: '', quantity: 2 },
    ]);
    const made = book.feed(barOf(1_325, quiet(24_000)));
    expect(briefly(made)).toEqual([brief(CLOSE, 2, 23_998)]);
    expect(made[0]?.fill?.decision_id).toBeNull();
    expect(positionsOf(book.lastFrame)).toEqual([]);
  });

  it('shrink what the broker manages: a reported close leaves it less to exit', () => {
    const book = open();
    const base = {
      book: A_BOOK,
      event_us: atMinute(993),
      known_us: atMinute(993),
      source: 'test',
      origin: DataOrigin.SYNTHETIC,
    };
    const close = {
      close_id: 'c',
      decision_id: `${A_BOOK}-2`,
      exit_us: atMinute(993),
      exit_price_ticks: 24_004,
      tick_size_e4: 2_500,
      final_contracts: 1,
    };
    book.outside(makeEntry({ ...base, id: closeEntryId('c'), kind: EntryKind.CLOSE }, { close }));
    expect(briefly(book.feed(barOf(993, [24_000, 24_002, 23_984, 23_990])))).toEqual([
      brief(STOP, 1, 23_983),
    ]);
    expect(book.trades).toMatchObject([{ quantity: 2, gross_cents: (4 - 17) * 1_250 }]);
  });

  it('end a CLOSE order whose position is gone', () => {
    const book = open({ time_stop_us: 2 * MINUTE_US });
    book.feed(aClockEntry({ boundary_us: atMinute(995), reason: ClockReason.IDLE }));
    expect(book.broker.closes).toHaveLength(1);
    const out = aFillEntry({
      fill_id: 'y',
      decision_id: `${A_BOOK}-2`,
      intent_id: null,
      side: Side.SHORT,
      quantity: 2,
      price_ticks: 24_000,
    });
    book.outside(out);
    expect(endsOf(book.journal)).toEqual([[OrderOutcome.CANCELLED, ReasonCode.NO_POSITION]]);
    expect(book.broker.closes).toEqual([]);
    expect(book.broker.orders).toEqual([]);
  });
});

describe('Raw inputs that are no new bar', () => {
  it.each<[string, Entry]>([
    ['a clock', aClockEntry({ boundary_us: atMinute(993) })],
    ['a stale bar', barOf(DECISION, [23_900, 24_100, 23_900, 24_000])],
    ['a bar of another interval', aBarEntry({ open_us: atMinute(992), interval_us: 5 * MINUTE_US })],
    ['a bar on another grid', aBarEntry({ open_us: atMinute(992), tick_size_e4: 100 })],
    ['a bar of an unknown contract', aBarEntry({ open_us: atMinute(992), symbol: 'CL' })],
  ])('cause nothing: %s', (_, entry) => {
    expect(onInput(bookWith(atMarket(), 1).broker, entry)).toEqual([]);
  });

  it('cause nothing before the release', () => {
    expect(onInput(new ScriptedBook().broker, barOf(992, quiet(24_000)))).toEqual([]);
  });
});

describe('An external book', () => {
  const external = aPaperConfig({ execution: ExecutionMode.EXTERNAL });

  it('takes orders on and fills nothing', () => {
    const book = bookWith(atMarket(), 1, external);
    expect(book.journal.at(-1)?.kind).toBe(EntryKind.ORDER);
    expect(book.feed(barOf(992, quiet(24_000)))).toEqual([]);
    const outside = aFillEntry({
      decision_id: `${A_BOOK}-2`,
      intent_id: `${A_BOOK}-2/1`,
      price_ticks: 24_000,
    });
    book.outside(outside);
    expect(book.feed(barOf(993, [24_000, 24_001, 23_900, 23_950]))).toEqual([]);
    expect(positionsOf(book.lastFrame)).toMatchObject([{ quantity: 1, stop_ticks: 23_984 }]);
  });

  it('ends orders that expired, so that they do not count for ever', () => {
    const book = bookWith(atMarket(), 1, external);
    expect(endsOf(book.feed(barOf(993, quiet(24_000))))).toEqual([
      [OrderOutcome.EXPIRED, ReasonCode.ORDER_EXPIRED],
    ]);
    expect(book.line.risk.entries).toEqual([]);
  });

  it('ends a CLOSE that nobody executed when its time is over, and risk sends another', () => {
    const book = bookWith(atMarket(), 1, external);
    book.outside(
      aFillEntry({
        decision_id: `${A_BOOK}-2`,
        intent_id: `${A_BOOK}-2/1`,
        price_ticks: 24_000,
        quantity: 1,
      }),
    );
    const flatBy = aClockEntry({ boundary_us: atMinute(1_330), reason: ClockReason.FLAT_BY });
    book.feed(flatBy);
    expect(intentsOf(book.lastFrame)).toMatchObject([{ kind: IntentKind.CLOSE, quantity: 1 }]);
    // The first bar of the next session: 17:00, an hour after the close of this one.
    const ends = endsOf(book.feed(barOf(1_440, quiet(24_000))));
    expect(ends).toEqual([[OrderOutcome.EXPIRED, ReasonCode.ORDER_EXPIRED]]);
    expect(book.broker.closes).toHaveLength(1);
    expect(book.frames.flatMap(intentsOf).filter(({ kind }) => kind === IntentKind.CLOSE)).toHaveLength(2);
  });

  it('leaves a cancel to the machine that holds the order', () => {
    const signal = aSignalEntry({ ts_us: atMinute(992) });
    const book = new ScriptedBook((item) =>
      item.id === signal.id ? { setup: atMarket(), contracts: 1 } : null,
    );
    book.feed(aReleaseEntry(external), barOf(DECISION, quiet(23_999)));
    book.outside(signal);
    book.outside(anAbandonEntry());
    expect(intentsOf(book.lastFrame)).toMatchObject([{ kind: IntentKind.CANCEL }]);
    expect(endsOf(book.journal)).toEqual([]);
  });
});

describe('Folding', () => {
  it('ignores a decision that it has seen', () => {
    const book = bookWith(atMarket(), 1);
    const [first] = book.frames;
    if (first === undefined) throw new Error('Expected a decision');
    expect(onDecision(book.broker, first)).toEqual({ state: book.broker, due: [] });
  });

  it('changes nothing that it is given, and goes on from a snapshot as if nothing had been', () => {
    const book = bookWith(atMarket({ target_ticks: 24_030 }), 2);
    const whole = new ScriptedBook(() => null);
    for (const minute of [992, 993, 994, 995]) {
      deepFreeze(book.broker);
      expect(firstUnplain(book.broker)).toBeNull();
      const bar = barOf(minute, [24_000 + minute - 992, 24_017 + minute - 992, 23_995, 24_005]);
      whole.broker = restored(book.broker);
      expect(onInput(whole.broker, bar)).toEqual(onInput(book.broker, bar));
      book.feed(bar);
    }
    let state = new ScriptedBook().broker;
    let again = new ScriptedBook().broker;
    for (const frame of book.frames) {
      deepFreeze(frame);
      state = deepFreeze(onDecision(state, frame).state);
      again = onDecision(restored(again), restored(frame)).state;
    }
    expect(again).toEqual(state);
    expect(state).toEqual(book.broker);
  });

  it('forgets everything about a trade that is over', () => {
    const book = open();
    book.feed(barOf(993, [24_000, 24_002, 23_984, 23_990]));
    expect(book.broker).toMatchObject({ orders: [], closes: [], positions: [], base: null });
  });
});
