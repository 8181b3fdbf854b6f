// Goal: each job of the table is due exactly when it says, through clock changes, holidays and half days, and is made up for once.
// Method: a whole span of years is asked, and wall time is read off `Intl`, which this code does not use.
import { describe, expect, it } from '@jest/globals';
import { sessionOf } from '@bellwether/market';
import { dueTimes, lastDue, nextDue } from './cadence.js';
import { dueJobs, nextRun, nothingNew, type LastRuns } from './due-jobs.js';
import { JOBS, JOB_NAMES, jobNamed } from './jobs.js';

const us = (text: string): number => Date.parse(text) * 1_000;
const HOUR = 3_600_000_000;
const FROM = us('2013-01-02T12:00:00Z');
const TO = us('2027-12-30T12:00:00Z');

const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/Chicago',
  dateStyle: 'short',
  timeStyle: 'short',
});
const wall = (at_us: number): string => format.format(at_us / 1_000);
const dateOf = (at_us: number): string => wall(at_us).slice(0, 10);
const sessionOn = (date: string): ReturnType<typeof sessionOf> => sessionOf(Number(date.replaceAll('-', '')));
const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();
const timesOf = (name: (typeof JOB_NAMES)[number], from = FROM, to = TO): readonly number[] =>
  dueTimes(jobNamed(name).cadence, from, to);

describe('the table', () => {
  it('has one line for each job, in the order of their names', () => {
    expect(JOBS.map(({ name }) => name)).toEqual(JOB_NAMES);
  });

  it.each(JOBS)('$name: next and last agree with the list of its times', ({ cadence }) => {
    const times = dueTimes(cadence, us('2026-10-30T00:00:00Z'), us('2026-11-04T00:00:00Z'));
    times.forEach((at, i) => {
      expect(lastDue(cadence, at)).toBe(at);
      if (i === 0) return;
      expect(nextDue(cadence, times[i - 1]!)).toBe(at);
      expect(lastDue(cadence, at - 1)).toBe(times[i - 1]);
    });
  });
});

describe('calibration', () => {
  it('is due once on each date of fifteen years, at 02:30 wherever the wall shows that time', () => {
    const times = timesOf('calibration');
    const dates = times.map(dateOf);
    const days = Math.round((us(`${dates.at(-1)!}T00:00:00Z`) - us(`${dates[0]!}T00:00:00Z`)) / (24 * HOUR));
    expect(new Set(dates).size).toBe(times.length);
    expect(times.length).toBe(days + 1);
    const odd = times.map(wall).filter((text) => !text.endsWith(' 02:30'));
    // In March of each year there is one date on which no clock of Chicago shows 02:30.
    expect(odd).toHaveLength(15);
    expect(odd.every((text) => text.endsWith(' 03:30') && text.slice(5, 7) === '03')).toBe(true);
  });

  it.each([
    ['the clock is put forward', '2026-03-08', '2026-03-08T08:30:00Z'],
    [
      'the clock is put back at 02:00, so that 01:30 is shown twice and 02:30 once',
      '2026-11-01',
      '2026-11-01T08:30:00Z',
    ],
  ])('where %s', (_what, date, expected) => {
    const found = timesOf('calibration', us(`${date}T00:00:00Z`), us(`${date}T23:00:00Z`));
    expect(found).toEqual([us(expected)]);
  });
});

describe('the other jobs', () => {
  it('the regime is trained on each trade date, behind its close', () => {
    const times = timesOf('regime_training', us('2025-01-01T12:00:00Z'), us('2026-12-31T12:00:00Z'));
    for (const at of times) {
      const session = sessionOn(dateOf(at));
      expect(session).not.toBeNull();
      expect(at).toBeGreaterThan(session?.close_us ?? Infinity);
    }
    expect(times.map(dateOf)).not.toContain('2025-12-25');
    expect(times.length).toBeGreaterThan(500);
  });

  it('all models each six hours, never further apart', () => {
    const times = timesOf('training', us('2026-01-01T00:00:00Z'), us('2027-01-01T00:00:00Z'));
    expect(times).toHaveLength(365 * 4);
    const gaps = times.slice(1).map((at, i) => at - times[i]!);
    expect(new Set(gaps)).toEqual(new Set([6 * HOUR]));
  });

  it('the sizing agent on Sundays while the market is closed, the review on the 1st', () => {
    const sundays = timesOf('sizing_agent', us('2026-01-01T00:00:00Z'), us('2027-01-01T00:00:00Z'));
    expect(sundays).toHaveLength(52);
    expect(sundays.every((at) => weekday(dateOf(at)) === 0 && wall(at).endsWith(' 04:00'))).toBe(true);
    const firsts = timesOf('promotion_review', us('2026-01-01T00:00:00Z'), us('2027-01-01T00:00:00Z'));
    expect(firsts.map(dateOf)).toEqual(
      Array.from({ length: 12 }, (_, i) => `2026-${String(i + 1).padStart(2, '0')}-01`),
    );
  });
});

