// Goal: each strategy is wired into the main job, and none looks ahead.
import { describe, expect, it } from '@jest/globals';
import {
  STRATEGY_DEFAULTS,
  RegimeState,
  Strategy,
  encodeFrame,
  type Bar,
  type BookConfig,
  type Frame,
} from '@bellwether/contracts';
import { stage as features } from '@bellwether/features';
import { DecisionDigest } from '@bellwether/host';
import { openFrame } from '@bellwether/kernel';
import { NO_READINGS, STRATEGIES, type Evaluation } from '@bellwether/strategies';
import { samplePlan } from '../data/data-plan.js';
import { ALL_STRATEGIES, ArmRun, REGIMES, armConfig } from './arm-run.js';

const OPTIONS = { data: [], symbol: [], from: 20_250_410, to: 20_250_410, warmup: 20 };

/** The book as it is but without this strategy. */
function without(config: BookConfig, strategy: Strategy): BookConfig {
  const off = REGIMES.map((regime) => ({ strategy, regime, name: 'on', value: 0 }));
  return { ...config, strategies: [...config.strategies, ...off] };
}

describe('the decisions of a book', () => {
  it('are others without any one of the twelve', async () => {
    const plan = await samplePlan({ ...OPTIONS, from: 20_250_407 });
    const { config } = plan.settings;
    const others = ALL_STRATEGIES.map((strategy) => ({ strategy, config: without(config, strategy) }));
    const run = new ArmRun([{ strategy: Strategy.UNSPECIFIED, config }, ...others]);
    const digests = run.books.map(() => new DecisionDigest());
    for await (const input of plan.inputs(null)) {
      const frames = run.accept(input);
      // The release itself names what is switched off: its frame differs in any case.
      if (input.release !== null) continue;
      frames.forEach((frame, i) => {
        if (frame !== null) digests[i]?.add(encodeFrame(frame));
      });
    }
    const [whole, ...rest] = digests.map((digest) => digest.hex());
    expect(rest.map((digest, i) => [ALL_STRATEGIES[i], digest === whole])).toEqual(
      ALL_STRATEGIES.map((strategy) => [strategy, false]),
    );
  });
});

/** What every strategy answers at the last of these bars, were the regime each of the four. */
function answersAt(bar: Bar, { clock, indicators }: NonNullable<Frame['features']>): readonly Evaluation[] {
  if (clock === null || indicators === null) return [];
  return REGIMES.flatMap((regime: RegimeState) =>
    STRATEGIES.map(({ evaluate }) =>
      evaluate({
        ...{ symbol: 'ES', event_us: bar.open_us + bar.interval_us, bar, clock, indicators, regime },
        ...{ tick_value_cents: 1_250, round_trip_cost_cents: 0 },
        ...{ parameters: STRATEGY_DEFAULTS, releases: null, zones: null },
        streams: NO_READINGS,
      }),
    ),
  );
}

describe('a file that is cut', () => {
  /** Answers after each bar, from features that saw these inputs only. */
  async function answers(last: number | null): Promise<readonly (readonly Evaluation[])[]> {
    const plan = await samplePlan(OPTIONS);
    const told: (readonly Evaluation[])[] = [];
    let state = features.initialState();
    for await (const entry of plan.inputs(null)) {
      const head = { seq: 0, book_time_us: 0, origin: entry.origin };
      const applied = features.apply(state, openFrame(head, entry), []);
      state = applied.state;
      if (entry.bar !== null) told.push(answersAt(entry.bar, applied.part));
      if (told.length === last) break;
    }
    return told;
  }

  it('leaves what each of the twelve says at its last bar unchanged', async () => {
    const whole = await answers(null);
    const setups = whole.map((all) => all.filter((answer) => 'setup' in answer).length);
    // Cuts at bars with setups, where looking ahead would pay, and at others in the cash session.
    const withSetup = setups.flatMap((count, i) => (count > 0 ? [i + 1] : []));
    expect(withSetup.length).toBeGreaterThan(20);
    const cuts = [...withSetup.filter((_, i) => i % 50 === 0), 940, 1_291];
    for (const cut of cuts) expect((await answers(cut)).at(-1)).toEqual(whole[cut - 1]);
  });
});

describe('the book of one arm', () => {
  it('keeps the parameters of its strategy and switches the others off', async () => {
    const { settings } = await samplePlan(OPTIONS);
    const own = { strategy: Strategy.S4, regime: RegimeState.CALM_TREND, name: 'adx_min', value: 30 };
    const other = { ...own, strategy: Strategy.S1, name: 'tp1_r', value: 2 };
    const config = armConfig({ ...settings.config, strategies: [own, other] }, Strategy.S4);
    expect(config.strategies).toContainEqual(own);
    expect(config.strategies).not.toContainEqual(other);
    expect(config.strategies.filter(({ name, value }) => name === 'on' && value === 0)).toHaveLength(44);
  });
});
