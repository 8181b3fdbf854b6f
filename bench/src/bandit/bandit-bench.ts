import { InverseRegression, observedAll, priorPosterior, upperConfidence } from '@bellwether/bandit';
import { uniformSource } from '@bellwether/kernel';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { percentile, table } from '../figures.js';

/** Twelve arms over 64 features and a 1: what one choice between all strategies and one closed trade cost. */
const ARMS = 12;
const DIMENSION = 65;
const ALPHA = 0.3;
const RIDGE = 1;
const KEPT = 0.995;
const ROUNDS = { full: 20_000, quick: 200 } as const;
const WARM_UP = { full: 2_000, quick: 50 } as const;
/** Aims in microseconds (design/learning.md, section 4). */
const AIM_P50_US = 100;
const AIM_P99_US = 250;
const AGREED = 1e-6;

interface Timed {
  readonly select_us: readonly number[];
  readonly update_us: readonly number[];
  readonly both_us: readonly number[];
}

function features(uniform: () => number): Float64Array {
  const x = Float64Array.from({ length: DIMENSION }, () => Math.max(0, 2 * uniform() - 1));
  x[DIMENSION - 1] = 1;
  return x;
}

/** Without forgetting, the posterior says what a regression that keeps its inverse says. */
function checkAgreement(): void {
  const uniform = uniformSource('agreement');
  const inverse = new InverseRegression(DIMENSION, RIDGE);
  let posterior = priorPosterior(DIMENSION, RIDGE);
  for (let i = 0; i < 500; i++) {
    const [x, reward] = [features(uniform), 4 * uniform() - 2];
    inverse.observe(x, reward);
    posterior = observedAll(posterior, [{ x, reward }], { ridge: RIDGE, kept: 1 });
  }
  const x = features(uniform);
  const bound = inverse.expected(x) + ALPHA * Math.sqrt(inverse.variance(x));
  const apart = Math.abs(upperConfidence(posterior, x, ALPHA) - bound);
  check(apart < AGREED, `Cholesky and the kept inverse differ by ${apart}`);
}

function measure(rounds: number, warmUp: number, progress: Progress): Timed {
  const uniform = uniformSource('bandit bench');
  const posteriors = Array.from({ length: ARMS }, () => priorPosterior(DIMENSION, RIDGE));
  const timed = { select_us: [] as number[], update_us: [] as number[], both_us: [] as number[] };
  for (let round = 0; round < rounds + warmUp; round++) {
    if (round % 1_000 === 0) progress(`round ${round} of ${rounds + warmUp}`);
    const [x, reward] = [features(uniform), 4 * uniform() - 2];
    const started = performance.now();
    let [best, top] = [0, -Infinity];
    for (let arm = 0; arm < ARMS; arm++) {
      const score = upperConfidence(posteriors[arm]!, x, ALPHA);
      if (score > top) [best, top] = [arm, score];
    }
    const selected = performance.now();
    posteriors[best] = observedAll(posteriors[best]!, [{ x, reward }], { ridge: RIDGE, kept: KEPT });
    const ended = performance.now();
    if (round < warmUp) continue;
    timed.select_us.push(1_000 * (selected - started));
    timed.update_us.push(1_000 * (ended - selected));
    timed.both_us.push(1_000 * (ended - started));
  }
  return timed;
}

export function banditBench(scale: Scale, progress: Progress): BenchReport {
  checkAgreement();
  const timed = measure(ROUNDS[scale], WARM_UP[scale], progress);
  const rows = (
    [
      ['select among 12 arms', timed.select_us],
      ['update of one arm, with forgetting', timed.update_us],
      ['both', timed.both_us],
    ] as const
  ).map(([name, times]) => [name, ...[0.5, 0.99, 0.999].map((share) => percentile(times, share).toFixed(1))]);
  const [p50_us, p99_us] = [percentile(timed.both_us, 0.5), percentile(timed.both_us, 0.99)];
  const met = p50_us <= AIM_P50_US && p99_us <= AIM_P99_US;
  return {
    title: 'Neural-Linear UCB: 12 arms, 64 features, exact posterior in double precision',
    checked: [`without forgetting, Cholesky says what the kept inverse says, to ${AGREED}`],
    lines: [
      ...table(['microseconds', 'p50', 'p99', 'p99.9'], rows),
      '',
      `aim: both p50 ${AIM_P50_US}, p99 ${AIM_P99_US}: ${met ? 'met' : 'missed'}`,
    ],
    figures: { p50_us, p99_us, met },
  };
}
