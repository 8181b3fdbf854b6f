import { describe, expect, it } from '@jest/globals';
import { Action, DataOrigin, ReasonCode, type RiskCheck } from '@bellwether/contracts';
import { aBanditPart, aFeaturesPart, aFrame, aRegimePart, aRiskPart, aSizingPart } from '@bellwether/testkit';
import { tellStory } from './story.js';

const check = (code: ReasonCode, passed: boolean, value: number, limit: number): RiskCheck => ({
  ...{ code, passed, value, limit },
});

describe('the story of a decision', () => {
  it('names the binding reason, each check, and where a cap has cut the size', () => {
    const checks = [
      check(ReasonCode.DAILY_SOFT_LOSS, true, 100, -60_000),
      check(ReasonCode.CAP_SYMBOL, true, 4, 3),
      check(ReasonCode.CAP_TOTAL, false, 6, 5),
    ];
    const risk = aRiskPart({ action: Action.HOLD, reason: ReasonCode.CAP_TOTAL, checks });
    const story = tellStory(aFrame({ risk }));
    expect(story).toContain('HOLD');
    expect(story).toContain('cap_total:');
    expect(story).toContain('passed daily_soft_loss (100 of -60000)');
    expect(story).toContain('REDUCED by cap_symbol (4 of 3)');
    expect(story).toContain('REFUSED by cap_total (6 of 5)');
  });

  it('says SYNTHETIC first where the data are, and nothing of it where they are not', () => {
    expect(tellStory(aFrame({ origin: DataOrigin.SYNTHETIC })).startsWith('SYNTHETIC DATA')).toBe(true);
    expect(tellStory(aFrame({ origin: DataOrigin.MARKET }))).not.toContain('SYNTHETIC');
  });

  it('calls missing what is missing, and silent what did not speak', () => {
    const features = aFeaturesPart();
    const indicators = features.indicators === null ? null : { ...features.indicators, er30: null };
    const story = tellStory(aFrame({ features: { ...features, indicators }, regime: null }));
    expect(story).toContain('efficiency ratio over 30 bars: missing');
    expect(story).toContain('Regime\n  did not run');
  });

  it('tells of a fault in the stage where it happened', () => {
    const fault = { stage: 'regime', code: ReasonCode.STAGE_FAULT, detail: 'broken on purpose' };
    const story = tellStory(
      aFrame({ regime: aRegimePart({ fault }), bandit: aBanditPart(), sizing: aSizingPart() }),
    );
    expect(story).toContain('FAULT in regime: broken on purpose');
  });
});
