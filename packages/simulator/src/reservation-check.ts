import type { Frame } from '@bellwether/contracts';
import type { BrokerState } from '@bellwether/execution';
import { present } from '@bellwether/kernel';
import type { RiskState } from '@bellwether/risk';
import { ASKING_LINE } from './model-stage.js';
import { Violation } from './violation.js';

/**
 * At the end of a settled run portfolio, risk and broker must know of the same orders: one that only one of them knows
 * would reserve its contracts for ever. Throws {@link Violation}.
 */
export function checkReservations(broker: BrokerState, newest: Frame, states: readonly unknown[]): void {
  const live = new Set(broker.orders.filter((order) => order.live).map(({ intent }) => intent.intent_id));
  const closes = new Set(broker.closes.map(({ intent }) => intent.intent_id));
  for (const { intent_id } of present(newest.portfolio, 'a portfolio').working) {
    if (!live.has(intent_id)) throw new Violation('released', `the portfolio still counts ${intent_id}`);
  }
  // Each state of a pass is that of the stage in its place.
  const { entries, closes: sent } = states[ASKING_LINE.length - 1] as RiskState;
  const reserved = entries.find(({ intent_id }) => !live.has(intent_id));
  if (reserved !== undefined) throw new Violation('released', `risk still counts ${reserved.intent_id}`);
  const unsent = sent.find(({ intent_id }) => !closes.has(intent_id));
  if (unsent !== undefined) throw new Violation('released', `risk still waits for ${unsent.intent_id}`);
}
