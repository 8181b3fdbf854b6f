/**
 * Goal: without faults the simulated bus keeps every promise of the real ones, so that what goes wrong in a run is a
 * drawn fault and not the simulator. Method: the contract suite of packages/bus.
 */
import { describe } from '@jest/globals';
import type { After } from '@bellwether/bus';
import {
  LEASE_TTL_MS,
  busContract,
  type BusFixture,
  type FixtureOptions,
} from '@bellwether/bus/contract-suite';
import { Chance } from './chance.js';
import { Coverage } from './coverage.js';
import { Faults } from './faults.js';
import { SimBus } from './sim-bus.js';
import { SimProcess } from './sim-process.js';
import { SimServer } from './sim-server.js';
import { Trace } from './trace.js';
import { VirtualTime } from './virtual-time.js';

const SMALL_MESSAGES = 10;

/** Questions wait for code of the tests, which knows nothing of virtual time: their timer is real. */
const afterReally: After = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};

async function openSimulated(options: FixtureOptions = {}): Promise<BusFixture> {
  const time = new VirtualTime();
  const coverage = new Coverage();
  const server = new SimServer({
    ...{ time, coverage, chance: new Chance('network'), trace: new Trace(null), watcher: null },
    ...{
      faults: new Faults(new Chance('faults'), coverage, false),
      leaseTtlMs: LEASE_TTL_MS,
      after: afterReally,
    },
    ...(options.small === true ? { streamMessagesMax: SMALL_MESSAGES } : {}),
  });
  const [bus, other] = ['a', 'b'].map((name) => new SimBus(server, new SimProcess(name, time)));
  if (bus === undefined || other === undefined) throw new Error('Expected two');
  // Whenever something is under way it happens: the tests wait in real time.
  const pump = setInterval(() => void time.run(() => false, Number.MAX_SAFE_INTEGER), 1);
  return {
    bus,
    other,
    expireLeases: () => {
      time.advance(LEASE_TTL_MS);
      return Promise.resolve();
    },
    dispose: async () => {
      await Promise.all([bus.close(), other.close()]);
      clearInterval(pump);
    },
  };
}

describe('SimBus', () => busContract(openSimulated));
