import { assert } from '@bellwether/kernel';

/** One row of a data set. Times in one unit, such as microseconds. */
export interface LabelledRow {
  /** Trade date, or any number that grows from one session to the next. */
  readonly session: number;
  /** When the row was known. */
  readonly from: number;
  /** When its label was known: the end of the trade or of the horizon. */
  readonly to: number;
}

/** Places of rows. What is neither trained nor tested on was purged or lies in the embargo. */
export interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** Rows of consecutive test sessions, and all the time that their labels reach over. */
interface TestBlock {
  readonly from: number;
  readonly to: number;
  /** Last place among the sessions, so that the embargo counts sessions and not dates. */
  readonly lastPlace: number;
}

/** Sessions of the rows, ascending. */
export function sessionsOf(rows: readonly LabelledRow[]): readonly number[] {
  return [...new Set(rows.map(({ session }) => session))].sort((a, b) => a - b);
}

/** Cuts whole sessions into `groups` runs whose lengths differ by one at most, the longer ones first. */
export function sessionGroups(sessions: readonly number[], groups: number): readonly (readonly number[])[] {
  const base = Math.floor(sessions.length / groups);
  const longer = sessions.length % groups;
  return Array.from({ length: groups }, (_, g) => {
    const start = g * base + Math.min(g, longer);
    return sessions.slice(start, start + base + (g < longer ? 1 : 0));
  });
}

/**
 * The split that tests on these sessions (López de Prado 2018, chapter 7). A row is trained on unless its label overlaps
 * the time of a test block, or its session is one of the `embargo` sessions behind one.
 */
export function purgedSplit(
  rows: readonly LabelledRow[],
  sessions: readonly number[],
  testSessions: ReadonlySet<number>,
  embargo: number,
): Split {
  assert(Number.isInteger(embargo) && embargo >= 0, 'An embargo is a whole number of sessions');
  const places = new Map(sessions.map((session, place) => [session, place]));
  const blocks = testBlocks(rows, sessions, testSessions);
  const train: number[] = [];
  const test: number[] = [];
  rows.forEach((row, index) => {
    if (testSessions.has(row.session)) {
      test.push(index);
      return;
    }
    const place = places.get(row.session) ?? -1;
    const refused = blocks.some(
      (block) =>
        (row.from <= block.to && row.to >= block.from) ||
        (place > block.lastPlace && place <= block.lastPlace + embargo),
    );
    if (!refused) train.push(index);
  });
  return { train, test };
}

function testBlocks(
  rows: readonly LabelledRow[],
  sessions: readonly number[],
  testSessions: ReadonlySet<number>,
): readonly TestBlock[] {
  const spans = new Map<number, { from: number; to: number }>();
  for (const row of rows) {
    assert(row.from <= row.to, 'A label is known at its row or after it');
    const span = spans.get(row.session);
    if (span === undefined) spans.set(row.session, { from: row.from, to: row.to });
    else {
      span.from = Math.min(span.from, row.from);
      span.to = Math.max(span.to, row.to);
    }
  }
  const blocks: TestBlock[] = [];
  sessions.forEach((session, place) => {
    const span = spans.get(session);
    if (!testSessions.has(session) || span === undefined) return;
    const last = blocks.at(-1);
    if (last?.lastPlace !== place - 1) {
      blocks.push({ ...span, lastPlace: place });
      return;
    }
    const [from, to] = [Math.min(last.from, span.from), Math.max(last.to, span.to)];
    blocks[blocks.length - 1] = { from, to, lastPlace: place };
  });
  return blocks;
}
