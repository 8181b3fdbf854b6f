import { RegimeState } from '@bellwether/contracts';
import type { NumberSource } from '../synthetic/normal-source.js';

/**
 * What the four-regime world is made of. The two axes change independently of each other, once a minute with a fixed
 * chance, so that states last a random time without memory. The volatile and the trending states take 40 % of the time each.
 */
export const REGIME_WORLD = {
  /** Factor on the usual standard deviation of the time of day. */
  calm_factor: 0.65,
  highvol_factor: 1.5,
  /** Mean minutes in a state of one axis. */
  calm_minutes: 720,
  highvol_minutes: 480,
  chop_minutes: 405,
  trend_minutes: 270,
  /** Drift of a trend, in standard deviations a minute; its direction is drawn when it begins. */
  trend_drift: 0.3,
  /** Share of the distance to the average of the last closes that a chop takes back each minute. */
  chop_pull: 0.15,
  /** Weight of the last close in that average: about twenty closes. */
  average_weight: 0.1,
} as const;

/** What the market of a planted world does at present. Nobody is told. */
export interface HiddenRegime {
  readonly highvol: boolean;
  /** +1 and -1: a trend that way; 0: chop. */
  readonly direction: 1 | 0 | -1;
}

export function regimeStateOf({ highvol, direction }: HiddenRegime): RegimeState {
  if (highvol) return direction === 0 ? RegimeState.HIGHVOL_CHOP : RegimeState.HIGHVOL_TREND;
  return direction === 0 ? RegimeState.CALM_CHOP : RegimeState.CALM_TREND;
}

function drawnDirection(source: NumberSource): 1 | -1 {
  return source.uniform() < 0.5 ? 1 : -1;
}

/** The regime at the start, drawn from the shares in which the states occur. */
export function firstRegime(source: NumberSource): HiddenRegime {
  const { calm_minutes, highvol_minutes, chop_minutes, trend_minutes } = REGIME_WORLD;
  const highvol = source.uniform() < highvol_minutes / (calm_minutes + highvol_minutes);
  const trending = source.uniform() < trend_minutes / (chop_minutes + trend_minutes);
  return { highvol, direction: trending ? drawnDirection(source) : 0 };
}

/** The regime a minute later. */
export function nextRegime(now: HiddenRegime, source: NumberSource): HiddenRegime {
  const { calm_minutes, highvol_minutes, chop_minutes, trend_minutes } = REGIME_WORLD;
  const turnsVolatility = source.uniform() * (now.highvol ? highvol_minutes : calm_minutes) < 1;
  const turnsTrend = source.uniform() * (now.direction === 0 ? chop_minutes : trend_minutes) < 1;
  if (!turnsVolatility && !turnsTrend) return now;
  const turned = now.direction === 0 ? drawnDirection(source) : 0;
  return {
    highvol: turnsVolatility ? !now.highvol : now.highvol,
    direction: turnsTrend ? turned : now.direction,
  };
}
