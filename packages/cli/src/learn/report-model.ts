import type { ChoiceLog, Evaluation, TrunkSaid } from '@bellwether/bandit';
import type { RegimeState, Selection, Strategy } from '@bellwether/contracts';

/** Expected reward of an arm and its deviation, in R. */
export interface ArmBelief {
  readonly expected_r: number;
  readonly doubt_r: number;
}

/** One arm in one regime, over the whole log. */
export interface ArmInRegime {
  readonly strategy: Strategy;
  /** Choices in which it was live, and those that were of it. */
  readonly live: number;
  readonly chosen: number;
  /** Mean probability that it was given where it was live, and that of its last choice. */
  readonly probability: number;
  readonly probability_last: number;
  readonly trades: number;
  /** Of its trades; null without one. */
  readonly mean_r: number | null;
  /** What the regressions of LinUCB, and the posteriors over the trunk, make of it at the mean context of the regime; null without one. */
  readonly linear: ArmBelief | null;
  readonly trunk: ArmBelief | null;
}

export interface RegimeRows {
  readonly regime: RegimeState;
  readonly choices: number;
  readonly arms: readonly ArmInRegime[];
}

/** What the choices came to beside the best arm that could have been fixed beforehand by one who knew the end. */
export interface Regret {
  readonly logged_r: number | null;
  /** One policy for each arm that was ever live: it trades whenever that arm is live, and not otherwise. */
  readonly fixed: readonly Evaluation[];
  /** The best of those that could be judged (doubly robust), and how much more it earned over all choices; null where none could. */
  readonly best: { readonly policy: string; readonly value_r: number; readonly regret_r: number } | null;
  /** Rewards of the book summed up, at evenly spaced choices: at most 60 points. */
  readonly earned: readonly number[];
}

export interface Exploration {
  /** Choices between several arms, and those of them that were not of the most probable one. */
  readonly several: number;
  readonly explored: number;
  /** Share of them, in ten equal parts of the log; null where a part has none. */
  readonly course: readonly (number | null)[];
}

/** A model that took its place while the log was written. */
export interface PromotionSeen {
  readonly at_us: number;
  readonly model: string;
  readonly version: string;
  readonly cause: string;
}

/** One stretch of the log. */
export interface StretchFigures {
  readonly choices: number;
  readonly trades: number;
  readonly mean_r: number | null;
  readonly exploration: number | null;
  readonly shares: readonly { readonly strategy: Strategy; readonly share: number }[];
}

export interface SincePromotion {
  readonly promotion: PromotionSeen;
  readonly before: StretchFigures;
  readonly after: StretchFigures;
}

/** Multipliers of the base size that the served agent says: by regime, then confidence, then headroom. */
export interface SizingPicture {
  readonly version: string;
  readonly confidences: readonly number[];
  readonly headrooms_r: readonly number[];
  readonly grids: readonly {
    readonly regime: 'calm' | 'volatile';
    /** One row a confidence, one number a headroom. */
    readonly multipliers: readonly (readonly number[])[];
  }[];
}

export interface LearnReport {
  readonly book: string;
  readonly synthetic: boolean;
  readonly frames: number;
  readonly from_us: number;
  readonly to_us: number;
  /** Who decided and who stood in shadow, by the newest release. */
  readonly evidence: string;
  readonly selection: Selection;
  /** Version of the trunk that the posteriors are over; null where there is none. */
  readonly trunk: string | null;
  readonly choices: number;
  readonly trades: number;
  readonly open: number;
  readonly without_risk: number;
  readonly regimes: readonly RegimeRows[];
  readonly regret: Regret;
  readonly exploration: Exploration;
  readonly promotions: readonly PromotionSeen[];
  readonly since: SincePromotion | null;
  /** The picture, or why there is none. */
  readonly sizing: SizingPicture | string;
}

/** What a report is made of. */
export interface LearnInput {
  readonly book: string;
  readonly synthetic: boolean;
  readonly frames: number;
  readonly from_us: number;
  readonly to_us: number;
  /** Who decided and who stood in shadow, by the newest release. */
  readonly evidence: string;
  readonly log: ChoiceLog;
  readonly promotions: readonly PromotionSeen[];
  /** Sequence of the decision at which each promotion came. */
  readonly promoted_at: readonly number[];
  readonly trunk: { readonly version: string; readonly said: TrunkSaid } | null;
  readonly sizing: SizingPicture | string;
}
