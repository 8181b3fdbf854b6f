// Goal: each part is switched by a setting of the book that a user has too, and a difference is told from chance. Method: the books of all
// variants through the book schema; daily results with a difference that is there, and with none.
import { describe, expect, it } from '@jest/globals';
import {
  Policy,
  RegimeState,
  Selection,
  bookConfigOf,
  type BookConfig,
  type BookFile,
} from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import type { SweepResult } from '../backtest/sweep-task.js';
import { picture } from './ablation-text.js';
import { judgeAblation } from './judge.js';
import { PARTS, variantBook, type Part } from './parts.js';
import { staleAt, staleWhy } from './stale-models.js';
import { ablationOf } from './variants.js';

const BASE: BookFile = { book: 'es', symbols: [{ symbol: 'ES' }], policy: 'learned' };
const configOf = (on: readonly Part[], uniform = false): BookConfig =>
  bookConfigOf(variantBook(BASE, new Set(on), 'S2', { uniform, withoutArm: null })).config;
const without = (part: Part): BookConfig => configOf(PARTS.filter((one) => one !== part));

describe('the book of a variant', () => {
  const given = bookConfigOf(BASE).config;

  it('with all parts is the given book, with bounds that act', () => {
    const all = configOf(PARTS);
    expect({ ...all, models: null }).toEqual({ ...given, models: null });
    expect(all.models).toEqual({ ...given.models, forecast_min: 0.5, confidence_min: 0.33 });
  });

  it('without any part is one strategy, one contract, by rules, in any regime', () => {
    const none = configOf([]);
    expect(none).toMatchObject({ policy: Policy.RULES, regime: { gate: false }, management: null });
    expect(none.limits).toMatchObject({ max_total_contracts: 1, max_es_contracts: 1 });
    const off = none.strategies.filter(({ name, value }) => name === 'on' && value === 0);
    expect(new Set(off.map(({ strategy }) => strategy)).has(2)).toBe(false);
    // S2 is off in highvol_trend by default: without parameters by regime it is on there, and so are its other numbers those of most.
    expect(none.strategies).toContainEqual({
      strategy: 2,
      regime: RegimeState.HIGHVOL_TREND,
      name: 'on',
      value: 1,
    });
    expect(none.strategies).toContainEqual({
      strategy: 2,
      regime: RegimeState.CALM_CHOP,
      name: 'vwap_z_min',
      value: 2,
    });
  });

  it.each<[Part, (config: BookConfig) => unknown, unknown]>([
    ['regime_gate', ({ regime }) => regime, { gate: false }],
    ['regime_model', ({ models }) => models?.regime, false],
    ['forecast', ({ models }) => [models?.forecast, models?.online, models?.forecast_min], [false, false, 0]],
    ['confidence', ({ models }) => [models?.confidence, models?.confidence_min], [false, 0]],
    ['management', ({ management }) => management, null],
    ['streams', ({ streams }) => [streams?.news, streams?.zones, streams?.heat], [false, false, false]],
    ['risk_size', ({ limits }) => limits?.max_es_contracts, 1],
    ['sizing_agent', ({ models }) => models?.fixed_size, true],
  ])('without %s differs in its setting alone', (part, of, expected) => {
    const [own, all] = [without(part), configOf(PARTS)];
    expect(of(own)).toEqual(expected);
    expect(of(all)).not.toEqual(expected);
    const keys = Object.keys(all).filter(
      (key) => JSON.stringify(all[key as keyof BookConfig]) !== JSON.stringify(own[key as keyof BookConfig]),
    );
    expect(keys).toHaveLength(1);
  });

  it('has chance in the place of the choice', () => {
    expect(configOf(PARTS, true).bandit?.selection).toBe(Selection.UNIFORM);
  });

  it('without an arm has it off in every regime, and nothing else', () => {
    const all = configOf(PARTS);
    const own = bookConfigOf(
      variantBook(BASE, new Set(PARTS), 'S2', { uniform: false, withoutArm: 'S3' }),
    ).config;
    expect({ ...own, strategies: [] }).toEqual({ ...all, strategies: [] });
    expect(own.strategies.map(({ strategy, name, value }) => [strategy, name, value])).toEqual(
      expect.arrayContaining([[3, 'on', 0]]),
    );
    expect(new Set(own.strategies.map(({ strategy }) => strategy))).toEqual(new Set([3]));
  });
});

