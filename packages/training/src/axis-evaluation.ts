import { uniformSource } from '@bellwether/kernel';
import { Reliability, balancedAccuracy, emptyConfusion, logLoss } from './classification-scores.js';

/** One bar of which an axis was asked, what was said of it, and what came. */
export interface AxisBar {
  /** yyyymmdd; bars of a session follow each other. */
  readonly trade_date: number;
  /** Five minutes of the day. */
  readonly bucket: number;
  /** What came in the half hour after it. */
  readonly came: boolean;
  /** What came in the half hour before it, by the same rule: known when it closes. */
  readonly was: boolean;
  /** Probability that the classifier gave. */
  readonly probability: number;
}

export interface Scores {
  /** Mean of the two hit rates; 0.5 is chance. Null where only one of the two ever came. */
  readonly balanced_accuracy: number | null;
  /** In nats. */
  readonly log_loss: number;
  readonly brier: number;
}

/** One axis of the regime against what it must beat. */
export interface AxisScores {
  readonly cases: number;
  readonly sessions: number;
  /** How often a yes came. */
  readonly share: number;
  readonly rule: Scores;
  /** 95 % of the balanced accuracy of the rule, over draws of whole sessions; null with fewer than five. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Mean distance between the probability said and the frequency that came. */
  readonly calibration_error: number;
  /** The frequency at this time of day in the sessions before. */
  readonly base_rate: Scores;
  /** What came in the half hour before comes again, as often as it did in the sessions before. */
  readonly persistence: Scores;
}

const DRAWS = 1_000;
const SESSIONS_MIN = 5;

/** How often a yes came, with one of each added: a half before anything came. */
class Frequency {
  private yes = 1;
  private all = 2;

  add(came: boolean): void {
    this.yes += came ? 1 : 0;
    this.all += 1;
  }

  get value(): number {
    return this.yes / this.all;
  }
}

/** Sums over cases. */
class Tally {
  readonly confusion = emptyConfusion(2);
  private loss = 0;
  private squares = 0;
  private cases = 0;

  /** @param says what is named, where that is not the more probable of the two */
  add(probability: number, came: boolean, says = probability > 0.5): void {
    this.confusion[came ? 1 : 0]![says ? 1 : 0]! += 1;
    this.loss += logLoss(came ? probability : 1 - probability);
    this.squares += (probability - (came ? 1 : 0)) ** 2;
    this.cases += 1;
  }

  scores(): Scores {
    const { confusion, loss, squares, cases } = this;
    return {
      balanced_accuracy: balancedAccuracy(confusion),
      log_loss: loss / cases,
      brier: squares / cases,
    };
  }
}

/** Balanced accuracy over draws of as many sessions as there are, with replacement. */
function drawnInterval(sessions: readonly Tally[]): readonly [number, number] | null {
  if (sessions.length < SESSIONS_MIN) return null;
  const uniform = uniformSource('sessions drawn with replacement');
  const drawn: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    const total = emptyConfusion(2);
    for (const _session of sessions) {
      const { confusion } = sessions[Math.floor(uniform() * sessions.length)]!;
      for (let a = 0; a < 2; a++) for (let b = 0; b < 2; b++) total[a]![b]! += confusion[a]![b]!;
    }
    const accuracy = balancedAccuracy(total);
    if (accuracy !== null) drawn.push(accuracy);
  }
  if (drawn.length < DRAWS / 2) return null;
  drawn.sort((a, b) => a - b);
  return [drawn[Math.floor(0.025 * drawn.length)]!, drawn[Math.ceil(0.975 * drawn.length) - 1]!];
}

/** The baselines of a session know the sessions before it, and nothing of itself. */
class Baselines {
  private readonly byBucket = new Map<number, Frequency>();
  private readonly after = { yes: new Frequency(), no: new Frequency() };

  baseRate(bucket: number): number {
    return this.byBucket.get(bucket)?.value ?? 0.5;
  }

  persistence(was: boolean): number {
    return (was ? this.after.yes : this.after.no).value;
  }

  learn(session: readonly AxisBar[]): void {
    for (const { bucket, came, was } of session) {
      const known = this.byBucket.get(bucket) ?? new Frequency();
      known.add(came);
      this.byBucket.set(bucket, known);
      (was ? this.after.yes : this.after.no).add(came);
    }
  }
}

/** Scores of an axis over bars in order; null where there are none. */
export function evaluateAxis(bars: readonly AxisBar[]): AxisScores | null {
  if (bars.length === 0) return null;
  const [rule, baseRate, persistence] = [new Tally(), new Tally(), new Tally()];
  const reliability = new Reliability();
  const baselines = new Baselines();
  const bySession: Tally[] = [];
  let session: AxisBar[] = [];
  for (const bar of bars) {
    if (session[0]?.trade_date !== bar.trade_date) {
      baselines.learn(session);
      session = [];
      bySession.push(new Tally());
    }
    session.push(bar);
    rule.add(bar.probability, bar.came);
    bySession[bySession.length - 1]!.add(bar.probability, bar.came);
    reliability.add(bar.probability, bar.came);
    baseRate.add(baselines.baseRate(bar.bucket), bar.came);
    persistence.add(baselines.persistence(bar.was), bar.came, bar.was);
  }
  return {
    cases: bars.length,
    sessions: bySession.length,
    share: bars.filter(({ came }) => came).length / bars.length,
    rule: rule.scores(),
    interval: drawnInterval(bySession),
    calibration_error: reliability.expectedCalibrationError(),
    base_rate: baseRate.scores(),
    persistence: persistence.scores(),
  };
}
