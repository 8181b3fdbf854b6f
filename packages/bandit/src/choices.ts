import { EntryKind, ExecutionMode, type Entry } from '@bellwether/contracts';

/**
 * A setup that was chosen and of whose order nothing has been heard yet.
 *
 * Between the decision and the ORDER entry, by which the portfolio learns of the order, another question about the
 * symbol may come; without this memory it would be answered as if nothing had been chosen, and two orders would be sent.
 * But sizing or risk may refuse the choice, and nothing flows back up the line, so the memory has to end by itself:
 *
 * - with the ORDER entry (the portfolio shows the order from there on), or with a fill or the end of the order,
 * - when the caller's signal is abandoned, which cancels the order,
 * - when the setup expires, or
 * - at the bar by which an ORDER entry would have come. The broker takes on the orders of a bar's decision before it
 *   appends the next bar, so a choice made at a bar ends at the next bar of its symbol. A signal may be appended just
 *   before a bar that the broker had already sent, ahead of the signal's decision; its order then follows that bar, and
 *   is in the journal before the bar after it. A choice made at a signal therefore ends at the second bar. If it was
 *   refused, that costs one bar's decision; ending it at the first could double a position.
 *
 * With execution outside there is no broker that writes ORDER entries before the next bar, and the trader's machine acts
 * on the decision until it expires: the choice then lasts until the setup does.
 */
export interface RememberedChoice {
  readonly symbol: string;
  readonly decision_id: string;
  /** Of the signal that asked; empty where a bar did. */
  readonly signal_id: string;
  readonly expires_us: number;
  /** Bars of the symbol after which it ends; null where only its expiry ends it. */
  readonly bars_left: number | null;
}

/** True for entries whose time the market's own data sets: what passes with time passes with these, not with a caller's word. */
export function tellsMarketTime(kind: EntryKind): boolean {
  return kind === EntryKind.BAR || kind === EntryKind.CLOCK;
}

/** How long a choice made at this entry is remembered, in bars of its symbol. */
export function barsToRemember(kind: EntryKind, execution: ExecutionMode): number | null {
  if (execution === ExecutionMode.EXTERNAL) return null;
  return kind === EntryKind.SIGNAL ? 2 : 1;
}

/** The choices of which nothing is known after this entry either. `newBarSymbol` names the symbol of a bar that counts. */
export function stillOpen(
  choices: readonly RememberedChoice[],
  entry: Entry,
  newBarSymbol: string | null,
): readonly RememberedChoice[] {
  if (choices.length === 0) return choices;
  const heardOf = entry.order?.decision_id ?? entry.fill?.decision_id ?? entry.order_end?.decision_id ?? null;
  const abandoned = entry.abandon?.signal_id ?? null;
  const now_us = tellsMarketTime(entry.kind) ? entry.event_us : 0;
  return choices
    .filter((choice) => choice.decision_id !== heardOf && now_us < choice.expires_us)
    .filter((choice) => choice.signal_id === '' || choice.signal_id !== abandoned)
    .map((choice) => (choice.symbol === newBarSymbol ? oneBarLess(choice) : choice))
    .filter((choice) => choice.bars_left !== 0);
}

function oneBarLess(choice: RememberedChoice): RememberedChoice {
  return choice.bars_left === null ? choice : { ...choice, bars_left: choice.bars_left - 1 };
}
