import { describe, expect, it } from '@jest/globals';
import { ReasonCode } from '@bellwether/contracts';
import { FEATURES, type LookAhead } from '@bellwether/features';
import type { FeatureCheck } from './check-program.js';
import { isPassed, renderCheck, verdictsOf } from './check-tables.js';

const HISTORIES = [{ bars: 60 }, { sessions: 20 }] as const;

/** A check in which everything is as it should be, changed at one feature. */
function checkOf(change: {
  readonly at: number;
  readonly lookAhead?: Partial<LookAhead>;
  readonly distance?: number;
  readonly present?: number;
}): FeatureCheck {
  const settled = { asked: 8, masked: 2, largest: 0.0002, premature: 0 };
  return {
    coverage: {
      bars: 1_000,
      sessions: 4,
      refused: [],
      features: FEATURES.map((_, at) => ({
        present: at === change.at ? (change.present ?? 900) : 900,
        missing: [{ reason: ReasonCode.WARM_UP, bars: 100 }],
        ...{ first_bar: 101, first_session: 2, lowest: -1, highest: 0.5, deviation: 0.25 },
      })),
    },
    cuts: 10,
    lookAhead: FEATURES.map((_, at) => ({
      ...{ compared: 300, differing: 0, largest: 0, first: null },
      ...(at === change.at ? change.lookAhead : {}),
    })),
    asked: 8,
    histories: HISTORIES,
    warmUp: FEATURES.map((_, at) => [
      at === change.at && change.distance !== undefined ? { ...settled, largest: change.distance } : settled,
      settled,
    ]),
  };
}

const T1 = FEATURES.findIndex(({ code }) => code === 'T1');
const R1 = FEATURES.findIndex(({ code }) => code === 'R1');

describe('The verdict on a feature', () => {
  it('is ok where nothing is wrong, and the check is passed', () => {
    const verdicts = verdictsOf(checkOf({ at: T1 }));
    expect(new Set(verdicts)).toEqual(new Set(['ok']));
    expect(isPassed(verdicts)).toBe(true);
  });

  it('is that it looks ahead where one bar differed, and the check is not passed', () => {
    const check = checkOf({ at: T1, lookAhead: { differing: 1, largest: 0.003, first: 77 } });
    expect(verdictsOf(check)[T1]).toBe('looks ahead');
    expect(isPassed(verdictsOf(check))).toBe(false);
    expect(renderCheck(check, 'bars.csv')).toMatch(/T1 +rsi14 .* 1 of 300, by 0.0030 +looks ahead/);
  });

  it('says where a value stood against none', () => {
    const check = checkOf({ at: T1, lookAhead: { differing: 2, largest: null, first: 77 } });
    expect(renderCheck(check, 'bars.csv')).toContain('2 of 300, value against none');
  });

  it('is that it is unsettled where a longer history would change it by more than a hundredth', () => {
    expect(verdictsOf(checkOf({ at: T1, distance: 0.011 }))[T1]).toBe('unsettled');
    expect(verdictsOf(checkOf({ at: T1, distance: 0.009 }))[T1]).toBe('ok');
    expect(isPassed(verdictsOf(checkOf({ at: T1, distance: 0.011 })))).toBe(false);
  });

  it('lets R1 move until it ranks among sixty sessions', () => {
    expect(verdictsOf(checkOf({ at: R1, distance: 0.4 }))[R1]).toBe('ok');
  });

  it('is no fault of a feature that the file cannot give', () => {
    const verdicts = verdictsOf(checkOf({ at: T1, present: 0 }));
    expect(verdicts[T1]).toBe('no value');
    expect(isPassed(verdicts)).toBe(true);
  });
});

describe('The tables', () => {
  it('have a row for each feature, with where it begins and why it is missing', () => {
    const text = renderCheck(checkOf({ at: T1 }), 'bars.csv');
    expect(text).toContain('bars.csv: 1000 bars in 4 sessions\n');
    for (const { code, name } of FEATURES) {
      expect(text.match(new RegExp(`^${code} +${name} `, 'gm'))).toHaveLength(2);
    }
    expect(text).toMatch(/P1 +ret1 +2 +101 +90.0 +warm_up 10.0 +-1.00 +0.50 +0.25 +0 of 300 +ok/);
    expect(text).toMatch(/P1 +ret1 +0.0002 +0.0002/);
  });

  it('name the bars that were not taken', () => {
    const check = checkOf({ at: T1 });
    const refused = [{ reason: ReasonCode.STALE_BAR, bars: 3 }];
    expect(renderCheck({ ...check, coverage: { ...check.coverage, refused } }, 'x')).toContain(
      'not taken: 3 stale_bar',
    );
  });
});
