import { FillLeg, OrderType, Side, type Bar, type OrderIntent } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';

/**
 * What one completed bar does to one trade, worst case first (domain.md 8.4). Everything here is seen from
 * the side of the trade: for a short all prices are negated, so that a rise is a profit and the same lines
 * serve both.
 */

/** A bar as the trade sees it. */
export interface SeenBar {
  readonly open_us: number;
  readonly close_us: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export function seenBar(bar: Bar, side: Side): SeenBar {
  const { open_us, open_ticks, high_ticks, low_ticks, close_ticks } = bar;
  const close_us = open_us + bar.interval_us;
  if (side !== Side.SHORT) {
    return { open_us, close_us, open: open_ticks, high: high_ticks, low: low_ticks, close: close_ticks };
  }
  return { open_us, close_us, open: -open_ticks, high: -low_ticks, low: -high_ticks, close: -close_ticks };
}

/** A price as this side sees it, and back again. */
export function seenPrice(side: Side, ticks: number): number {
  return side === Side.SHORT && ticks !== 0 ? -ticks : ticks;
}

/**
 * Fills at the open are known to come first; those at the close happened at an unknown time inside the bar.
 */
export type FillTime = 'open' | 'close';

export interface BarEntry {
  readonly price: number;
  readonly at: FillTime;
}

/**
 * The fill of an entry order in this bar, or null. Prices as this side sees them. A limit fills at its own price, once
 * the market has traded `through` ticks beyond it.
 */
export function entryInBar(
  intent: OrderIntent,
  bar: SeenBar,
  slip: number,
  through: number,
): BarEntry | null {
  if (intent.order_type === OrderType.MARKET) return { price: bar.open + slip, at: 'open' };
  const trigger = seenPrice(intent.side, present(intent.trigger_ticks, `the trigger of ${intent.intent_id}`));
  if (intent.order_type === OrderType.LIMIT) {
    if (bar.open <= trigger - through) return { price: trigger, at: 'open' };
    return bar.low <= trigger - through ? { price: trigger, at: 'close' } : null;
  }
  if (bar.open >= trigger) return { price: bar.open + slip, at: 'open' };
  return bar.high >= trigger ? { price: trigger + slip, at: 'close' } : null;
}

/** A trade with its orders as they stood at the close of the bar before. Prices as its side sees them. */
export interface BarTrade {
  readonly quantity: number;
  readonly stop: number | null;
  readonly target: number | null;
  /** First partial exit; a quantity of 0 closes nothing, but its touch moves the stop. */
  readonly tp1: { readonly price: number; readonly quantity: number } | null;
  /** Stop after the first partial exit. */
  readonly break_even: number;
  readonly exit_by_us: number | null;
  /** Contracts that a CLOSE order sells at the open. */
  readonly close_quantity: number;
  /** Null: it was open before this bar. */
  readonly entered: FillTime | null;
  /** Entered by a limit order in this bar: no profit order may fill in the same one. */
  readonly by_limit: boolean;
  /** Ticks that a price must trade through a profit order. */
  readonly through: number;
  /** Where the order of stop and profit inside a bar is not known, the profit comes first. */
  readonly profit_first: boolean;
}

export interface BarExit {
  readonly leg: FillLeg;
  readonly quantity: number;
  readonly price: number;
  readonly at: FillTime;
  /** Stop and profit lay in this one bar, so their order is not known. */
  readonly ambiguous: boolean;
}

/** What is left of the trade while the bar is walked through. */
interface Left {
  readonly quantity: number;
  readonly stop: number | null;
  readonly tp1: BarTrade['tp1'];
}

/** The exits that the bar causes, in their order. */
export function exitsInBar(trade: BarTrade, bar: SeenBar, slip: number): readonly BarExit[] {
  const exits: BarExit[] = [];
  const exit = (left: Left, leg: FillLeg, price: number, at: FillTime, ambiguous = false): Left => {
    exits.push({ leg, quantity: left.quantity, price, at, ambiguous });
    return { ...left, quantity: 0 };
  };
  let left: Left = { quantity: trade.quantity, stop: trade.stop, tp1: trade.tp1 };
  if (trade.entered === null) left = atOpen(trade, left, bar, slip, exit);
  else if (trade.entered === 'open') left = enteredBeyondStop(left, bar, slip, exit);
  if (left.quantity > 0) left = inside(trade, left, bar, slip, exit);
  if (left.quantity > 0 && trade.exit_by_us !== null && bar.close_us >= trade.exit_by_us) {
    exit(left, FillLeg.TIME, bar.close - slip, 'close');
  }
  return exits;
}

type Exit = (left: Left, leg: FillLeg, price: number, at: FillTime, ambiguous?: boolean) => Left;

/** Part of it leaves; the rest goes on. */
function partly(left: Left, quantity: number, exit: (part: Left) => Left): Left {
  const part = Math.min(quantity, left.quantity);
  exit({ ...left, quantity: part });
  return { ...left, quantity: left.quantity - part };
}

function afterTp1(left: Left, trade: BarTrade): Left {
  return { ...left, tp1: null, stop: Math.max(left.stop ?? trade.break_even, trade.break_even) };
}

/** A profit order needs a price through it by the book's ticks; a touch is enough to move a stop. */
function reachesTp1({ through, by_limit }: BarTrade, tp1: BarTrade['tp1'], price: number): boolean {
  return tp1 !== null && !by_limit && price >= tp1.price + (tp1.quantity > 0 ? through : 0);
}

function reachesTarget(trade: BarTrade, price: number): boolean {
  return trade.target !== null && !trade.by_limit && price >= trade.target + trade.through;
}

/** The first price of the bar: market orders, a gap over the stop, a gap over the profit orders, time. */
function atOpen(trade: BarTrade, start: Left, bar: SeenBar, slip: number, exit: Exit): Left {
  let left = start;
  const atMarket = bar.open - slip;
  if (trade.close_quantity > 0) {
    left = partly(left, trade.close_quantity, (part) => exit(part, FillLeg.CLOSE, atMarket, 'open'));
  }
  if (left.quantity === 0) return left;
  if (left.stop !== null && bar.open <= left.stop) return exit(left, FillLeg.STOP, atMarket, 'open');
  if (reachesTp1(trade, left.tp1, bar.open)) left = takeTp1(trade, left, 'open', exit);
  if (left.quantity > 0 && trade.target !== null && reachesTarget(trade, bar.open)) {
    return exit(left, FillLeg.TARGET, trade.target, 'open');
  }
  if (left.quantity > 0 && trade.exit_by_us !== null && bar.open_us >= trade.exit_by_us) {
    return exit(left, FillLeg.TIME, atMarket, 'open');
  }
  return left;
}

/** An entry at an open that lies beyond its stop is stopped out right there. */
function enteredBeyondStop(left: Left, bar: SeenBar, slip: number, exit: Exit): Left {
  if (left.stop === null || bar.open > left.stop) return left;
  return exit(left, FillLeg.STOP, bar.open - slip, 'open');
}

function takeTp1(trade: BarTrade, left: Left, at: FillTime, exit: Exit): Left {
  const { tp1 } = left;
  if (tp1 === null) return left;
  const rest =
    tp1.quantity === 0 ? left : partly(left, tp1.quantity, (part) => exit(part, FillLeg.TP1, tp1.price, at));
  return afterTp1(rest, trade);
}

/** The best that a bar can have been whose stop and profit both lie in it: TP1, the target, and what is left at the stop. */
function profitFirst(trade: BarTrade, start: Left, bar: SeenBar, slip: number, exit: Exit): Left {
  let left = start;
  if (reachesTp1(trade, left.tp1, bar.high)) {
    left = takeTp1(trade, left, 'close', (part, leg, price, at) => exit(part, leg, price, at, true));
  }
  if (left.quantity === 0) return left;
  if (trade.target !== null && reachesTarget(trade, bar.high)) {
    return exit(left, FillLeg.TARGET, trade.target, 'close', true);
  }
  // The stop that stands now lies above the one that the bar reached.
  return exit(left, FillLeg.STOP, (left.stop ?? bar.low) - slip, 'close', true);
}

/** The stop first, then TP1 and break-even by the close, then the target. */
function inside(trade: BarTrade, start: Left, bar: SeenBar, slip: number, exit: Exit): Left {
  let left = start;
  const targetReached = reachesTarget(trade, bar.high);
  if (left.stop !== null && bar.low <= left.stop) {
    const ambiguous = targetReached || reachesTp1(trade, left.tp1, bar.high);
    if (ambiguous && trade.profit_first) return profitFirst(trade, left, bar, slip, exit);
    return exit(left, FillLeg.STOP, stopPrice(left.stop, trade, bar) - slip, 'close', ambiguous);
  }
  if (reachesTp1(trade, left.tp1, bar.high)) {
    left = takeTp1(trade, left, 'close', exit);
    const chosen = targetReached && trade.profit_first;
    if (left.quantity > 0 && left.stop !== null && bar.close <= left.stop && !chosen) {
      return exit(left, FillLeg.STOP, left.stop - slip, 'close', targetReached);
    }
  }
  if (left.quantity > 0 && trade.target !== null && targetReached) {
    const ambiguous = left.stop !== null && trade.tp1 !== null && bar.close <= left.stop;
    return exit(left, FillLeg.TARGET, trade.target, 'close', ambiguous);
  }
  return left;
}

/** A stop above the first price seen in the trade is filled there: nobody gets more than the market gave. */
function stopPrice(stop: number, trade: BarTrade, bar: SeenBar): number {
  return trade.entered === 'close' ? stop : Math.min(stop, bar.open);
}
