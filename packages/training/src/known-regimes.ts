import { BellwetherError, RegimeState } from '@bellwether/contracts';
import { KnowingFilter, type WorldOptions } from '@bellwether/testkit';
import { balancedAccuracy, emptyConfusion } from './classification-scores.js';
import type { RegimeBar } from './regime-run.js';
import { runWorld } from './world-run.js';

/** R1 ranks among sixty sessions; what is said before is not compared. */
export const WARM_UP_SESSIONS = 60;
/** Sessions come five a week. */
const WARM_UP_US = WARM_UP_SESSIONS * 1.45 * 86_400_000_000;

const STATES = [
  RegimeState.CALM_TREND,
  RegimeState.CALM_CHOP,
  RegimeState.HIGHVOL_TREND,
  RegimeState.HIGHVOL_CHOP,
] as const;

/** Balanced accuracies, 0 to 1: all four states at once, and each axis alone. */
export interface StateAccuracies {
  readonly four: number;
  readonly volatility: number;
  readonly trend: number;
}

/** What two classifiers know of a world whose states are known. */
export interface KnownRegimes {
  /** Bars that were compared. */
  readonly bars: number;
  readonly rule: StateAccuracies;
  /** Of the filter that knows every parameter of the world, and not its states. */
  readonly knowing: StateAccuracies;
  /** What the rule said of every bar, in order. */
  readonly said: readonly RegimeBar[];
}

interface Case {
  /** Four probabilities in the order of {@link STATES}. */
  readonly p: readonly number[];
  readonly state: number;
}

function accuraciesOf(cases: readonly Case[]): StateAccuracies {
  const [fourStates, volatilityAxis, trendAxis] = [emptyConfusion(4), emptyConfusion(2), emptyConfusion(2)];
  for (const { p, state } of cases) {
    const [calmTrend = 0, calmChop = 0, highvolTrend = 0, highvolChop = 0] = p;
    fourStates[state]![p.indexOf(Math.max(calmTrend, calmChop, highvolTrend, highvolChop))]! += 1;
    volatilityAxis[state >> 1]![highvolTrend + highvolChop > 0.5 ? 1 : 0]! += 1;
    trendAxis[1 - (state & 1)]![calmTrend + highvolTrend > 0.5 ? 1 : 0]! += 1;
  }
  const [four = null, volatility = null, trend = null] = [fourStates, volatilityAxis, trendAxis].map(
    balancedAccuracy,
  );
  if (four === null || volatility === null || trend === null) {
    throw new BellwetherError('usage', 'A state of the world never came: give it more sessions');
  }
  return { four, volatility, trend };
}

/**
 * The rule and the knowing filter over a world of kind `regimes`, from its 61st session on.
 *
 * @throws BellwetherError `usage` where one of the four states never came
 */
export function knownRegimes(options: WorldOptions): KnownRegimes {
  const bars = runWorld(options);
  const filter = new KnowingFilter();
  const first_us = bars[0]?.world.bar.open_us ?? 0;
  const cases = bars.flatMap(({ world, said }) => {
    const known = filter.next(world.bar);
    const warm = world.bar.open_us - first_us > WARM_UP_US;
    const state = STATES.findIndex((one) => one === world.regime);
    return warm && said.probabilities !== null ? [{ known, said: said.probabilities, state }] : [];
  });
  return {
    bars: cases.length,
    rule: accuraciesOf(cases.map((one) => ({ p: one.said, state: one.state }))),
    knowing: accuraciesOf(cases.map((one) => ({ p: one.known, state: one.state }))),
    said: bars.map(({ said }) => said),
  };
}
