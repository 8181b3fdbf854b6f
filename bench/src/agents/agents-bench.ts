import { createHash } from 'node:crypto';
import { Ppo, type Environment, type PpoOptions } from '@bellwether/agents';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { table } from '../figures.js';
import { timed } from '../timing.js';

/** A session of one-minute bars, and the numbers of a feature vector. */
const EPISODE_STEPS = 390;
const WIDTH = 43;
const EPISODES = { full: 1_000, quick: 16 } as const;
const AIM_MINUTES = 1;

interface Session {
  readonly at: number;
  readonly features: readonly number[];
}

/** A session in which the first feature says the better action: cheap, so that acting and learning are what is measured. */
const session: Environment<Session> = {
  name: 'session',
  observations: Array.from({ length: WIDTH }, (_, i) => ({
    ...{ name: `feature_${i}`, unit: '1', meaning: 'evenly drawn', mean: 0.5, deviation: 0.3 },
  })),
  action: { kind: 'range', low: 0.1, high: 2, unit: '1', meaning: 'size' },
  rewardUnit: 'R',
  stepsMax: EPISODE_STEPS,
  begin: (random) => ({ at: 0, features: Array.from({ length: WIDTH }, () => random.uniform()) }),
  observe: ({ features }, to, at) => to.set(features, at),
  step: ({ at, features }, action, random) => {
    const reward = action * ((features[0] ?? 0) - 0.5) - 0.1 * action * action;
    const state = {
      at: at + 1,
      features: features.map((old, i) => (i === at % WIDTH || i === 0 ? random.uniform() : old)),
    };
    return { state, reward, end: state.at === EPISODE_STEPS ? 'terminal' : 'none' };
  },
};

const RATE = { kind: 'constant', rate: 3e-4 } as const;

/** Two networks 43-64-64-1, eight sessions side by side, four epochs: the shape that learning.md measured. */
const OPTIONS: PpoOptions = {
  ...{ seed: 'bench', lanes: 8, collect: { kind: 'episodes' }, hidden: [64, 64], discount: 1, trace: 0.97 },
  ...{ clip: 0.2, entropy: 0, epochs: 4, minibatch: 256, policyRate: RATE, valueRate: RATE },
  ...{ divergenceMax: Infinity, gradientMax: 0.5, advantageDeviationMin: 1e-4 },
  ...{ deviation: { first: 0.5, least: 0.1 }, tail: null },
};

function train(
  episodes: number,
  progress: Progress,
): { readonly hash: string; readonly means: readonly number[] } {
  const ppo = new Ppo(session, OPTIONS);
  const means: number[] = [];
  for (let done = 0; done < episodes;) {
    const batch = ppo.iterate().episodes;
    done += batch.length;
    means.push(batch.reduce((sum, episode) => sum + episode.sum, 0) / batch.length);
    progress(`${done} of ${episodes} episodes`);
  }
  const { parameters } = ppo.policy();
  const bytes = new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength);
  return { hash: createHash('sha256').update(bytes).digest('hex'), means };
}

export async function agentsBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const episodes = EPISODES[scale];
  const small = EPISODES.quick;
  check(train(small, progress).hash === train(small, progress).hash, 'The same seed gave two policies');
  let means: readonly number[] = [];
  const { ms, cpu_ms } = await timed(() => ({ means } = train(episodes, progress)));
  const minutes = ms / 60_000;
  const per1000 = (minutes * EPISODES.full) / episodes;
  const [first, last] = [means[0] ?? NaN, means.at(-1) ?? NaN];
  const steps = episodes * EPISODE_STEPS;
  check(scale === 'quick' || last > first, `The mean return did not rise: ${first} to ${last}`);
  const cells = [
    `${episodes}`,
    per1000.toFixed(2),
    (cpu_ms / 60_000 / (episodes / EPISODES.full)).toFixed(2),
    (steps / (ms / 1_000)).toFixed(0),
    first.toFixed(1),
    last.toFixed(1),
  ];
  return {
    title: 'PPO, 1,000 episodes of 390 steps: acting and learning, one thread',
    checked: [
      `two trainings of ${small} episodes from one seed end with the same bits`,
      ...(scale === 'full' ? ['the mean return of the last batch is above that of the first'] : []),
    ],
    lines: [
      ...table(
        ['episodes', 'minutes per 1,000', 'CPU minutes', 'steps/s', 'return at first', 'at last'],
        [cells],
      ),
      `aim: under ${AIM_MINUTES} minute: ${per1000 < AIM_MINUTES ? 'met' : 'MISSED'}`,
    ],
    figures: { episodes, minutes, minutes_per_1000: per1000, cpu_ms, first, last },
  };
}
