import { PolicyRunner, SacLearner, MULTIPLIER_ACTION, sizingObservations } from '@bellwether/agents';
import { describe, expect, it } from '@jest/globals';
import { withoutUnseen } from './fold-mask.js';

const policy = new SacLearner(
  { observations: sizingObservations, masked: true, action: MULTIPLIER_ACTION },
  {
    ...{ seed: 'a', hidden: [8], rate: 1e-3, discount: 1, follow: 0.005, batch: 4, targetEntropy: -1 },
    ...{ firstTemperature: 0.1, gradientMax: 10, rewardScale: 1 },
  },
).policy();

/** The first number was never there, all others always. */
const SEEN = [Float32Array.of(0, 0.5, 0, 0, 4, 0.5, 0, 1, 1, 1, 1, 1)];

const said = (of: typeof policy, ...row: number[]) =>
  new PolicyRunner(of, 1).actions(Float32Array.from(row))[0];

describe('what no training saw', () => {
  const folded = withoutUnseen(policy, SEEN);
  const usual = [Number.NaN, 0.5, 0, 0, 4, 0.5];

  it('changes nothing where the line is as it was', () => {
    expect(said(folded, ...usual)).toBeCloseTo(said(policy, ...usual) ?? 0, 6);
  });

  it('has no weight when it comes; a number that goes counts as its mean', () => {
    const came = [0.7, ...usual.slice(1)];
    expect(said(policy, ...came)).not.toBeCloseTo(said(policy, ...usual) ?? 0, 6);
    expect(said(folded, ...came)).toBeCloseTo(said(folded, ...usual) ?? 0, 9);
    const [gone, mean] = [usual.with(5, Number.NaN), usual.with(5, 0.5)];
    expect(said(folded, ...gone)).toBeCloseTo(said(folded, ...mean) ?? 0, 9);
  });
});
