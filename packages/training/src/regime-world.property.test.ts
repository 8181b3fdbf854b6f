/**
 * Goal: the rule comes near to what can be known of a market whose states are known, and sees nothing where there is
 * nothing. Method: the features and regime stages over made-up worlds; on the world of four regimes against a filter that
 * knows every parameter of the world, on random walks against the labels of domain.md 5.4.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RegimeState } from '@bellwether/contracts';
import { KnowingFilter, WORLD_DATES, type WorldOptions } from '@bellwether/testkit';
import { balancedAccuracy, emptyConfusion, regimeReport, type RegimeReport } from './index.js';
import { runWorld } from './world-run-for-tests.js';

const WORLD: WorldOptions = {
  kind: 'regimes',
  seed: 'known',
  symbol: 'ES',
  firstTradeDate: WORLD_DATES.spring,
  sessions: 95,
};
/** R1 ranks among sixty sessions. */
const WARM_UP_SESSIONS = 60;
const STATES = [
  RegimeState.CALM_TREND,
  RegimeState.CALM_CHOP,
  RegimeState.HIGHVOL_TREND,
  RegimeState.HIGHVOL_CHOP,
] as const;

interface Accuracies {
  readonly four: number;
  readonly volatility: number;
  readonly trend: number;
}

function accuraciesOf(
  cases: readonly { readonly p: readonly number[]; readonly state: number }[],
): Accuracies {
  const [four, volatility, trend] = [emptyConfusion(4), emptyConfusion(2), emptyConfusion(2)];
  for (const { p, state } of cases) {
    const [a = 0, b = 0, c = 0, d = 0] = p;
    four[state]![p.indexOf(Math.max(a, b, c, d))]! += 1;
    volatility[state >> 1]![c + d > 0.5 ? 1 : 0]! += 1;
    trend[1 - (state & 1)]![a + c > 0.5 ? 1 : 0]! += 1;
  }
  const [x = null, y = null, z = null] = [four, volatility, trend].map(balancedAccuracy);
  if (x === null || y === null || z === null) throw new Error('A state never came');
  return { four: x, volatility: y, trend: z };
}

describe('the rule on a world of four known regimes', () => {
  let rule: Accuracies;
  let knowing: Accuracies;
  let report: RegimeReport;

  beforeAll(() => {
    const bars = runWorld(WORLD);
    const filter = new KnowingFilter();
    const first = bars[0]!.world.bar.open_us;
    const cases = bars.flatMap(({ world, said }) => {
      const known = filter.next(world.bar);
      const warm = world.bar.open_us - first > WARM_UP_SESSIONS * 1.45 * 86_400_000_000;
      const state = STATES.findIndex((one) => one === world.regime);
      return warm && said.probabilities !== null ? [{ known, said: said.probabilities, state }] : [];
    });
    expect(cases.length).toBeGreaterThan(35_000);
    rule = accuraciesOf(cases.map(({ said, state }) => ({ p: said, state })));
    knowing = accuraciesOf(cases.map(({ known, state }) => ({ p: known, state })));
    report = regimeReport(bars.map(({ said }) => said));
  });

  it.each(['four', 'volatility', 'trend'] as const)(
    'has at least 90 % of the balanced accuracy of one that knows its parameters: %s',
    (what) => {
      expect(knowing[what]).toBeGreaterThan(0.85);
      expect({ what, ratio: rule[what] / knowing[what] >= 0.9, ...rule, knowing }).toMatchObject({
        ratio: true,
      });
    },
  );

  it('finds both axes in the half hours that follow, and more than by chance', () => {
    expect(report.volatility?.interval?.[0]).toBeGreaterThan(0.75);
    expect(report.trend?.interval?.[0]).toBeGreaterThan(0.52);
  });

  it('knows a state most of the time, and changes it fewer than twelve times a session', () => {
    const unknown = report.time.states.find(({ state }) => state === RegimeState.UNKNOWN);
    // The first twenty sessions have no state at all.
    expect(unknown?.share).toBeGreaterThan(20 / WORLD.sessions);
    expect(unknown?.share).toBeLessThan(0.35);
    expect(report.time.switches_per_session).toBeGreaterThan(2);
    expect(report.time.switches_per_session).toBeLessThan(12);
  });
});

describe('the rule on random walks', () => {
  const reports = ['a', 'b'].map((seed) =>
    regimeReport(runWorld({ ...WORLD, kind: 'random_walk', seed, sessions: 50 }).map(({ said }) => said)),
  );

  it('knows no more of the trend than chance: one half lies in the interval, and losses are no smaller', () => {
    for (const { trend } of reports) {
      expect(trend?.cases).toBeGreaterThan(35_000);
      const [low = 1, high = 0] = trend?.interval ?? [];
      // Two intervals of 95 %, and some room.
      expect(low).toBeLessThan(0.505);
      expect(high).toBeGreaterThan(0.495);
      expect(high - low).toBeLessThan(0.06);
      expect(trend?.rule.log_loss).toBeGreaterThan(trend?.base_rate.log_loss ?? Infinity);
    }
  });

  it('calls less than a third of it a trend', () => {
    for (const { time } of reports) {
      const shareOf = (state: RegimeState): number =>
        time.states.find((one) => one.state === state)?.share ?? NaN;
      const trending = shareOf(RegimeState.CALM_TREND) + shareOf(RegimeState.HIGHVOL_TREND);
      expect(trending / (1 - shareOf(RegimeState.UNKNOWN))).toBeLessThan(1 / 3);
    }
  });
});
