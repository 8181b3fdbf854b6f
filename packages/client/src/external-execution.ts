import { IntentKind, OrderType, Side, type Frame, type OrderIntent } from '@bellwether/contracts';
import { ticksToPoints } from '@bellwether/market';
import type { Broker, BrokerExecution, BrokerOrder, OrderTicket } from './broker.js';
import { GatewayError, type GatewayClient, type OrdersAnswer } from './gateway-client.js';

export interface ExternalExecutionOptions {
  readonly gateway: GatewayClient;
  readonly broker: Broker;
  readonly book: string;
  /** Microseconds UTC: orders that came too late are not placed. */
  readonly nowUs: () => number;
  /** Marks the reports as made up: for rehearsals against a simulated broker. */
  readonly synthetic?: boolean;
}

/** Where broker and book disagree after everything was reported. */
export interface Mismatch {
  readonly symbol: string;
  readonly broker_contracts: number;
  readonly book_contracts: number;
}

export interface Reconciliation {
  /** False: no order is placed until it is true. */
  readonly agreed: boolean;
  readonly mismatches: readonly Mismatch[];
  /** Decision as of which the book was compared. */
  readonly seq: number;
}

const ISO_US = 1_000;

/**
 * The trader's side of external execution (docs/reference/external-execution.md): places what decisions order, reports
 * what became of it. It holds no state that matters: everything is found again from broker and gateway, by ids.
 */
export class ExternalExecution {
  readonly #options: ExternalExecutionOptions;
  readonly #reported = new Set<string>();
  #agreed = false;

  constructor(options: ExternalExecutionOptions) {
    this.#options = options;
  }

  /** True once broker and book have been found to agree, until a disconnect. */
  get agreed(): boolean {
    return this.#agreed;
  }

  /** The connection to the broker or to the gateway was away: nothing is placed until {@link reconcile} agrees. */
  disconnected(): void {
    this.#agreed = false;
  }

  /** Does what one decision orders, in order, and reports what has become known meanwhile. */
  async decided(frame: Frame): Promise<void> {
    for (const intent of frame.risk?.intents ?? []) await this.#ordered(intent, frame);
    await this.report();
  }

  /** Tells the gateway every execution, acknowledgement and end that it was not told yet. A repeat does no harm. */
  async report(): Promise<void> {
    const { broker } = this.#options;
    const [orders, executions] = [await broker.orders(), await broker.executions()];
    // Fills before ends: an order that was filled in part and then cancelled has both.
    for (const order of orders) await this.#acknowledge(order);
    for (const execution of executions) await this.#fill(execution);
    for (const order of orders) await this.#end(order);
  }

  /**
   * After a start or a disconnect: reports everything, compares the two sides, takes back what the book no longer wants,
   * and sets the stops that the book has. Orders are placed again only where both agree on every position.
   */
  async reconcile(): Promise<Reconciliation> {
    const { broker, gateway, book, nowUs } = this.#options;
    this.#agreed = false;
    await this.report();
    const known = await gateway.orders(book);
    await this.#settleOrders(known);
    const after = await gateway.orders(book);
    const at_us = nowUs();
    const held = (await broker.positions()).filter(({ net_contracts }) => net_contracts !== 0);
    const mismatches = differences(after, held);
    const compared = await this.#tellAccount(after.seq, at_us, held);
    for (const { decision_id, symbol, stop_points } of after.positions) {
      if (stop_points !== undefined && decision_id !== '') {
        await broker.moveStop({ decision_id, symbol, stop: stop_points });
      }
    }
    this.#agreed = mismatches.length === 0 && compared;
    return { agreed: this.#agreed, mismatches, seq: after.seq };
  }

  /**
   * The broker's account goes into the journal: where it differs the book itself takes no new risk, whoever asks. True
   * where the book agrees with it. What fills after the moment of the snapshot is carried on by the book.
   */
  async #tellAccount(
    seq: number,
    at_us: number,
    positions: readonly { readonly symbol: string; readonly net_contracts: number }[],
  ): Promise<boolean> {
    const { broker, gateway } = this.#options;
    const answer = await gateway.account({
      ...this.#base(),
      snapshot_id: `reconcile-${seq}-${at_us}`,
      ts: isoOf(at_us),
      positions,
      ...(await broker.account?.()),
    });
    return answer.matched === true;
  }

  /** Orders that only one side has: the broker's are cancelled, the book's are reported as expired. */
  async #settleOrders(known: OrdersAnswer): Promise<void> {
    const { broker } = this.#options;
    const orders = await broker.orders();
    const wanted = new Set(known.working.map(({ intent_id }) => intent_id));
    for (const order of orders) {
      const stray = order.status === 'working' && !wanted.has(order.tag);
      if (stray && (await this.#isEntry(order.tag))) await broker.cancel(order.tag);
    }
    const placed = new Set(orders.map(({ tag }) => tag));
    for (const { intent_id } of known.working) {
      if (!placed.has(intent_id)) await this.#neverPlaced(intent_id, 'expired');
    }
    await this.report();
  }

  /** Orders that close stay: whoever reduces is never called back. */
  async #isEntry(tag: string): Promise<boolean> {
    const decision = await this.#options.gateway.decision(tag.slice(0, tag.lastIndexOf('/')));
    const intents = decision['intents'] as readonly Record<string, unknown>[];
    return intents.some((intent) => intent['intent_id'] === tag && intent['kind'] === 'enter');
  }

