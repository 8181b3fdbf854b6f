import { describe, expect, it } from '@jest/globals';
import { ReasonCode, STREAMS_DEFAULTS, Side, type StreamsConfig } from '@bellwether/contracts';
import { aSetup } from '@bellwether/testkit';
import { contextOf } from './scene-for-tests.js';
import { NO_READINGS, underStreams } from './stream-rules.js';
import type { Evaluation, StreamReadings } from './strategy.js';

const BOUNDS: Partial<StreamsConfig> = {
  news_block_score: 0.5,
  season_block_t: 2,
  options_halve_unusual: 0.4,
};

function under(side: Side, readings: Partial<StreamReadings>, bounds = BOUNDS): Evaluation {
  const config = { ...STREAMS_DEFAULTS, ...bounds };
  const context = contextOf({ context: { streams: { ...NO_READINGS, ...readings, config } } });
  return underStreams(context, { setup: aSetup({ side, size_factor: 0.7 }) });
}

const untouched = (side: Side): Evaluation => ({ setup: aSetup({ side, size_factor: 0.7 }) });

describe('Streams beside bars', () => {
  it.each([
    ['news', { news_score: -0.5 }, ReasonCode.NEWS_AGAINST],
    ['the usual course', { season_t: -2 }, ReasonCode.SEASON_AGAINST],
  ])('refuse a long that %s speak against, and the mirrored short', (_, readings, reason) => {
    expect(under(Side.LONG, readings)).toEqual({ reason });
    expect(under(Side.SHORT, readings)).toEqual(untouched(Side.SHORT));
    const turned = Object.fromEntries(Object.entries(readings).map(([key, value]) => [key, -value]));
    expect(under(Side.SHORT, turned)).toEqual({ reason });
  });

  it('halve what unusual flow is against', () => {
    expect(under(Side.LONG, { unusual_flow: -0.4 })).toMatchObject({ setup: { size_factor: 0.35 } });
    expect(under(Side.LONG, { unusual_flow: -0.39 })).toEqual(untouched(Side.LONG));
    expect(under(Side.LONG, { unusual_flow: 1 })).toEqual(untouched(Side.LONG));
  });

  it('do nothing by default, nor where they are missing', () => {
    const against = { news_score: -1, season_t: -9, unusual_flow: -1 };
    expect(under(Side.LONG, against, {})).toEqual(untouched(Side.LONG));
    expect(under(Side.LONG, {})).toEqual(untouched(Side.LONG));
  });
});
