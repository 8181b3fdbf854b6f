import { afterEach, describe, expect, it } from '@jest/globals';
import { EntryKind, type DegradedConfig, type Entry, type Frame } from '@bellwether/contracts';
import { quietFrame, riskPart } from './test/frames.js';
import { World, until } from './test/harness.js';

/** The decided figures (architecture.md section 10). */
const DEGRADED: DegradedConfig = {
  enter_p99_us: 120_000,
  leave_p99_us: 96_000,
  window_us: 60_000_000,
  min_decisions: 20,
};
const SECOND_US = 1_000_000;

describe('Degraded mode', () => {
  let world: World;
  let injected_us = 0;
  let signals = 0;

  async function start(knownTime: 'receive' | 'event' = 'receive'): Promise<void> {
    world = await World.start({ config: { degraded: DEGRADED }, knownTime });
    let degraded = false;
    world.line.script = (frame: Frame): Frame => {
      // The line takes as long as the test says: the clock of the gateway goes on meanwhile.
      world.now_us += injected_us;
      degraded = frame.entry?.mode?.degraded ?? degraded;
      const quiet = quietFrame(frame);
      return { ...quiet, risk: riskPart(frame, { degraded }) };
    };
  }

  afterEach(() => world.close());

  /** One signal every `every_s` seconds, each decided after the injected latency. */
  async function decide(count: number, latency_ms: number, every_s: number): Promise<void> {
    injected_us = latency_ms * 1_000;
    for (let i = 0; i < count; i++) {
      world.now_us += every_s * SECOND_US;
      signals += 1;
      await world.post('/v1/signal', { signal_id: `s-${signals}`, symbol: 'ES' });
    }
    injected_us = 0;
  }

  const modes = (): readonly Entry[] => world.line.entries.filter(({ kind }) => kind === EntryKind.MODE);
  const isDegraded = async (): Promise<unknown> => (await world.get('/v1/stats')).body['degraded_mode'];

  it('begins once decisions have been slow for the window, and says what was measured', async () => {
    await start();
    await decide(40, 150, 2);
    expect(modes()).toHaveLength(0);
    await decide(12, 150, 2);
    await until(() => modes().length === 1, 'the mode entry');
    expect(modes()[0]).toMatchObject({
      id: expect.stringMatching(/^mode:\d+$/),
      mode: { degraded: true, p99_us: 150_000, bound_us: 120_000 },
    });
    expect(modes()[0]?.mode?.decisions).toBeGreaterThanOrEqual(DEGRADED.min_decisions);
    await until(async () => (await isDegraded()) === true, 'the answer');
    expect((await world.get('/health')).body['degraded_mode']).toBe(true);
  });

  it('stays until decisions are clearly quick again: between the two bounds nothing changes', async () => {
    await start();
    await decide(52, 150, 2);
    await until(async () => (await isDegraded()) === true, 'the mode');
    await decide(60, 110, 2);
    expect(modes()).toHaveLength(1);
    await decide(90, 20, 2);
    await until(() => modes().length === 2, 'the end of the mode');
    expect(modes()[1]).toMatchObject({ mode: { degraded: false, bound_us: 96_000 } });
    await decide(60, 110, 2);
    expect(modes()).toHaveLength(2);
    await until(async () => (await isDegraded()) === false, 'the answer');
  });

  it('needs enough decisions: one slow call, or a few, say nothing', async () => {
    await start();
    await decide(1, 900, 2);
    await decide(40, 20, 2);
    await decide(19, 500, 10);
    expect(modes()).toHaveLength(0);
    expect(await isDegraded()).toBe(false);
  });

  it('is known to a gateway that starts while the book is in it', async () => {
    await start();
    await decide(52, 150, 2);
    await until(async () => (await isDegraded()) === true, 'the mode');
    const { gateway, port } = await world.restarted();
    try {
      const before = world.port;
      world.port = port;
      expect(await isDegraded()).toBe(true);
      world.port = before;
    } finally {
      await gateway.close();
    }
  });

  it('is left alone in a book of event time, whose decisions must not depend on the machine', async () => {
    await start('event');
    injected_us = 500_000;
    for (let i = 0; i < 60; i++) {
      world.now_us += 2 * SECOND_US;
      const ts = new Date(Math.floor(world.now_us / 1_000)).toISOString();
      await world.post('/v1/signal', { signal_id: `e-${i}`, symbol: 'ES', ts });
    }
    expect(modes()).toHaveLength(0);
  });
});
