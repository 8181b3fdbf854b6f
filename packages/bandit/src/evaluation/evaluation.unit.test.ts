/**
 * Goal: what another policy would have earned is said right, or refused. Method: logs of a few made-up choices, and frames.
 */
import { describe, expect, it } from '@jest/globals';
import { FillLeg, RegimeState, Strategy } from '@bellwether/contracts';
import { uniformSource, present } from '@bellwether/kernel';
import {
  aBarEntry,
  aClosedTrade,
  aFillEntry,
  aFrame,
  aPortfolioPart,
  aPosition,
  aRegimePart,
  aSetup,
} from '@bellwether/testkit';
import { ChoiceCollector, type LoggedChoice } from './logged-choices.js';
import { evaluatePolicy, loggedValue } from './off-policy.js';
import type { TrunkSaid } from './logged-learning.js';
import { TARGET_NAMES, TRUNK_POLICY, targetPolicy, vectorsOf } from './target-policy.js';

function choice(changes: Partial<LoggedChoice> = {}): LoggedChoice {
  return {
    ...{ decision_id: 'd', symbol: 'ES', trade_date: 20_250_915, chosen: 0, regime: RegimeState.CALM_TREND },
    ...{ arms: [Strategy.S2, Strategy.S3], probabilities: [0.5, 0.5], x: [1, 0, 0, 0, 0, 1], reward: 0 },
    ...{ trade: null, known_at: Infinity },
    ...changes,
  };
}

/** S2 earns 1, S3 loses 1; one in so many is of S3. */
function log(count: number, everyS3: number): readonly LoggedChoice[] {
  const share = 1 / everyS3;
  return Array.from({ length: count }, (_, i) => {
    const chosen = i % everyS3 === 0 ? 1 : 0;
    return choice({ chosen, probabilities: [1 - share, share], reward: chosen === 0 ? 1 : -1 });
  });
}

const judged = (choices: readonly LoggedChoice[], name: string) =>
  evaluatePolicy(choices, {
    ...{ policy: name, seed: 'x', resamples: 200 },
    vectors: vectorsOf(present(targetPolicy(name, null), name), choices),
  });

describe('an evaluation', () => {
  it.each([
    ['fixed:S2', 1],
    ['fixed:S3', -1],
    ['uniform', 0],
  ])('says what %s would have earned', (name, value) => {
    const evaluation = judged(log(400, 4), name);
    expect(evaluation).toMatchObject({ refused: null, drawn: 'choices', support: { choices: 400 } });
    if (evaluation.refused !== null) return;
    for (const { value: found, interval } of [evaluation.ips, evaluation.snips, evaluation.dr]) {
      expect(found).toBeCloseTo(value, 1);
      expect(present(interval.value, 'an interval').low).toBeLessThanOrEqual(found + 1e-9);
      expect(present(interval.value, 'an interval').high).toBeGreaterThanOrEqual(found - 1e-9);
    }
    expect(loggedValue(log(400, 4)).value).toBeCloseTo(0.5, 9);
  });

  it('draws whole days where there are enough of them', () => {
    const choices = log(400, 2).map((one, i) => ({ ...one, trade_date: 20_250_000 + Math.floor(i / 8) }));
    expect(judged(choices, 'uniform')).toMatchObject({ refused: null, drawn: 'days' });
  });

  it('knows that a fixed arm does not trade where it is not live', () => {
    const elsewhere = choice({ arms: [Strategy.S6], probabilities: [1], reward: 2 });
    const evaluation = judged([...log(200, 2), ...Array.from({ length: 200 }, () => elsewhere)], 'fixed:S2');
    expect(evaluation).toMatchObject({ refused: null, support: { trades: 0.5 } });
    if (evaluation.refused === null) {
      expect(evaluation.snips.value).toBeCloseTo(0.5, 9);
      expect(evaluation.ips.value).toBeCloseTo(0.5, 9);
    }
  });

  it.each([
    ['too few choices', log(99, 2), 'uniform', 'too_few_choices'],
    ['thin support', log(400, 20), 'fixed:S3', 'thin_support'],
    [
      'no support',
      log(400, 4).map((one) => ({ ...one, chosen: 0, probabilities: [1, 0] })),
      'uniform',
      'no_support',
    ],
  ] as const)('is refused for %s', (_name, choices, policy, refused) => {
    expect(judged(choices, policy)).toMatchObject({ refused });
    expect(judged(choices, policy)).not.toHaveProperty('ips');
  });
});

