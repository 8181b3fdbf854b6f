import {
  FillLegName,
  SideName,
  TradeActionName,
  type Frame,
  type TradeManagement,
} from '@bellwether/contracts';
import { money } from '../replay/report.js';
import { accountLines, reconciliationLines } from './account-lines.js';
import { faultLines, points, reason } from './words.js';

export function portfolio(frame: Frame): string[] {
  const part = frame.portfolio;
  if (part === null) return ['did not run'];
  const lines = [...faultLines(part.fault)];
  for (const position of part.positions) {
    const average = (position.cost_ticks / position.quantity) * 0.25;
    lines.push(
      `${SideName[position.side]} ${position.quantity} ${position.symbol} at ${average.toFixed(2)}, ` +
        `stop ${position.stop_ticks === null ? 'unknown' : points(position.stop_ticks)}`,
    );
  }
  if (part.positions.length === 0) lines.push('flat');
  for (const order of part.working) {
    lines.push(`working: ${SideName[order.side]} ${order.quantity} ${order.symbol} of ${order.decision_id}`);
  }
  if (part.day !== null) {
    const { realised_cents, open_pnl_cents, fees_cents, pnl_cents } = part.day;
    lines.push(
      `day ${money(pnl_cents)}: realised ${money(realised_cents)}, open ${money(open_pnl_cents)}, fees ${money(fees_cents)}`,
    );
  }
  lines.push(...accountLines(part.account), ...reconciliationLines(part.reconciliation));
  for (const trade of part.closed) {
    const r = trade.net_r === null ? 'unknown R' : `${trade.net_r.toFixed(2)} R`;
    lines.push(
      `closed ${trade.decision_id} by ${FillLegName[trade.exit_leg]}: ${money(trade.net_cents)}, ${r}`,
    );
  }
  if (part.fill_result !== null)
    lines.push(
      `fill ${part.fill_result.matched ? 'matched' : 'not matched'}: ${reason(part.fill_result.reason)}`,
    );
  lines.push(...part.management.flatMap(managementLines));
  for (const { symbol, from_ticks, to_ticks } of part.stop_moves) {
    const from = from_ticks === null ? 'none' : points(from_ticks);
    lines.push(`stop of ${symbol} moved from ${from} to ${points(to_ticks)}`);
  }
  for (const exit of part.exits) lines.push(`wants out of ${exit.symbol}: ${reason(exit.reason)}`);
  return lines;
}

/** What trade management did with one open position, and what else it could have done. */
function managementLines(item: TradeManagement): string[] {
  const actions = item.permitted.map((action) => TradeActionName[action]).join(', ');
  const r = (value: number | null): string => (value === null ? 'unknown R' : `${value.toFixed(2)} R`);
  const part = item.close_quantity === 0 ? '' : ` of ${item.close_quantity}`;
  return [
    `manages ${item.decision_id || item.symbol}: ${TradeActionName[item.action]}${part} (${reason(item.reason)})`,
    `could have: ${actions}; the stop trails by ${TradeActionName[item.trail]}`,
    `now ${r(item.r_multiple)}, at best ${r(item.best_r)}, at worst ${r(item.worst_r)}`,
  ];
}
