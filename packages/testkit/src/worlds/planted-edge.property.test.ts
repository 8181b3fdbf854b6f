/**
 * Goal: a followed trade earns what is planted, on the bars alone, by the rules of domain.md 8.4. Method: many trades with
 * several plans, each ended by reading the bars.
 */
import { describe, expect, it } from '@jest/globals';
import { RegimeState, Side, Strategy } from '@bellwether/contracts';
import { InvariantError } from '@bellwether/kernel';
import { numberSource } from '../synthetic/normal-source.js';
import {
  PLANTED_EDGE,
  WORLD_DATES,
  World,
  plantedReward,
  type EdgePlace,
  type FollowedTrade,
  type PlannedEnd,
  type WorldBar,
  type WorldOptions,
} from '../index.js';

const EDGE: EdgePlace = { strategy: Strategy.S2, regime: RegimeState.CALM_CHOP };
const OPTIONS: WorldOptions = {
  kind: 'edge',
  seed: 'edge',
  symbol: 'ES',
  firstTradeDate: WORLD_DATES.spring,
  sessions: 60,
  edge: EDGE,
};
const FEE_TICKS = 0.224;
const SLIPPAGE_TICKS = 1;
/** Bars between the end of one trade and the next, and from a setup to the end of a trade at most. */
const PAUSE = 5;
const TIME_STOP = 30;

interface Plan {
  readonly risk_ticks: number;
  readonly target_r: number | null;
  readonly partial: FollowedTrade['partial'];
}

function tradeOf(plan: Plan, side: Side, close_ticks: number): FollowedTrade {
  const sign = side === Side.SHORT ? -1 : 1;
  const entry_ticks = close_ticks + sign * SLIPPAGE_TICKS;
  const { risk_ticks, target_r, partial } = plan;
  return {
    ...EDGE,
    side,
    entry_ticks,
    stop_ticks: entry_ticks - sign * risk_ticks,
    target_ticks: target_r === null ? null : entry_ticks + sign * Math.round(target_r * risk_ticks),
    partial,
    fee_ticks: FEE_TICKS,
    slippage_ticks: SLIPPAGE_TICKS,
    time_stop_minutes: TIME_STOP,
  };
}

/** Net R by the bars: stop first, partial and target when traded through, the rest at the time stop. */
function netR(world: World, trade: FollowedTrade): number | null {
  const sign = trade.side === Side.SHORT ? -1 : 1;
  const risk = (trade.entry_ticks - trade.stop_ticks) * sign;
  let [open, gain] = [1, 0];
  for (let minute = 1; ; minute++) {
    const made = world.next();
    if (made === null) return null;
    const { bar } = made;
    const [worst, best] = sign === 1 ? [bar.low_ticks, bar.high_ticks] : [bar.high_ticks, bar.low_ticks];
    const gainAt = (ticks: number): number => (ticks - trade.entry_ticks) * sign;
    if (gainAt(worst) <= -risk) return (gain - open * (risk + SLIPPAGE_TICKS) - FEE_TICKS) / risk;
    const { partial, target_ticks } = trade;
    if (partial !== null && open === 1 && gainAt(best) >= partial.at_r * risk + 1) {
      open -= partial.share;
      gain += partial.share * partial.at_r * risk;
    }
    if (target_ticks !== null && gainAt(best) >= gainAt(target_ticks) + 1) {
      return (gain + open * gainAt(target_ticks) - FEE_TICKS) / risk;
    }
    if (minute === TIME_STOP)
      return (gain + open * (gainAt(bar.close_ticks) - SLIPPAGE_TICKS) - FEE_TICKS) / risk;
  }
}

/** Net R of trades one after the other, sides in turn. */
function netRs(
  plan: Plan,
  options: WorldOptions = OPTIONS,
  change: Partial<FollowedTrade> = {},
  planned: PlannedEnd | null = null,
): readonly number[] {
  const world = new World(options);
  const found: number[] = [];
  for (let n = 0; ; n++) {
    let made: WorldBar | null = null;
    for (let i = 0; i < PAUSE; i++) made = world.next();
    if (made === null) return found;
    const trade = { ...tradeOf(plan, n % 2 === 0 ? Side.LONG : Side.SHORT, made.bar.close_ticks), ...change };
    world.follow(trade, planned);
    const net = netR(world, trade);
    world.release();
    if (net !== null) found.push(net);
  }
}

function summary(xs: readonly number[]): {
  readonly mean: number;
  readonly deviation: number;
  readonly error: number;
} {
  const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length;
  const deviation = Math.sqrt(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (xs.length - 1));
  return { mean, deviation, error: deviation / Math.sqrt(xs.length) };
}

