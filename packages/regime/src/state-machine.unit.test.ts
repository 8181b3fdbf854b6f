import { describe, expect, it } from '@jest/globals';
import { ReasonCode, RegimeState } from '@bellwether/contracts';
import { QUALIFYING, WARM_UP_BARS } from './index.js';
import { observe, type RegimeMemory } from './state-machine.js';

const MINUTE_US = 60_000_000;

/** One bar after the other; each is given by its probabilities. */
function afterBars(
  bars: readonly (readonly number[] | null)[],
  interval_us: number = MINUTE_US,
): RegimeMemory | null {
  return bars.reduce<RegimeMemory | null>((memory, probabilities, i) => {
    const open_us = i * interval_us;
    const close_us = open_us + interval_us;
    const seen = { symbol: 'ES', trade_date: 20250915, open_us, close_us, interval_us, probabilities };
    return observe(memory, seen);
  }, null);
}

/** The state at this index has probability p, the others share the rest. */
function favouring(index: number, p: number): readonly number[] {
  return QUALIFYING.map((_, i) => (i === index ? p : (1 - p) / 3));
}

const repeated = <T>(item: T, count: number): readonly T[] => Array.from({ length: count }, () => item);

describe('the regime state machine', () => {
  it.each([
    ['calm_trend', 0, 0.52],
    ['calm_chop', 1, 0.54],
    ['highvol_trend', 2, 0.55],
    ['highvol_chop', 3, 0.58],
  ])('lets %s qualify at its threshold and not below', (_name, index, threshold) => {
    const known = (p: number) => afterBars(repeated(favouring(index, p), WARM_UP_BARS + 3));
    expect(known(threshold)).toMatchObject({ state: QUALIFYING[index]?.state, reason: ReasonCode.OK });
    expect(known(threshold - 1e-9)).toMatchObject({
      state: RegimeState.UNKNOWN,
      reason: ReasonCode.REGIME_UNKNOWN,
      pending: null,
    });
  });

  it('is uncertain just below the threshold of the state it is in', () => {
    const bars = [...repeated(favouring(3, 0.7), WARM_UP_BARS + 3), favouring(3, 0.579)];
    expect(afterBars(bars)).toMatchObject({
      state: RegimeState.HIGHVOL_CHOP,
      reason: ReasonCode.REGIME_UNCERTAIN,
    });
  });

  it('counts 180 seconds, not bars', () => {
    const fiveMinutes = 5 * MINUTE_US;
    const bars = repeated(favouring(1, 0.6), WARM_UP_BARS);
    expect(afterBars(bars, fiveMinutes)).toMatchObject({ state: RegimeState.UNKNOWN });
    expect(afterBars([...bars, favouring(1, 0.6)], fiveMinutes)).toMatchObject({
      state: RegimeState.CALM_CHOP,
      state_since_us: (WARM_UP_BARS + 1) * fiveMinutes,
    });
  });

  it('refuses another number of probabilities', () => {
    expect(() => afterBars(repeated([1], WARM_UP_BARS))).toThrow('one probability for each');
  });
});
