import {
  Side,
  type AccountSnapshot,
  type PositionDifference,
  type Reconciliation,
} from '@bellwether/contracts';
import type { OpenPosition } from '../state.js';
import type { Comparison } from './account-state.js';

interface Ours {
  readonly positions: readonly OpenPosition[];
  readonly balance_cents: number | null;
}

/** Compares a new snapshot of the broker with the book. */
export function compared(snapshot: AccountSnapshot, ours: Ours): Comparison {
  const theirs = snapshot.positions.map(({ symbol, net_contracts }) => ({ symbol, net: net_contracts }));
  return judged(snapshot, theirs, snapshot.balance_cents, ours);
}

/** What a booked execution moved. */
export interface Movement {
  readonly symbol: string;
  /** Signed contracts: + bought. */
  readonly contracts: number;
  /** Realised less fees. */
  readonly cents: number;
  readonly at_us: number;
}

/**
 * Compares again after an execution. One that the broker's view already had moves only the book; a later one moves both,
 * so that a difference stays what it is until it is explained.
 */
export function comparedAgain(comparison: Comparison, moved: Movement, ours: Ours): Comparison {
  const { snapshot, theirs, their_balance_cents } = comparison;
  if (moved.at_us <= snapshot.as_of_us) return judged(snapshot, theirs, their_balance_cents, ours);
  const known = theirs.find(({ symbol }) => symbol === moved.symbol)?.net ?? 0;
  const others = theirs.filter(({ symbol }) => symbol !== moved.symbol);
  const net = known + moved.contracts;
  const balance = their_balance_cents === null ? null : their_balance_cents + moved.cents;
  return judged(snapshot, [...others, { symbol: moved.symbol, net }], balance, ours);
}

function judged(
  snapshot: AccountSnapshot,
  theirs: Comparison['theirs'],
  their_balance_cents: number | null,
  ours: Ours,
): Comparison {
  const symbols = new Set([
    ...theirs.map(({ symbol }) => symbol),
    ...ours.positions.map(({ symbol }) => symbol),
  ]);
  const differences: PositionDifference[] = [];
  for (const symbol of [...symbols].sort()) {
    const our_contracts = netOf(ours.positions, symbol);
    const their_contracts = theirs.find((item) => item.symbol === symbol)?.net ?? 0;
    if (our_contracts !== their_contracts) differences.push({ symbol, our_contracts, their_contracts });
  }
  const money =
    their_balance_cents === null || ours.balance_cents === null || their_balance_cents === ours.balance_cents;
  return { snapshot, theirs, their_balance_cents, differences, matched: differences.length === 0 && money };
}

function netOf(positions: readonly OpenPosition[], symbol: string): number {
  const position = positions.find((item) => item.symbol === symbol);
  if (position === undefined) return 0;
  return position.side === Side.SHORT ? -position.quantity : position.quantity;
}

/** Both sides, as the frame tells them. */
export function reconciliation(comparison: Comparison, our_balance_cents: number | null): Reconciliation {
  const { snapshot, matched, differences, their_balance_cents } = comparison;
  return {
    matched,
    snapshot_id: snapshot.snapshot_id,
    as_of_us: snapshot.as_of_us,
    positions: differences,
    our_balance_cents: their_balance_cents === null ? null : our_balance_cents,
    their_balance_cents,
  };
}
