import { BellwetherError, RegimeState, type Bar } from '@bellwether/contracts';
import { instrumentOf, isHalted, type Instrument, type TradeSession } from '@bellwether/market';
import { sdPointsAt, volumeAt } from '../synthetic/day-shape.js';
import { SCALES, barOf, sessionsFrom } from '../synthetic/generate-sessions.js';
import { numberSource, type NumberSource } from '../synthetic/normal-source.js';
import type { SyntheticScale } from '../synthetic/price-path.js';
import { REGIME_WORLD, firstRegime, nextRegime, regimeStateOf, type HiddenRegime } from './hidden-regime.js';
import {
  drawOutcome,
  givenBack,
  hasEdge,
  type PlannedEnd,
  type PlantedEdge,
  type FollowedTrade,
  type PlantedOutcome,
} from './planted-edge.js';
import { SHORT_DRIFT, nextDrift, type DriftDirection } from './short-drift.js';
import { Steering } from './steering.js';
import { TickWalk, type Lean, type WalkedMinute } from './tick-walk.js';

const MINUTE_US = 60_000_000;

/**
 * `random_walk`: nothing to find. `regimes`: four states that are known, with drift and pull. `edge`: a random walk whose
 * volatility changes as in `regimes`, and one strategy that has an edge because the market is led to the end of its trades.
 * `drift`: leans of some minutes one way or the other, and nothing else.
 */
export type WorldKind = 'random_walk' | 'regimes' | 'edge' | 'drift';

/** From a session on the leans are weaker: what was learned before is then too sure of itself. */
export interface Weakening {
  /** Sessions before it, counted from the first. */
  readonly afterSessions: number;
  /** Share of the drift that is left. */
  readonly factor: number;
}

export interface WorldOptions {
  readonly kind: WorldKind;
  readonly seed: string;
  /** ES, MES, NQ or MNQ. */
  readonly symbol: string;
  /** yyyymmdd; must have a session. Halts, short days and the change of clocks come with the dates. */
  readonly firstTradeDate: number;
  readonly sessions: number;
  /** True: one-minute changes as of Student's t with four degrees of freedom. */
  readonly fatTails?: boolean;
  /** True: minutes without a trade, holes of 6 to 40 minutes, large jumps from session to session. */
  readonly gaps?: boolean;
  /** Standard deviation of the logarithm of a day's volatility; 0.25 in the two walks, 0 in `regimes`. */
  readonly dayVolatility?: number;
  /** For `edge`; without it a study says of each trade what it earns ({@link World.follow}). */
  readonly edge?: PlantedEdge;
  /** For `drift`. */
  readonly weakening?: Weakening;
}

/** A bar, and what only the world knows. */
export interface WorldBar {
  readonly bar: Bar;
  /** UNSPECIFIED in a world without regimes. */
  readonly regime: RegimeState;
  readonly hidden: HiddenRegime | null;
}

const DAY_VOLATILITY = 0.25;
const DAY_MEMORY = 0.7;
/** A shift over the daily break and over a weekend, in ES points; with `gaps` five times that. */
const BREAK_JUMP_POINTS = 2;
const WEEKEND_JUMP_POINTS = 10;
const GAPS_JUMP_FACTOR = 5;
const WEEKEND_US = 12 * 60 * MINUTE_US;
/** Share of minutes without a trade at 100 contracts a minute, and how often a longer hole begins. */
const QUIET_SHARE = 0.04;
const QUIET_VOLUME = 100;
const HOLE_CHANCE = 1 / 1_500;
const HOLE_MINUTES = [6, 40] as const;
/** One draw in many thousands of Student's t reaches this variance; the walk bounds its steps besides. */
const TAIL_VARIANCE_MAX = 40;

/**
 * A made-up market that obeys the trading calendar and the tick grid, bar by bar. The same options give the same bars, as
 * long as the same trades are followed.
 */
export class World {
  private readonly source: NumberSource;
  private readonly scale: SyntheticScale;
  private readonly instrument: Instrument;
  private readonly sessions: readonly TradeSession[];
  private readonly walk: TickWalk;
  private session = -1;
  private minuteOfSession = 0;
  private dayLog = 0;
  private hidden: HiddenRegime | null;
  private average_ticks: number;
  private holeMinutes = 0;
  private drift: DriftDirection = 0;
  private steering: Steering | null = null;
  private edge: PlantedEdge | null;

