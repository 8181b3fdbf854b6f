import {
  AuxStream,
  ReasonCode,
  Side,
  StreamStatus,
  type AuxVector,
  type EconomicRelease,
  type Releases,
  type StreamState,
  type Zone,
} from '@bellwether/contracts';
import { sessionAt, type TradeSession } from '@bellwether/market';
import { AUX_AT } from './aux-set.js';
import { auxVectorFrom, emptyAuxDraft, maskAux, putAux, type AuxDraft } from './aux-vector.js';
import { releaseTime, type BookStreams } from './book-streams.js';
import {
  eventProximity,
  nearnessOfLast,
  nearnessOfNext,
  releasesAt,
  releasesOf,
  type CoveredTime,
} from './calendar.js';
import { dayFlagsOf } from './day-flags.js';
import { newsAt } from './news.js';
import type { OptionsRun } from './options-flow.js';
import { seasonAt, weightOf, type SeasonReading } from './seasonality.js';
import type { SymbolStreams } from './symbol-streams.js';
import { underlyingsOf } from './underlyings.js';
import { nearestZone } from './zones.js';

const MINUTE_US = 60_000_000;
/** Positions of the evening before are told for a day. */
const POSITIONS_MAX_AGE_US = 1_440 * MINUTE_US;
/** A calendar that ends sooner is reported (domain.md 7.6). */
const CALENDAR_AHEAD_US = 14 * 1_440 * MINUTE_US;

/** What the frame says of the streams at an entry. */
export interface StreamReading {
  readonly vector: AuxVector;
  readonly zones: readonly Zone[];
  readonly releases: Releases | null;
  readonly streams: readonly StreamState[];
}

/** The symbol and the time that are asked about. */
export interface Moment {
  readonly symbol: string;
  /** Market time of the entry. */
  readonly now_us: number;
  /** Of the last bar. */
  readonly close_ticks: number;
  readonly atr14_m5_ticks: number | null;
}

const NO_ZONES_TOLD: readonly Zone[] = [];

/** Written anew for every vector, and handed to nobody. */
const DRAFT = emptyAuxDraft();

/** What the streams say of a symbol now. `before` is what they said last: what is the same is shared with it. */
export function readStreams(
  book: BookStreams,
  symbol: SymbolStreams,
  moment: Moment,
  before: StreamReading | null,
): StreamReading {
  const { now_us } = moment;
  const session = sessionAt(now_us);
  const covered = releaseTime(book, now_us);
  const releases = covered === null ? null : releasesAt(covered, now_us, session);
  const season =
    session === null || !book.config.seasonality ? null : seasonAt(symbol.season, session, now_us);
  const options = optionsState(book, moment);
  const news = newsState(book, now_us);
  const supply = zonesState(book, moment);
  const seasonality = seasonState(book, season);
  const economic = economicState(book, covered, now_us);
  const zones = supply.status === StreamStatus.LIVE ? symbol.zones.told : NO_ZONES_TOLD;
  putOptions(DRAFT, book, moment, options);
  putNews(DRAFT, book, moment, news);
  putZones(DRAFT, zones, moment, supply);
  putSeason(DRAFT, season, seasonality);
  putDay(DRAFT, book, session, covered);
  putEconomic(DRAFT, covered, releases, now_us, economic);
  const states = [options, news, supply, seasonality, economic];
  return {
    vector: auxVectorFrom(DRAFT, before === null ? null : before.vector),
    zones,
    releases,
    streams: before !== null && sameStates(states, before.streams) ? before.streams : states,
  };
}

function stateOf(
  stream: AuxStream,
  status: StreamStatus,
  reason: ReasonCode,
  as_of_us: number | null,
): StreamState {
  return { stream, status, reason, as_of_us };
}

function sameStates(a: readonly StreamState[], b: readonly StreamState[]): boolean {
  for (let i = 0; i < a.length; i++) {
    const one = a[i]!;
    const other = b[i]!;
    if (one.status !== other.status || one.reason !== other.reason) return false;
    if (one.as_of_us !== other.as_of_us) return false;
  }
  return true;
}

/** The best underlying that is not delayed, else the newest word of any. */
function runOf({ options, config }: BookStreams, { symbol, now_us }: Moment): OptionsRun | null {
  if (options.length === 0) return null;
  let newest: OptionsRun | null = null;
  for (const name of underlyingsOf(symbol)) {
    const run = options.find(({ underlying }) => underlying === name);
    if (run === undefined) continue;
    if (now_us - run.event_us <= config.options_max_age_minutes * MINUTE_US) return run;
    if (newest === null || run.event_us > newest.event_us) newest = run;
  }
  return newest;
}

function entryState(
  stream: AuxStream,
  on: boolean,
  last_us: number | null,
  now_us: number,
  max_age_minutes: number,
): StreamState {
  if (!on) return stateOf(stream, StreamStatus.ABSENT, ReasonCode.STREAM_OFF, null);
  if (last_us === null) return stateOf(stream, StreamStatus.ABSENT, ReasonCode.STREAM_ABSENT, null);
  return now_us - last_us > max_age_minutes * MINUTE_US
    ? stateOf(stream, StreamStatus.DELAYED, ReasonCode.STREAM_DELAYED, last_us)
    : stateOf(stream, StreamStatus.LIVE, ReasonCode.OK, last_us);
}

