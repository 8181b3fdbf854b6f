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

/** A bar whose half hour is not over, and the sums up to its close. */
interface Waiting {
  readonly bar: LabelBar;
  readonly index: number;
  readonly squares: number;
  readonly travelled: number;
}

/** What the labels of one symbol and interval hang on. Plain data, changed in place. */
export interface LabelMemory {
  bars: number;
  /** Sums over the closes since the first one, so that a window costs two of them. */
  squares: number;
  travelled: number;
  last: LabelBar | null;
  session: TradeSession | null;
  profiles: Profiles;
  waiting: readonly Waiting[];
}

export function newLabelMemory(): LabelMemory {
  const profiles = {
    today: emptyDay(2, BUCKETS),
    volatility: emptyProfile(SESSIONS_MAX),
    efficiency: emptyProfile(SESSIONS_MAX),
  };
  return { bars: 0, squares: 0, travelled: 0, last: null, session: null, profiles, waiting: [] };
}

/** A label as it becomes known, and the bar that it is of. */
export interface KnownLabel extends RegimeLabel {
  readonly bar: LabelBar;
}

/** What is known of the half hour after a bar, now that it is over; null where there is none. */
function halfHourOf(memory: LabelMemory, { bar, index, squares, travelled }: Waiting): HalfHour | null {
  const last = present(memory.last, 'a bar that ends a half hour');
  const count = memory.bars - 1 - index;
  const whole = last.open_us === bar.open_us + LABEL_HORIZON_US && last.trade_date === bar.trade_date;
  if (!whole || count < (COMPLETE * LABEL_HORIZON_US) / bar.interval_us) return null;
  const path = memory.travelled - travelled;
  return {
    volatility: Math.sqrt(Math.max(0, memory.squares - squares) / count),
    efficiency: path === 0 ? 0 : Math.abs(last.close_ticks - bar.close_ticks) / path,
  };
}

function labelled(memory: LabelMemory, one: Waiting, half: HalfHour | null): KnownLabel {
  const { profiles } = memory;
  const session = present(memory.session, 'the session of a bar');
  const { bar } = one;
  const bucket = Math.floor((bar.open_us - session.open_us) / BUCKET_US);
  const row = half === null ? [MISSING, MISSING] : [half.volatility, half.efficiency];
  memory.profiles = { ...profiles, today: observe(profiles.today, bucket, row) };
  if (half === null) return { bar, highvol: null, trend: null };
  const trending = rankAbove(profiles.efficiency, bucket, half.efficiency);
  const highvol = rankAbove(profiles.volatility, bucket, half.volatility);
  return {
    bar,
    highvol,
    trend: trending === null ? null : trending && half.efficiency >= TREND_EFFICIENCY_MIN,
  };
}

/** Labels of all that waits: with the session, their half hours have ended unseen. */
function endOfSession(memory: LabelMemory): readonly KnownLabel[] {
  const ended = memory.waiting.map((one) => labelled(memory, one, null));
  memory.waiting = [];
  if (memory.session !== null) memory.profiles = afterSession(memory.profiles, memory.session);
  return ended;
}

/**
 * Takes the next bar of a symbol, and gives the labels that it makes known: each half an hour after its bar, or at the end of
 * the session. Each bar comes once and in order.
 */
export function labelsAfter(memory: LabelMemory, bar: LabelBar): readonly KnownLabel[] {
  const known: KnownLabel[] = [];
  if (memory.session?.trade_date !== bar.trade_date) {
    known.push(...endOfSession(memory));
    memory.session = present(sessionOf(bar.trade_date), `the session of ${bar.trade_date}`);
  }
  const { last } = memory;
  if (last !== null) {
    const change = bar.trade_date === last.trade_date ? bar.close_ticks - last.close_ticks : 0;
    memory.squares += (change / last.close_ticks) ** 2;
    memory.travelled += Math.abs(change);
  }
  memory.last = bar;
  memory.bars += 1;
  const over = memory.waiting.filter((one) => one.bar.open_us + LABEL_HORIZON_US <= bar.open_us);
  for (const one of over) known.push(labelled(memory, one, halfHourOf(memory, one)));
  const { squares, travelled } = memory;
  const waiting = over.length === 0 ? memory.waiting : memory.waiting.slice(over.length);
  memory.waiting = [...waiting, { bar, index: memory.bars - 1, squares, travelled }];
  return known;
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
  const memory = newLabelMemory();
  const found: RegimeLabel[] = [];
  for (const bar of bars) {
    for (const { highvol, trend } of labelsAfter(memory, bar)) found.push({ highvol, trend });
  }
  while (found.length < bars.length) found.push({ highvol: null, trend: null });
  return found;
}
