import { FillLeg, IntentKind, Side, type Entry, type Frame, type OrderIntent } from '@bellwether/contracts';
import { aFillEntry } from '@bellwether/testkit';
import type { Chance } from './chance.js';
import { DecisionView } from './decision-view.js';
import { BOOK } from './market.js';
import { submit, type Sender } from './submit.js';

export interface TraderOptions extends Sender {
  readonly chance: Chance;
}

/** Share of the orders that the trader's machine gets filled; the others expire. */
const FILLED = 0.8;

/**
 * The program on the trader's own machine in an external book: follows the decisions, fills most orders, watches the
 * stops, and reports each fill by an id that it makes from the order. Started again it reports everything once more,
 * with the same ids and the same content.
 */
export async function runTrader(options: TraderOptions): Promise<void> {
  const { bus, process } = options;
  const view = new DecisionView();
  const reports: Entry[] = [];
  const ring = { wake: (): void => undefined };
  const following = view.follow(bus, BOOK, process.signal, (frame) => {
    reports.push(...fillsOf(frame, view.lastClose_ticks));
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
    if ((await submit(options, next)) === 'stored') coverage.count('fill_reported');
  }
}

function fillsOf(frame: Frame, lastClose_ticks: number): readonly Entry[] {
  const orders = (frame.risk?.intents ?? []).filter(
    ({ kind, intent_id }) => kind !== IntentKind.CANCEL && isTaken(intent_id),
  );
  return [
    ...orders.map((intent) => fillOf(frame, intent, lastClose_ticks)),
    ...stoppedOut(frame, lastClose_ticks),
  ];
}

/** Decided by the id, so that another life decides the same. */
function isTaken(intentId: string): boolean {
  let sum = 0;
  for (const char of intentId) sum = (sum * 31 + char.charCodeAt(0)) % 1_000;
  return sum < FILLED * 1_000;
}

function fillOf(frame: Frame, intent: OrderIntent, price_ticks: number): Entry {
  const at_us = frame.book_time_us;
  const leg = intent.kind === IntentKind.ENTER ? FillLeg.ENTRY : FillLeg.CLOSE;
  return aFillEntry(
    {
      ...{ fill_id: `t:${intent.intent_id}`, decision_id: intent.decision_id, intent_id: intent.intent_id },
      ...{ side: intent.side, quantity: intent.quantity, price_ticks, fill_us: at_us, leg },
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