function optionsState(book: BookStreams, moment: Moment): StreamState {
  const { options, options_max_age_minutes } = book.config;
  const last_us = runOf(book, moment)?.event_us ?? null;
  return entryState(AuxStream.OPTIONS, options, last_us, moment.now_us, options_max_age_minutes);
}

function newsState({ config, news }: BookStreams, now_us: number): StreamState {
  return entryState(AuxStream.NEWS, config.news, news.last_us, now_us, config.news_max_age_minutes);
}

function zonesState({ config }: BookStreams, { atr14_m5_ticks }: Moment): StreamState {
  if (!config.zones) return stateOf(AuxStream.ZONES, StreamStatus.ABSENT, ReasonCode.STREAM_OFF, null);
  return atr14_m5_ticks === null
    ? stateOf(AuxStream.ZONES, StreamStatus.ABSENT, ReasonCode.WARM_UP, null)
    : stateOf(AuxStream.ZONES, StreamStatus.LIVE, ReasonCode.OK, null);
}

function seasonState({ config }: BookStreams, season: SeasonReading | null): StreamState {
  const stream = AuxStream.SEASONALITY;
  if (!config.seasonality) return stateOf(stream, StreamStatus.ABSENT, ReasonCode.STREAM_OFF, null);
  return season === null
    ? stateOf(stream, StreamStatus.ABSENT, ReasonCode.WARM_UP, null)
    : stateOf(stream, StreamStatus.LIVE, ReasonCode.OK, null);
}

function economicState({ config }: BookStreams, covered: CoveredTime | null, now_us: number): StreamState {
  const stream = AuxStream.ECONOMIC;
  if (!config.economic) return stateOf(stream, StreamStatus.ABSENT, ReasonCode.STREAM_OFF, null);
  if (covered === null) return stateOf(stream, StreamStatus.ABSENT, ReasonCode.NO_CALENDAR, null);
  const soon = covered.to_us - now_us < CALENDAR_AHEAD_US;
  return stateOf(
    stream,
    StreamStatus.LIVE,
    soon ? ReasonCode.STREAM_ENDS_SOON : ReasonCode.OK,
    covered.to_us,
  );
}

function clamp(x: number, k: number): number {
  return Math.max(-k, Math.min(k, x)) / k;
}

function putOptions(draft: AuxDraft, book: BookStreams, moment: Moment, state: StreamState): void {
  const { config } = book;
  const run = config.options ? runOf(book, moment) : null;
  if (run === null) {
    maskAux(draft, AUX_AT.O1, AUX_AT.O6, state.reason);
    return;
  }
  if (state.status === StreamStatus.LIVE) {
    putAux(draft, AUX_AT.O1, run.put_call_z === null ? null : clamp(run.put_call_z, 3), ReasonCode.WARM_UP);
    putAux(draft, AUX_AT.O2, run.unusual, ReasonCode.UNDEFINED);
  } else maskAux(draft, AUX_AT.O1, AUX_AT.O2, state.reason);
  if (moment.now_us - run.event_us > POSITIONS_MAX_AGE_US) {
    maskAux(draft, AUX_AT.O3, AUX_AT.O6, ReasonCode.STREAM_DELAYED);
    return;
  }
  const { net_gex_usd, levels } = run;
  const gex = net_gex_usd === null ? null : Math.tanh((config.gex_sign * net_gex_usd) / config.gex_scale_usd);
  putAux(draft, AUX_AT.O3, gex, ReasonCode.UNDEFINED);
  const own = levels.find(({ symbol }) => symbol === moment.symbol);
  putLevel(draft, AUX_AT.O4, own?.zero_gamma_ticks ?? null, 1, moment);
  putLevel(draft, AUX_AT.O5, own?.call_wall_ticks ?? null, -1, moment);
  putLevel(draft, AUX_AT.O6, own?.put_wall_ticks ?? null, 1, moment);
}

/** tanh of the way from the level to the price, in ten ATR. */
function putLevel(
  draft: AuxDraft,
  at: number,
  level_ticks: number | null,
  sign: 1 | -1,
  moment: Moment,
): void {
  const { atr14_m5_ticks, close_ticks } = moment;
  const known = level_ticks !== null && atr14_m5_ticks !== null && atr14_m5_ticks > 0;
  const distance = known ? (sign * (close_ticks - level_ticks)) / (10 * atr14_m5_ticks) : null;
  putAux(
    draft,
    at,
    distance === null ? null : Math.tanh(distance),
    level_ticks === null ? ReasonCode.UNDEFINED : ReasonCode.WARM_UP,
  );
}