describe('the policies', () => {
  it('are known by name, with a vector over the live arms', () => {
    for (const name of [...TARGET_NAMES, 'fixed:S12', 'fixed:s2']) {
      const vector = present(targetPolicy(name, null), name).vector(choice());
      expect(vector).toHaveLength(2);
      expect(vector.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-12);
    }
    for (const name of ['', 'fixed:S13', 'fixed:', 'best']) expect(targetPolicy(name, null)).toBeNull();
  });

  it('that learn see a reward only once it is known', () => {
    const uniform = uniformSource('learn');
    const choices = Array.from({ length: 60 }, (_, i) => {
      const chosen = uniform() < 0.5 ? 0 : 1;
      const strategy = chosen === 0 ? Strategy.S2 : Strategy.S3;
      const trade = aClosedTrade({ decision_id: `d-${i}`, strategy, net_r: chosen === 0 ? -1 : 1 });
      return choice({
        decision_id: `d-${i}`,
        chosen,
        trade,
        reward: chosen === 0 ? -1 : 1,
        known_at: i < 30 ? 40 : i + 1,
      });
    });
    for (const name of ['linucb', 'epsilon_greedy', 'ucb1']) {
      const policy = present(targetPolicy(name, null), name);
      const vectors = vectorsOf(policy, choices);
      expect(vectors.slice(0, 30).every(([first]) => first === 0.5)).toBe(true);
    }
    const linear = vectorsOf(present(targetPolicy('linucb', null), 'linucb'), choices);
    expect(linear.at(-1)).toEqual([0.05, 0.95]);
  });
});

describe('the choices of frames', () => {
  const chosen = (seq: number) =>
    aFrame({
      seq,
      entry: aBarEntry(),
      regime: aRegimePart(),
      portfolio: aPortfolioPart(),
      bandit: {
        ...{ logic_version: 5, fault: null, reason: 1, refused: [], draw: 0.1, chosen: 0 },
        ...{ confidence_reason: null, selection_reason: null, withheld: [] },
        candidates: [{ setup: aSetup(), mean_r: 0, count: 0, ucb: null, probability: 1, confidence: null }],
      },
    });
  const withPortfolio = (portfolio: Parameters<typeof aPortfolioPart>[0]) =>
    aFrame({ entry: aFillEntry(), portfolio: aPortfolioPart(portfolio) });
  const end = (decision_id: string, net_r: number | null) =>
    withPortfolio({ closed: [aClosedTrade({ decision_id, net_r, exit_leg: FillLeg.TARGET })] });

  it('have the reward of their trade, once; 0 without one; and are left out while it is open', () => {
    const collector = new ChoiceCollector();
    const frames = [chosen(1), chosen(2), end('paper-es-1', 7), chosen(3), chosen(4), end('paper-es-1', -1)];
    for (const frame of frames) collector.add(frame);
    collector.add(end('paper-es-4', null));
    collector.add(withPortfolio({ positions: [aPosition({ decision_id: 'paper-es-3' })] }));
    const { choices, open, without_risk } = collector.log();
    expect(choices.map(({ decision_id, reward, known_at }) => [decision_id, reward, known_at])).toEqual([
      ['paper-es-1', 4, 2],
      ['paper-es-2', 0, Infinity],
    ]);
    expect([open, without_risk]).toEqual([1, 1]);
  });
});

describe('neural_linear', () => {
  const features = (good: boolean): Float64Array => {
    const x = new Float64Array(65).fill(0.01);
    x[good ? 0 : 1] = 1;
    x[64] = 1;
    return x;
  };
  /** S2 earns 1 and S3 loses 1 where the first feature is high, and the other way round elsewhere; the log chose by chance. */
  const count = 600;
  const uniform = uniformSource('trunk');
  const truths = Array.from({ length: count }, () => uniform() < 0.5);
  const said = new Map(truths.map((good, i) => [`paper-${i}`, features(good)]));
  const choices = truths.map((good, i) => {
    const chosen = uniform() < 0.5 ? 0 : 1;
    const reward = (chosen === 0) === good ? 1 : -1;
    const decision_id = `paper-${i}`;
    const trade = aClosedTrade({
      decision_id,
      strategy: chosen === 0 ? Strategy.S2 : Strategy.S3,
      net_r: reward,
    });
    // The linear context tells nothing.
    return choice({ decision_id, chosen, reward, trade, known_at: i + 1, x: [1, 0, 0, 0, 0, 0] });
  });
  const value = (policy: string, trunk: TrunkSaid | null): number => {
    const vectors = vectorsOf(present(targetPolicy(policy, null, trunk), policy), choices);
    const evaluation = evaluatePolicy(choices, { policy, vectors, seed: 'x', resamples: 50 });
    return evaluation.refused === null ? evaluation.snips.value : NaN;
  };

  it('is judged by what a trunk says of the choices, and is worth what the trunk sees', () => {
    expect(value(TRUNK_POLICY, said)).toBeGreaterThan(0.7);
    expect(Math.abs(value('linucb', null))).toBeLessThan(0.35);
    // A trunk that was never asked leaves the choice to LinUCB.
    expect(value(TRUNK_POLICY, new Map())).toBeCloseTo(value('linucb', null), 1);
  });

  it('is no policy without a trunk', () => {
    expect(targetPolicy(TRUNK_POLICY, null)).toBeNull();
  });
});
