// Goal: as a service the trainer does its jobs while it has the lease, remembers them on the bus, and says so to whoever listens.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { MemoryBus } from '@bellwether/bus';
import { ServiceState, decodeStatus, subjects } from '@bellwether/contracts';
import { pause, readSettings, trainerSettings } from '@bellwether/host';
import { createTrainerMetrics } from './metrics.js';
import { busRecords } from './record-stores.js';
import { childEnvironment, configOf, serveTrainer } from './serve-trainer.js';

const PROGRAM = path.join(import.meta.dirname, 'child-for-tests.js');
const NOW = Date.parse('2026-11-18T05:30:00Z') * 1_000;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the trainer service', () => {
  let folder: string;
  let bus: MemoryBus;
  let states: string[];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw-serve-trainer-'));
    bus = new MemoryBus();
    states = [];
    await bus.subscribe(subjects.status('trainer', 'none'), ({ data }) => {
      const { owner, state, detail } = decodeStatus(data);
      states.push(`${owner} ${state} ${detail}`);
    });
  });
  afterEach(async () => {
    await bus.close();
    await rm(folder, { recursive: true });
  });

  function serve(owner: string, stop: AbortController, registry = new Registry()): Promise<void> {
    const given = { BW_TRAINER_JOBS: 'training', BW_NATS_URL: 'nats://one:4222' };
    return serveTrainer({
      ...{ bus, owner, program: PROGRAM, log, pause, signal: stop.signal, nowUs: () => NOW },
      settings: readSettings(trainerSettings, given),
      environment: { PATH: process.env['PATH'], CHILD_LOG: path.join(folder, 'calls'), CHILD_DOES: 'end' },
      metrics: createTrainerMetrics(registry),
    });
  }

  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await pause(5, new AbortController().signal);
  };

  it('given two of them, then one works and the other stands by, and takes over when the first ends', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const registry = new Registry();
    const one = serve('one', first, registry);
    await until(() => states.includes(`one ${ServiceState.RUNNING} training: done`));
    const two = serve('two', second);
    await until(() => states.includes(`two ${ServiceState.STANDBY} another trainer has the lease`));
    first.abort();
    await one;
    expect(states).toContain(`one ${ServiceState.STOPPED} ended on request`);
    second.abort();
    await two;
    // What the first has done is done: it stands on the bus.
    expect((await busRecords(bus).load()).runs).toMatchObject([
      { job: 'training', outcome: 'done', seen: 'sample' },
    ]);
    expect(await readFile(path.join(folder, 'calls'), 'utf8')).toBe(
      'train all --seed 1 --out nats://one:4222 --challenge\n',
    );
    expect(await registry.metrics()).toContain('bw_trainer_runs_total{job="training",outcome="done"} 1');
  });
});

describe('its settings', () => {
  const settings = (given: Record<string, string>) => readSettings(trainerSettings, given);

  it('name jobs and selections that are there', () => {
    expect(() => configOf(settings({ BW_TRAINER_JOBS: 'training,other' }))).toThrow(/no job other/);
    expect(() => configOf(settings({ BW_TRAINER_DATA: 'bars.csv' }))).toThrow(/import bars.csv/);
    expect(configOf(settings({ BW_MODELS: '/var/models', BW_TRAINER_FEEDS: 'feeds.yaml' }))).toMatchObject({
      ...{ models: '/var/models', feeds: 'feeds.yaml', folds: null, calibration: 'promote' },
    });
  });

  it('reach the command as it knows them, and none that it does not know', () => {
    const environment = childEnvironment(
      { PATH: '/bin', BW_NATS_URL: 'x', BW_MODELS: 'bus' },
      settings({ BW_CATALOG: '/data/catalog' }),
    );
    expect(environment).toEqual({
      ...{ PATH: '/bin', BW_CATALOG: '/data/catalog' },
      ...{ BW_MODEL_KEY_FOLDER: '.bellwether/model-key', BW_TRAINING_FOLDER: '.bellwether/training' },
    });
  });
});
