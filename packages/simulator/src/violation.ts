/** What must hold in every run, whatever goes wrong in it. */
export const INVARIANTS = {
  numbered: 'the frames of every line stream are numbered 1, 2, 3 … without gap or repeat',
  latched: 'a latch holds for the trade date in which it was set',
  account:
    'money adds up to the cent, the floor of the account never falls, and nothing is entered after a limit',
  stop: 'a protective stop never goes away from the market while its position is open',
  covered: 'a snapshot covers only what is stored',
  kept: 'what was acknowledged is in the journal, once, with the content that was acknowledged',
  inputs: 'the journal holds the raw inputs of the source, all, once, in their order, unchanged',
  caused:
    'every entry of the broker is one that the decisions before it or the next input demand, and all of those are there',
  released: 'at the end portfolio, risk and broker know of the same orders, so that nothing stays reserved',
  decided: 'every entry has exactly one decision, in the order of the journal',
  recomputed: 'one pass over the journal gives the same bytes at every stage',
  audited: 'the audit log verifies and holds each decision once, unchanged',
  gated: 'the journal says that the audit log is behind only while it may be',
  runs: 'no service gives its book up',
  settles: 'when faults end, everything is decided within bounded time',
  real: 'nothing asks for real time or real chance',
  repeatable: 'the same seed gives the same history',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export class Violation extends Error {
  override readonly name = 'Violation';
  constructor(
    readonly invariant: Invariant,
    readonly detail: string,
  ) {
    super(`${invariant} (${INVARIANTS[invariant]}): ${detail}`);
  }
}
