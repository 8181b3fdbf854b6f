import { everyMinutes, minuteOf, type Cadence, type Pattern } from './cadence.js';

/** Every job, in the order in which those that are due at the same time are done. */
export const JOB_NAMES = [
  'calibration',
  'promotion_review',
  'regime_training',
  'training',
  'sizing_agent',
  'collection',
] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** One line of the calendar table. */
export interface Job {
  readonly name: JobName;
  /** What it does, for people. */
  readonly what: string;
  /** When, for people. */
  readonly when: string;
  readonly cadence: Cadence;
  /** Done only where a session has ended that it has not seen. */
  readonly needsNewSession: boolean;
  /** A due time that is missed is made up for within so many hours, once; after that the next one counts. */
  readonly catchUpHours: number;
  /** Work that takes longer is ended. */
  readonly limitMinutes: number;
}

const SUNDAY = 0;

function at(days: Pattern['days'], hour: number, minute: number): Cadence {
  return {
    zone: 'chicago',
    patterns: [{ days, minutes: [minuteOf(hour, minute)], withinRegularHours: false }],
  };
}

/**
 * How often data are fetched, after the seed's "smart" cadence, in Chicago time and with the sessions of the calendar: on a day
 * without a session nothing is fetched in its hours, and nothing at all on Saturday.
 */
const COLLECTION: Cadence = {
  zone: 'chicago',
  patterns: [
    // Regular hours: 09:30 to 16:00 in New York.
    {
      days: { kind: 'trade_dates' },
      minutes: everyMinutes(minuteOf(8, 30), minuteOf(15, 0), 5),
      withinRegularHours: true,
    },
    // Before and after them: 08:00 to 09:30 and 17:00 to 19:00 in New York.
    {
      days: { kind: 'trade_dates' },
      minutes: [
        ...everyMinutes(minuteOf(7, 0), minuteOf(8, 30), 10),
        ...everyMinutes(minuteOf(16, 0), minuteOf(18, 0), 10),
      ],
      withinRegularHours: false,
    },
    // The evening of the next session: 21:00 to 01:00 in New York.
    {
      days: { kind: 'eves' },
      minutes: everyMinutes(minuteOf(20, 0), minuteOf(24, 0), 30),
      withinRegularHours: false,
    },
    // Sunday, until the evening begins.
    {
      days: { kind: 'weekday', weekday: SUNDAY },
      minutes: everyMinutes(0, minuteOf(20, 0), 120),
      withinRegularHours: false,
    },
  ],
};

/** What is done when. Everything that runs on a schedule takes it from here: the trainer, `bw trainer` and the workflows. */
export const JOBS: readonly Job[] = [
  {
    name: 'calibration',
    what: 'Fits the calibration of each champion on the newest sessions; a better one takes its place.',
    when: '02:30 Chicago, once a date, also where the clock is changed',
    cadence: at({ kind: 'every' }, 2, 30),
    ...{ needsNewSession: true, catchUpHours: 20, limitMinutes: 60 },
  },
  {
    name: 'promotion_review',
    what: 'Judges each challenger by its gates, promotes or refuses it.',
    when: '03:40 Chicago on the 1st of a month',
    cadence: at({ kind: 'day_of_month', day: 1 }, 3, 40),
    ...{ needsNewSession: false, catchUpHours: 14 * 24, limitMinutes: 60 },
  },
  {
    name: 'regime_training',
    what: 'Trains the regime classifier, in the break between two sessions.',
    when: '16:30 Chicago on each trade date',
    cadence: at({ kind: 'trade_dates' }, 16, 30),
    ...{ needsNewSession: true, catchUpHours: 20, limitMinutes: 60 },
  },
  {
    name: 'training',
    what: 'Trains all models.',
    when: '05:20, 11:20, 17:20 and 23:20 UTC, where a session has ended since',
    cadence: {
      zone: 'utc',
      patterns: [
        {
          days: { kind: 'every' },
          minutes: everyMinutes(minuteOf(5, 20), minuteOf(24, 0), 360),
          withinRegularHours: false,
        },
      ],
    },
    ...{ needsNewSession: true, catchUpHours: 6, limitMinutes: 300 },
  },
  {
    name: 'sizing_agent',
    what: 'Trains the sizing agent.',
    when: '04:00 Chicago on Sunday',
    cadence: at({ kind: 'weekday', weekday: SUNDAY }, 4, 0),
    ...{ needsNewSession: false, catchUpHours: 6 * 24, limitMinutes: 300 },
  },
  {
    name: 'collection',
    what: 'Fetches the feeds that are due.',
    when: 'each 5 minutes in regular hours, 10 before and after, 30 in the evening, 2 hours on Sunday, never on Saturday',
    cadence: COLLECTION,
    ...{ needsNewSession: false, catchUpHours: 0.5, limitMinutes: 4 },
  },
];

export function isJobName(name: string): name is JobName {
  return JOB_NAMES.some((one) => one === name);
}

/** The line of a job. */
export function jobNamed(name: JobName): Job {
  return JOBS[JOB_NAMES.indexOf(name)]!;
}
