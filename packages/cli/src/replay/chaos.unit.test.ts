import { describe, expect, it } from '@jest/globals';
import { Chaos, NATS_SERVER, drawTargets, killable, planKills, type Kill } from './chaos.js';
import { renderProof } from './proof.js';

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

describe('kills', () => {
  const kill = (target: string, afterFrames: number): Kill => ({ target, afterFrames });

  it('come when their moment has come, each once', () => {
    const killed: string[] = [];
    const fleet = { kill: (service: string) => killed.push(service) > 0 };
    const told: Kill[] = [];
    const chaos = new Chaos([kill('risk', 2), kill('audit', 2), kill('risk', 5)], fleet, null, (done) => {
      told.push(done);
    });
    chaos.at(1);
    expect(killed).toEqual([]);
    for (const frames of [2, 3, 4]) chaos.at(frames);
    expect(killed).toEqual(['risk', 'audit']);
    chaos.at(9);
    expect(told).toEqual([kill('risk', 2), kill('audit', 2), kill('risk', 9)]);
    expect(chaos.done).toEqual(told);
  });

  it('wait for what is down already, and do not keep others waiting', () => {
    let up = false;
    const killed: string[] = [];
    const fleet = {
      kill: (service: string) => (service === 'risk' && !up ? false : killed.push(service) > 0),
    };
    const chaos = new Chaos([kill('risk', 1), kill('audit', 2)], fleet, null, () => undefined);
    chaos.at(1);
    chaos.at(2);
    expect(killed).toEqual(['audit']);
    up = true;
    chaos.at(3);
    expect(killed).toEqual(['audit', 'risk']);
    expect(chaos.done).toEqual([kill('audit', 2), kill('risk', 3)]);
  });

  it('start the server again, one after the other', async () => {
    const restarts: (() => void)[] = [];
    const server = { restart: () => new Promise<void>((resolve) => restarts.push(resolve)) };
    const chaos = new Chaos(
      [kill(NATS_SERVER, 1), kill(NATS_SERVER, 2)],
      { kill: () => true },
      server,
      () => undefined,
    );
    chaos.at(1);
    chaos.at(2);
    expect(restarts).toHaveLength(1);
    restarts[0]?.();
    await Promise.resolve();
    chaos.at(3);
    expect(restarts).toHaveLength(2);
    expect(chaos.done).toEqual([kill(NATS_SERVER, 1), kill(NATS_SERVER, 3)]);
  });

  it('end the run where the server does not come up again', async () => {
    const server = { restart: () => Promise.reject(new Error('The port is taken')) };
    const chaos = new Chaos([kill(NATS_SERVER, 1)], { kill: () => true }, server, () => undefined);
    chaos.at(1);
    await expect(chaos.broken).rejects.toThrow('The port is taken');
  });
});

describe('what a run has shown', () => {
  it('says so where the digests differ', () => {
    expect(renderProof({ digest: 'a', expected: 'b', kills: [], audit: null })).toContain('DIFFERENT');
    expect(renderProof({ digest: 'a', expected: null, kills: [], audit: null })).toBe('');
  });
});
