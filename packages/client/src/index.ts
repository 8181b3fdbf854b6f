export type {
  Broker,
  BrokerAccount,
  BrokerExecution,
  BrokerOrder,
  BrokerOrderStatus,
  BrokerPosition,
  OrderTicket,
  StopTicket,
} from './broker.js';
export { RehearsalBroker } from './rehearsal-broker.js';
export { followDecisions, type FollowOptions } from './decision-follower.js';
export {
  ExternalExecution,
  type ExternalExecutionOptions,
  type Mismatch,
  type Reconciliation,
} from './external-execution.js';
export {
  GatewayClient,
  GatewayError,
  type AccountAnswer,
  type AccountReport,
  type Answer,
  type BarReport,
  type BookOrder,
  type BookPosition,
  type CloseReport,
  type EventReport,
  type EventsAnswer,
  type FillAnswer,
  type FillReport,
  type GatewayClientOptions,
  type Leg,
  type OrderReport,
  type OrdersAnswer,
  type SignalAnswer,
  type SignalRequest,
} from './gateway-client.js';