  /** @throws BellwetherError `unknown_symbol`; InvariantError on a date without a session */
  constructor(private readonly options: WorldOptions) {
    const instrument = instrumentOf(options.symbol);
    const scale = SCALES.get(options.symbol);
    if (instrument === null || scale === undefined) {
      throw new BellwetherError('unknown_symbol', `Expected ES, NQ, MES or MNQ, was ${options.symbol}`);
    }
    this.edge = options.edge ?? null;
    this.instrument = instrument;
    this.scale = scale;
    this.sessions = sessionsFrom(options.firstTradeDate, options.sessions);
    const { kind, seed, symbol, firstTradeDate } = options;
    this.source = numberSource(`${kind}:${seed}:${symbol}:${firstTradeDate}`);
    this.hidden = kind === 'random_walk' || kind === 'drift' ? null : firstRegime(this.source);
    this.walk = new TickWalk(this.source, scale.level_ticks);
    this.average_ticks = scale.level_ticks;
  }

  /** The next bar of one minute, or null after the last session. */
  next(): WorldBar | null {
    for (;;) {
      const session = this.sessionOfNextMinute();
      if (session === null) return null;
      const open_us = session.open_us + this.minuteOfSession * MINUTE_US;
      const made = this.minute(session, open_us);
      this.minuteOfSession += 1;
      if (made !== null) return made;
    }
  }

  /**
   * Tells the world of a trade: at its setup where it enters at the market, else once it is filled. Where its strategy and
   * regime are the planted ones and no other trade is followed, the market is led to the end that is drawn for it; otherwise
   * null, and the market goes on as it would.
   *
   * @param planned what this trade earns, in the place of the planted edge
   */
  follow(trade: FollowedTrade, planned: PlannedEnd | null = null): PlantedOutcome | null {
    if (this.steering !== null) return null;
    const outcome = this.outcomeOf(trade, planned);
    if (outcome !== null) this.steering = new Steering(trade, outcome, this.walk.price_ticks);
    return outcome;
  }

  private outcomeOf(trade: FollowedTrade, planned: PlannedEnd | null): PlantedOutcome | null {
    if (planned !== null) {
      return 'mean_r' in planned
        ? drawOutcome(trade, this.source, planned.mean_r)
        : givenBack(trade, planned.given_back_r, this.source);
    }
    if (this.edge === null || !hasEdge(this.edge, trade)) return null;
    return drawOutcome(trade, this.source, this.edge.mean_r);
  }

  /** From the next trade on the edge is elsewhere, or nowhere. A trade that is followed ends as it was drawn. */
  plant(edge: PlantedEdge | null): void {
    this.edge = edge;
  }

  /** The followed trade is over: the market is free again. */
  release(): void {
    this.steering = null;
  }

  private sessionOfNextMinute(): TradeSession | null {
    const running = this.sessions[this.session];
    if (running !== undefined && running.open_us + this.minuteOfSession * MINUTE_US < running.close_us) {
      return running;
    }
    const next = this.sessions[this.session + 1];
    if (next === undefined) return null;
    this.openSession(running === undefined ? 0 : next.open_us - running.close_us);
    return next;
  }

  private openSession(pause_us: number): void {
    const { gaps = false, kind, dayVolatility = kind === 'regimes' ? 0 : DAY_VOLATILITY } = this.options;
    this.session += 1;
    this.minuteOfSession = 0;
    this.steering = null;
    this.holeMinutes = 0;
    this.dayLog =
      DAY_MEMORY * this.dayLog + dayVolatility * Math.sqrt(1 - DAY_MEMORY ** 2) * this.source.normal();
    const points =
      (pause_us > WEEKEND_US ? WEEKEND_JUMP_POINTS : BREAK_JUMP_POINTS) * (gaps ? GAPS_JUMP_FACTOR : 1);
    const before_ticks = this.walk.price_ticks;
    this.walk.jump(this.source.normal() * points * this.ticksPerPoint());
    this.average_ticks += this.walk.price_ticks - before_ticks;
  }

  /** Null where the minute has no bar: a halt, a hole, no trade. */
  private minute(session: TradeSession, open_us: number): WorldBar | null {
    if (this.hidden !== null) this.hidden = nextRegime(this.hidden, this.source);
    if (this.options.kind === 'drift') this.drift = nextDrift(this.drift, this.source);
    const { hidden } = this;
    const activity = Math.exp(this.dayLog) * volatilityFactor(hidden) * Math.sqrt(this.tailVariance());
    const sd_ticks = sdPointsAt(this.minuteOfSession) * activity * this.ticksPerPoint();
    const before_ticks = this.walk.price_ticks;
    const walked = this.walked(sd_ticks);
    this.average_ticks += REGIME_WORLD.average_weight * (walked.close_ticks - this.average_ticks);
    const volume = this.volume(
      activity,
      Math.abs(walked.close_ticks - before_ticks) / Math.max(sd_ticks, 0.1),
    );
    if (isHalted(session, open_us) || this.isMissing(volume)) return null;
    return {
      bar: barOf(this.instrument, open_us, MINUTE_US, [{ ...walked, volume }]),
      regime:
        hidden === null || this.options.kind === 'edge' ? RegimeState.UNSPECIFIED : regimeStateOf(hidden),
      hidden,
    };
  }

