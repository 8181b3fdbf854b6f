import { expect, it } from '@jest/globals';
import { describeWithNats } from '@bellwether/testkit';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { NATS_SERVER, drawTargets, killable } from './chaos.js';
import { replayInMemory } from './memory-replay.js';
import { replayOverNats } from './nats-replay.js';
import { renderProof } from './proof.js';

const nothing = (): void => undefined;
/** Killed in every run, beside some that are drawn: the log, and what everything else stands on. */
const ALWAYS = ['audit', NATS_SERVER];
const DRAWN = 3;

/** Two sessions over NATS take tens of seconds: eleven processes share two cores, and each start takes its second. */
const TIMEOUT_MS = 600_000;

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
