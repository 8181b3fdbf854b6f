import {
  Action,
  ActionName,
  DataOrigin,
  EntryKindName,
  FillLegName,
  IntentKindName,
  OrderOutcomeName,
  OrderTypeName,
  PolicyName,
  REASONS,
  RegimeStateName,
  SideName,
  StrategyName,
  TradeActionName,
  type Candidate,
  type Entry,
  type Fault,
  type Frame,
  type Indicators,
  ReasonCode,
  type OrderIntent,
  type RiskCheck,
  type TradeManagement,
  type TradePlan,
} from '@bellwether/contracts';
import { chicagoText, ticksToPoints } from '@bellwether/market';
import { accountLines, outlookLines, reconciliationLines } from './account-lines.js';
import { money, SYNTHETIC_LINE } from '../replay/report.js';

/** One heading and its lines. */
interface Chapter {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Quarter points: every instrument of the contract table trades on this grid. */
const TICK_SIZE_E4 = 2_500;

/** A decision frame told from what came in to what went out, in words. */
export function tellStory(frame: Frame): string {
  const chapters: Chapter[] = [
    verdict(frame),
    { title: 'What came in', lines: cameIn(frame.entry) },
    { title: 'Features', lines: features(frame) },
    { title: 'Regime', lines: regime(frame) },
    { title: 'Forecast', lines: forecast(frame) },
    { title: 'Portfolio', lines: portfolio(frame) },
    { title: 'Strategies', lines: strategies(frame) },
    { title: 'Size', lines: sizing(frame) },
    { title: 'Risk', lines: risk(frame) },
  ];
  const body = chapters.map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join('\n'));
  const mark = frame.origin === DataOrigin.SYNTHETIC ? [SYNTHETIC_LINE] : [];
  return [...mark, ...body].join('\n\n');
}

function reason(code: ReasonCode): string {
  const { name, meaning } = REASONS[code];
  return `${name}: ${meaning}`;
}

function faultLines(fault: Fault | null): string[] {
  return fault === null ? [] : [`FAULT in ${fault.stage}: ${fault.detail}`];
}

function points(ticks: number): string {
  return ticksToPoints(ticks, TICK_SIZE_E4).toFixed(2);
}

function verdict(frame: Frame): Chapter {
  const { risk: part } = frame;
  if (part === null)
    return { title: `Frame ${frame.book}-${frame.seq}`, lines: ['The risk stage has not spoken.'] };
  const action =
    part.action === Action.BUY || part.action === Action.SELL
      ? `${ActionName[part.action].toUpperCase()} ${part.size}`
      : ActionName[part.action].toUpperCase();
  const lines = [reason(part.reason), `policy ${PolicyName[part.policy]}`];
  if (part.valid_until_us !== null) lines.push(`may be acted on until ${chicagoText(part.valid_until_us)}`);
  return { title: `Decision ${part.decision_id}: ${action}`, lines };
}

function cameIn(entry: Entry | null): string[] {
  if (entry === null) return ['nothing'];
  const lines = [
    `${EntryKindName[entry.kind]} ${entry.id}`,
    `at ${chicagoText(entry.event_us)}, from ${entry.source}`,
  ];
  if (entry.bar) {
    const { open_ticks, high_ticks, low_ticks, close_ticks, volume } = entry.bar;
    const prices = [open_ticks, high_ticks, low_ticks, close_ticks].map(points);
    lines.push(
      `${entry.bar.symbol} open ${prices[0]}, high ${prices[1]}, low ${prices[2]}, close ${prices[3]}`,
    );
    lines.push(volume === null ? 'volume not known' : `volume ${volume}`);
  }
  if (entry.signal) {
    const { symbol, strategy, side, stop_distance_ticks, cloud } = entry.signal;
    const asked =
      strategy === null
        ? 'choose for me'
        : `${StrategyName[strategy]} ${side === null ? '' : SideName[side]}`;
    lines.push(`${symbol}: ${asked}`);
    if (stop_distance_ticks !== null) lines.push(`the caller's stop is ${stop_distance_ticks} ticks away`);
    if (cloud !== null) lines.push(`the caller's forecast ${cloud.p} by ${cloud.source_model_id}`);
  }
  if (entry.fill) {
    const { side, quantity, symbol, price_ticks, leg } = entry.fill;
    lines.push(`${FillLegName[leg]} fill: ${SideName[side]} ${quantity} ${symbol} at ${points(price_ticks)}`);
  }
  if (entry.order_ack) {
    const { intent_id, broker_order_id } = entry.order_ack;
    lines.push(`order ${intent_id} stands at the broker as ${broker_order_id}`);
  }
  if (entry.order_end) {
    const { intent_id, outcome, reason: code } = entry.order_end;
    lines.push(`order ${intent_id} ended: ${OrderOutcomeName[outcome]} (${REASONS[code].name})`);
  }
  if (entry.mode) {
    const { degraded, p99_us, bound_us, decisions } = entry.mode;
    lines.push(
      `the book is ${degraded ? 'slow' : 'no longer slow'}: p99 ${p99_us / 1_000} ms of ${decisions} decisions, bound ${bound_us / 1_000} ms`,
    );
  }
  if (entry.audit) {
    const { behind, decided_seq, audited_seq } = entry.audit;
    lines.push(
      `the audit log ${behind ? 'is behind' : 'has caught up'}: frame ${audited_seq} of ${decided_seq}`,
    );
  }
  return lines;
}

