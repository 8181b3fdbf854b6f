import type {
  Broker,
  BrokerExecution,
  BrokerOrder,
  BrokerOrderStatus,
  BrokerPosition,
  OrderTicket,
  StopTicket,
} from './broker.js';

/**
 * A broker in memory, for rehearsals and tests: it does what it is told to do with each order, and counts what it was
 * asked. Time is the caller's.
 */
export class RehearsalBroker implements Broker {
  readonly tickets: OrderTicket[] = [];
  readonly stops: StopTicket[] = [];
  readonly cancels: string[] = [];
  readonly #orders = new Map<string, BrokerOrder>();
  readonly #executions: BrokerExecution[] = [];

  constructor(private readonly nowUs: () => number) {}

  orders(): Promise<readonly BrokerOrder[]> {
    return Promise.resolve([...this.#orders.values()]);
  }

  executions(): Promise<readonly BrokerExecution[]> {
    return Promise.resolve([...this.#executions]);
  }

  positions(): Promise<readonly BrokerPosition[]> {
    const net = new Map<string, number>();
    for (const { symbol, side, contracts } of this.#executions) {
      net.set(symbol, (net.get(symbol) ?? 0) + (side === 'LONG' ? contracts : -contracts));
    }
    return Promise.resolve([...net].map(([symbol, net_contracts]) => ({ symbol, net_contracts })));
  }

  place(ticket: OrderTicket): Promise<void> {
    if (this.#orders.has(ticket.tag)) return Promise.resolve();
    this.tickets.push(ticket);
    this.#set(ticket.tag, 'working');
    return Promise.resolve();
  }

  /** Only notes the wish: whether it comes before a fill is decided by {@link ended} and {@link executed}. */
  cancel(tag: string): Promise<void> {
    this.cancels.push(tag);
    return Promise.resolve();
  }

  moveStop(stop: StopTicket): Promise<void> {
    this.stops.push(stop);
    return Promise.resolve();
  }

  /** The market executes contracts of an order, or of a protective stop where `leg` says so. */
  executed(tag: string, contracts: number, price: number, leg: BrokerExecution['leg'] = 'entry'): void {
    const ticket = this.tickets.find((item) => item.tag === tag);
    if (ticket === undefined) throw new Error(`No order ${tag}`);
    const exit = leg !== 'entry' && ticket.kind === 'enter';
    const opposite = ticket.side === 'LONG' ? 'SHORT' : 'LONG';
    const { decision_id, symbol } = ticket;
    this.#executions.push({
      ...{ execution_id: `x${this.#executions.length + 1}`, tag, decision_id, symbol },
      ...{ side: exit ? opposite : ticket.side, contracts, price, fee_usd: 1.4 * contracts },
      ...{ at_us: this.nowUs(), leg },
    });
    const done = this.#executions.reduce(
      (sum, item) => (item.tag === tag && item.leg === leg ? sum + item.contracts : sum),
      0,
    );
    if (!exit && done >= ticket.contracts) this.#set(tag, 'filled');
  }

  ended(tag: string, status: Exclude<BrokerOrderStatus, 'working' | 'filled'>): void {
    this.#set(tag, status);
  }

  #set(tag: string, status: BrokerOrderStatus): void {
    const known = this.#orders.get(tag);
    const broker_order_id = known?.broker_order_id ?? `b${this.#orders.size + 1}`;
    // The time of the first status: a report of it must not change with what comes after.
    const at_us = status === 'working' ? this.nowUs() : (known?.at_us ?? this.nowUs());
    this.#orders.set(tag, { tag, broker_order_id, status, at_us });
  }
}