describe('an ablation', () => {
  it('adds each part alone, removes each alone, and puts what a part needs beside it', () => {
    const { variants, comparisons } = ablationOf(PARTS);
    expect(comparisons.map(({ kind }) => kind).filter((kind) => kind === 'added')).toHaveLength(PARTS.length);
    expect(comparisons.find(({ name }) => name.startsWith('+ sizing_agent'))).toMatchObject({
      second: 'risk_size',
    });
    expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
    expect(ablationOf(PARTS, ['S1', 'S2']).comparisons.filter(({ kind }) => kind === 'arm')).toMatchObject([
      { arm: 'S1', name: 'all - S1' },
      { arm: 'S2', name: 'all - S2' },
    ]);
  });

  const uniform = uniformSource('ablation');
  const days = (shift: number, base: readonly number[] = []): SweepResult => {
    const trade_dates = Array.from({ length: 120 }, (_, i) => 20_250_101 + i);
    const net_cents = trade_dates.map((_, i) =>
      Math.round((base[i] ?? 0) + 10_000 * (uniform() - 0.5) + shift),
    );
    return { digest: '', trades: 100, trade_dates, net_cents };
  };

  it('calls no gain what a part earns by leaving no trade', () => {
    const nothing = { ...days(0), trades: 0, net_cents: new Array<number>(120).fill(0) };
    const { comparisons } = ablationOf(['confidence']);
    const results = new Map([
      ['baseline', days(-6_000)],
      ['confidence', nothing],
    ]);
    expect(judgeAblation(comparisons, results)[0]).toMatchObject({ verdict: 'idle', trades: [0, 100] });
  });

  it('tells a difference that is there from none, after correction for all', () => {
    const none = days(0);
    const { comparisons } = ablationOf(['bandit', 'management']);
    const results = new Map([
      ['baseline', none],
      ['bandit', days(3_000, none.net_cents)],
      ['management', none],
      ['bandit+management', days(3_000, none.net_cents)],
      ['uniform:bandit+management', days(0, none.net_cents)],
    ]);
    const judged = judgeAblation(comparisons, results);
    const verdicts = Object.fromEntries(judged.map(({ name, verdict }) => [name, verdict]));
    expect(verdicts).toMatchObject({
      ...{ '+ bandit': 'gain', 'all - bandit': 'gain', 'all - management': 'unclear' },
      ...{ '+ management': 'same', 'all, arms drawn by chance': 'gain' },
    });
    for (const { p, p_adjusted } of judged) expect(p_adjusted ?? 1).toBeGreaterThanOrEqual(p ?? 1);
    const drawn = picture(judged).split('\n');
    expect(drawn).toHaveLength(judged.length + 1);
    expect(drawn.find((line) => line.startsWith('+ bandit'))).toMatch(/\|.*o.* GAIN$/);
  });
});

describe('models that are too old for the days that are tested', () => {
  const day_us = 86_400_000_000;
  const of = (model: string, version: string, day: number) => ({
    model,
    version,
    trained_until_us: day * day_us,
  });

  it('are those whose newest label is older than a model may be at the first bar', () => {
    const promotions = [
      of('rl_model', 'a', 100),
      of('regime_classifier', 'b', 101),
      of('rl/sac_agent', '', 0),
    ];
    expect(staleAt(promotions, 365 * day_us, 466 * day_us).map(({ model }) => model)).toEqual(['rl_model']);
    expect(staleAt(promotions, 365 * day_us, null)).toEqual([]);
  });

  it('are named with the day on which they ended to learn', () => {
    expect(staleWhy(of('rl_model', 'a', 18_543))).toContain('rl_model learned until 2020-10-08 and is stale');
  });
});
