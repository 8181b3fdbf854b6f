import type { FeatureVector } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { sessionAt } from '@bellwether/market';
import { FEATURES, ONE_MINUTE_US, type FeatureDefinition } from '../feature-set.js';
import { isCashBar, isFullDay } from '../session-levels.js';
import { partOf, type BarSource, type FeatureProgram } from './feature-program.js';
import { valuesOf } from './vector-values.js';

/** How much history a run has: so many bars, or the running session and those before it with so many full ones. */
export type History = { readonly bars: number } | { readonly sessions: number };

/** Largest difference that a shorter history may make: a hundredth, of a range from -1 to 1. */
export const SETTLED_DISTANCE = 0.01;

/** What one feature said with one length of history, over all places at which it was asked. */
export interface HistoryDistance {
  /** Places at which it had a value with the whole history. */
  readonly asked: number;
  /** Of these: places at which it had none with the shorter one. */
  readonly masked: number;
  /** Largest difference where it had both; null where there was no such place. */
  readonly largest: number | null;
  /** Places at which it had a value with the shorter history only. */
  readonly premature: number;
}

/** Places at which features are asked: spread over the later half of the file, at different times of day. */
export function askedPlaces(bars: number, count: number): readonly number[] {
  const uniform = uniformSource(`asked ${bars}`);
  const half = Math.floor(bars / 2);
  const step = (bars - half) / count;
  return Array.from({ length: count }, (_, n) => Math.floor(half + (n + uniform()) * step));
}

interface FileSession {
  /** Place of its first bar. */
  readonly start: number;
  /** A session that profiles and levels keep. */
  full: boolean;
}

/** Sessions of the file in order, each with whether profiles and levels would keep it. */
function sessionsOf(bars: BarSource): readonly FileSession[] {
  const sessions: FileSession[] = [];
  let [trade_date, cash_minutes] = [0, 0];
  for (let place = 0; place < bars.length; place++) {
    const { open_us, interval_us } = bars.at(place);
    const session = sessionAt(open_us);
    if (session === null) continue;
    if (session.trade_date !== trade_date) {
      sessions.push({ start: place, full: false });
      [trade_date, cash_minutes] = [session.trade_date, 0];
    }
    if (isCashBar(session, open_us)) cash_minutes += interval_us / ONE_MINUTE_US;
    sessions.at(-1)!.full = isFullDay(session, cash_minutes);
  }
  return sessions;
}

/** Where a run with this history begins, or null where the file does not reach so far back. */
function startOf(history: History, place: number, sessions: readonly FileSession[]): number | null {
  if ('bars' in history) return place + 1 - history.bars < 0 ? null : place + 1 - history.bars;
  let full = 0;
  for (let at = sessions.findLastIndex(({ start }) => start <= place) - 1; at >= 0; at--) {
    if (sessions[at]!.full) full += 1;
    if (full === history.sessions) return sessions[at]!.start;
  }
  return null;
}

interface Distance {
  asked: number;
  masked: number;
  largest: number | null;
  premature: number;
}

function compare(distances: Distance[], whole: FeatureVector, short: FeatureVector): void {
  const expected = valuesOf(whole);
  const found = valuesOf(short);
  distances.forEach((distance, at) => {
    const long = expected[at]!;
    const brief = found[at]!;
    if (!('value' in long)) {
      if ('value' in brief) distance.premature += 1;
      return;
    }
    distance.asked += 1;
    if (!('value' in brief)) distance.masked += 1;
    else distance.largest = Math.max(distance.largest ?? 0, Math.abs(long.value - brief.value));
  });
}

function lastVector(program: FeatureProgram, bars: BarSource): FeatureVector | null {
  let last: FeatureVector | null = null;
  program(bars, (_, vector) => {
    last = vector;
  });
  return last;
}

/**
 * How far each feature differs when history begins later: by feature and history. `onBars` is told how many bars were
 * run.
 */
export function checkWarmUp(
  program: FeatureProgram,
  bars: BarSource,
  places: readonly number[],
  histories: readonly History[],
  onBars: (count: number) => void,
): readonly (readonly HistoryDistance[])[] {
  const whole = new Map<number, FeatureVector | null>(places.map((place) => [place, null]));
  program(bars, (place, vector) => {
    if (whole.has(place)) whole.set(place, vector);
    onBars(1);
  });
  const sessions = sessionsOf(bars);
  const byHistory = histories.map((history) => {
    const distances = FEATURES.map((): Distance => ({ asked: 0, masked: 0, largest: null, premature: 0 }));
    for (const place of places) {
      const from = startOf(history, place, sessions);
      const expected = whole.get(place) ?? null;
      if (from === null || expected === null) continue;
      const found = lastVector(program, partOf(bars, from, place + 1));
      if (found !== null) compare(distances, expected, found);
      onBars(place + 1 - from);
    }
    return distances;
  });
  return FEATURES.map((_, at) => byHistory.map((distances) => distances[at]!));
}

/** Whether a difference with this history breaks the promise of the feature's warm-up. */
function mustBeSettled(feature: FeatureDefinition, history: History): boolean {
  return 'bars' in history
    ? feature.settles_after_sessions === 0 && history.bars >= feature.settles_after_bars
    : history.sessions >= feature.settles_after_sessions;
}

/** True where every value that was told with a shorter history was near enough to that with the whole one. */
export function isSettled(
  feature: FeatureDefinition,
  histories: readonly History[],
  distances: readonly HistoryDistance[],
): boolean {
  return distances.every(
    ({ largest, premature }, i) =>
      !mustBeSettled(feature, histories[i]!) || ((largest ?? 0) <= SETTLED_DISTANCE && premature === 0),
  );
}
