import { assert } from './assertions.js';

/** Ids that more than one part of the system must spell alike (architecture.md section 4). */

export function barId(
  symbol: string,
  interval_us: number,
  open_us: number,
  source: string,
  revision: number,
): string {
  return `bar:${symbol}:${interval_us}:${open_us}:${source}:${revision}`;
}

export const signalEntryId = (signalId: string): string => `signal:${signalId}`;
export const abandonEntryId = (signalId: string): string => `abandon:${signalId}`;
export const fillEntryId = (fillId: string): string => `fill:${fillId}`;
export const closeEntryId = (closeId: string): string => `close:${closeId}`;
export const orderEntryId = (intentId: string): string => `order:${intentId}`;
export const orderEndEntryId = (intentId: string): string => `order_end:${intentId}`;
export const orderAckEntryId = (intentId: string): string => `order_ack:${intentId}`;
/** The mode of a book changes at most once after each decided frame. */
export const modeEntryId = (decidedSeq: number): string => `mode:${decidedSeq}`;
export const operatorEntryId = (commandId: string): string => `operator:${commandId}`;
export const accountEntryId = (snapshotId: string): string => `account:${snapshotId}`;
export const auditEntryId = (decidedSeq: number): string => `audit:${decidedSeq}`;
export const clockId = (boundary_us: number): string => `clock:${boundary_us}`;
export const releaseId = (number: number): string => `release:${number}`;
export const warmupId = (symbol: string, tradeDate: number, source: string): string =>
  `warmup:${symbol}:${tradeDate}:${source}`;
/** The paper fill by which a command of an operator closes a symbol, straight from execution. */
export const controlFillId = (commandId: string, symbol: string): string => `control:${commandId}:${symbol}`;
/** The n-th paper fill of a decision's order. */
export const paperFillId = (intentId: string, n: number): string => `paper:${intentId}:${n}`;

/** A decision is named by its book and the frame's place in it. */
export function decisionId(book: string, seq: number): string {
  return `${book}-${seq}`;
}

/** Book and sequence of a decision id, or null where it is none. */
export function parseDecisionId(id: string): { readonly book: string; readonly seq: number } | null {
  const match = /^([a-z][a-z0-9-]{0,31})-([1-9][0-9]{0,14})$/.exec(id);
  return match ? { book: match[1] as string, seq: Number(match[2]) } : null;
}

/** A snapshot of features is named by the frame that holds it. */
export function featureId(book: string, seq: number): string {
  return `feat-${book}-${seq}`;
}

export function parseFeatureId(id: string): { readonly book: string; readonly seq: number } | null {
  return id.startsWith('feat-') ? parseDecisionId(id.slice('feat-'.length)) : null;
}

/** The n-th order intent of a decision. */
export function intentId(decision: string, n: number): string {
  assert(n >= 1, 'Order intents are counted from 1');
  return `${decision}/${n}`;
}
