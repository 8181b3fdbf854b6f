import { Strategy, type ClosedTrade } from '@bellwether/contracts';

/** Net R is clipped to this range, so that one lucky or broken trade does not decide for months (domain.md 6.2). */
export const REWARD_MIN_R = -2;
export const REWARD_MAX_R = 4;

/**
 * Decisions remembered as counted. A trade closes within its session and there are a few dozen a day at most, so a
 * repeat comes long before its id is forgotten.
 */
export const REWARDED_MAX = 256;

/** The closed trades of one arm, over all symbols and regimes. */
export interface ArmRecord {
  readonly strategy: Strategy;
  readonly count: number;
  readonly sum_r: number;
  /** What is left of the two where a book forgets; absent where it never did. */
  readonly faded?: Faded;
}

/** Trades and their rewards, each weighed by how many rewards came after it (Garivier and Moulines 2011, discounted UCB). */
export interface Faded {
  readonly count: number;
  readonly sum_r: number;
}

export interface Rewards {
  readonly arms: readonly ArmRecord[];
  readonly rewarded: readonly string[];
}

/** Reward of a closed trade in R, or null where it has none: no known risk, no strategy, no decision. */
export function rewardOf(trade: ClosedTrade): number | null {
  if (trade.net_r === null || trade.strategy === Strategy.UNSPECIFIED || trade.decision_id === '')
    return null;
  return Math.min(Math.max(trade.net_r, REWARD_MIN_R), REWARD_MAX_R);
}

/**
 * The records with these trades in them. A decision counts once, however often its trade is told. `kept`: share of all records
 * that each reward leaves; 0 and 1: all.
 */
export function learn(before: Rewards, closed: readonly ClosedTrade[], kept = 0): Rewards {
  if (closed.length === 0) return before;
  let { arms, rewarded } = before;
  for (const trade of closed) {
    const reward = rewardOf(trade);
    if (reward === null || rewarded.includes(trade.decision_id)) continue;
    arms = withReward(
      kept > 0 && kept < 1 ? arms.map((arm) => fadedBy(arm, kept)) : arms,
      trade.strategy,
      reward,
    );
    rewarded = [...rewarded, trade.decision_id].slice(-REWARDED_MAX);
  }
  return { arms, rewarded };
}

function withReward(arms: readonly ArmRecord[], strategy: Strategy, reward: number): readonly ArmRecord[] {
  const known = recordOf(arms, strategy);
  const next = added(known, reward);
  return [...arms.filter((arm) => arm.strategy !== strategy), next].sort((a, b) => a.strategy - b.strategy);
}

function added({ strategy, count, sum_r, faded }: ArmRecord, reward: number): ArmRecord {
  const whole = { strategy, count: count + 1, sum_r: sum_r + reward };
  if (faded === undefined) return whole;
  return { ...whole, faded: { count: faded.count + 1, sum_r: faded.sum_r + reward } };
}

function fadedBy(arm: ArmRecord, kept: number): ArmRecord {
  const { count, sum_r } = leftOf(arm);
  return { ...arm, faded: { count: kept * count, sum_r: kept * sum_r } };
}

/** What counts of a record: all of it where nothing fades. */
export function leftOf({ count, sum_r, faded }: ArmRecord): Faded {
  return faded ?? { count, sum_r };
}

export function recordOf(arms: readonly ArmRecord[], strategy: Strategy): ArmRecord {
  return arms.find((arm) => arm.strategy === strategy) ?? { strategy, count: 0, sum_r: 0 };
}
