import { STAGES } from '@bellwether/contracts';
import type { Chance } from './chance.js';
import type { BookTerms } from './market.js';

/** distributed: a process for each stage, as with NATS. embedded: the whole line and the broker in one. */
export type Arrangement = 'distributed' | 'embedded';

/** What a seed decides before anything runs. */
export interface Scenario {
  readonly seed: number;
  readonly arrangement: Arrangement;
  /** Services of which two processes run. */
  readonly doubled: readonly string[];
  /** False: two owners work at once, and only the sequence check keeps them apart. */
  readonly lease: boolean;
  readonly snapshotEvery: number;
  readonly market: number;
  readonly days: number;
  readonly terms: BookTerms;
  /** Mean time between two raw inputs; 0: as fast as they go. */
  readonly paceMs: number;
  readonly clientActions: number;
  /** Share of the inputs up to which things go wrong; from then on everything must settle. */
  readonly faultsUntil: number;
  /** What execution does when the audit log falls behind. */
  readonly audit: {
    readonly mode: 'journal' | 'hold';
    readonly behindFrames: number;
    readonly behindMs: number;
  };
  /** False: nothing goes wrong, so that the simulator itself is seen to be right. */
  readonly faulty: boolean;
}

/** Different markets; more would only cost time to make. */
const MARKETS = 6;
const DOUBLED_MAX = 3;

const SERVICES: Readonly<Record<Arrangement, readonly [string, ...string[]]>> = {
  distributed: [...STAGES, 'execution', 'audit'],
  embedded: ['desk'],
};

export function scenarioOf(seed: number, chance: Chance): Scenario {
  const arrangement: Arrangement = chance.happens(0.25) ? 'embedded' : 'distributed';
  const softLossUsd = chance.pick([30, 60, 150]);
  const paceMs = chance.pick([0, 60, 200]);
  return {
    seed,
    arrangement,
    doubled: doubledOf(SERVICES[arrangement], chance),
    lease: chance.happens(0.65),
    snapshotEvery: chance.pick([8, 20, 50]),
    market: chance.below(MARKETS),
    days: chance.happens(0.15) ? 2 : 1,
    terms: {
      softLossUsd,
      killLossUsd: softLossUsd * chance.pick([1, 3, 10]),
      execution: chance.happens(0.25) ? 'external' : 'paper',
      learned: chance.happens(0.3),
    },
    paceMs,
    clientActions: 15 + chance.below(30),
    faultsUntil: chance.between(0.7, 1),
    audit: {
      mode: chance.happens(0.7) ? 'journal' : 'hold',
      behindFrames: chance.pick([6, 20]),
      behindMs: chance.pick([800, 3_000]),
    },
    faulty: !chance.happens(0.05),
  };
}

function doubledOf(services: readonly [string, ...string[]], chance: Chance): readonly string[] {
  if (chance.happens(0.4)) return [];
  const count = 1 + chance.below(DOUBLED_MAX);
  const drawn = Array.from({ length: count }, () => chance.pick(services));
  // The broker is the one writer whose appends nothing but their ids keeps apart.
  const more = services.filter((name) => name === 'execution' && chance.happens(0.4));
  return [...new Set([...drawn, ...more])];
}

/** One line for the trace and for the report of a failure. */
export function describe(scenario: Scenario): string {
  const { arrangement, doubled, lease, snapshotEvery, market, days, terms } = scenario;
  const two = doubled.length === 0 ? 'no doubles' : `two of ${doubled.join(', ')}`;
  return [
    `seed ${scenario.seed}: ${arrangement}, ${two}, ${lease ? 'with' : 'without'} leases`,
    `snapshot every ${snapshotEvery}, market ${market} for ${days} day(s), ${terms.execution}`,
    ...(terms.learned ? ['arms chosen over a trunk'] : []),
    `soft ${terms.softLossUsd}, kill ${terms.killLossUsd} USD, pace ${scenario.paceMs} ms`,
    `audit ${scenario.audit.mode} at ${scenario.audit.behindFrames} frames or ${scenario.audit.behindMs} ms`,
    `${scenario.clientActions} client actions, ${scenario.faulty ? 'faulty' : 'no faults'}`,
  ].join(', ');
}
