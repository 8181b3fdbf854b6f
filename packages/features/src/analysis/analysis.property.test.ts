import { describe, expect, it } from '@jest/globals';
import { ReasonCode, type Bar, type FeatureVector } from '@bellwether/contracts';
import { present, uniformSource } from '@bellwether/kernel';
import { FEATURES } from '../feature-set.js';
import { MINUTE_US, MONDAY, barOf, configOf, manySessions } from '../sample-entries.js';
import { AT } from '../vector-draft.js';
import { coverageOf } from './coverage.js';
import { stageProgram, type BarSource, type FeatureProgram } from './feature-program.js';
import { checkLookAhead, cutPlaces } from './look-ahead.js';
import { askedPlaces, checkWarmUp, isSettled, type History } from './warm-up-distance.js';

const FIVE = 5 * MINUTE_US;
const list = (bars: readonly Bar[]): BarSource => ({
  length: bars.length,
  at: (place) => present(bars[place], `bar ${place}`),
});
const quiet = (): void => undefined;

const BARS = list(manySessions(uniformSource('analysis'), MONDAY, 26, FIVE).flat());
const honest = remembering(stageProgram(configOf(['ES'], FIVE)));

/**
 * The stage says the same of the same bars: each stretch of {@link BARS} is worked out once, and every cheat below takes it from
 * there.
 */
function remembering(program: FeatureProgram): FeatureProgram {
  const known = new Map<string, Parameters<Parameters<FeatureProgram>[1]>[]>();
  return (bars, visit) => {
    const stretch = `${bars.length === 0 ? 0 : bars.at(0).open_us} ${bars.length}`;
    let said = known.get(stretch);
    if (said === undefined) {
      const heard: Parameters<typeof visit>[] = [];
      program(bars, (...args) => {
        heard.push(args);
      });
      said = heard;
      known.set(stretch, said);
    }
    for (const args of said) visit(...args);
  };
}

/** The stage, but T1 is whatever `told` makes of the bars; null leaves it out. */
function withT1(told: (bars: BarSource, place: number) => number | null): FeatureProgram {
  return (bars, visit) => {
    honest(bars, (place, vector, reason) => {
      visit(place, vector === null ? null : replaced(vector, told(bars, place)), reason);
    });
  };
}

function replaced(vector: FeatureVector, value: number | null): FeatureVector {
  const at = vector.present_index.indexOf(AT.T1);
  if (at >= 0 && value !== null) {
    return { ...vector, present_value: vector.present_value.map((one, i) => (i === at ? value : one)) };
  }
  const values = new Map(vector.present_index.map((index, i) => [index, vector.present_value[i] ?? NaN]));
  const reasons = new Map(vector.masked_index.map((index, i) => [index, vector.masked_reason[i]]));
  values.delete(AT.T1);
  reasons.delete(AT.T1);
  if (value === null) reasons.set(AT.T1, ReasonCode.UNDEFINED);
  else values.set(AT.T1, value);
  const present_index = [...values.keys()].sort((a, b) => a - b);
  const masked_index = [...reasons.keys()].sort((a, b) => a - b);
  return {
    ...vector,
    present_index,
    present_value: present_index.map((index) => values.get(index) ?? NaN),
    masked_index,
    masked_reason: masked_index.map((index) => reasons.get(index) ?? ReasonCode.UNDEFINED),
  };
}

const closeAt = (bars: BarSource, place: number): number =>
  bars.at(Math.min(place, bars.length - 1)).close_ticks;

