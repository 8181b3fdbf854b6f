import { Side } from '@bellwether/contracts';
import type { FollowedTrade, PlantedOutcome } from './planted-edge.js';
import type { TickWalk, WalkedMinute } from './tick-walk.js';

/** A losing trade never comes so far first, lest a managed stop follow it. */
const LOSER_BEST_R = 0.5;
/** A winning trade never comes so near its stop. */
const WINNER_WORST_R = 0.8;
/** Of its best, a winning trade that has come so far keeps this share. */
const KEPT_FROM_R = 0.5;
const KEPT_SHARE = 0.65;
/** Ticks beyond the level, so that a limit order is traded through. */
const THROUGH_TICKS = 2;
/** Ticks around the level, while the trade waits there for its end. */
const HELD_TICKS = 2;
/** How hard a step leans towards the line, a tick. */
const PULL = 0.04;
const LEAN_MAX = 0.3;

/** Where from, where to, which minute of how many. */
type Line = readonly [from_ticks: number, to_ticks: number, minute: number, minutes: number];

/** The market on its way to the end of a trade. Mutable: it belongs to one world. */
export class Steering {
  private minute = 0;
  private best_ticks = 0;
  private readonly sign: 1 | -1;
  private readonly risk_ticks: number;

  constructor(
    private readonly trade: FollowedTrade,
    private readonly outcome: PlantedOutcome,
    private readonly from_ticks: number,
  ) {
    this.sign = trade.side === Side.SHORT ? -1 : 1;
    this.risk_ticks = (trade.entry_ticks - trade.stop_ticks) * this.sign;
  }

  /** True when the market is free again: the trade has reached its stop, its target or its time. */
  get done(): boolean {
    const { outcome, minute, trade } = this;
    if (minute <= outcome.minutes + (outcome.before?.minutes ?? 0)) return false;
    if (!outcome.won || trade.target_ticks === outcome.level_ticks) return true;
    return trade.time_stop_minutes !== null && minute > trade.time_stop_minutes + 1;
  }

  next(walk: TickWalk, variance: number): WalkedMinute {
    this.minute += 1;
    const { outcome, minute } = this;
    const { before } = outcome;
    const minutesBefore = before?.minutes ?? 0;
    if (before !== null && minute <= minutesBefore) {
      if (minute === minutesBefore) return walk.minuteTo(before.level_ticks);
      const gains = [-WINNER_WORST_R * this.risk_ticks, this.gainAt(before.level_ticks) - 1] as const;
      return this.along(walk, variance, [this.from_ticks, before.level_ticks, minute, before.minutes], gains);
    }
    const direction = outcome.won ? this.sign : -this.sign;
    const minutes = minute - minutesBefore;
    if (minutes === outcome.minutes) return walk.minuteTo(outcome.level_ticks + direction * THROUGH_TICKS);
    if (minutes > outcome.minutes) {
      return walk.minute(variance, (price) => within(price, outcome.level_ticks, HELD_TICKS));
    }
    const from_ticks = before?.level_ticks ?? this.from_ticks;
    return this.along(walk, variance, [from_ticks, outcome.level_ticks, minutes, outcome.minutes], null);
  }

  /** The next minute along a straight line, held within these gains; null: those of the outcome. */
  private along(
    walk: TickWalk,
    variance: number,
    [from_ticks, to_ticks, minute, minutes]: Line,
    gains: readonly [lowest: number, highest: number] | null,
  ): WalkedMinute {
    const before = (minute - 1) / minutes;
    return walk.minute(variance, (price, progress) => {
      const share = before + progress / minutes;
      return this.lean(price, from_ticks + share * (to_ticks - from_ticks), gains);
    });
  }

  private gainAt(price_ticks: number): number {
    return (price_ticks - this.trade.entry_ticks) * this.sign;
  }

  /** In ticks of gain, so that long and short are alike. */
  private lean(price_ticks: number, line_ticks: number, bounds: readonly [number, number] | null): number {
    const gain = this.gainAt(price_ticks);
    this.best_ticks = Math.max(this.best_ticks, gain);
    const wanted = (line_ticks - price_ticks) * this.sign;
    const pulled = 0.5 + Math.max(-LEAN_MAX, Math.min(LEAN_MAX, PULL * wanted));
    const [lowest, highest] = bounds ?? [this.lowest(), this.highest()];
    const gains = gain <= lowest ? 1 : gain >= highest ? 0 : pulled;
    return this.sign === 1 ? gains : 1 - gains;
  }

  private lowest(): number {
    const { risk_ticks, best_ticks, outcome } = this;
    if (!outcome.won) return -risk_ticks + 1;
    const worst = -WINNER_WORST_R * risk_ticks;
    return best_ticks >= KEPT_FROM_R * risk_ticks ? KEPT_SHARE * best_ticks : worst;
  }

  private highest(): number {
    const { outcome, trade, sign, risk_ticks } = this;
    if (outcome.before !== null) return this.gainAt(outcome.before.level_ticks);
    if (!outcome.won) return LOSER_BEST_R * risk_ticks;
    return (outcome.level_ticks - trade.entry_ticks) * sign - 1;
  }
}

function within(price_ticks: number, middle_ticks: number, margin_ticks: number): number {
  if (price_ticks >= middle_ticks + margin_ticks) return 0;
  return price_ticks <= middle_ticks - margin_ticks ? 1 : 0.5;
}
