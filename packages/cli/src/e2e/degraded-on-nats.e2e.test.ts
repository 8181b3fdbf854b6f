import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EntryKind, PolicyName, STAGES, type Frame } from '@bellwether/contracts';
import { describeWithNats } from '@bellwether/testkit';
import { LineOnNats } from './line-on-nats.js';

/** Starting ten processes takes a while on two cores. */
const START_MS = 120_000;
const TEST_MS = 180_000;
/** How long a stage stands still, and how many signals wait behind it meanwhile. */
const INJECTED_MS = 900;
const AT_ONCE = 10;
const ROUNDS_MAX = 40;
/**
 * Far from what a busy machine takes by itself, and from what is injected. A few rounds fall into one window, also where one
 * takes seconds.
 */
const DEGRADED = '{ enter_p99_ms: 600, leave_p99_ms: 500, window_s: 5, min_decisions: 8 }';

describeWithNats('degraded mode, with every service a process of its own', () => {
  let line: LineOnNats;
  let sent = 0;

  beforeAll(async () => {
    line = await LineOnNats.start({}, { live: true, book: `policy: learned\ndegraded: ${DEGRADED}\n` });
  }, START_MS);

  afterAll(async () => {
    await line.stop();
  }, START_MS);

  const signal = () => {
    sent += 1;
    return line.post('/v1/signal', { signal_id: `slow-${sent}`, symbol: 'ES' });
  };

  const modes = async (): Promise<readonly Frame[]> =>
    (await line.decisions()).filter(({ entry }) => entry?.kind === EntryKind.MODE);

  async function lastSignal(): Promise<Frame | undefined> {
    return (await line.decisions()).filter(({ entry }) => entry?.kind === EntryKind.SIGNAL).at(-1);
  }

  const policyOf = (frame: Frame | undefined): string => PolicyName[frame?.risk?.policy ?? 0];

  it(
    'is entered while stages stand still in turns, and left when they are quick again',
    async () => {
      await signal();
      expect(await modes()).toEqual([]);
      expect(policyOf(await lastSignal())).toBe('learned');
      for (let round = 0; (await modes()).length === 0; round++) {
        if (round === ROUNDS_MAX) throw new Error(`No mode entry in ${ROUNDS_MAX} rounds`);
        const stage = STAGES[round % STAGES.length]!;
        line.fleet.signal(stage, 'SIGSTOP');
        const waiting = Array.from({ length: AT_ONCE }, signal);
        await delay(INJECTED_MS);
        line.fleet.signal(stage, 'SIGCONT');
        await Promise.all(waiting);
      }
      const [entered] = await modes();
      expect(entered?.entry?.mode).toMatchObject({ degraded: true, bound_us: 600_000 });
      expect(entered?.entry?.mode?.p99_us).toBeGreaterThan(600_000);
      await signal();
      const slow = await lastSignal();
      expect(slow?.risk?.degraded).toBe(true);
      expect(slow?.sizing?.degraded).toBe(true);
      expect(policyOf(slow)).toBe('rules');
      await line.until(async () => {
        await signal();
        return (await modes()).length > 1;
      }, 'the mode is left');
      const left = (await modes())[1];
      expect(left?.entry?.mode).toMatchObject({ degraded: false, bound_us: 500_000 });
      await signal();
      const quick = await lastSignal();
      expect(quick?.risk?.degraded).toBe(false);
      expect(quick?.sizing?.degraded).toBe(false);
      expect(policyOf(quick)).toBe('learned');
      expect((await line.get('/v1/stats')).body['degraded_mode']).toBe(false);
    },
    TEST_MS,
  );
});
