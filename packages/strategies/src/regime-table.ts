import { RegimeState } from '@bellwether/contracts';

/** One value for each known regime; null where there is none. */
export interface ByRegime<T> {
  readonly calm_trend: T;
  readonly calm_chop: T;
  readonly highvol_trend: T;
  readonly highvol_chop: T;
}

/** The value for this regime, or null while the regime is not known. */
export function inRegime<T>(table: ByRegime<T>, regime: RegimeState): T | null {
  switch (regime) {
    case RegimeState.CALM_TREND:
      return table.calm_trend;
    case RegimeState.CALM_CHOP:
      return table.calm_chop;
    case RegimeState.HIGHVOL_TREND:
      return table.highvol_trend;
    case RegimeState.HIGHVOL_CHOP:
      return table.highvol_chop;
    case RegimeState.UNKNOWN:
    case RegimeState.UNSPECIFIED:
      return null;
  }
}

/** What a regime does to the distances and the size of every strategy. */
export interface RegimeModifier {
  readonly stop_factor: number;
  readonly target_factor: number;
  readonly size_factor: number;
}

/** domain.md 6.2. */
export const REGIME_MODIFIERS: ByRegime<RegimeModifier> = {
  calm_trend: { stop_factor: 1, target_factor: 1, size_factor: 1 },
  calm_chop: { stop_factor: 0.9, target_factor: 0.8, size_factor: 1 },
  highvol_trend: { stop_factor: 1.25, target_factor: 1.5, size_factor: 0.7 },
  highvol_chop: { stop_factor: 1.2, target_factor: 0.9, size_factor: 0.5 },
};
