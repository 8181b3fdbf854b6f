import { RegimeState } from '@bellwether/contracts';

/** How the states are called for people. */
export function stateName(state: RegimeState): string {
  switch (state) {
    case RegimeState.CALM_TREND:
      return 'Calm-Trend';
    case RegimeState.CALM_CHOP:
      return 'Calm-Chop';
    case RegimeState.HIGHVOL_TREND:
      return 'HighVol-Trend';
    case RegimeState.HIGHVOL_CHOP:
      return 'HighVol-Chop';
    case RegimeState.UNKNOWN:
    case RegimeState.UNSPECIFIED:
      return 'unknown';
  }
}
