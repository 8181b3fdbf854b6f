import type { NumberSource } from './normal-source.js';
import { sdPointsAt, volumeAt } from './day-shape.js';
import { nextPhase, type Phase } from './phase.js';

/** One minute of prices before it is a bar: integer ticks and contracts. */
export interface Minute {
  readonly open_ticks: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
  readonly volume: number;
}

/** How large a symbol's prices, moves and volumes are. */
export interface SyntheticScale {
  /** Price at the start, in ticks. */
  readonly level_ticks: number;
  /** Ticks of this symbol to one point of ES at 6,000, for the size of moves. */
  readonly ticks_per_es_point: number;
  /** Volume as a share of that of ES. */
  readonly volume_factor: number;
}

/** Steps within a minute, so that a bar has a range of its own. */
const STEPS = 12;
const STEP_SHARE = 1 / Math.sqrt(STEPS);

/** Chance of a burst (as after news) in a minute, and how much of it is left a minute later. */
const BURST_CHANCE = 0.002;
const BURST_LEFT = 0.75;

/** Volatility of days: log-normal, with this much of yesterday's left. */
const DAY_MEMORY = 0.7;
const DAY_SD = 0.25;

/** A shift over the daily break and over a weekend, in ES points. */
const BREAK_GAP_POINTS = 2;
const WEEKEND_GAP_POINTS = 10;

/** The running price. Mutable: it belongs to one generator. */
export class PricePath {
  private price: number;
  private anchor: number;
  private phase: Phase;
  private phaseMinute = 0;
  private dayLog = 0;
  private burst = 0;

  constructor(
    private readonly source: NumberSource,
    private readonly scale: SyntheticScale,
  ) {
    this.price = scale.level_ticks;
    this.anchor = scale.level_ticks;
    this.phase = nextPhase(null, source);
  }

  /** Moves over the time in which nothing traded. */
  openSession(afterWeekend: boolean): void {
    const gap = afterWeekend ? WEEKEND_GAP_POINTS : BREAK_GAP_POINTS;
    const shift = this.source.normal() * gap * this.ticksPerPoint();
    this.price += shift;
    this.anchor += shift;
    this.dayLog = DAY_MEMORY * this.dayLog + DAY_SD * this.source.normal();
  }

  /** The minute that begins this many minutes after the session's open. */
  minute(minuteOfSession: number): Minute {
    this.stepPhase();
    const { phase, source } = this;
    const progress = this.phaseMinute / phase.minutes;
    const level = phase.volatility_from + (phase.volatility_to - phase.volatility_from) * progress;
    if (source.uniform() < BURST_CHANCE) this.burst += 1 + 2 * source.uniform();
    const activity = level * Math.exp(this.dayLog) * (1 + this.burst);
    const sd = sdPointsAt(minuteOfSession) * activity * this.ticksPerPoint();
    this.burst *= BURST_LEFT;

    const from = this.price;
    const open = Math.round(this.price + 0.3 * source.normal());
    let high = open;
    let low = open;
    for (let i = 0; i < STEPS; i++) {
      const pull = phase.pull * (this.anchor - this.price);
      this.price += (phase.drift * sd + pull) / STEPS + sd * STEP_SHARE * source.normal();
      const ticks = Math.round(this.price);
      if (ticks > high) high = ticks;
      if (ticks < low) low = ticks;
    }
    const surprise = Math.min(3, Math.abs(this.price - from) / sd);
    const mood = Math.exp(0.35 * source.normal()) * (0.7 + 0.35 * surprise);
    const volume = volumeAt(minuteOfSession) * this.scale.volume_factor * Math.sqrt(activity) * mood;
    return {
      open_ticks: open,
      high_ticks: high,
      low_ticks: low,
      close_ticks: Math.round(this.price),
      volume: Math.max(1, Math.round(volume)),
    };
  }

  private stepPhase(): void {
    this.phaseMinute += 1;
    if (this.phaseMinute <= this.phase.minutes) return;
    this.phase = nextPhase(this.phase, this.source);
    this.phaseMinute = 1;
    this.anchor = this.price;
  }

  /** Moves grow with the price, so that a long run cannot reach zero. */
  private ticksPerPoint(): number {
    return (this.scale.ticks_per_es_point * this.price) / this.scale.level_ticks;
  }
}
