import type { Chance } from './chance.js';
import type { Counter, Coverage } from './coverage.js';

/** Faults that are drawn wherever they can happen. */
export type FaultKind = Extract<
  Counter,
  | 'delayed'
  | 'duplicated'
  | 'redelivered'
  | 'dropped'
  | 'live_lost'
  | 'refused'
  | 'lost_request'
  | 'lost_ack'
  | 'late_write'
  | 'crash_before'
  | 'crash_after'
  | 'torn_blob'
  | 'torn_segment'
  | 'disk_full'
  | 'model_slow'
  | 'model_failed'
>;

/** Faults that befall a run at a moment of its own. */
export type Mishap = Extract<
  Counter,
  'outage' | 'blackout' | 'graceful' | 'frozen' | 'lease_lost' | 'bit_flip' | 'audit_stopped'
>;

/** How likely each fault is wherever it can happen, where a run has it at all, and how often it may at most. */
const FAULTS: Readonly<
  Record<FaultKind, { readonly rates: readonly [number, number]; readonly most: number }>
> = {
  delayed: { rates: [0.002, 0.02], most: 60 },
  duplicated: { rates: [0.002, 0.02], most: 60 },
  redelivered: { rates: [0.002, 0.02], most: 60 },
  dropped: { rates: [0.001, 0.006], most: 6 },
  live_lost: { rates: [0.05, 0.5], most: 500 },
  refused: { rates: [0.0005, 0.004], most: 10 },
  lost_request: { rates: [0.0005, 0.004], most: 10 },
  lost_ack: { rates: [0.0005, 0.004], most: 10 },
  late_write: { rates: [0.0005, 0.004], most: 10 },
  crash_before: { rates: [0.0005, 0.003], most: 6 },
  crash_after: { rates: [0.0005, 0.003], most: 6 },
  torn_blob: { rates: [0.01, 0.1], most: 3 },
  torn_segment: { rates: [0.005, 0.04], most: 3 },
  disk_full: { rates: [0.002, 0.02], most: 6 },
  model_slow: { rates: [0.02, 0.2], most: 40 },
  model_failed: { rates: [0.01, 0.15], most: 40 },
};

const MISHAPS: Readonly<
  Record<Mishap, { readonly rates: readonly [number, number]; readonly most: number }>
> = {
  outage: { rates: [0.01, 0.04], most: 3 },
  blackout: { rates: [0.005, 0.02], most: 1 },
  graceful: { rates: [0.01, 0.05], most: 4 },
  frozen: { rates: [0.01, 0.08], most: 5 },
  lease_lost: { rates: [0.01, 0.08], most: 5 },
  bit_flip: { rates: [0.02, 0.15], most: 6 },
  audit_stopped: { rates: [0.01, 0.06], most: 3 },
};

/** Chance that a run has a kind of fault: runs differ in kind, and what goes wrong alone is found alone. */
const SHARE_OF_RUNS = 0.4;

const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultKind[];
const MISHAP_NAMES = Object.keys(MISHAPS) as readonly Mishap[];

interface Rate {
  probability: number;
  left: number;
}

/** The faults of one run: how likely each is, how many are left. A bound on each keeps a storm from never ending. */
export class Faults {
  readonly #chance: Chance;
  readonly #coverage: Coverage;
  readonly #rates = new Map<FaultKind | Mishap, Rate>();
  #active: boolean;

  constructor(chance: Chance, coverage: Coverage, active: boolean) {
    this.#chance = chance;
    this.#coverage = coverage;
    this.#active = active;
    for (const name of FAULT_NAMES) this.#rates.set(name, drawnRate(FAULTS[name], chance));
    for (const name of MISHAP_NAMES) this.#rates.set(name, drawnRate(MISHAPS[name], chance));
  }

  get active(): boolean {
    return this.#active;
  }

  /** From now on nothing goes wrong any more. */
  end(): void {
    this.#active = false;
  }

  /** Whether this fault happens here. Counts it. */
  draw(kind: FaultKind | Mishap): boolean {
    if (!this.#active) return false;
    const rate = this.#rates.get(kind);
    if (rate === undefined || rate.left === 0 || !this.#chance.happens(rate.probability)) return false;
    rate.left -= 1;
    this.#coverage.count(kind);
    return true;
  }

  /** In words, for the trace. */
  describe(): string {
    if (!this.#active) return 'none';
    const on = [...this.#rates].filter(([, rate]) => rate.probability > 0);
    return on.map(([name, rate]) => `${name} ${rate.probability.toFixed(4)}`).join(', ') || 'none';
  }
}

function drawnRate(
  fault: { readonly rates: readonly [number, number]; readonly most: number },
  chance: Chance,
): Rate {
  const on = chance.happens(SHARE_OF_RUNS);
  const probability = chance.between(...fault.rates);
  return { probability: on ? probability : 0, left: fault.most };
}
