import type { Leg } from './gateway-client.js';

/**
 * What external execution needs of a broker. `tag` is the id of our order intent, given to the broker as the name of the
 * order (`customTag` at ProjectX): with it a repeated order is found again and not placed twice.
 */
export interface Broker {
  /** Orders of this session under our tags, also those that are over. */
  orders(): Promise<readonly BrokerOrder[]>;
  /** Executions of this session that belong to our orders, oldest first. */
  executions(): Promise<readonly BrokerExecution[]>;
  /** Open positions, signed: + long, - short. */
  positions(): Promise<readonly BrokerPosition[]>;
  /** Balance and whether the account may trade, where the broker tells; compared with the book after a disconnect. */
  account?(): Promise<BrokerAccount>;
  /** Places the order unless one with its tag is known. An entry brings its protective stop with it. */
  place(order: OrderTicket): Promise<void>;
  /** Asks for the end of an order; what becomes of it shows in `orders` and `executions`. */
  cancel(tag: string): Promise<void>;
  /** Moves the protective stop of a decision's position, or places it where there is none. */
  moveStop(stop: StopTicket): Promise<void>;
}

export type BrokerOrderStatus = 'working' | 'filled' | 'cancelled' | 'rejected' | 'expired';

export interface BrokerOrder {
  readonly tag: string;
  readonly broker_order_id: string;
  readonly status: BrokerOrderStatus;
  /** When it got this status, microseconds UTC. */
  readonly at_us: number;
}

export interface BrokerExecution {
  /** The broker's own id: our fill id. */
  readonly execution_id: string;
  /** Empty where the broker does not say which order it belongs to. */
  readonly tag: string;
  readonly decision_id: string;
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly contracts: number;
  /** Points. */
  readonly price: number;
  readonly fee_usd: number;
  readonly at_us: number;
  readonly leg: Leg;
}

export interface BrokerAccount {
  /** Without open profit; missing: not compared. */
  readonly balance_usd?: number;
  readonly can_trade?: boolean;
}

export interface BrokerPosition {
  readonly symbol: string;
  readonly net_contracts: number;
}

export interface OrderTicket {
  readonly tag: string;
  readonly decision_id: string;
  readonly kind: 'enter' | 'close';
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly contracts: number;
  readonly type: 'market' | 'stop' | 'limit';
  /** Points; null for a market order. */
  readonly trigger: number | null;
  /** Protective stop, points; null for a close. */
  readonly stop: number | null;
  readonly target: number | null;
  readonly tp1_r: number | null;
  readonly tp1_contracts: number | null;
  /** No part of it may be filled from then on. */
  readonly expires_us: number;
}

export interface StopTicket {
  readonly decision_id: string;
  readonly symbol: string;
  /** Points. */
  readonly stop: number;
}
