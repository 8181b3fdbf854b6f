import {
  ActionName,
  AuxStreamName,
  CalibrationMethodName,
  ClockReasonName,
  DataOriginName,
  EntryKindName,
  EvidenceStatusName,
  ExecutionModeName,
  FillLegName,
  IntentKindName,
  MaxLossModeName,
  OperatorActionName,
  OptionRightName,
  OrderOutcomeName,
  OrderTypeName,
  PolicyName,
  PromotionCauseName,
  REASONS,
  ReasonCodeName,
  RegimeMethodName,
  RegimeStateName,
  SelectionName,
  SideName,
  StrategyName,
  StreamStatusName,
  TradeActionName,
  type ReasonCode,
} from '@bellwether/contracts';
import { instrumentOf, ticksToPoints } from '@bellwether/market';

type Names = Readonly<Record<number, string>>;

/** Names of the enum behind each field of the contracts. `plain.contract.test.ts` compares it with proto/. */
const ENUM_FIELDS: Readonly<Record<string, Names>> = {
  action: ActionName,
  calibration: CalibrationMethodName,
  cause: PromotionCauseName,
  code: ReasonCodeName,
  confidence_reason: ReasonCodeName,
  selection_reason: ReasonCodeName,
  execution: ExecutionModeName,
  exit_leg: FillLegName,
  kind: IntentKindName,
  leg: FillLegName,
  masked_reason: ReasonCodeName,
  max_loss_mode: MaxLossModeName,
  method: RegimeMethodName,
  model_reason: ReasonCodeName,
  multiplier_reason: ReasonCodeName,
  order_type: OrderTypeName,
  permitted: TradeActionName,
  origin: DataOriginName,
  outcome: OrderOutcomeName,
  passed_over: ReasonCodeName,
  pending: RegimeStateName,
  policy: PolicyName,
  reason: ReasonCodeName,
  regime: RegimeStateName,
  right: OptionRightName,
  selection: SelectionName,
  side: SideName,
  state: RegimeStateName,
  status: StreamStatusName,
  strategy: StrategyName,
  stream: AuxStreamName,
  trail: TradeActionName,
};

/** Fields that mean another enum inside of one object. */
const EXCEPTIONS: Readonly<Record<string, Names>> = {
  'clock.reason': ClockReasonName,
  'entry.kind': EntryKindName,
  'management.action': TradeActionName,
  'operator.action': OperatorActionName,
  'standings.status': EvidenceStatusName,
};

/** The names behind an enum field of the object that stands under `parent`; undefined for other fields. */
export function enumNamesOf(parent: string, field: string): Names | undefined {
  return (
    EXCEPTIONS[`${parent}.${field}`] ?? (Object.hasOwn(ENUM_FIELDS, field) ? ENUM_FIELDS[field] : undefined)
  );
}

/** A sum of prices over contracts, not a price. */
const NOT_A_PRICE: ReadonlySet<string> = new Set(['cost_ticks']);

export type Plain = Readonly<Record<string, unknown>>;

/**
 * A message as JSON reads it: enums by name in lower case, prices in points beside ticks (`close_points`),
 * reasons in words beside their codes (`reason_text`). Everything else stays as it is; 64-bit integers are
 * plain numbers.
 */
export function plainMessage(message: object, parent: string, tickSizeE4: number | null): Plain {
  const tick = ownTickSize(message) ?? tickSizeE4;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(message) as [string, unknown][]) {
    const names = enumNamesOf(parent, key);
    out[key] = plainValue(value, key, names, tick);
    if (typeof value !== 'number') continue;
    if (names === ReasonCodeName) out[`${key}_text`] = REASONS[value as ReasonCode].meaning;
    if (key.endsWith('_ticks') && tick !== null && !NOT_A_PRICE.has(key)) {
      out[`${key.slice(0, -'_ticks'.length)}_points`] = ticksToPoints(value, tick);
    }
  }
  return out;
}

function plainValue(value: unknown, key: string, names: Names | undefined, tick: number | null): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => plainValue(item, key, names, tick));
  if (typeof value === 'object' && value !== null) return plainMessage(value, key, tick);
  if (typeof value === 'number' && names !== undefined) return names[value] ?? value;
  return value;
}

/** The tick size that a message carries itself, or that of its symbol. */
function ownTickSize(message: object): number | null {
  if ('tick_size_e4' in message && typeof message.tick_size_e4 === 'number') return message.tick_size_e4;
  if ('symbol' in message && typeof message.symbol === 'string') {
    return instrumentOf(message.symbol)?.tick_size_e4 ?? null;
  }
  return null;
}