  private walked(sd_ticks: number): WalkedMinute {
    const variance = sd_ticks * sd_ticks;
    if (this.steering?.done === true) this.steering = null;
    if (this.steering !== null) return this.steering.next(this.walk, variance);
    return this.walk.minute(variance, this.leanOf(sd_ticks));
  }

  private leanOf(sd_ticks: number): Lean | null {
    const { kind, weakening } = this.options;
    if (kind === 'regimes') return this.lean(sd_ticks);
    if (kind !== 'drift') return null;
    const weak = weakening !== undefined && this.session >= weakening.afterSessions;
    return driftLean(SHORT_DRIFT.drift * (weak ? weakening.factor : 1) * this.drift, sd_ticks);
  }

  /** A step of one tick that goes up with (1 + b) / 2 moves by b on average, and a minute has as many as its variance. */
  private lean(sd_ticks: number): Lean {
    const direction = this.hidden?.direction ?? 0;
    return direction === 0 ? this.pull(sd_ticks) : driftLean(REGIME_WORLD.trend_drift * direction, sd_ticks);
  }

  /** Back to the average of the last closes. */
  private pull(sd_ticks: number): Lean {
    const pull = REGIME_WORLD.chop_pull / (sd_ticks * sd_ticks);
    const middle_ticks = this.average_ticks;
    return (price) => 0.5 + 0.5 * Math.max(-0.9, Math.min(0.9, pull * (middle_ticks - price)));
  }

  /** One on average: four degrees of freedom over a chi-squared, so that a normal times its root is Student's t. */
  private tailVariance(): number {
    if (this.options.fatTails !== true) return 1;
    const chiSquared = -2 * Math.log((1 - this.source.uniform()) * (1 - this.source.uniform()));
    return Math.min(TAIL_VARIANCE_MAX, 2 / chiSquared);
  }

  private volume(activity: number, surprise: number): number {
    const mood = Math.exp(0.35 * this.source.normal()) * (0.7 + 0.35 * Math.min(3, surprise));
    const usual = volumeAt(this.minuteOfSession) * this.scale.volume_factor;
    return Math.max(1, Math.round(usual * Math.sqrt(activity) * mood));
  }

  private isMissing(volume: number): boolean {
    if (this.options.gaps !== true) return false;
    if (this.holeMinutes > 0) {
      this.holeMinutes -= 1;
      return true;
    }
    const [shortest, longest] = HOLE_MINUTES;
    if (this.source.uniform() < HOLE_CHANCE) {
      this.holeMinutes = shortest - 1 + Math.floor((longest - shortest + 1) * this.source.uniform());
      return true;
    }
    return this.source.uniform() < (QUIET_SHARE * QUIET_VOLUME) / (QUIET_VOLUME + volume);
  }

  /** Moves grow with the price, so that a long run cannot reach zero. */
  private ticksPerPoint(): number {
    return (this.scale.ticks_per_es_point * this.walk.price_ticks) / this.scale.level_ticks;
  }
}

/** `drift` in standard deviations a minute. */
function driftLean(drift: number, sd_ticks: number): Lean {
  const chance = 0.5 + 0.5 * Math.max(-0.9, Math.min(0.9, drift / sd_ticks));
  return () => chance;
}

function volatilityFactor(hidden: HiddenRegime | null): number {
  if (hidden === null) return 1;
  return hidden.highvol ? REGIME_WORLD.highvol_factor : REGIME_WORLD.calm_factor;
}

/** All bars of a world in which no trade is followed. */
export function* worldBars(options: WorldOptions): Generator<WorldBar, void, undefined> {
  const world = new World(options);
  for (let made = world.next(); made !== null; made = world.next()) yield made;
}

/** First trade dates that bring something with them. */
export const WORLD_DATES = {
  /** The change to daylight time is on 2025-03-09. */
  spring: 20_250_303,
  /** The change to standard time is on 2025-11-02. */
  autumn: 20_251_027,
  /** Thanksgiving halts at noon, the day after closes at 12:15. */
  half_days: 20_251_124,
  /** A halt from 15:15 to 15:30 each afternoon. */
  halts: 20_200_210,
} as const;
