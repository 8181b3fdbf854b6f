import { RegimeState, type ByRegime } from '@bellwether/contracts';

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
