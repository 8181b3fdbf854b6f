import { BellwetherError } from '@bellwether/contracts';
import { figureOf, missingFigure, type ReportBody } from '@bellwether/backtest-report';
import { sharpeRatio, walkForward, type WalkForwardFold } from '@bellwether/statistics';
import type { DayRow } from './day-book.js';

/** `--train`, `--validate`, `--test`, `--embargo`: lengths in sessions. */
export interface WalkForwardOptions {
  readonly train?: number;
  readonly validate?: number;
  readonly test?: number;
  readonly embargo: number;
}

/** The folds that were asked for; null where none were. Throws `usage` where the data are too short. */
export function foldsOf(
  sessions: readonly number[],
  { train, validate = 0, test, embargo }: WalkForwardOptions,
): readonly WalkForwardFold[] | null {
  if (train === undefined && test === undefined && validate === 0) return null;
  if (train === undefined || test === undefined || train < 1 || test < 1) {
    throw new BellwetherError('usage', 'Walking forward takes --train and --test, each at least 1 session');
  }
  const made = walkForward(sessions, { train, validate, test, embargo });
  if (made.missing === null) return made.value;
  throw new BellwetherError(
    'usage',
    `The data are too short to walk forward: ${made.sessions} sessions are decided on, one fold takes ${made.needed} ` +
      `(train ${train}, validate ${validate}, test ${test}, embargo ${embargo} before each of the last two)`,
  );
}

/** What the run came to in each fold. Nothing is fitted by rules: training parts are shown beside, not chosen by. */
export function walkForwardPart(
  folds: readonly WalkForwardFold[] | null,
  days: readonly DayRow[],
  embargo: number,
): ReportBody['walk_forward'] {
  if (folds === null) return missingFigure('not_asked');
  const byDate = new Map(days.map((day) => [day.trade_date, day]));
  const rows = (dates: readonly number[]): readonly DayRow[] =>
    dates.flatMap((date) => byDate.get(date) ?? []);
  const net = (dates: readonly number[]): number =>
    rows(dates).reduce((sum, { net_cents }) => sum + net_cents, 0);
  return {
    ...{ embargo, anchored: false },
    folds: folds.map(({ train, validate, test }) => ({
      train: periodOf(train),
      validate: validate.length === 0 ? null : periodOf(validate),
      test: periodOf(test),
      // Where models were trained on it, it is no part of the run.
      train_net_cents: rows(train).length === 0 ? null : net(train),
      test_net_cents: net(test),
      test_trades: rows(test).reduce((sum, { trades }) => sum + trades, 0),
      test_sharpe: figureOf(sharpeRatio(rows(test).map(({ net_cents }) => net_cents))),
    })),
  };
}

function periodOf(dates: readonly number[]): { from: number; to: number; sessions: number } {
  return { from: dates[0] ?? 0, to: dates.at(-1) ?? 0, sessions: dates.length };
}
