import {
  type BanditConfig,
  type ClosedTrade,
  type Frame,
  type PortfolioPart,
  type RegimeState,
  type Strategy,
} from '@bellwether/contracts';
import { decisionId } from '@bellwether/kernel';
import { tradeDateAt } from '@bellwether/market';
import { vectorInputs } from '@bellwether/model-slots';
import { symbolOf } from '../gates.js';
import { contextVector } from '../linucb.js';
import { rewardOf } from '../rewards.js';

/** The features at a choice, as a trunk is asked about them. */
export interface SeenFeatures {
  /** `features [43]`, `mask [43]`. */
  readonly inputs: Float32Array;
  readonly schema_hash: string;
  /** Market time of the choice; its bars are so long. */
  readonly at_us: number;
  readonly interval_us: number;
}

/** A choice as it was logged: the arms that were live, the probabilities it was drawn by, and what came of it. */
export interface LoggedChoice {
  readonly decision_id: string;
  readonly symbol: string;
  readonly trade_date: number;
  readonly arms: readonly Strategy[];
  readonly probabilities: readonly number[];
  /** Into `arms`. */
  readonly chosen: number;
  readonly regime: RegimeState;
  /** Context of the linear policies; null where it was not known. */
  readonly x: readonly number[] | null;
  /** Absent where there were none, and in made-up logs. */
  readonly seen?: SeenFeatures;
  /** Net R, clipped; 0 where no trade came of it. */
  readonly reward: number;
  /** The trade that it became; null where none did. */
  readonly trade: ClosedTrade | null;
  /** Choices, counted from the first, that had been made when its reward was known; Infinity where it never was. */
  readonly known_at: number;
}

/** Choices in order, and what became of those that have no reward. */
export interface ChoiceLog {
  readonly choices: readonly LoggedChoice[];
  /** Of the newest release; null before the first. */
  readonly config: BanditConfig | null;
  /** Whose trade was open at the end, and whose trade had no known risk: they are left out. */
  readonly open: number;
  readonly without_risk: number;
}

type Pending = Omit<LoggedChoice, 'reward' | 'trade' | 'known_at'>;

/** Gathers the choices of one book from its frames, in order. */
export class ChoiceCollector {
  private readonly made: Pending[] = [];
  private readonly ended = new Map<string, { readonly trade: ClosedTrade; readonly known_at: number }>();
  private config: BanditConfig | null = null;
  private portfolio: PortfolioPart | null = null;

  add(frame: Frame): void {
    this.config = frame.entry?.release?.config?.bandit ?? this.config;
    if (frame.portfolio?.fault === null) {
      this.portfolio = frame.portfolio;
      for (const trade of frame.portfolio.closed) {
        // A trade that is told again changes nothing: nor does it in the stage.
        if (!this.ended.has(trade.decision_id)) {
          this.ended.set(trade.decision_id, { trade, known_at: this.made.length });
        }
      }
    }
    const choice = choiceOf(frame);
    if (choice !== null) this.made.push(choice);
  }

  log(): ChoiceLog {
    const live = new Set<string>();
    for (const { decision_id } of this.portfolio?.positions ?? []) live.add(decision_id);
    for (const { decision_id } of this.portfolio?.working ?? []) live.add(decision_id);
    const choices: LoggedChoice[] = [];
    let [open, without_risk] = [0, 0];
    for (const choice of this.made) {
      const end = this.ended.get(choice.decision_id);
      const reward = end === undefined ? 0 : rewardOf(end.trade);
      if (end === undefined && live.has(choice.decision_id)) open += 1;
      else if (reward === null) without_risk += 1;
      else choices.push(settled(choice, reward, end));
    }
    return { choices, config: this.config, open, without_risk };
  }
}

function settled(
  choice: Pending,
  reward: number,
  end: { readonly trade: ClosedTrade; readonly known_at: number } | undefined,
): LoggedChoice {
  return { ...choice, reward, trade: end?.trade ?? null, known_at: end?.known_at ?? Infinity };
}

function choiceOf(frame: Frame): Pending | null {
  const { bandit, entry, regime } = frame;
  if (bandit?.fault !== null || bandit.chosen === null || entry === null || regime === null) return null;
  const arms: Strategy[] = [];
  const probabilities: number[] = [];
  for (const { setup, probability } of bandit.candidates) {
    if (setup === null) return null;
    arms.push(setup.strategy);
    probabilities.push(probability);
  }
  return {
    decision_id: decisionId(frame.book, frame.seq),
    symbol: symbolOf(frame),
    trade_date: tradeDateAt(entry.event_us),
    arms,
    probabilities,
    chosen: bandit.chosen,
    regime: regime.state,
    x: contextVector(frame),
    ...seenIn(frame),
  };
}

function seenIn({ entry, features }: Frame): Pick<Pending, 'seen'> {
  const vector = features?.vector ?? null;
  if (vector === null || vector.present_index.length === 0 || entry === null) return {};
  const { bar, event_us } = entry;
  const at_us = bar === null ? event_us : bar.open_us + bar.interval_us;
  const interval_us = bar?.interval_us ?? 0;
  return {
    seen: { inputs: vectorInputs(vector), schema_hash: vector.schema_sha256, at_us, interval_us },
  };
}
