import type { Bar } from '@bellwether/contracts';
import { minuteOfSession, sessionAt } from '@bellwether/market';
import { present } from '@bellwether/kernel';
import { sdPointsAt } from '../synthetic/day-shape.js';
import { SCALES } from '../synthetic/generate-sessions.js';
import { REGIME_WORLD } from './hidden-regime.js';

interface Hypothesis {
  readonly highvol: boolean;
  readonly direction: 1 | 0 | -1;
}

const HYPOTHESES: readonly Hypothesis[] = [false, true].flatMap((highvol) =>
  ([1, 0, -1] as const).map((direction) => ({ highvol, direction })),
);

/** Mean and deviation of the logarithm of a random walk's range over a minute, in standard deviations of its change. */
const LOG_RANGE = { mean: 0.425, deviation: 0.295 } as const;
/** A range of a few ticks is counted in whole ones: half of one more comes close to that of the path between them. */
const RANGE_SLACK_TICKS = 0.5;

function stays(minutes: number, same: boolean): number {
  return same ? 1 - 1 / minutes : 1 / minutes;
}

/** The chance of a hypothesis a minute after another. */
function turned(from: Hypothesis, to: Hypothesis): number {
  const { calm_minutes, highvol_minutes, chop_minutes, trend_minutes } = REGIME_WORLD;
  const volatility = stays(from.highvol ? highvol_minutes : calm_minutes, from.highvol === to.highvol);
  if (from.direction !== 0 && to.direction !== 0 && from.direction !== to.direction) return 0;
  const trend = stays(from.direction === 0 ? chop_minutes : trend_minutes, from.direction === to.direction);
  return volatility * (from.direction === 0 && to.direction !== 0 ? trend / 2 : trend);
}

const TURNS = HYPOTHESES.map((to) => HYPOTHESES.map((from) => turned(from, to)));

function firstWeights(): readonly number[] {
  const { calm_minutes, highvol_minutes, chop_minutes, trend_minutes } = REGIME_WORLD;
  const highvolShare = highvol_minutes / (calm_minutes + highvol_minutes);
  const trendShare = trend_minutes / (chop_minutes + trend_minutes);
  return HYPOTHESES.map(({ highvol, direction }) => {
    const axis = direction === 0 ? 1 - trendShare : trendShare / 2;
    return (highvol ? highvolShare : 1 - highvolShare) * axis;
  });
}

/**
 * The best that a classifier can know of the world of four regimes from its bars up to now: a filter that knows every
 * parameter of {@link REGIME_WORLD}, and not the states. What a rule reaches is measured against this, not against the truth.
 */
export class KnowingFilter {
  private weights = firstWeights();
  private before: Bar | null = null;
  private trade_date = 0;
  private average_ticks = 0;

  /** Probabilities of Calm-Trend, Calm-Chop, HighVol-Trend, HighVol-Chop after a one-minute bar. */
  next(bar: Bar): readonly number[] {
    const session = present(sessionAt(bar.open_us), 'the session of a bar');
    const minute = minuteOfSession(session, bar.open_us);
    const opens = this.trade_date !== session.trade_date;
    // Nothing is learned from a jump over the break.
    const from_ticks = this.before === null || opens ? bar.open_ticks : this.before.close_ticks;
    this.average_ticks =
      this.before === null ? from_ticks : this.average_ticks + from_ticks - this.before.close_ticks;
    const scale = present(SCALES.get(bar.symbol) ?? null, 'the scale of a symbol');
    const usual_ticks = (sdPointsAt(minute) * scale.ticks_per_es_point * from_ticks) / scale.level_ticks;
    const predicted = TURNS.map((row) => row.reduce((sum, chance, i) => sum + chance * this.weights[i]!, 0));
    const logs = HYPOTHESES.map(
      (one, i) => Math.log(predicted[i]!) + this.logLikelihood(one, bar, from_ticks, usual_ticks),
    );
    const largest = Math.max(...logs);
    const raw = logs.map((value) => Math.exp(value - largest));
    const total = raw.reduce((sum, value) => sum + value, 0);
    this.weights = raw.map((value) => value / total);
    this.average_ticks += REGIME_WORLD.average_weight * (bar.close_ticks - this.average_ticks);
    this.before = bar;
    this.trade_date = session.trade_date;
    const sumOf = (highvol: boolean, trending: boolean): number =>
      HYPOTHESES.reduce((sum, one, k) => {
        const meant = one.highvol === highvol && (one.direction !== 0) === trending;
        return meant ? sum + this.weights[k]! : sum;
      }, 0);
    return [sumOf(false, true), sumOf(false, false), sumOf(true, true), sumOf(true, false)];
  }

  /** Of the range under its volatility, and of the change under its drift given that (Girsanov). */
  private logLikelihood(one: Hypothesis, bar: Bar, from_ticks: number, usual_ticks: number): number {
    const { calm_factor, highvol_factor, trend_drift, chop_pull } = REGIME_WORLD;
    const sd_ticks = usual_ticks * (one.highvol ? highvol_factor : calm_factor);
    const range_ticks = bar.high_ticks - bar.low_ticks + RANGE_SLACK_TICKS;
    const z = (Math.log(range_ticks / sd_ticks) - LOG_RANGE.mean) / LOG_RANGE.deviation;
    const pull = chop_pull * (this.average_ticks - from_ticks);
    const drift_ticks = one.direction === 0 ? pull : one.direction * trend_drift * sd_ticks;
    const change_ticks = bar.close_ticks - from_ticks;
    return (
      -0.5 * z * z + (drift_ticks * change_ticks - 0.5 * drift_ticks * drift_ticks) / (sd_ticks * sd_ticks)
    );
  }
}