describe('collection', () => {
  const on = (date: string): readonly string[] =>
    timesOf('collection', us(`${date}T00:00:00Z`) - 12 * HOUR, us(`${date}T00:00:00Z`) + 48 * HOUR)
      .map(wall)
      .filter((text) => text.startsWith(date))
      .map((text) => text.slice(11));

  it('fits the session on a full day', () => {
    const times = on('2026-11-18');
    expect(times[0]).toBe('07:00');
    expect(times.filter((time) => time >= '08:30' && time < '15:00')).toHaveLength(78);
    expect(times.filter((time) => time >= '16:00' && time < '18:00')).toHaveLength(12);
    expect(times.filter((time) => time >= '20:00')).toHaveLength(8);
    expect(new Set(times).size).toBe(times.length);
  });

  it('ends with a half day, leaves out holidays and Saturday, and begins again on the eve', () => {
    // The day after Thanksgiving closes at 12:15; Thanksgiving itself at noon; Christmas Day has no session.
    expect(on('2025-11-28').filter((time) => time > '12:10' && time < '16:00')).toEqual([]);
    expect(on('2025-12-25').every((time) => time >= '20:00')).toBe(true);
    expect(on('2026-11-21')).toEqual([]);
    const sunday = on('2026-11-22');
    expect(sunday.slice(0, 10)).toEqual(
      Array.from({ length: 10 }, (_, i) => `${String(2 * i).padStart(2, '0')}:00`),
    );
    expect(sunday.slice(10)).toHaveLength(8);
  });
});

describe('what is due', () => {
  const NOW = us('2026-11-18T17:25:00Z');
  const due = (last: LastRuns, now_us = NOW): readonly string[] =>
    dueJobs(JOBS, last, now_us).map(({ job }) => job.name);
  const answered = (at: number): LastRuns =>
    Object.fromEntries(JOB_NAMES.map((name) => [name, { due_us: at, seen: '' }]));

  it('given a machine that never ran, when it starts, then what was due lately is, and the 1st long past is not', () => {
    expect(due({})).toEqual(['calibration', 'regime_training', 'training', 'sizing_agent', 'collection']);
  });

  it('given a week in which it was down, when it starts, then each job is made up for once', () => {
    const last = { ...answered(NOW - 7 * 24 * HOUR) };
    const first = dueJobs(JOBS, last, NOW);
    expect(first.filter(({ job }) => job.name === 'calibration')).toHaveLength(1);
    const after = {
      ...last,
      ...Object.fromEntries(first.map(({ job, due_us }) => [job.name, { due_us, seen: '' }])),
    };
    expect(dueJobs(JOBS, after, NOW)).toEqual([]);
  });

  it('given all is answered, then nothing is due before the next time, and then the job of that time is', () => {
    const last = answered(NOW);
    expect(due(last)).toEqual([]);
    const at = nextRun(jobNamed('calibration'), last.calibration ?? null, NOW) ?? 0;
    expect(wall(at)).toBe('2026-11-19 02:30');
    expect(due(answered(at - 1), at - 1)).not.toContain('calibration');
    expect(due(answered(at - 1), at)).toContain('calibration');
  });

  it('given the session it had seen is the newest, then there is nothing new; a review needs none', () => {
    const last = { due_us: 0, seen: 'ES 20261118 1380' };
    expect(nothingNew(jobNamed('training'), last, 'ES 20261118 1380')).toBe(true);
    expect(nothingNew(jobNamed('training'), last, 'ES 20261119 2760')).toBe(false);
    expect(nothingNew(jobNamed('training'), null, 'ES 20261118 1380')).toBe(false);
    expect(nothingNew(jobNamed('training'), null, '')).toBe(true);
    expect(nothingNew(jobNamed('promotion_review'), last, 'ES 20261118 1380')).toBe(false);
  });

  it('given the end of the calendar, then jobs of its sessions have no next time and the others go on', () => {
    const end = us('2028-02-01T00:00:00Z');
    expect(nextDue(jobNamed('regime_training').cadence, end)).toBeNull();
    expect(nextDue(jobNamed('calibration').cadence, end)).not.toBeNull();
  });
});
