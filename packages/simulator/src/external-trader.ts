import {
  EntryKind,
  FillLeg,
  IntentKind,
  OrderOutcome,
  ReasonCode,
  Side,
  type Entry,
  type Frame,
  type OrderIntent,
} from '@bellwether/contracts';
import { makeEntry, orderAckEntryId, orderEndEntryId } from '@bellwether/kernel';
import { aFillEntry } from '@bellwether/testkit';
import type { Chance } from './chance.js';
import type { Counter } from './coverage.js';
import { DecisionView } from './decision-view.js';
import { BOOK } from './market.js';
import { submit, type Sender } from './submit.js';

export interface TraderOptions extends Sender {
  readonly chance: Chance;
}

/** Share of the orders that the trader's machine gets filled; of the others half are rejected and half expire. */
const FILLED = 0.8;
const REJECTED = 0.9;
/** Share of the orders for several contracts that fill in two parts. */
const IN_PARTS = 0.5;

/**
 * The program on the trader's own machine in an external book: follows the decisions, acknowledges orders, fills most of
 * them, some in two parts, rejects a few, lets cancels lose their race against fills, watches the stops, and reports all
 * of it by ids that it makes from the order. Started again it reports everything once more,
 * with the same ids and the same content.
 */
export async function runTrader(options: TraderOptions): Promise<void> {
  const { bus, process } = options;
  const view = new DecisionView();
  const reports: Entry[] = [];
  const ring = { wake: (): void => undefined };
  const following = view.follow(bus, BOOK, process.signal, (frame) => {
    reports.push(...reportsOf(frame, view.lastClose_ticks));
    ring.wake();
  });
  // What the following throws ends this life: the supervisor starts another.
  await Promise.race([following, reporting(options, reports, ring)]);
}

async function reporting(
  options: TraderOptions,
  reports: Entry[],
  ring: { wake: () => void },
): Promise<void> {
  const { process, coverage } = options;
  while (!process.signal.aborted) {
    const next = reports.shift();
    if (next === undefined) {
      await new Promise<void>((resolve) => {
        ring.wake = resolve;
      });
      continue;
    }
    if ((await submit(options, next)) === 'stored') coverage.count(WHAT[next.kind] ?? 'fill_reported');
  }
}

/** What a report is counted as. */
const WHAT: Partial<Record<EntryKind, Counter>> = {
  [EntryKind.ORDER_ACK]: 'order_acknowledged',
  [EntryKind.ORDER_END]: 'order_rejected',
};

function reportsOf(frame: Frame, lastClose_ticks: number): readonly Entry[] {
  const orders = (frame.risk?.intents ?? []).filter(
    ({ kind }) => kind === IntentKind.ENTER || kind === IntentKind.CLOSE,
  );
  return [
    ...orders.flatMap((intent) => reportsOfOrder(frame, intent, lastClose_ticks)),
    ...stoppedOut(frame, lastClose_ticks),
  ];
}

/** Decided by the id, so that another life decides the same. From 0 to 1. */
function fateOf(intentId: string): number {
  let sum = 0;
  for (const char of intentId) sum = (sum * 31 + char.charCodeAt(0)) % 1_000;
  return sum / 1_000;
}

function reportsOfOrder(frame: Frame, intent: OrderIntent, price_ticks: number): readonly Entry[] {
  const fate = fateOf(intent.intent_id);
  if (fate >= FILLED) return fate < REJECTED ? [rejectionOf(frame, intent)] : [];
  const acknowledged = acknowledgementOf(frame, intent);
  const { quantity } = intent;
  if (quantity < 2 || fate >= FILLED * IN_PARTS)
    return [acknowledged, fillOf(frame, intent, price_ticks, '', quantity)];
  return [
    acknowledged,
    fillOf(frame, intent, price_ticks, ':a', 1),
    fillOf(frame, intent, price_ticks, ':b', quantity - 1),
  ];
}

function placedBy(frame: Frame): Pick<Entry, 'book' | 'event_us' | 'known_us' | 'source' | 'origin'> {
  const at_us = frame.book_time_us;
  return { book: BOOK, event_us: at_us, known_us: at_us, source: 'http', origin: frame.origin };
}

function acknowledgementOf(frame: Frame, { intent_id, decision_id, symbol }: OrderIntent): Entry {
  const base = { ...placedBy(frame), id: orderAckEntryId(intent_id), kind: EntryKind.ORDER_ACK };
  const order_ack = {
    intent_id,
    decision_id,
    symbol,
    broker_order_id: `b:${intent_id}`,
    ack_us: frame.book_time_us,
  };
  return makeEntry(base, { order_ack });
}

function rejectionOf(frame: Frame, { intent_id, decision_id, symbol }: OrderIntent): Entry {
  const base = { ...placedBy(frame), id: orderEndEntryId(intent_id), kind: EntryKind.ORDER_END };
  const order_end = {
    ...{ intent_id, decision_id, symbol, outcome: OrderOutcome.REJECTED },
    ...{ reason: ReasonCode.BROKER_SAID, cause_id: '', broker_order_id: `b:${intent_id}` },
  };
  return makeEntry(base, { order_end });
}

function fillOf(
  frame: Frame,
  intent: OrderIntent,
  price_ticks: number,
  part: string,
  quantity: number,
): Entry {
  const at_us = frame.book_time_us;
  const leg = intent.kind === IntentKind.ENTER ? FillLeg.ENTRY : FillLeg.CLOSE;
  return aFillEntry(
    {
      ...{
        fill_id: `t:${intent.intent_id}${part}`,
        decision_id: intent.decision_id,
        intent_id: intent.intent_id,
      },
      ...{ side: intent.side, quantity, price_ticks, fill_us: at_us, leg },
    },
    { book: BOOK, source: 'http', event_us: at_us, known_us: at_us },
  );
}

/** Positions whose stop the last bar has reached. */
function stoppedOut(frame: Frame, lastClose_ticks: number): readonly Entry[] {
  if (frame.entry?.bar === null) return [];
  return (frame.portfolio?.positions ?? []).flatMap((position) => {
    const { stop_ticks, side, quantity, decision_id } = position;
    const sign = side === Side.LONG ? 1 : -1;
    if (stop_ticks === null || sign * (lastClose_ticks - stop_ticks) > 0) return [];
    const at_us = frame.book_time_us;
    return [
      aFillEntry(
        {
          ...{ fill_id: `t:${decision_id}:stop`, decision_id, intent_id: null, fill_us: at_us, quantity },
          ...{
            side: side === Side.LONG ? Side.SHORT : Side.LONG,
            price_ticks: lastClose_ticks,
            leg: FillLeg.STOP,
          },
        },
        { book: BOOK, source: 'http', event_us: at_us, known_us: at_us },
      ),
    ];
  });
}
