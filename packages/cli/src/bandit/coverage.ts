import { evaluatePolicy, targetPolicy, vectorsOf, type Evaluation } from '@bellwether/bandit';
import { present } from '@bellwether/kernel';
import { syntheticLog, trueValue, type SyntheticLogOptions } from './synthetic-log.js';

/** Policies whose true value is known, because they do not learn. */
export const JUDGED = ['uniform', 'fixed:S2', 'fixed:S6', 'regime_map'] as const;

export const ESTIMATORS = ['ips', 'snips', 'dr'] as const;

/** Of so many logs: how many were judged, and how many intervals held the true value. */
export interface Coverage {
  readonly policy: string;
  readonly judged: number;
  readonly refused: number;
  readonly held: Readonly<Record<(typeof ESTIMATORS)[number], number>>;
}

/** How often the intervals of policies hold their true values, over made-up logs with seeds 1, 2, … */
export function coverageOf(
  logs: number,
  shape: Omit<SyntheticLogOptions, 'seed'>,
  onLog: (done: number) => void,
): readonly Coverage[] {
  const found = JUDGED.map((policy) => ({
    ...{ policy, judged: 0, refused: 0, value: valueOf(policy) },
    held: { ips: 0, snips: 0, dr: 0 },
  }));
  for (let log = 1; log <= logs; log++) {
    const choices = syntheticLog({ ...shape, seed: String(log) });
    for (const own of found) {
      const vectors = vectorsOf(present(targetPolicy(own.policy, null), 'a policy'), choices);
      const evaluation = evaluatePolicy(choices, { policy: own.policy, vectors, seed: String(log) });
      if (evaluation.refused !== null) {
        own.refused += 1;
        continue;
      }
      own.judged += 1;
      for (const name of ESTIMATORS) if (holds(evaluation, name, own.value)) own.held[name] += 1;
    }
    onLog(log);
  }
  return found;
}

function valueOf(name: string): number {
  const policy = present(targetPolicy(name, null), 'a policy');
  return trueValue(({ arms, regime }) =>
    policy.vector({
      ...{ arms, regime, decision_id: '', symbol: '', trade_date: 0, probabilities: [], chosen: 0 },
      ...{ x: null, reward: 0, trade: null, known_at: 0 },
    }),
  );
}

function holds(
  evaluation: Extract<Evaluation, { readonly refused: null }>,
  name: (typeof ESTIMATORS)[number],
  value: number,
): boolean {
  const { interval } = evaluation[name];
  return interval.missing === null && interval.value.low <= value && value <= interval.value.high;
}
