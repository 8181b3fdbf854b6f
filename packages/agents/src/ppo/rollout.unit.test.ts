import { describe, expect, test } from '@jest/globals';
import { Network, initialParameters, setParameters, wasmEngine } from '@bellwether/nn';
import type { Environment, EpisodeEnd } from '../environment.js';
import { denseNetwork, policyKindOf } from '../policy/policy-network.js';
import { Rollout } from './rollout.js';

/** Counts its steps and ends after so many, drawn from 1 to 4: a reward of the step's number. */
interface Counting {
  readonly length: number;
  readonly at: number;
}
const counting = (end: EpisodeEnd): Environment<Counting> => ({
  name: 'counting',
  observations: [{ name: 'at', unit: '1', meaning: 'steps so far', mean: 1, deviation: 2 }],
  action: { kind: 'choice', count: 2, meaning: 'nothing' },
  rewardUnit: '1',
  stepsMax: 4,
  begin: (random) => ({ length: 1 + Math.floor(4 * random.uniform()), at: 0 }),
  observe: ({ at }, to, place) => (to[place] = at),
  step: ({ length, at }) => ({
    state: { length, at: at + 1 },
    reward: at + 1,
    end: at + 1 === length ? end : 'none',
  }),
});

function rollout(end: EpisodeEnd, lanes: number): Rollout<Counting> {
  const environment = counting(end);
  const kind = policyKindOf(environment.action);
  const network = new Network(wasmEngine(), denseNetwork(1, [4], kind.heads), lanes);
  setParameters(network, initialParameters(network.description, 'rollout'));
  return new Rollout(environment, network, kind.of(network), { seed: '1', lanes });
}

/** Rows of the episode or part of one that begins here. */
function follow(next: Int32Array, row: number): number[] {
  const rows: number[] = [];
  for (let at = row; at >= 0; at = next[at]!) rows.push(at);
  return rows;
}

describe('a batch', () => {
  test('of whole episodes holds one of each lane, linked step by step', () => {
    const { rows, rewards, next, episodes, inputs, openRows } = rollout('terminal', 9).wholeEpisodes();
    expect(episodes).toHaveLength(9);
    expect(episodes.reduce((sum, { steps }) => sum + steps, 0)).toBe(rows);
    expect(openRows).toEqual([]);
    for (let lane = 0; lane < 9; lane++) {
      const path = follow(next, lane);
      expect(path.map((row) => rewards[row])).toEqual(path.map((_, i) => i + 1));
      expect(path.map((row) => inputs[row])).toEqual(path.map((_, i) => (i - 1) / 2));
      const episode = episodes.find(({ lastRow }) => lastRow === path.at(-1));
      expect(episode).toMatchObject({ steps: path.length, sum: (path.length * (path.length + 1)) / 2 });
    }
  });

  test('of steps goes on where the last one was cut, and knows what was seen there', () => {
    const lanes = rollout('terminal', 3);
    const first = lanes.steps(5);
    expect(first.rows).toBe(15);
    const cut = [12, 13, 14].filter((row) => !first.episodes.some(({ lastRow }) => lastRow === row));
    expect([...first.openRows]).toEqual(cut);
    const second = lanes.steps(5);
    cut.forEach((row, i) => {
      expect(first.openInputs[i]).toBe((first.rewards[row]! - 1) / 2);
      expect(second.inputs[row - 12]).toBe(first.openInputs[i]);
    });
    for (const { sum, steps } of second.episodes) expect(sum).toBe((steps * (steps + 1)) / 2);
  });

  test('leaves open what a time limit ended, and closes what ended by itself', () => {
    const limited = rollout('time_limit', 6).wholeEpisodes();
    expect(limited.openRows).toEqual(limited.episodes.map(({ lastRow }) => lastRow));
  });
});
