import { describe, expect, it } from '@jest/globals';
import { describeWithNats } from '@bellwether/testkit';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { replayInMemory } from './memory-replay.js';
import { KILLABLE, drawServices, planKills, replayOverNats, type Kill } from './nats-replay.js';

const nothing = (): void => undefined;
const KILLS = 3;

/** Two sessions over NATS take tens of seconds: ten processes share two cores. */
const TIMEOUT_MS = 300_000;

const twoSessions = (): Promise<DataPlan> =>
  samplePlan({ data: [], symbol: [], from: 20_250_410, warmup: 60 });

describeWithNats('a replay over NATS, every service a process of its own', () => {
  it(
    'gives the digest of a replay in memory, also when services are killed at random moments',
    async () => {
      const plan = await twoSessions();
      const inMemory = await replayInMemory(plan, nothing, undefined);
      const seed = process.env['BW_KILL_SEED'] ?? String(Date.now());
      const kill = drawServices(KILLS, seed);
      process.stdout.write(`killing ${kill.join(', ')} with seed ${seed} (repeat: BW_KILL_SEED=${seed})\n`);
      const kills: Kill[] = [];
      const onKill = (done: Kill): void => {
        kills.push(done);
      };
      const natsUrl = null;
      const overNats = await replayOverNats({
        plan,
        natsUrl,
        kill,
        seed,
        onStart: nothing,
        onKill,
        onFrame: undefined,
        signal: new AbortController().signal,
      });
      expect(kills).toHaveLength(KILLS);
      expect(overNats.summary).toEqual(inMemory.summary);
      expect(overNats.digest).toBe(inMemory.digest);
    },
    TIMEOUT_MS,
  );
});

describe('planned kills', () => {
  it('are the same for the same seed, within the run, in order, each service once', () => {
    const kills = planKills(KILLABLE, 1_000, 'seed');
    expect(planKills(KILLABLE, 1_000, 'seed')).toEqual(kills);
    expect(planKills(KILLABLE, 1_000, 'other')).not.toEqual(kills);
    expect(kills.map((kill) => kill.service).sort()).toEqual([...KILLABLE].sort());
    const moments = kills.map((kill) => kill.afterFrames);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(moments.every((moment) => moment >= 1 && moment < 1_000)).toBe(true);
  });
});
