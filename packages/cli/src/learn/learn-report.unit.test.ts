/**
 * Goal: the report says what a log holds: arms by regime, regret, exploration, what changed, sizes; and marks what is made up.
 * Method: made-up choices whose figures are known.
 */
import { describe, expect, it } from '@jest/globals';
import type { LoggedChoice } from '@bellwether/bandit';
import { RegimeState, Strategy } from '@bellwether/contracts';
import { aClosedTrade } from '@bellwether/testkit';
import { learnReport } from './build-report.js';
import { reportPage } from './report-page.js';
import type { LearnInput } from './report-model.js';
import { reportText, spark } from './report-text.js';

/** S2 earns 1 R, S3 loses 1 R; every fifth choice is of S3, which is not the most probable one. */
function choices(count: number): readonly LoggedChoice[] {
  return Array.from({ length: count }, (_, i) => {
    const chosen = i % 5 === 0 ? 1 : 0;
    const strategy = chosen === 0 ? Strategy.S2 : Strategy.S3;
    const decision_id = `made-up-${i + 1}`;
    return {
      ...{ decision_id, symbol: 'ES', trade_date: 20_250_301 + Math.floor(i / 20), chosen },
      ...{ arms: [Strategy.S2, Strategy.S3], probabilities: [0.8, 0.2], x: [1, 0, 0, 0, 0, 1] },
      ...{ regime: i % 2 === 0 ? RegimeState.CALM_CHOP : RegimeState.HIGHVOL_CHOP },
      ...{ reward: chosen === 0 ? 1 : -1, known_at: i + 1 },
      trade: aClosedTrade({ decision_id, strategy, net_r: chosen === 0 ? 1 : -1 }),
    };
  });
}

function input(changes: Partial<LearnInput> = {}, count = 200): LearnInput {
  return {
    ...{ book: 'made-up', synthetic: true, frames: 1_000, from_us: 1e15, to_us: 1.001e15 },
    evidence: 'Evidence: proven: S2',
    log: { choices: choices(count), config: null, open: 1, without_risk: 0 },
    ...{ promotions: [], promoted_at: [], trunk: null, sizing: 'nobody sizes' },
    ...changes,
  };
}

describe('bw learn report', () => {
  it('says what each arm was given and earned in each regime, and what is expected of it', () => {
    const { regimes } = learnReport(input());
    expect(regimes.map(({ regime, choices: own }) => [regime, own])).toEqual([
      [RegimeState.CALM_CHOP, 100],
      [RegimeState.HIGHVOL_CHOP, 100],
    ]);
    const [s2, s3] = regimes[0]!.arms;
    expect(s2).toMatchObject({ strategy: Strategy.S2, live: 100, chosen: 80, trades: 80, mean_r: 1 });
    expect(s2?.probability).toBeCloseTo(0.8, 9);
    expect(s3).toMatchObject({ chosen: 20, mean_r: -1, trunk: null });
    expect(s2?.linear?.expected_r).toBeGreaterThan(0.8);
    expect(s3?.linear?.expected_r).toBeLessThan(-0.6);
    expect(s2?.linear?.doubt_r).toBeLessThan(s3?.linear?.doubt_r ?? 0);
  });

  it('says over a trunk too what is expected, where one was asked', () => {
    const x = new Float64Array(65).fill(0.1);
    const said = new Map(choices(200).map(({ decision_id }) => [decision_id, x]));
    const report = learnReport(input({ trunk: { version: 'v1', said } }));
    expect(report.trunk).toBe('v1');
    expect(report.regimes[0]!.arms[0]!.trunk?.expected_r).toBeGreaterThan(0.25);
  });

  it('counts the regret against the best fixed arm, and says where none can be judged', () => {
    const { regret } = learnReport(input());
    // Of 200 choices 160 earned 1 and 40 lost 1: 0.6 a choice, where S2 alone earns 1.
    expect(regret.logged_r).toBeCloseTo(0.6, 9);
    expect(regret.best?.policy.toUpperCase()).toBe('FIXED:S2');
    expect(regret.best?.regret_r).toBeCloseTo(80, 0);
    expect(regret.earned.at(-1)).toBe(120);
    const thin = learnReport(input({}, 40)).regret;
    expect(thin.best).toBeNull();
    expect(reportText(learnReport(input({}, 40)))).toContain('the regret is not known');
  });

  it('tells exploration, and what changed since the last promotion', () => {
    const promotion = { at_us: 1e15, model: 'rl_model', version: '7', cause: 'promoted' };
    const report = learnReport(input({ promotions: [promotion], promoted_at: [101] }));
    expect(report.exploration).toMatchObject({ several: 200, explored: 40 });
    expect(report.exploration.course).toHaveLength(10);
    expect([report.since?.before.choices, report.since?.after.choices]).toEqual([100, 99]);
    expect(report.since?.after.shares.map(({ strategy }) => strategy)).toEqual([Strategy.S2, Strategy.S3]);
    expect(reportText(report)).toContain('rl_model 7 took its place');
    expect(learnReport(input()).since).toBeNull();
  });

  it('draws what an agent would size, or says why not, and marks what is made up', () => {
    const grid = [
      [0.1, 0.4],
      [0.5, 2],
    ];
    const sizing = {
      ...{ version: '3', confidences: [0.5, 0.6], headrooms_r: [2, 8] },
      grids: [
        { regime: 'calm' as const, multipliers: grid },
        { regime: 'volatile' as const, multipliers: grid },
      ],
    };
    const drawn = learnReport(input({ sizing }));
    expect(reportText(drawn)).toContain('volatile: confidence');
    expect(reportPage(drawn)).toContain('confidence 0.6, headroom 8 R: 2.00');
    const without = learnReport(input());
    expect(reportText(without)).toContain('No picture of the sizing: nobody sizes.');
    for (const text of [reportText(without), reportPage(without)]) expect(text).toContain('SYNTHETIC DATA');
    expect(reportPage(learnReport(input({ synthetic: false })))).not.toContain('SYNTHETIC');
  });

  it('says so where nothing was chosen', () => {
    expect(reportText(learnReport(input({}, 0)))).toContain('there is nothing to learn from');
  });
});

describe('a line of blocks', () => {
  it('goes from the least to the most, with a point for what is not known', () => {
    expect(spark([0, 1, null, 0.5])).toBe('▁█·▅');
    expect(spark([1, 1])).toBe('▁▁');
    expect(spark([])).toBe('');
  });
});
