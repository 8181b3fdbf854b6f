import { afterEach, expect, it } from '@jest/globals';
import { buyingFrame } from './test/frames.js';
import { World } from './test/harness.js';

let world: World | null = null;

afterEach(async () => {
  await world?.close();
  world = null;
});

it('counts each decision by action and reason, and not again what a restart reads again', async () => {
  world = await World.start();
  const { metrics, line } = world;
  await world.post('/v1/signal', { signal_id: 'm-1', symbol: 'ES' });
  await world.post('/v1/signal', { signal_id: 'm-2', symbol: 'ES' });
  line.script = buyingFrame;
  await world.post('/v1/signal', { signal_id: 'm-3', symbol: 'ES' });
  const held = () =>
    metrics.count('bw_gateway_decisions_total', { book: 'es', action: 'hold', reason: 'no_setup' });
  const bought = () =>
    metrics.count('bw_gateway_decisions_total', { book: 'es', action: 'buy', reason: 'cap_step' });
  expect([held(), bought()]).toEqual([2, 1]);

  const { gateway } = await world.restarted();
  await gateway.close();
  expect([held(), bought()]).toEqual([2, 1]);
});
