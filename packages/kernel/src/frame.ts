import {
  CONTRACT_VERSION,
  DataOrigin,
  EntryKind,
  EntryKindName,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { InvariantError } from './assertions.js';

/** What a book remembers from one frame to the next before any stage has spoken. */
export interface FrameHead {
  readonly seq: number;
  readonly book_time_us: number;
  readonly origin: DataOrigin;
}

export const FIRST_FRAME_HEAD: FrameHead = { seq: 0, book_time_us: 0, origin: DataOrigin.UNSPECIFIED };

/**
 * The frame of the next entry, with no part filled in. Its time is the largest `known_us` so far; one synthetic
 * entry makes the book synthetic for good.
 */
export function openFrame(head: FrameHead, entry: Entry): Frame {
  assertPayload(entry);
  const synthetic = head.origin === DataOrigin.SYNTHETIC || entry.origin === DataOrigin.SYNTHETIC;
  const origin = synthetic
    ? DataOrigin.SYNTHETIC
    : head.origin === DataOrigin.UNSPECIFIED
      ? entry.origin
      : head.origin;
  return {
    contract_version: CONTRACT_VERSION,
    book: entry.book,
    seq: head.seq + 1,
    book_time_us: Math.max(head.book_time_us, entry.known_us),
    origin,
    entry,
    features: null,
    regime: null,
    forecast: null,
    portfolio: null,
    bandit: null,
    sizing: null,
    risk: null,
    inferences: [],
  };
}

export function frameHead(frame: Frame): FrameHead {
  return { seq: frame.seq, book_time_us: frame.book_time_us, origin: frame.origin };
}

/** The payload key of each kind; a frame's entry has exactly this one set. */
const PAYLOADS = [
  'release',
  'warmup',
  'order',
  'fill',
  'order_end',
  'bar',
  'clock',
  'signal',
  'abandon',
  'close',
  'audit',
  'operator',
  'account',
  'order_ack',
  'mode',
  'aux',
  'model',
] as const;

/** The payload that belongs to the kind. */
function ownPayload(entry: Entry): object | null {
  switch (entry.kind) {
    case EntryKind.RELEASE:
      return entry.release;
    case EntryKind.WARMUP:
      return entry.warmup;
    case EntryKind.ORDER:
      return entry.order;
    case EntryKind.FILL:
      return entry.fill;
    case EntryKind.ORDER_END:
      return entry.order_end;
    case EntryKind.BAR:
      return entry.bar;
    case EntryKind.CLOCK:
      return entry.clock;
    case EntryKind.SIGNAL:
      return entry.signal;
    case EntryKind.ABANDON:
      return entry.abandon;
    case EntryKind.CLOSE:
      return entry.close;
    case EntryKind.AUDIT:
      return entry.audit;
    case EntryKind.OPERATOR:
      return entry.operator;
    case EntryKind.ACCOUNT:
      return entry.account;
    case EntryKind.ORDER_ACK:
      return entry.order_ack;
    case EntryKind.MODE:
      return entry.mode;
    case EntryKind.AUX:
      return entry.aux;
    case EntryKind.MODEL:
      return entry.model;
    default:
      return null;
  }
}

function payloadsOf(entry: Entry): number {
  return (
    (entry.release === null ? 0 : 1) +
    (entry.warmup === null ? 0 : 1) +
    (entry.order === null ? 0 : 1) +
    (entry.fill === null ? 0 : 1) +
    (entry.order_end === null ? 0 : 1) +
    (entry.bar === null ? 0 : 1) +
    (entry.clock === null ? 0 : 1) +
    (entry.signal === null ? 0 : 1) +
    (entry.abandon === null ? 0 : 1) +
    (entry.close === null ? 0 : 1) +
    (entry.audit === null ? 0 : 1) +
    (entry.operator === null ? 0 : 1) +
    (entry.account === null ? 0 : 1) +
    (entry.order_ack === null ? 0 : 1) +
    (entry.mode === null ? 0 : 1) +
    (entry.aux === null ? 0 : 1) +
    (entry.model === null ? 0 : 1)
  );
}

/** Throws unless exactly the payload named by the kind is set. */
export function assertPayload(entry: Entry): void {
  // Every entry of every run comes through here, nearly always with one payload, its own.
  if (payloadsOf(entry) === 1 && ownPayload(entry) !== null) return;
  const kind = EntryKindName[entry.kind];
  for (const key of PAYLOADS) {
    const wanted = kind === key;
    if ((entry[key] !== null) !== wanted) {
      throw new InvariantError(`Entry ${entry.id}: Payload ${key} does not fit its kind`);
    }
  }
}

type Payload = { [K in (typeof PAYLOADS)[number]]?: NonNullable<Entry[K]> };

/** Builds an entry with every field set. Exactly one payload must be given, the one its kind names. */
export function makeEntry(
  base: Pick<Entry, 'book' | 'id' | 'kind' | 'event_us' | 'known_us' | 'source' | 'origin'>,
  payload: Payload,
): Entry {
  // Field by field, in the order of the message: a spread followed by new fields takes V8 two hundred times as long, and
  // keys in another order cost a look at each of them when the entry is written.
  const entry: Entry = {
    book: base.book,
    id: base.id,
    kind: base.kind,
    event_us: base.event_us,
    known_us: base.known_us,
    source: base.source,
    origin: base.origin,
    release: payload.release ?? null,
    warmup: payload.warmup ?? null,
    fill: payload.fill ?? null,
    order_end: payload.order_end ?? null,
    bar: payload.bar ?? null,
    clock: payload.clock ?? null,
    signal: payload.signal ?? null,
    abandon: payload.abandon ?? null,
    close: payload.close ?? null,
    order: payload.order ?? null,
    audit: payload.audit ?? null,
    operator: payload.operator ?? null,
    account: payload.account ?? null,
    order_ack: payload.order_ack ?? null,
    mode: payload.mode ?? null,
    aux: payload.aux ?? null,
    model: payload.model ?? null,
  };
  assertPayload(entry);
  return entry;
}

/**
 * Order of entries that are known at the same time: fills before the bar that caused them, a bar before the clock,
 * both before questions about them. Then by id.
 */
export function compareEntries(a: Entry, b: Entry): number {
  if (a.known_us !== b.known_us) return a.known_us - b.known_us;
  if (a.kind !== b.kind) return a.kind - b.kind;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** True for entries that ask for a decision: a completed bar where the book decides on it, and a signal. */
export function asksForDecision(frame: Frame, decideOnBarClose: boolean): boolean {
  const kind = frame.entry?.kind;
  return kind === EntryKind.SIGNAL || (kind === EntryKind.BAR && decideOnBarClose);
}
