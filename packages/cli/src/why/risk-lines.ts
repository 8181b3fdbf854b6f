import {
  IntentKindName,
  OrderTypeName,
  REASONS,
  SideName,
  ReasonCode,
  type Frame,
  type OrderIntent,
  type RiskCheck,
  type SizingPart,
  type TradePlan,
} from '@bellwether/contracts';
import { chicagoText } from '@bellwether/market';
import { money } from '../replay/report.js';
import { outlookLines } from './account-lines.js';
import { faultLines, points, reason } from './words.js';

/** The ladder of a trade before it begins. */
function planLines(plan: TradePlan): string[] {
  const tp1 =
    plan.tp1_ticks === null
      ? 'no first partial exit'
      : `${plan.tp1_quantity ?? 0} out at ${points(plan.tp1_ticks)}, then the stop to ${points(plan.break_even_ticks)}`;
  const target = plan.target_ticks === null ? 'no target' : `target ${points(plan.target_ticks)}`;
  const trail = plan.trail_atr === null ? 'no trail' : `trail ${plan.trail_atr} ATR of 5 minutes`;
  return [
    `plan: ${SideName[plan.side]} ${plan.quantity} ${plan.symbol} at ${points(plan.entry_ticks)}, stop ${points(plan.stop_ticks)}, risk ${money(plan.risk_cents)}`,
    `plan: ${tp1}; ${target}; ${trail}`,
    `plan: the entry expires ${chicagoText(plan.expires_us)}, flat by ${chicagoText(plan.flat_by_us)}`,
  ];
}

export function sizing(frame: Frame): string[] {
  const part = frame.sizing;
  if (part === null) return ['did not run'];
  const lines = [...faultLines(part.fault), `proposed ${part.proposed_contracts}`, reason(part.reason)];
  if (part.stop_distance_ticks !== null) lines.push(`stop ${part.stop_distance_ticks} ticks away`);
  if (part.risk_per_contract_cents !== null) {
    lines.push(`one contract risks ${money(part.risk_per_contract_cents)}, costs included`);
  }
  if (part.degraded) lines.push('halved and rounded down: decisions take too long');
  if (part.multiplier === null) lines.push(`no multiplier: ${reason(part.multiplier_reason)}`);
  else lines.push(`multiplier ${part.multiplier.toFixed(3)}: ${reason(part.multiplier_reason)}`);
  return [...lines, ...agentLines(part)];
}

/** What each sizing agent said, and what it was shown. */
function agentLines({ observation, cvar_agent, online_agent }: SizingPart): string[] {
  if (observation === null) return [];
  const seen = Object.entries(observation) as [string, number | null][];
  return [
    `agents were shown: ${seen.map(([name, value]) => `${name} ${value === null ? 'missing' : value.toFixed(3)}`).join(', ')}`,
    ...[cvar_agent, online_agent].flatMap((one) =>
      one === null
        ? []
        : [
            `${one.model === '' ? 'nobody' : one.model} ${one.multiplier?.toFixed(3) ?? ''}: ${reason(one.reason)}`,
          ],
    ),
  ];
}

export function risk(frame: Frame): string[] {
  const part = frame.risk;
  if (part === null) return ['did not run'];
  const lines = [...faultLines(part.fault)];
  lines.push(...part.checks.map(checkLine));
  const { latches } = part;
  if (latches !== null && latches.kill_trade_date !== 0)
    lines.push(`kill latched on ${latches.kill_trade_date}`);
  if (latches !== null && latches.soft_trade_date !== 0)
    lines.push(`soft loss latched on ${latches.soft_trade_date}`);
  lines.push(...outlookLines(part));
  if (part.degraded) lines.push('decisions take too long: rules decide, and sizes are halved');
  if (part.plan !== null) lines.push(...planLines(part.plan));
  for (const intent of part.intents) lines.push(intentLine(intent));
  if (lines.length === 0) lines.push('no check was due');
  return lines;
}

const CAPS: ReadonlySet<ReasonCode> = new Set([
  ReasonCode.CAP_SYMBOL,
  ReasonCode.CAP_TOTAL,
  ReasonCode.CAP_STEP,
  ReasonCode.CAP_SCALING,
  ReasonCode.CAP_DAILY,
  ReasonCode.HEAT,
]);

/** A cap that passes with more than it allows has cut the size to what fits. */
function checkLine({ code, passed, value, limit }: RiskCheck): string {
  const cut = passed && CAPS.has(code) && value !== null && limit !== null && value > limit;
  const verb = cut ? 'REDUCED by' : passed ? 'passed' : 'REFUSED by';
  const numbers = value === null ? '' : ` (${value}${limit === null ? '' : ` of ${limit}`})`;
  return `${verb} ${REASONS[code].name}${numbers}`;
}

function intentLine(intent: OrderIntent): string {
  const stop = intent.stop_ticks === null ? '' : `, stop ${points(intent.stop_ticks)}`;
  const trigger = intent.trigger_ticks === null ? '' : ` at ${points(intent.trigger_ticks)}`;
  return (
    `order ${intent.intent_id}: ${IntentKindName[intent.kind]} ${SideName[intent.side]} ${intent.quantity} ` +
    `${intent.symbol} ${OrderTypeName[intent.order_type]}${trigger}${stop} (${REASONS[intent.reason].name})`
  );
}
