import { SLACK_LIMIT, type StudyOutcome, type StudyTask } from '@bellwether/agents';
import { seedInterval } from '../training/planted-gains.js';

export const STUDIES = [
  'cart_pole',
  'closed_form',
  'two_regimes',
  'fat_tailed',
  'pendulum',
  'off_policy',
] as const;
export type StudyName = (typeof STUDIES)[number];

/** Trainings that are judged together: a name, what must hold, and of how many. */
export interface StudyGroup {
  readonly name: string;
  readonly study: StudyName;
  readonly tasks: readonly StudyTask[];
  /** Share of the seeds that must be within the bounds. */
  readonly share: number;
}

/** How many paired seeds the fat-tailed sessions take for each of the others'. */
const PAIRS = 2;
/** 4 of 5, as learning.md asks where a threshold is reached or not. */
const MOST = 0.8;

export function studyGroups(
  studies: readonly StudyName[],
  seeds: number,
  from: number,
): readonly StudyGroup[] {
  const all = (make: (seed: string) => StudyTask, count = seeds): StudyTask[] =>
    Array.from({ length: count }, (_, i) => make(String(from + i)));
  const groups: StudyGroup[] = [
    {
      ...{ name: 'CartPole-v1: 475 within 200,000 steps, PPO', study: 'cart_pole', share: MOST },
      tasks: all((seed) => ({ study: 'cart_pole', seed })),
    },
    ...[0.5, 1, 2, SLACK_LIMIT, null].map((limit): StudyGroup => {
      const what = limit === null ? 'plain PPO breaks a limit of 2' : `a limit of ${limit}`;
      return {
        ...{ name: `Closed form: ${what}`, study: 'closed_form', share: 1 },
        tasks: all((seed) => ({ study: 'closed_form', limit, seed })),
      };
    }),
    ...[1, 2].map((limit): StudyGroup => {
      return {
        ...{ name: `Two regimes: a limit of ${limit}`, study: 'two_regimes', share: 1 },
        tasks: all((seed) => ({ study: 'two_regimes', limit, seed })),
      };
    }),
    {
      ...{ name: 'Fat tails: CVaR-PPO against PPO', study: 'fat_tailed', share: MOST },
      tasks: all((seed) => ({ study: 'fat_tailed', seed }), PAIRS * seeds),
    },
    {
      ...{ name: 'Pendulum-v1: -200 within 30,000 steps, SAC', study: 'pendulum', share: MOST },
      tasks: all((seed) => ({ study: 'pendulum', seed })),
    },
    {
      ...{ name: 'Slack sizing from a log of even sizes, SAC', study: 'off_policy', share: 1 },
      tasks: all((seed) => ({ study: 'off_policy', seed })),
    },
  ];
  return groups.filter(({ study }) => studies.includes(study));
}

export interface GroupVerdict {
  readonly holds: boolean;
  /** What was counted, and of pairs their means with 90 % intervals. */
  readonly lines: readonly string[];
}

/** Figures of a pair by what they are called for people; those that must fall. */
const PAIRED = [
  ['cvar', 'CVaR 95 % of the loss of a session, R', true],
  ['drawdown', 'drawdown of a session, R', true],
  ['worst_drawdown', 'deepest 5 % of drawdowns, R', true],
  ['return', 'mean return of a session, R', false],
] as const;

/** Judges the outcomes of a group. */
export function judgeGroup(
  { tasks, share, study }: StudyGroup,
  outcomes: readonly StudyOutcome[],
): GroupVerdict {
  const within = outcomes.filter(({ holds }) => holds).length;
  const enough = outcomes.length === tasks.length && within >= share * tasks.length - 1e-9;
  const counted = `${within} of ${tasks.length} within their bounds`;
  if (study !== 'fat_tailed') return { holds: enough, lines: [counted] };
  const pairs = PAIRED.map(([key, what, falls]) => {
    const of = (name: string): number[] => outcomes.map(({ figures }) => figures[name] ?? NaN);
    const plain = of(`plain_${key}`);
    const mean = plain.reduce((sum, value) => sum + value, 0) / plain.length;
    const interval = seedInterval(of(key));
    if (interval === null) return { holds: !falls, line: `${what}: too few pairs` };
    const { mean: change, low, high } = interval;
    const line = `${what}: ${mean.toFixed(2)} by PPO, ${signed(change)} (${signed(low)} to ${signed(high)}) by CVaR-PPO`;
    return { holds: !falls || high < 0, line };
  });
  return {
    holds: enough && pairs.every(({ holds }) => holds),
    lines: [counted, ...pairs.map(({ line }) => line)],
  };
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;
}
