import { describe, expect, it } from '@jest/globals';
import { STREAMS_DEFAULTS, type BookConfig } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { instrumentOf } from '@bellwether/market';
import { NO_CALENDAR, withCalendar } from '@bellwether/streams';
import { aBookConfig, atMinute } from '@bellwether/testkit';
import { slippageTicks } from './paper-assumptions.js';

const MINUTE_US = 60_000_000;
const ES = present(instrumentOf('ES'), 'ES');

/** A tier-1 release at 10:00. */
const calendar = withCalendar(
  NO_CALENDAR,
  {
    ...{ from_us: atMinute(900), to_us: atMinute(1_380) },
    releases: [
      { at_us: atMinute(1_020), name: 'ISM', tier: 1 },
      { at_us: atMinute(1_100), name: 'Speech', tier: 2 },
    ],
  },
  atMinute(900),
);

const slipAt = (minute: number, config: BookConfig = aBookConfig()): number =>
  slippageTicks(config, ES, { open_us: atMinute(minute), interval_us: MINUTE_US }, { last: null, calendar });

describe('Slippage around a tier-1 release', () => {
  it('is doubled from two minutes before to two minutes after it', () => {
    expect([1_016, 1_017, 1_018, 1_020, 1_022, 1_023].map((minute) => slipAt(minute))).toEqual([
      1, 1, 2, 2, 2, 1,
    ]);
  });

  it('is as usual around one of another tier, and where the book reads no calendar', () => {
    expect(slipAt(1_100)).toBe(1);
    expect(slipAt(1_020, aBookConfig({ streams: { ...STREAMS_DEFAULTS, economic: false } }))).toBe(1);
  });
});
