import {
  DataOrigin,
  IntentKind,
  ReasonCode,
  ReasonCodeName,
  RegimeState,
  StrategyName,
  type Frame,
  type OrderIntent,
  type RegimePart,
  type Strategy,
} from '@bellwether/contracts';
import { decisionId, symbolOf } from '@bellwether/kernel';
import { instrumentOf, type Instrument } from '@bellwether/market';

/** As the seed spells them. */
const REGIMES: Readonly<Record<RegimeState, string | null>> = {
  [RegimeState.UNSPECIFIED]: null,
  [RegimeState.UNKNOWN]: null,
  [RegimeState.CALM_TREND]: 'Calm-Trend',
  [RegimeState.CALM_CHOP]: 'Calm-Chop',
  [RegimeState.HIGHVOL_TREND]: 'HighVol-Trend',
  [RegimeState.HIGHVOL_CHOP]: 'HighVol-Chop',
};

/** Name of the regime as the seed spells it; null while it is unknown. */
export function regimeName(regime: RegimePart | null | undefined): string | null {
  return regime ? REGIMES[regime.state] : null;
}

/** Why a value is missing. `ok` cannot be the reason of that, so it reads as not available. */
export function missingReason(code: ReasonCode | undefined): string {
  const says = code !== undefined && code !== ReasonCode.OK && code !== ReasonCode.UNSPECIFIED;
  return ReasonCodeName[says ? code : ReasonCode.NOT_AVAILABLE];
}

/** `S2`, or null for none. */
export function strategyLabel(strategy: Strategy | null | undefined): string | null {
  return strategy ? StrategyName[strategy].toUpperCase() : null;
}

/** The order that opens a position, if this decision has one. */
export function entryIntent(frame: Frame): OrderIntent | null {
  return frame.risk?.intents.find((intent) => intent.kind === IntentKind.ENTER) ?? null;
}

/** The id of a frame's decision. A frame that decides nothing has one by its place. */
export function decisionIdOf(frame: Frame): string {
  return frame.risk?.decision_id || decisionId(frame.book, frame.seq);
}

export function instrumentOfFrame(frame: Frame): Instrument | null {
  const symbol = symbolOf(frame);
  return symbol === null ? null : instrumentOf(symbol);
}

const ORIGINS = {
  [DataOrigin.UNSPECIFIED]: 'unspecified',
  [DataOrigin.MARKET]: 'market',
  [DataOrigin.SYNTHETIC]: 'synthetic',
} as const satisfies Record<DataOrigin, string>;

/** Where the numbers of a frame come from. */
export const originName = (origin: DataOrigin): (typeof ORIGINS)[DataOrigin] => ORIGINS[origin];

export const isSynthetic = (frame: Frame): boolean => frame.origin === DataOrigin.SYNTHETIC;

/** Dollars of an amount in cents. */
export const usd = (cents: number): number => cents / 100;

/** Milliseconds, to the microsecond. */
export const milliseconds = (us: number): number => us / 1_000;
