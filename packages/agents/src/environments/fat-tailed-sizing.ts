import type { Environment } from '../environment.js';
import { studentT, type Random } from '../random.js';
import { MULTIPLIER_ACTION, sizingObservations } from '../sizing-world.js';

/** A session of trades in which few results decide. Amounts in R. */
export interface FatTailedSizing {
  readonly trades: number;
  /** Scatter of a trade of base size, calm and volatile. */
  readonly scatter: readonly [number, number];
  /** Chance that the next trade is in the same regime. */
  readonly stays: number;
  /** Degrees of freedom of the results: Student's t, whose variance is brought to 1; few are fat tails. */
  readonly freedom: number;
  /** Lowest and highest probability of a win that a setup says, evenly drawn; a trade is worth 2 p - 1 on average. */
  readonly winProbability: readonly [number, number];
  /** Paid for each unit of size, and for its square. */
  readonly cost: number;
  readonly impact: number;
  /** Lowest and highest distance from the floor at the open, evenly drawn. */
  readonly headroom: readonly [number, number];
}

export interface SessionState {
  readonly trade: number;
  readonly volatile: boolean;
  readonly winProbability: number;
  readonly equity: number;
  readonly highest: number;
  /** At the open. */
  readonly headroom: number;
}

export const FAT_TAILED: FatTailedSizing = {
  ...{ trades: 30, scatter: [0.7, 1.4], stays: 0.9, freedom: 3, winProbability: [0.47, 0.63] },
  ...{ cost: 0.02, impact: 0.02, headroom: [8, 20] },
};

/**
 * A session of trades of one account: regime, confidence, account state and headroom are seen, a multiplier is chosen. The
 * session ends early where the account reaches its floor; how far a fat tail went beyond it is lost too.
 */
export function fatTailedSizing(of: FatTailedSizing = FAT_TAILED): Environment<SessionState> {
  const between = ([low, high]: readonly [number, number], random: Random): number =>
    low + (high - low) * random.uniform();
  const unit = Math.sqrt((of.freedom - 2) / of.freedom);
  return {
    name: 'fat-tailed sizing',
    observations: sizingObservations,
    action: MULTIPLIER_ACTION,
    rewardUnit: 'R',
    stepsMax: of.trades,
    begin: (random) => ({
      trade: 0,
      volatile: random.uniform() < 0.5,
      winProbability: between(of.winProbability, random),
      equity: 0,
      highest: 0,
      headroom: between(of.headroom, random),
    }),
    observe: (state, to, at) => {
      to[at] = state.winProbability;
      to[at + 1] = state.volatile ? 1 : 0;
      to[at + 2] = state.equity;
      to[at + 3] = state.highest - state.equity;
      to[at + 4] = state.headroom + state.equity;
      to[at + 5] = 1 - state.trade / of.trades;
    },
    step: (before, size, random) => {
      const scatter = of.scatter[before.volatile ? 1 : 0];
      const result = 2 * before.winProbability - 1 + scatter * unit * studentT(random, of.freedom);
      const reward = size * (result - of.cost) - of.impact * size * size;
      const equity = before.equity + reward;
      const state = {
        trade: before.trade + 1,
        volatile: random.uniform() < of.stays ? before.volatile : !before.volatile,
        winProbability: between(of.winProbability, random),
        equity,
        highest: Math.max(before.highest, equity),
        headroom: before.headroom,
      };
      const over = state.trade === of.trades || equity <= -before.headroom;
      return { state, reward, end: over ? 'terminal' : 'none' };
    },
  };
}
