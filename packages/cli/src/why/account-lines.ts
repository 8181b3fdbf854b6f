import {
  OperatorActionName,
  REASONS,
  type Account,
  type Reconciliation,
  type RiskPart,
} from '@bellwether/contracts';
import { money } from '../replay/report.js';

/** How the account stands, in words. */
export function accountLines(account: Account | null): string[] {
  if (account === null) return [];
  const { balance_cents, floor_cents, headroom_cents, worst_day_pnl_cents } = account;
  const lines = [
    `account ${money(balance_cents)}, floor ${money(floor_cents)}${account.floor_locked ? ' (locked)' : ''}, ` +
      `headroom ${money(headroom_cents)} at the worst price`,
    `the limits of the day are judged by ${money(worst_day_pnl_cents)}`,
  ];
  if (account.scaling_minis !== null)
    lines.push(`the scaling plan allows ${account.scaling_minis} minis today`);
  if (!account.can_trade) lines.push('the broker says that the account may not trade');
  if (account.breached) lines.push('BREACHED: the account has been at or under its floor');
  return lines;
}

/** Both sides of an account on which book and broker differ. */
export function reconciliationLines(part: Reconciliation | null): string[] {
  if (part === null) return [];
  if (part.matched) return [`the broker agrees (${part.snapshot_id})`];
  const lines = [`the broker sees another account (${part.snapshot_id}): no new risk`];
  for (const { symbol, our_contracts, their_contracts } of part.positions) {
    lines.push(`  ${symbol}: the book holds ${our_contracts}, the broker ${their_contracts}`);
  }
  const { our_balance_cents: ours, their_balance_cents: theirs } = part;
  if (ours !== null && theirs !== null && ours !== theirs) {
    lines.push(`  balance: the book ${money(ours)}, the broker ${money(theirs)}`);
  }
  return lines;
}

/** What the account has left, now and if everything is filled and stopped, and what became of a command. */
export function outlookLines(part: RiskPart): string[] {
  const lines: string[] = [];
  if (part.headroom_cents !== null) {
    const after =
      part.headroom_after_cents === null
        ? 'unknown, for a position has no stop'
        : money(part.headroom_after_cents);
    lines.push(`headroom ${money(part.headroom_cents)}; if filled and stopped: headroom after ${after}`);
  }
  if (part.heat_after !== null && part.heat_after > 0) {
    lines.push(`open risk ${(100 * part.heat_after).toFixed(1)} % of the headroom`);
  }
  if (part.dry_run) lines.push('dry run: decides, and enters nothing');
  if (part.operator !== null) {
    const { action, accepted, reason } = part.operator;
    const outcome = accepted ? 'done' : `refused, ${REASONS[reason].name}`;
    lines.push(`operator: ${OperatorActionName[action]} ${outcome}`);
  }
  return lines;
}
