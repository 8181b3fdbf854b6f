import { REASONS, type ReasonCode, type Fault } from '@bellwether/contracts';
import { ticksToPoints } from '@bellwether/market';

/** Quarter points: every instrument of the contract table trades on this grid. */
const TICK_SIZE_E4 = 2_500;

export function reason(code: ReasonCode): string {
  const { name, meaning } = REASONS[code];
  return `${name}: ${meaning}`;
}

export function faultLines(fault: Fault | null): string[] {
  return fault === null ? [] : [`FAULT in ${fault.stage}: ${fault.detail}`];
}

export function points(ticks: number): string {
  return ticksToPoints(ticks, TICK_SIZE_E4).toFixed(2);
}