describe('the planted edge', () => {
  it.each([
    ['a time stop alone', { risk_ticks: 16, target_r: null, partial: null }],
    ['a narrow stop', { risk_ticks: 6, target_r: null, partial: null }],
    ['a target of 2 R', { risk_ticks: 16, target_r: 2, partial: null }],
    ['half at 1 R, a target of 3 R', { risk_ticks: 12, target_r: 3, partial: { at_r: 1, share: 0.5 } }],
  ])('has its mean and its deviation with %s', (_name, plan) => {
    const { mean, deviation, error } = summary(netRs(plan));
    expect(Math.abs(mean - PLANTED_EDGE.mean_r)).toBeLessThan(Math.max(0.04, 3 * error));
    expect(error).toBeLessThan(0.04);
    expect(deviation / PLANTED_EDGE.deviation_r).toBeGreaterThan(0.93);
    expect(deviation / PLANTED_EDGE.deviation_r).toBeLessThan(1.07);
  });

  it('has its mean and a smaller deviation with a target nearer than a win', () => {
    const { mean, deviation, error } = summary(netRs({ risk_ticks: 16, target_r: 0.8, partial: null }));
    expect(Math.abs(mean - PLANTED_EDGE.mean_r)).toBeLessThan(3 * error);
    expect(deviation).toBeLessThan(1.1);
  });

  it.each([
    ['of another strategy', { strategy: Strategy.S9 }],
    ['in another regime', { regime: RegimeState.CALM_TREND }],
  ])('leaves a trade %s its costs', (_name, change) => {
    const { mean, error } = summary(netRs({ risk_ticks: 16, target_r: 2, partial: null }, OPTIONS, change));
    // Entry and exit: two ticks of slippage, one where the target ends it, and the fee.
    expect(mean).toBeLessThan(0.02);
    expect(mean).toBeGreaterThan(-0.16 - 3 * error);
  });

  it('says how each trade is to end, and follows one at a time', () => {
    const world = new World(OPTIONS);
    const close = world.next()?.bar.close_ticks ?? 0;
    const trade = tradeOf({ risk_ticks: 16, target_r: null, partial: null }, Side.LONG, close);
    const outcome = world.follow(trade);
    expect(outcome).not.toBeNull();
    expect(world.follow(trade)).toBeNull();
    expect(netR(world, trade)).toBeCloseTo(outcome?.net_r ?? NaN, 0);
    world.release();
    expect(
      world.follow(tradeOf({ risk_ticks: 16, target_r: null, partial: null }, Side.SHORT, close)),
    ).not.toBeNull();
  });

  it.each([-0.8, 0.8])('is %d R where a study plans that for a trade of any arm', (mean_r) => {
    const options = { ...OPTIONS, sessions: 20 };
    const change = { strategy: Strategy.S9 };
    const nets = netRs({ risk_ticks: 16, target_r: null, partial: null }, options, change, { mean_r });
    const { mean, error } = summary(nets);
    expect(Math.abs(mean - mean_r)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.06);
  });

  it('is given back where that is planned: the market goes so far first, and then to the stop', () => {
    const world = new World(OPTIONS);
    for (let n = 0; n < 50; n++) {
      const close = world.next()?.bar.close_ticks ?? 0;
      const sign = n % 2 === 0 ? 1 : -1;
      const side = sign === 1 ? Side.LONG : Side.SHORT;
      const trade = tradeOf({ risk_ticks: 20, target_r: null, partial: null }, side, close);
      const outcome = world.follow(trade, { given_back_r: 0.9 });
      let [best, bars] = [-Infinity, 0];
      for (let gain = 0; gain > -20; bars++) {
        const bar = world.next()?.bar;
        if (bar === undefined) break;
        const worst = sign === 1 ? bar.low_ticks : bar.high_ticks;
        gain = (worst - trade.entry_ticks) * sign;
        best = Math.max(best, ((sign === 1 ? bar.high_ticks : bar.low_ticks) - trade.entry_ticks) * sign);
      }
      world.release();
      expect(best).toBe(18);
      expect(bars).toBe((outcome?.minutes ?? 0) + (outcome?.before?.minutes ?? 0));
    }
  });

  it('cannot be planted where a win would not earn the mean', () => {
    const world = new World(OPTIONS);
    const close = world.next()?.bar.close_ticks ?? 0;
    expect(
      world.follow(tradeOf({ risk_ticks: 16, target_r: 0.1, partial: null }, Side.LONG, close)),
    ).toBeNull();
  });

  it('refuses a stop on the winning side', () => {
    const world = new World(OPTIONS);
    const trade = tradeOf({ risk_ticks: 16, target_r: null, partial: null }, Side.LONG, 24_000);
    expect(() => world.follow({ ...trade, side: Side.SHORT })).toThrow(InvariantError);
  });
});

describe('rewards without a market', () => {
  it('have the edge in its place and none elsewhere', () => {
    const source = numberSource('rewards');
    const draw = (taken: EdgePlace): ReturnType<typeof summary> =>
      summary(Array.from({ length: 20_000 }, () => plantedReward(EDGE, taken, source)));
    const here = draw(EDGE);
    const elsewhere = draw({ ...EDGE, strategy: Strategy.S1 });
    expect(Math.abs(here.mean - PLANTED_EDGE.mean_r)).toBeLessThan(4 * here.error);
    expect(Math.abs(elsewhere.mean)).toBeLessThan(4 * elsewhere.error);
    expect(Math.abs(here.deviation - PLANTED_EDGE.deviation_r)).toBeLessThan(0.05);
  });
});
