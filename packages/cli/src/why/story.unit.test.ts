import { describe, expect, it } from '@jest/globals';
import { Action, DataOrigin, EntryKind, ReasonCode, type RiskCheck } from '@bellwether/contracts';
import { auditEntryId, makeEntry } from '@bellwether/kernel';
import {
  aBanditPart,
  aClockEntry,
  aFeaturesPart,
  aFrame,
  aRegimePart,
  aRiskPart,
  aSizingPart,
} from '@bellwether/testkit';
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

  it('tells of an audit log that is behind, and of one that has caught up', () => {
    const audit = (behind: boolean): string => {
      const base = { ...aClockEntry(), id: auditEntryId(7), kind: EntryKind.AUDIT };
      return tellStory(
        aFrame({ entry: makeEntry(base, { audit: { behind, decided_seq: 7, audited_seq: 3 } }) }),
      );
    };
    expect(audit(true)).toContain('the audit log is behind: frame 3 of 7');
    expect(audit(false)).toContain('the audit log has caught up: frame 3 of 7');
  });

  it('tells of a fault in the stage where it happened', () => {
    const fault = { stage: 'regime', code: ReasonCode.STAGE_FAULT, detail: 'broken on purpose' };
    const story = tellStory(
      aFrame({ regime: aRegimePart({ fault }), bandit: aBanditPart(), sizing: aSizingPart() }),
    );
    expect(story).toContain('FAULT in regime: broken on purpose');
  });
});
