// Goal: the cron lines cover every due time of every year exactly once, and a run that fires beside one knows it.
import { describe, expect, it } from '@jest/globals';
import { dueTimes } from './cadence.js';
import { cronLines, dueByCron } from './cron-lines.js';
import { cronTimes, lastCronTime, parseCron } from './cron.js';
import { JOBS, jobNamed } from './jobs.js';

const us = (text: string): number => Date.parse(text) * 1_000;
const MINUTE = 60_000_000;

describe('a cron line', () => {
  it.each([
    '9:30-16 * * * *',
    '0 10-2 * * *',
    '0 22-6 * * 1-5',
    '60 * * * *',
    '* * * *',
    '* 24 * * *',
    '0 0 0 * *',
    '*/0 * * * *',
    '5,,6 * * * *',
    'MON * * * *',
    '',
  ])('is refused where it is none: %s', (line) => {
    expect(() => parseCron(line)).toThrow(/not valid/);
  });

  it('fires where its fields say', () => {
    const times = cronTimes(
      parseCron('*/20 13-14 1,15 11 *'),
      us('2026-11-01T00:00:00Z'),
      us('2026-12-01T00:00:00Z'),
    );
    expect(times).toHaveLength(12);
    expect(times[0]).toBe(us('2026-11-01T13:00:00Z'));
    expect(times.at(-1)).toBe(us('2026-11-15T14:40:00Z'));
  });

  it('takes either day where both are named, as cron does', () => {
    const times = cronTimes(parseCron('0 0 1 11 1'), us('2026-11-01T00:00:00Z'), us('2026-11-10T00:00:00Z'));
    expect(times).toEqual(['2026-11-01', '2026-11-02', '2026-11-09'].map((date) => us(`${date}T00:00:00Z`)));
  });

  it('tells the last time it fired, however late one asks', () => {
    const line = parseCron('30 7 * 4-10 *');
    expect(lastCronTime(line, us('2026-07-01T09:10:00Z'))).toBe(us('2026-07-01T07:30:00Z'));
    expect(lastCronTime(line, us('2026-07-01T07:29:59Z'))).toBe(us('2026-06-30T07:30:00Z'));
    expect(lastCronTime(line, us('2026-12-24T00:00:00Z'))).toBe(us('2026-10-31T07:30:00Z'));
    expect(lastCronTime(parseCron('0 0 31 2 *'), us('2026-07-01T00:00:00Z'))).toBeNull();
  });
});

describe('the lines of the table', () => {
  it.each(JOBS)(
    '$name: each due time of 2026 and 2027 is that of one line, and no other time of a line is due',
    ({ cadence }) => {
      const [from, to] = [us('2026-01-01T00:00:00Z'), us('2027-12-31T00:00:00Z')];
      const fired = cronLines(cadence).flatMap((line) => [...cronTimes(parseCron(line), from, to)]);
      expect(new Set(fired).size).toBe(fired.length);
      const due = dueTimes(cadence, from, to);
      const known = new Set(fired);
      expect(due.filter((at) => !known.has(at))).toEqual([]);
      expect(due.length).toBeGreaterThan(20);
    },
  );

  it.each(JOBS)(
    '$name: a run by its line is done exactly where it is due, though it starts four minutes late',
    (job) => {
      const { cadence } = job;
      // Days around each clock change, and some without one.
      for (const from of [
        us('2026-03-01T00:00:00Z'),
        us('2026-07-01T00:00:00Z'),
        us('2026-10-25T00:00:00Z'),
      ]) {
        const to = from + 4 * 24 * 60 * MINUTE;
        const done = cronLines(cadence)
          .flatMap((line) =>
            cronTimes(parseCron(line), from, to).map((at) => dueByCron(job, line, at + 4 * MINUTE)),
          )
          .filter((at) => at !== null);
        expect(done.sort((a, b) => a - b)).toEqual(dueTimes(cadence, from, to));
      }
    },
  );

  it('an hour beside 02:30 nothing is done, on any day', () => {
    const job = jobNamed('calibration');
    expect(dueByCron(job, '30 8 * * *', us('2026-07-01T08:31:00Z'))).toBeNull();
    expect(dueByCron(job, '30 7 * * *', us('2026-07-01T09:50:00Z'))).toBe(us('2026-07-01T07:30:00Z'));
    expect(dueByCron(job, '30 7 * * *', us('2026-12-01T07:31:00Z'))).toBeNull();
    // A run that comes a day late is none of that time.
    expect(dueByCron(job, '30 8 * 1-2,12 *', us('2026-03-02T08:31:00Z'))).toBeNull();
  });

  it('are as many as can be read', () => {
    expect(Object.fromEntries(JOBS.map(({ name, cadence }) => [name, cronLines(cadence)]))).toMatchObject({
      calibration: ['30 8 * 1-2,12 *', '30 7 * 4-10 *', '30 7,8 * 3,11 *'],
      training: ['20 5-23/6 * * *'],
    });
    for (const { cadence } of JOBS) expect(cronLines(cadence).length).toBeLessThan(40);
  });
});
