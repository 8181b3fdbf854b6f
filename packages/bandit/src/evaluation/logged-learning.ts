import type { BanditConfig, ClosedTrade, Strategy } from '@bellwether/contracts';
import { NO_MODELS, learnLinear, withContext, type LinearState } from '../linucb.js';
import { posteriorOf, withReward } from '../neural/learn-rows.js';
import type { TrunkState } from '../neural/neural-state.js';
import type { LinearPosterior } from '../policies/posterior.js';
import { learn, rewardOf, type ArmRecord, type Rewards } from '../rewards.js';
import type { LoggedChoice } from './logged-choices.js';

/** What a trunk made of the features of a choice, by decision id; none where its features are others or were missing. */
export type TrunkSaid = ReadonlyMap<string, Float64Array>;

/** What the stage would know after some choices of a log and the rewards that were known by then, over one trunk. Mutable. */
export class LoggedLearning {
  private rewards: Rewards = { arms: [], rewarded: [] };
  private regressions: LinearState = NO_MODELS;
  private trunk: TrunkState;
  private readonly waiting = new Map<string, { readonly strategy: Strategy; readonly x: Float64Array }>();

  constructor(
    private readonly config: BanditConfig,
    private readonly said: TrunkSaid,
  ) {
    const { neural_ridge: ridge, neural_kept: kept } = config;
    this.trunk = { sha256: '', ridge, kept, taken: 0, rewards: 0, arms: [] };
  }

  get arms(): readonly ArmRecord[] {
    return this.rewards.arms;
  }

  get linear(): LinearState {
    return this.regressions;
  }

  posteriorOf(strategy: Strategy): LinearPosterior {
    return posteriorOf(this.trunk, strategy);
  }

  chosen({ symbol, decision_id, arms, chosen, x }: LoggedChoice): void {
    const strategy = arms[chosen]!;
    const features = this.said.get(decision_id);
    if (features !== undefined) this.waiting.set(decision_id, { strategy, x: features });
    if (x !== null) {
      this.regressions = withContext(this.regressions, { symbol, decision_id, strategy, x });
    }
  }

  rewarded(trade: ClosedTrade): void {
    const { record_kept, linucb_ridge, linucb_kept } = this.config;
    this.rewards = learn(this.rewards, [trade], record_kept);
    this.regressions = learnLinear(this.regressions, [trade], { ridge: linucb_ridge, kept: linucb_kept });
    const row = this.waiting.get(trade.decision_id);
    const reward = rewardOf(trade);
    if (row === undefined || reward === null) return;
    this.waiting.delete(trade.decision_id);
    this.trunk = withReward(this.trunk, row.strategy, row.x, reward);
  }
}

/** What is known at the end of a log. */
export function learnedFrom(
  choices: readonly LoggedChoice[],
  config: BanditConfig,
  said: TrunkSaid,
): LoggedLearning {
  const learning = new LoggedLearning(config, said);
  inOrder(
    choices,
    (choice) => {
      learning.chosen(choice);
    },
    (trade) => {
      learning.rewarded(trade);
    },
  );
  return learning;
}

/** Choices in order, and each reward before the first choice that was made after it was known; the rest at the end. */
export function inOrder(
  choices: readonly LoggedChoice[],
  onChoice: (choice: LoggedChoice) => void,
  onReward: (trade: ClosedTrade) => void,
): void {
  const due = choices
    .flatMap(({ trade, known_at }) => (trade === null ? [] : [{ trade, known_at }]))
    .sort((a, b) => a.known_at - b.known_at);
  let told = 0;
  choices.forEach((choice, i) => {
    for (; told < due.length && due[told]!.known_at <= i; told++) onReward(due[told]!.trade);
    onChoice(choice);
  });
  for (; told < due.length; told++) onReward(due[told]!.trade);
}
