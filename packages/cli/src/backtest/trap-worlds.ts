import { INVENTED_ES, INVENTED_NQ, inventedBars, type InventedOptions } from '@bellwether/testkit';
import {
  AS_PUBLISHED,
  runTrap,
  trapWalk,
  type TrapAccounting,
  type TrapResult,
  type TrapWalk,
} from './trap-rule.js';

/** US dollars a point. */
const ES_USD = 50;
const NQ_USD = 20;
/** Market in, market out (domain.md 9.3). */
const ROUND_TRIP_USD = 27.8;

/** The accounting of the original, and what is left of it without each of its faults. */
const TRAP_ACCOUNTINGS: readonly { readonly name: string; readonly accounting: TrapAccounting }[] = [
  { name: 'look-ahead, overlapping, no costs', accounting: AS_PUBLISHED },
  { name: 'no look-ahead, overlapping', accounting: { ...AS_PUBLISHED, look_ahead: false } },
  { name: 'look-ahead, one position', accounting: { ...AS_PUBLISHED, overlapping: false } },
  {
    name: 'no look-ahead, one position',
    accounting: { ...AS_PUBLISHED, look_ahead: false, overlapping: false },
  },
  {
    name: 'the same, at the next open, with costs',
    accounting: { look_ahead: false, overlapping: false, next_open: true, cost_usd: ROUND_TRIP_USD },
  },
];

export interface TrapAnswer {
  readonly name: string;
  /** Of the two files of the original's kind: ES, then NQ. */
  readonly files: readonly [TrapResult, TrapResult];
  /** Over other walks like that of ES: a file is one draw. */
  readonly walks: {
    readonly mean_usd: number;
    /** Mean over its standard error. */
    readonly t: number;
    readonly gained: number;
  };
}

function overWalks(nets: readonly number[]): TrapAnswer['walks'] {
  const n = nets.length;
  const mean_usd = nets.reduce((sum, net) => sum + net, 0) / n;
  const variance = nets.reduce((sum, net) => sum + (net - mean_usd) ** 2, 0) / (n - 1);
  return {
    mean_usd,
    t: mean_usd / Math.sqrt(variance / n),
    gained: nets.filter((net) => net > 0).length,
  };
}

const walkOf = (options: InventedOptions): TrapWalk => trapWalk([...inventedBars(options)]);

/** What the rule comes to by each accounting, in their order. The same number of walks gives the same answers. */
export function trapAnswers(walks: number): readonly TrapAnswer[] {
  const nets = TRAP_ACCOUNTINGS.map((): number[] => []);
  for (let i = 0; i < walks; i++) {
    const walk = walkOf({ ...INVENTED_ES, seed: `walk-${i}` });
    TRAP_ACCOUNTINGS.forEach(({ accounting }, k) => {
      nets[k]!.push(runTrap(walk, ES_USD, accounting).net_usd);
    });
  }
  const [es, nq] = [walkOf(INVENTED_ES), walkOf(INVENTED_NQ)];
  return TRAP_ACCOUNTINGS.map(({ name, accounting }, k) => ({
    name,
    files: [runTrap(es, ES_USD, accounting), runTrap(nq, NQ_USD, accounting)],
    walks: overWalks(nets[k]!),
  }));
}
