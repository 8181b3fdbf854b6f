import { describe, expect, it } from '@jest/globals';
import { describeWithNats } from '@bellwether/testkit';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { NATS_SERVER, drawTargets, killable, planKills } from './chaos.js';
import { replayInMemory } from './memory-replay.js';
import { replayOverNats } from './nats-replay.js';
import { renderProof } from './proof.js';

const nothing = (): void => undefined;
/** Killed in every run, beside some that are drawn: the log, and what everything else stands on. */
const ALWAYS = ['audit', NATS_SERVER];
const DRAWN = 3;

/** Two sessions over NATS take tens of seconds: eleven processes share two cores. */
const TIMEOUT_MS = 300_000;

const twoSessions = (): Promise<DataPlan> =>
  samplePlan({ data: [], symbol: [], from: 20_250_410, warmup: 60 });

describeWithNats('a replay over NATS, every service a process of its own', () => {
  it(
    'gives the digest of a replay in memory, and a whole audit log, also when anything is killed at random moments',
    async () => {
      const plan = await twoSessions();
      const inMemory = await replayInMemory(plan, nothing, undefined);
      const seed = process.env['BW_KILL_SEED'] ?? String(Date.now());
      const kill = [...ALWAYS, ...drawTargets(DRAWN, seed, killable(true))];
      process.stdout.write(`killing ${kill.join(', ')} with seed ${seed} (repeat: BW_KILL_SEED=${seed})\n`);
      const overNats = await replayOverNats({
        plan,
        natsUrl: null,
        kill,
        seed,
        onStart: nothing,
        onKill: nothing,
        onFrame: undefined,
        signal: new AbortController().signal,
      });
      expect(overNats.kills.map(({ target }) => target).sort()).toEqual([...kill].sort());
      expect(overNats.summary).toEqual(inMemory.summary);
      expect(overNats.digest).toBe(inMemory.digest);
      const { audit } = overNats;
      expect(audit).toMatchObject({ ok: true, first_seq: 1, last_seq: inMemory.summary.frames });
      expect((audit?.frames ?? 0) + (audit?.idle_frames ?? 0)).toBe(inMemory.summary.frames);
      const proof = renderProof({ ...overNats, expected: inMemory.digest });
      expect(proof).toContain(`${kill.length} by SIGKILL: `);
      expect(proof).toContain('equal');
      expect(proof).toContain('audit log  verified');
    },
    TIMEOUT_MS,
  );
});

describe('planned kills', () => {
  it('are the same for the same seed, within the run, in order, each as often as it is named', () => {
    const targets = [...killable(true), 'risk', NATS_SERVER];
    const kills = planKills(targets, 1_000, 'seed');
    expect(planKills(targets, 1_000, 'seed')).toEqual(kills);
    expect(planKills(targets, 1_000, 'other')).not.toEqual(kills);
    expect(kills.map(({ target }) => target).sort()).toEqual([...targets].sort());
    const moments = kills.map(({ afterFrames }) => afterFrames);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(moments.every((moment) => moment >= 1 && moment < 1_000)).toBe(true);
  });

  it('are drawn from all there is, and from the server only where it is ours', () => {
    const drawn = drawTargets(500, 'seed', killable(true));
    expect(drawTargets(500, 'seed', killable(true))).toEqual(drawn);
    expect(new Set(drawn)).toEqual(new Set(killable(true)));
    expect(killable(true)).toContain(NATS_SERVER);
    expect(killable(false)).not.toContain(NATS_SERVER);
  });
});

describe('what a run has shown', () => {
  it('says so where the digests differ', () => {
    expect(renderProof({ digest: 'a', expected: 'b', kills: [], audit: null })).toContain('DIFFERENT');
    expect(renderProof({ digest: 'a', expected: null, kills: [], audit: null })).toBe('');
  });
});
