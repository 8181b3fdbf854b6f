import {
  MISSING,
  columnOf,
  emptyDay,
  emptyProfile,
  keepSession,
  observe,
  percentileRankOf,
  valuesAt,
  type DayRecord,
  type TimeOfDayProfile,
} from '@bellwether/indicators';
import { present } from '@bellwether/kernel';
import { sessionOf, type TradeSession } from '@bellwether/market';

/** How far ahead a label looks (domain.md 5.4). */
export const LABEL_HORIZON_US = 1_800_000_000;

/** Above this rank among the sessions before, at the same time of day. */
const RANK = 0.6;
/** Nor is it a trend below this efficiency: a random walk reaches 0.195 in 40 of 100 half hours. */
const TREND_EFFICIENCY_MIN = 0.2;
const SESSIONS_MAX = 60;
const SESSIONS_MIN = 20;
const BUCKET_US = 300_000_000;
const BUCKETS = 279;
/** Share of the bars of the half hour that must be there. */
const COMPLETE = 0.8;

/** A close, in order of time. */
export interface LabelBar {
  readonly open_us: number;
  readonly interval_us: number;
  readonly trade_date: number;
  readonly close_ticks: number;
}

/** What came in the half hour after a bar; null where that is not known. */
export interface RegimeLabel {
  readonly highvol: boolean | null;
  readonly trend: boolean | null;
}

/** Volatility and efficiency of the half hour that follows a bar. */
interface HalfHour {
  readonly volatility: number;
  readonly efficiency: number;
}

/** Sums over the closes since the first one, so that a window costs two lookups. */
function cumulated(bars: readonly LabelBar[]): {
  readonly squares: Float64Array;
  readonly travelled: Float64Array;
} {
  const squares = new Float64Array(bars.length);
  const travelled = new Float64Array(bars.length);
  for (let i = 1; i < bars.length; i++) {
    const change =
      bars[i]!.trade_date === bars[i - 1]!.trade_date ? bars[i]!.close_ticks - bars[i - 1]!.close_ticks : 0;
    squares[i] = squares[i - 1]! + (change / bars[i - 1]!.close_ticks) ** 2;
    travelled[i] = travelled[i - 1]! + Math.abs(change);
  }
  return { squares, travelled };
}

/** By bar: the half hour after it, inside its session and with nearly all of its bars; null where there is none. */
function halfHours(bars: readonly LabelBar[]): readonly (HalfHour | null)[] {
  const { squares, travelled } = cumulated(bars);
  let end = 0;
  return bars.map((bar, i) => {
    const until_us = bar.open_us + LABEL_HORIZON_US;
    end = Math.max(end, i);
    while (end + 1 < bars.length && bars[end + 1]!.open_us <= until_us) end += 1;
    const last = bars[end]!;
    const count = end - i;
    const whole = last.open_us === until_us && last.trade_date === bar.trade_date;
    if (!whole || count < (COMPLETE * LABEL_HORIZON_US) / bar.interval_us) return null;
    const path = travelled[end]! - travelled[i]!;
    return {
      volatility: Math.sqrt(Math.max(0, squares[end]! - squares[i]!) / count),
      efficiency: path === 0 ? 0 : Math.abs(last.close_ticks - bar.close_ticks) / path,
    };
  });
}

interface Profiles {
  readonly today: DayRecord;
  readonly volatility: TimeOfDayProfile;
  readonly efficiency: TimeOfDayProfile;
}

function afterSession(profiles: Profiles, session: TradeSession): Profiles {
  const { today, volatility, efficiency } = profiles;
  if (!session.full_day) return { today: emptyDay(2, BUCKETS), volatility, efficiency };
  return {
    today: emptyDay(2, BUCKETS),
    volatility: keepSession(volatility, columnOf(today, 0)),
    efficiency: keepSession(efficiency, columnOf(today, 1)),
  };
}

function rankAbove(profile: TimeOfDayProfile, bucket: number, value: number): boolean | null {
  const before = valuesAt(profile, bucket, SESSIONS_MAX);
  return before.length < SESSIONS_MIN ? null : (percentileRankOf(before, value) ?? 0) > RANK;
}

/**
 * The labels of domain.md 5.4, by bar: whether the half hour after it was volatile, and whether it went somewhere, each
 * against the same time of day in up to 60 full sessions before (at least 20) and never against its own. There is none in
 * the last half hour of a session, nor over a hole. Labels of neighbouring bars overlap, so that they count as far fewer
 * than there are.
 *
 * @param bars of one symbol and interval, in order of time
 */
export function regimeLabels(bars: readonly LabelBar[]): readonly RegimeLabel[] {
  const ahead = halfHours(bars);
  let profiles: Profiles = {
    today: emptyDay(2, BUCKETS),
    volatility: emptyProfile(SESSIONS_MAX),
    efficiency: emptyProfile(SESSIONS_MAX),
  };
  let session: TradeSession | null = null;
  return bars.map((bar, i) => {
    if (session?.trade_date !== bar.trade_date) {
      if (session !== null) profiles = afterSession(profiles, session);
      session = present(sessionOf(bar.trade_date), `the session of ${bar.trade_date}`);
    }
    const bucket = Math.floor((bar.open_us - session.open_us) / BUCKET_US);
    const half = ahead[i] ?? null;
    const row = half === null ? [MISSING, MISSING] : [half.volatility, half.efficiency];
    profiles = { ...profiles, today: observe(profiles.today, bucket, row) };
    if (half === null) return { highvol: null, trend: null };
    const trending = rankAbove(profiles.efficiency, bucket, half.efficiency);
    return {
      highvol: rankAbove(profiles.volatility, bucket, half.volatility),
      trend: trending === null ? null : trending && half.efficiency >= TREND_EFFICIENCY_MIN,
    };
  });
}
