import { RegimeState, Strategy, type ClosedTrade } from '@bellwether/contracts';
import { probabilities, type LoggedChoice } from '@bellwether/bandit';
import { uniformSource } from '@bellwether/kernel';

/** A made-up log whose true values are known: by how many choices it is, and how evenly it chose. */
export interface SyntheticLogOptions {
  readonly seed: string;
  readonly choices: number;
  /** Smallest probability of an arm. */
  readonly floor: number;
}

const ARMS = [Strategy.S2, Strategy.S3, Strategy.S6, Strategy.S11] as const;
const REGIMES = [
  RegimeState.CALM_TREND,
  RegimeState.CALM_CHOP,
  RegimeState.HIGHVOL_TREND,
  RegimeState.HIGHVOL_CHOP,
] as const;
/** Chance that a trade of an arm in a regime ends at its target: rows are regimes, columns arms. */
const WINS = [
  [0.5, 0.3, 0.35, 0.3],
  [0.3, 0.3, 0.5, 0.3],
  [0.25, 0.45, 0.3, 0.35],
  [0.3, 0.25, 0.3, 0.45],
] as const;
const TARGET_R = 2;
const STOP_R = -1;
const LIVE = 0.7;
const CHOICES_A_DAY = 4;
const FIRST_DATE = 20_240_000;

const meanOf = (regime: number, arm: number): number => {
  const wins = WINS[regime]![arm]!;
  return wins * TARGET_R + (1 - wins) * STOP_R;
};

/** What a policy that does not learn earns in R a choice: over all regimes and all sets of live arms, each exactly. */
export function trueValue(
  vector: (choice: Pick<LoggedChoice, 'arms' | 'regime'>) => readonly number[],
): number {
  let [value, chance] = [0, 0];
  for (let regime = 0; regime < REGIMES.length; regime++) {
    for (let set = 1; set < 1 << ARMS.length; set++) {
      const places = ARMS.flatMap((_, arm) => ((set >> arm) & 1 ? [arm] : []));
      const weight = LIVE ** places.length * (1 - LIVE) ** (ARMS.length - places.length);
      const shares = vector({ arms: places.map((arm) => ARMS[arm]!), regime: REGIMES[regime]! });
      value += weight * shares.reduce((sum, share, i) => sum + share * meanOf(regime, places[i]!), 0);
      chance += weight;
    }
  }
  return value / chance;
}

/**
 * Choices of a book in a made-up market: in each of four regimes another arm has the edge, trades end at +2 R or -1 R, and a
 * policy that is half right drew them, with its floor.
 */
export function syntheticLog({ seed, choices, floor }: SyntheticLogOptions): readonly LoggedChoice[] {
  const uniform = uniformSource(`log ${seed}`);
  return Array.from({ length: choices }, (_, i) => {
    const regime = Math.floor(uniform() * REGIMES.length);
    let places: number[] = [];
    while (places.length === 0) places = ARMS.flatMap((_arm, arm) => (uniform() < LIVE ? [arm] : []));
    const chances = probabilities(
      places.map((arm) => meanOf(regime, arm) + 0.8 * uniform()),
      floor,
    );
    const chosen = drawnFrom(chances, uniform());
    const reward = uniform() < WINS[regime]![places[chosen]!]! ? TARGET_R : STOP_R;
    return {
      decision_id: `made-up-${i}`,
      symbol: 'ES',
      trade_date: FIRST_DATE + Math.floor(i / CHOICES_A_DAY),
      arms: places.map((arm) => ARMS[arm]!),
      probabilities: chances,
      chosen,
      regime: REGIMES[regime]!,
      x: [1, ...[1, 2, 3].map((one) => (one === regime ? 1 : 0)), 0, 1],
      reward,
      trade: null satisfies ClosedTrade | null,
      known_at: Infinity,
    };
  });
}

function drawnFrom(chances: readonly number[], uniform: number): number {
  let reached = 0;
  for (let i = 0; i < chances.length - 1; i++) {
    reached += chances[i]!;
    if (uniform < reached) return i;
  }
  return chances.length - 1;
}
