/** Goal: a champion goes when its calibration or its answers fail, and a true one stays. Given/when/then on drawn rows. */
import { describe, expect, it } from '@jest/globals';
import { addAnswer, addFailure } from './records.js';
import { PER_SESSION, drawnRecord, drawnRows } from './rows-for-tests.js';
import { failing, watched, type WatchState } from './watch.js';

const TRUE = { sees: 1, championSees: 1 };
const LOUD = { ...TRUE, loud: 0.15 };

/** Looks after each session, as a live book does. */
function looks(rows: ReturnType<typeof drawnRows>) {
  let state: WatchState | null = null;
  const findings = [];
  for (let end = PER_SESSION; end <= rows.length; end += PER_SESSION) {
    const found = watched(state, drawnRecord(rows.slice(0, end)));
    state = found.state;
    findings.push(found.finding);
  }
  return findings;
}

describe('the watch of calibration', () => {
  it('is silent on models whose probabilities are true', () => {
    const found = ['a', 'b', 'c'].flatMap((seed) => looks(drawnRows({ ...TRUE, seed, sessions: 12 })));
    expect(found.filter((one) => one !== null)).toEqual([]);
  });

  it('speaks at the second look in a row outside the band, after five sessions', () => {
    const found = looks(drawnRows({ ...LOUD, sessions: 8 }));
    expect(found.map((one) => one !== null)).toEqual([false, false, false, false, false, true, false, true]);
    expect(found[5]).toMatchObject({ kind: 'calibration', rows: 6 * PER_SESSION });
  });

  it('looks at the newest ten sessions: what was long ago is forgotten', () => {
    const rows = [...drawnRows({ ...LOUD, sessions: 2 }), ...drawnRows({ ...TRUE, sessions: 12 })];
    const late = rows.map((row, i) => ({
      ...row,
      session: 20_250_000 + Math.floor(i / PER_SESSION),
      start_us: i * 900_000_000,
      end_us: (i + 1) * 900_000_000,
    }));
    const { state } = watched({ version: '1', outside: 1 }, drawnRecord(late));
    expect(state.outside).toBe(0);
  });

  it('begins anew with another champion', () => {
    const record = drawnRecord(drawnRows({ ...LOUD, sessions: 6 }));
    expect(watched({ version: '1-c', outside: 1 }, record).finding).toBeNull();
    expect(watched({ version: '1', outside: 1 }, record).finding).not.toBeNull();
  });
});

describe('the watch of answers', () => {
  it.each([
    [10, false],
    [11, true],
  ])('%i failures among the newest 200 questions: %s', (failures, goes) => {
    const record = drawnRecord([]);
    for (let i = 0; i < 1_000; i++) {
      if (i >= 1_000 - failures) addFailure(record);
      else addAnswer(record, null);
    }
    expect(failing(record) !== null).toBe(goes);
  });

  it('waits for 200 questions', () => {
    const record = drawnRecord([]);
    for (let i = 0; i < 199; i++) addFailure(record);
    expect(failing(record)).toBeNull();
  });
});