describe('Look-ahead analysis', () => {
  const cuts = cutPlaces(BARS.length, 4);
  const looking = (program: FeatureProgram): string[] =>
    checkLookAhead(program, BARS, cuts, quiet).flatMap(({ differing }, at) =>
      differing > 0 ? [FEATURES[at]?.code ?? ''] : [],
    );

  it('finds nothing in the stage', () => {
    expect(cuts).toHaveLength(4);
    expect(looking(honest)).toEqual([]);
  });

  it('catches a feature that sees the next bar, also where it sees it now and then', () => {
    expect(
      looking(withT1((bars, place) => Math.sign(closeAt(bars, place + 1) - closeAt(bars, place)))),
    ).toEqual(['T1']);
    const rarely = withT1((bars, place) => (place % 20 === 0 ? closeAt(bars, place + 1) / 1e6 : 0));
    expect(looking(rarely)).toEqual(['T1']);
  });

  it('catches one that sees far ahead, and one that is scaled by the whole file', () => {
    expect(looking(withT1((bars, place) => closeAt(bars, place + 500) / 1e6))).toEqual(['T1']);
    expect(
      looking(
        withT1((bars) => {
          let highest = 0;
          for (let place = 0; place < bars.length; place += 97)
            highest = Math.max(highest, closeAt(bars, place));
          return highest / 1e6;
        }),
      ),
    ).toEqual(['T1']);
  });

  it('catches one that is only there when it will be right', () => {
    const program = withT1((bars, place) => (closeAt(bars, place + 1) > closeAt(bars, place) ? 1 : null));
    const found = present(checkLookAhead(program, BARS, cuts, quiet)[AT.T1], 'a finding');
    expect(found.differing).toBeGreaterThan(0);
    expect(found.largest).toBeNull();
    expect(found.first).not.toBeNull();
    expect(looking(program)).toEqual(['T1']);
  });
});

describe('Warm-up analysis', () => {
  const histories: readonly History[] = [
    { bars: 20 },
    { bars: 120 },
    { bars: 300 },
    { sessions: 1 },
    { sessions: 21 },
  ];
  const places = askedPlaces(BARS.length, 4);
  const unsettled = (program: FeatureProgram): string[] =>
    checkWarmUp(program, BARS, places, histories, quiet).flatMap((distances, at) => {
      const feature = present(FEATURES[at], 'a feature');
      return isSettled(feature, histories, distances) ? [] : [feature.code];
    });

  it('finds every feature of the stage settled once it is told', () => {
    expect(unsettled(honest)).toEqual([]);
  });

  it('catches a feature that remembers where the file began', () => {
    expect(unsettled(withT1((bars, place) => (closeAt(bars, place) - closeAt(bars, 0)) / 1e4))).toEqual([
      'T1',
    ]);
    expect(unsettled(withT1((_, place) => Math.tanh(place / 1_000)))).toEqual(['T1']);
  });

  it('catches one that is told only with a short history', () => {
    expect(unsettled(withT1((_, place) => (place < 300 ? 0.5 : null)))).toEqual(['T1']);
  });
});

describe('Coverage', () => {
  it('says where each feature begins, why it is missing before, and how it is spread', () => {
    const { bars, sessions, refused, features } = coverageOf(honest, BARS, quiet);
    expect({ bars, sessions, refused }).toEqual({ bars: 26 * 276, sessions: 26, refused: [] });
    const of = (at: number) => present(features[at], 'a feature');
    expect(of(AT.P1)).toMatchObject({ first_bar: 61, first_session: 1, present: bars - 60 });
    expect(of(AT.P1).missing).toEqual([{ reason: ReasonCode.WARM_UP, bars: 60 }]);
    expect(of(AT.P8)).toMatchObject({ first_bar: 277, first_session: 2 });
    // The first session has no number in its first 30 buckets, so the 21st has but 19 to rank among there.
    expect(of(AT.R1)).toMatchObject({ first_bar: 20 * 276 + 31, first_session: 21 });
    expect(of(AT.M4)).toMatchObject({ present: 0, first_bar: null, lowest: null, deviation: null });
    expect(of(AT.M4).missing).toEqual([{ reason: ReasonCode.NO_CALENDAR, bars }]);
    expect(of(AT.M1).lowest).toBeCloseTo(-1, 3);
    expect(of(AT.M1).highest).toBeCloseTo(1, 3);
    expect(of(AT.M1).deviation).toBeCloseTo(Math.SQRT1_2, 2);
  });

  it('counts the bars that are not taken', () => {
    const broken = list([barOf(), barOf(), barOf({ open_us: MONDAY.open_us + MINUTE_US, low_ticks: 0 })]);
    const { refused } = coverageOf(stageProgram(configOf(['ES'])), broken, quiet);
    expect(refused).toEqual([
      { reason: ReasonCode.STALE_BAR, bars: 1 },
      { reason: ReasonCode.PRICE_IMPLAUSIBLE, bars: 1 },
    ]);
  });
});