const INDICATOR_LABELS: readonly (readonly [keyof Indicators, string])[] = [
  ['vwap_z', 'deviations from VWAP'],
  ['vwap_slope15_ticks', 'VWAP slope over 15 bars, ticks'],
  ['atr14_ticks', 'ATR14, ticks'],
  ['atr14_m5_ticks', 'ATR14 on 5 minutes, ticks'],
  ['er30', 'efficiency ratio over 30 bars'],
  ['rv30_percentile', 'volatility percentile at this time of day'],
  ['volume_rel_log2', 'volume against this time of day, log2'],
];

function features(frame: Frame): string[] {
  const part = frame.features;
  if (part === null) return ['did not run'];
  const lines = [...faultLines(part.fault), reason(part.reason)];
  if (part.clock !== null && part.clock.trade_date !== 0) {
    const kind = part.clock.full_day ? 'a full day' : 'a short day';
    lines.push(
      `trade date ${part.clock.trade_date}, minute ${part.clock.session_minute} of the session, ${kind}`,
    );
  }
  if (part.vector !== null) {
    lines.push(`${part.vector.present_index.length} of 43 features present (${part.vector.set_version})`);
    const masks = new Map<ReasonCode, number>();
    for (const code of part.vector.masked_reason) masks.set(code, (masks.get(code) ?? 0) + 1);
    for (const [code, count] of masks) lines.push(`${count} missing: ${reason(code)}`);
  }
  const { indicators } = part;
  if (indicators !== null) {
    for (const [key, label] of INDICATOR_LABELS) {
      const value = indicators[key];
      lines.push(`${label}: ${typeof value === 'number' ? value.toFixed(3) : 'missing'}`);
    }
  }
  return lines;
}

const STATES = ['Calm-Trend', 'Calm-Chop', 'HighVol-Trend', 'HighVol-Chop'];

function regime(frame: Frame): string[] {
  const part = frame.regime;
  if (part === null) return ['did not run'];
  const odds = part.probabilities.map((p, i) => `${STATES[i] ?? '?'} ${p.toFixed(3)}`).join(', ');
  return [
    ...faultLines(part.fault),
    `${RegimeStateName[part.state]}, gate ${part.gate_open ? 'open' : 'closed'}`,
    reason(part.reason),
    odds === '' ? 'no probabilities' : odds,
    ...(part.pending === null
      ? []
      : [`${RegimeStateName[part.pending]} qualifies but has not lasted long enough`]),
  ];
}

function forecast(frame: Frame): string[] {
  const part = frame.forecast;
  if (part === null) return ['did not run'];
  const p = part.p_final === null ? 'no probability' : `p(higher in 15 minutes) ${part.p_final.toFixed(3)}`;
  return [...faultLines(part.fault), p, reason(part.reason)];
}

function portfolio(frame: Frame): string[] {
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

function strategies(frame: Frame): string[] {
  const part = frame.bandit;
  if (part === null) return ['did not run'];
  const lines = [...faultLines(part.fault), reason(part.reason)];
  part.candidates.forEach((candidate, i) => {
    lines.push(`${i === part.chosen ? 'chosen: ' : 'not chosen: '}${candidateLine(candidate)}`);
  });
  if (part.draw !== null) lines.push(`drawn with ${part.draw.toFixed(6)}, from the id of the entry`);
  for (const refused of part.refused)
    lines.push(`${StrategyName[refused.strategy].toUpperCase()} no: ${reason(refused.reason)}`);
  return lines;
}

function candidateLine(candidate: Candidate): string {
  const { setup } = candidate;
  if (setup === null) return 'no setup';
  const target = setup.target_ticks === null ? 'no target' : `target ${points(setup.target_ticks)}`;
  const record =
    candidate.count === 0
      ? 'no closed trade yet'
      : `mean ${candidate.mean_r.toFixed(2)} R over ${candidate.count} trades`;
  return (
    `${StrategyName[setup.strategy].toUpperCase()} ${SideName[setup.side]} by ${OrderTypeName[setup.order_type]} at ` +
    `${points(setup.entry_ticks)}, stop ${points(setup.stop_ticks)}, ${target}; ` +
    `probability ${candidate.probability.toFixed(3)}, ${record}`
  );
}

function sizing(frame: Frame): string[] {
  const part = frame.sizing;
  if (part === null) return ['did not run'];
  const lines = [...faultLines(part.fault), `proposed ${part.proposed_contracts}`, reason(part.reason)];
  if (part.stop_distance_ticks !== null) lines.push(`stop ${part.stop_distance_ticks} ticks away`);
  if (part.risk_per_contract_cents !== null) {
    lines.push(`one contract risks ${money(part.risk_per_contract_cents)}, costs included`);
  }
  if (part.degraded) lines.push('halved and rounded down: decisions take too long');
  if (part.multiplier === null) lines.push(`no multiplier: ${reason(part.multiplier_reason)}`);
  return lines;
}

function risk(frame: Frame): string[] {
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