  async #ordered(intent: OrderIntent, frame: Frame): Promise<void> {
    const { broker, nowUs } = this.#options;
    if (intent.kind === IntentKind.CANCEL && intent.cancel_intent_id !== null) {
      await broker.cancel(intent.cancel_intent_id);
      return;
    }
    if (intent.kind === IntentKind.MOVE_STOP && intent.stop_ticks !== null) {
      const { decision_id, symbol, stop_ticks } = intent;
      await broker.moveStop({ decision_id, symbol, stop: ticksToPoints(stop_ticks, intent.tick_size_e4) });
      return;
    }
    if (intent.kind === IntentKind.CLOSE) {
      // What only reduces is placed whether or not the two sides agree.
      await broker.place(ticketOf(intent));
      return;
    }
    if (intent.kind !== IntentKind.ENTER) return;
    const late = nowUs() >= Math.min(intent.expires_us, frame.risk?.valid_until_us ?? intent.expires_us);
    if (late || !this.#agreed) await this.#neverPlaced(intent.intent_id, late ? 'expired' : 'rejected');
    else await broker.place(ticketOf(intent));
  }

  async #acknowledge(order: BrokerOrder): Promise<void> {
    if (order.status === 'rejected') return;
    await this.#once(`ack:${order.tag}`, () =>
      this.#options.gateway.order({
        ...this.#base(),
        intent_id: order.tag,
        status: 'acknowledged',
        broker_order_id: order.broker_order_id,
        ts: isoOf(order.at_us),
      }),
    );
  }

  async #fill(execution: BrokerExecution): Promise<void> {
    const { tag, decision_id, execution_id, at_us, ...rest } = execution;
    await this.#once(`fill:${execution_id}`, () =>
      this.#options.gateway.fill({
        ...this.#base(),
        fill_id: execution_id,
        ...(decision_id === '' ? {} : { decision_id }),
        ...(tag === '' ? {} : { intent_id: tag }),
        ...rest,
        ts: isoOf(at_us),
      }),
    );
  }

  async #end(order: BrokerOrder): Promise<void> {
    const { status } = order;
    if (status === 'working' || status === 'filled') return;
    await this.#once(`end:${order.tag}`, () =>
      this.#options.gateway.order({
        ...this.#base(),
        intent_id: order.tag,
        status,
        broker_order_id: order.broker_order_id,
        ts: isoOf(order.at_us),
      }),
    );
  }

  /** An order that the broker never saw is over all the same, or its contracts would stay reserved. */
  async #neverPlaced(intentId: string, status: 'expired' | 'rejected'): Promise<void> {
    await this.#once(`end:${intentId}`, () =>
      this.#options.gateway.order({
        ...this.#base(),
        intent_id: intentId,
        status,
        broker_order_id: 'not-placed',
        ts: isoOf(this.#options.nowUs()),
      }),
    );
  }

  /** An id that is taken by other content was told before, in another life or by the book itself: it counts. */
  async #once(id: string, tell: () => Promise<unknown>): Promise<void> {
    if (this.#reported.has(id)) return;
    try {
      await tell();
    } catch (cause) {
      if (!(cause instanceof GatewayError && cause.code === 'id_reused')) throw cause;
    }
    this.#reported.add(id);
  }

  #base(): { readonly book: string; readonly synthetic?: boolean } {
    const { book, synthetic } = this.#options;
    return synthetic === true ? { book, synthetic } : { book };
  }
}

function isoOf(us: number): string {
  return new Date(Math.floor(us / ISO_US)).toISOString();
}

const TYPES = {
  [OrderType.UNSPECIFIED]: 'market',
  [OrderType.MARKET]: 'market',
  [OrderType.STOP]: 'stop',
  [OrderType.LIMIT]: 'limit',
} as const;

function ticketOf(intent: OrderIntent): OrderTicket {
  const points = (ticks: number | null): number | null =>
    ticks === null ? null : ticksToPoints(ticks, intent.tick_size_e4);
  return {
    tag: intent.intent_id,
    decision_id: intent.decision_id,
    kind: intent.kind === IntentKind.ENTER ? 'enter' : 'close',
    symbol: intent.symbol,
    side: intent.side === Side.SHORT ? 'SHORT' : 'LONG',
    contracts: intent.quantity,
    type: TYPES[intent.order_type],
    trigger: points(intent.trigger_ticks),
    stop: points(intent.stop_ticks),
    target: points(intent.target_ticks),
    tp1_r: intent.tp1_r,
    tp1_contracts: intent.tp1_quantity,
    expires_us: intent.expires_us,
  };
}

function differences(
  known: OrdersAnswer,
  held: readonly { readonly symbol: string; readonly net_contracts: number }[],
): readonly Mismatch[] {
  const symbols = new Set([...known.positions, ...held].map(({ symbol }) => symbol));
  return [...symbols].sort().flatMap((symbol) => {
    const book_contracts = known.positions
      .filter((item) => item.symbol === symbol)
      .reduce((sum, { side, quantity }) => sum + (side === 'short' ? -quantity : quantity), 0);
    const broker_contracts = held
      .filter((item) => item.symbol === symbol)
      .reduce((sum, { net_contracts }) => sum + net_contracts, 0);
    return book_contracts === broker_contracts ? [] : [{ symbol, broker_contracts, book_contracts }];
  });
}
