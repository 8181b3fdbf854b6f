import { INVENTED_ES, INVENTED_NQ, inventedBars } from '@bellwether/testkit';
import { AS_PUBLISHED, runTrap, type TrapAccounting, type TrapResult } from './trap-rule.js';

/** US dollars a point. */
const ES_USD = 50;
const NQ_USD = 20;
/** Market in, market out (domain.md 9.3). */
const ROUND_TRIP_USD = 27.8;

/** The accounting of the original, and what is left of it without each of its faults. */
export const TRAP_ACCOUNTINGS: readonly { readonly name: string; readonly accounting: TrapAccounting }[] = [
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

/** What the rule comes to by one accounting. The same number of walks gives the same answer. */
export function trapOf(accounting: TrapAccounting, walks: number): TrapAnswer {
  const nets = Array.from(
    { length: walks },
    (_, i) => runTrap([...inventedBars({ ...INVENTED_ES, seed: `walk-${i}` })], ES_USD, accounting).net_usd,
  );
  const mean_usd = nets.reduce((sum, net) => sum + net, 0) / walks;
  const variance = nets.reduce((sum, net) => sum + (net - mean_usd) ** 2, 0) / (walks - 1);
  return {
    files: [
      runTrap([...inventedBars(INVENTED_ES)], ES_USD, accounting),
      runTrap([...inventedBars(INVENTED_NQ)], NQ_USD, accounting),
    ],
    walks: {
      mean_usd,
      t: mean_usd / Math.sqrt(variance / walks),
      gained: nets.filter((net) => net > 0).length,
    },
  };
}