function putNews(draft: AuxDraft, { news }: BookStreams, moment: Moment, state: StreamState): void {
  if (state.status !== StreamStatus.LIVE) {
    maskAux(draft, AUX_AT.N1, AUX_AT.N3, state.reason);
    return;
  }
  const { score, count, minutes_since_last } = newsAt(news, moment.symbol, moment.now_us);
  putAux(draft, AUX_AT.N1, score, ReasonCode.UNDEFINED);
  putAux(draft, AUX_AT.N2, count / (count + 5), ReasonCode.OK);
  const recency = minutes_since_last === null ? null : Math.exp(-minutes_since_last / 30);
  putAux(draft, AUX_AT.N3, recency, ReasonCode.UNDEFINED);
}

function putZones(draft: AuxDraft, zones: readonly Zone[], moment: Moment, state: StreamState): void {
  if (state.status !== StreamStatus.LIVE) {
    maskAux(draft, AUX_AT.Z1, AUX_AT.Z4, state.reason);
    return;
  }
  putZone(draft, AUX_AT.Z1, zones, Side.LONG, moment);
  putZone(draft, AUX_AT.Z3, zones, Side.SHORT, moment);
}

/** Distance in three ATR at `at`, score behind it. */
function putZone(
  draft: AuxDraft,
  at: number,
  zones: readonly Zone[],
  side: Side,
  { close_ticks, atr14_m5_ticks }: Moment,
): void {
  const nearest = nearestZone(zones, side, close_ticks);
  if (nearest === null || atr14_m5_ticks === null || atr14_m5_ticks <= 0) {
    maskAux(draft, at, at + 1, nearest === null ? ReasonCode.NO_ZONE : ReasonCode.UNDEFINED);
    return;
  }
  putAux(draft, at, Math.tanh(nearest.distance_ticks / (3 * atr14_m5_ticks)), ReasonCode.OK);
  putAux(draft, at + 1, nearest.zone.score, ReasonCode.OK);
}

function putSeason(draft: AuxDraft, season: SeasonReading | null, state: StreamState): void {
  if (season === null) {
    maskAux(draft, AUX_AT.Y1, AUX_AT.Y3, state.reason);
    return;
  }
  const { mean_sd, sd_ratio, n } = season;
  putAux(draft, AUX_AT.Y1, mean_sd === null ? null : clamp(mean_sd, 1), ReasonCode.UNDEFINED);
  const volatility = sd_ratio === null ? null : clamp(Math.log2(sd_ratio), 3);
  putAux(draft, AUX_AT.Y2, volatility, ReasonCode.UNDEFINED);
  putAux(draft, AUX_AT.Y3, weightOf(n), ReasonCode.OK);
}

const FOMC = /\bfomc\b|federal funds|fed (interest )?rate decision/i;
const CPI = /\bcpi\b|consumer price/i;
const JOBS = /\bnfp\b|payroll|employment situation/i;

function flagOf(today: readonly EconomicRelease[], name: RegExp): 0 | 1 {
  return today.some((release) => name.test(release.name)) ? 1 : 0;
}

function putDay(
  draft: AuxDraft,
  { config }: BookStreams,
  session: TradeSession | null,
  covered: CoveredTime | null,
): void {
  if (!config.seasonality || session === null) {
    const reason = config.seasonality ? ReasonCode.OUTSIDE_SESSION : ReasonCode.STREAM_OFF;
    maskAux(draft, AUX_AT.Y4, AUX_AT.Y10, reason);
    return;
  }
  const { opex, roll_week, half_day, month_end } = dayFlagsOf(session);
  putAux(draft, AUX_AT.Y4, Number(opex), ReasonCode.OK);
  putAux(draft, AUX_AT.Y5, Number(roll_week), ReasonCode.OK);
  putAux(draft, AUX_AT.Y6, Number(half_day), ReasonCode.OK);
  putAux(draft, AUX_AT.Y7, Number(month_end), ReasonCode.OK);
  if (covered === null) {
    maskAux(draft, AUX_AT.Y8, AUX_AT.Y10, ReasonCode.NO_CALENDAR);
    return;
  }
  const today = releasesOf(covered, session);
  putAux(draft, AUX_AT.Y8, flagOf(today, FOMC), ReasonCode.OK);
  putAux(draft, AUX_AT.Y9, flagOf(today, CPI), ReasonCode.OK);
  putAux(draft, AUX_AT.Y10, flagOf(today, JOBS), ReasonCode.OK);
}

function putEconomic(
  draft: AuxDraft,
  covered: CoveredTime | null,
  releases: Releases | null,
  now_us: number,
  state: StreamState,
): void {
  if (covered === null || releases === null) {
    maskAux(draft, AUX_AT.E1, AUX_AT.E3, state.reason);
    return;
  }
  putAux(draft, AUX_AT.E1, nearnessOfNext(releases, now_us), ReasonCode.UNDEFINED);
  putAux(draft, AUX_AT.E2, nearnessOfLast(releases, now_us), ReasonCode.UNDEFINED);
  putAux(draft, AUX_AT.E3, eventProximity(covered, now_us), ReasonCode.UNDEFINED);
}
