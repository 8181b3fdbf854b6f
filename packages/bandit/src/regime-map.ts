import { RegimeState, Strategy } from '@bellwether/contracts';

/** The seed's map of strategies (domain.md 6.2, "brief's first"): a baseline that every other selection must beat. */
export function mappedStrategy(regime: RegimeState): Strategy {
  switch (regime) {
    case RegimeState.CALM_TREND:
      return Strategy.S2;
    case RegimeState.CALM_CHOP:
      return Strategy.S6;
    case RegimeState.HIGHVOL_TREND:
      return Strategy.S3;
    case RegimeState.HIGHVOL_CHOP:
      return Strategy.S11;
    case RegimeState.UNKNOWN:
    case RegimeState.UNSPECIFIED:
      return Strategy.UNSPECIFIED;
  }
}
