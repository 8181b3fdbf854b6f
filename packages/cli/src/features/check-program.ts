import {
  STRETCH_COST,
  askedPlaces,
  checkLookAhead,
  checkWarmUp,
  coverageOf,
  cutPlaces,
  type BarSource,
  type Coverage,
  type FeatureProgram,
  type History,
  type HistoryDistance,
  type LookAhead,
} from '@bellwether/features';
import { tradeDateAt } from '@bellwether/market';

/** Histories that a feature is asked with: so many bars, or the running session and those before it with so many full ones. */
export const HISTORIES: readonly History[] = [
  ...[30, 60, 120, 250, 500, 1_000].map((bars) => ({ bars })),
  ...[1, 5, 20, 40, 61].map((sessions) => ({ sessions })),
];

/** What was found out about the features on a file. */
export interface FeatureCheck {
  readonly coverage: Coverage;
  readonly cuts: number;
  readonly lookAhead: readonly LookAhead[];
  readonly asked: number;
  readonly histories: readonly History[];
  /** By feature and history. */
  readonly warmUp: readonly (readonly HistoryDistance[])[];
}

/** How much to look at. */
export interface CheckEffort {
  readonly cuts: number;
  /** Places at which features are asked with shorter histories. */
  readonly asked: number;
}

/** How many bars a history reaches back, on average over the file. */
function barsOf(history: History, bars: BarSource, sessions: number): number {
  return 'bars' in history ? history.bars : Math.round(((history.sessions + 0.5) * bars.length) / sessions);
}

function countSessions(bars: BarSource): number {
  let sessions = 0;
  let before = 0;
  for (let place = 0; place < bars.length; place++) {
    const date = tradeDateAt(bars.at(place).open_us);
    if (date !== before) sessions += 1;
    before = date;
  }
  return Math.max(sessions, 1);
}

/** Runs a program over parts of a file. `onBars` is told of `total` bars, more or less. */
export function checkFeatures(
  program: FeatureProgram,
  bars: BarSource,
  effort: CheckEffort,
  progress: { readonly onTotal: (bars: number) => void; readonly onBars: (bars: number) => void },
): FeatureCheck {
  const cuts = cutPlaces(bars.length, effort.cuts);
  const asked = askedPlaces(bars.length, effort.asked);
  const sessions = countSessions(bars);
  const short = HISTORIES.reduce(
    (sum, one) => sum + Math.min(barsOf(one, bars, sessions), bars.length / 2),
    0,
  );
  const cut = cuts.reduce((sum, place) => sum + place + STRETCH_COST, 0);
  const total = 3 * bars.length + cut + asked.length * short;
  progress.onTotal(Math.round(total));
  return {
    coverage: coverageOf(program, bars, progress.onBars),
    cuts: cuts.length,
    lookAhead: checkLookAhead(program, bars, cuts, progress.onBars),
    asked: asked.length,
    histories: HISTORIES,
    warmUp: checkWarmUp(program, bars, asked, HISTORIES, progress.onBars),
  };
}
