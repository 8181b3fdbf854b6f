// Goal: each of the six streams acts in the main job, and switching it off takes that away.
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  Action,
  OptionRight,
  STREAMS_DEFAULTS,
  Side,
  type BookConfig,
  type Entry,
  type Frame,
  type StreamsConfig,
} from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { anAuxEntry } from '@bellwether/testkit';
import { decisionsOf, framesOf, marketDays } from './market-days.js';

const MINUTE_US = 60_000_000;
const DAY_US = 1_440 * MINUTE_US;

let inputs: readonly Entry[];
let config: BookConfig;
/** Decisions of the book without any event. */
let alone: readonly Frame[];

/** An entry of the book without events, which the streams of a test speak about. */
interface FirstEntry {
  readonly us: number;
  readonly id: string;
  readonly side: Side;
  readonly size: number;
}

beforeAll(async () => {
  ({ inputs, config } = await marketDays());
  alone = await framesOf(inputs, config);
});

function firstEntry(): FirstEntry {
  const frame = present(
    alone.find(({ risk }) => risk?.action === Action.BUY || risk?.action === Action.SELL),
    'an entry on the sample',
  );
  const { event_us, id } = present(frame.entry, 'an entry');
  const { action, size } = present(frame.risk, 'a decision');
  return { us: event_us, id, side: action === Action.BUY ? Side.LONG : Side.SHORT, size };
}

const withStreams = (streams: Partial<StreamsConfig>): BookConfig => ({
  ...config,
  streams: { ...STREAMS_DEFAULTS, ...streams },
});

const event = (content: Parameters<typeof anAuxEntry>[0], us: number): Entry =>
  anAuxEntry(content, us, { book: config.book });

const decisionAt = (frames: readonly Frame[], id: string): string =>
  present(
    decisionsOf(frames).find((line) => line.startsWith(`${id} `)),
    id,
  );

/** With the stream on the decision is `wanted`. */
async function acts(
  streams: Partial<StreamsConfig>,
  events: readonly Entry[],
  wanted: RegExp,
): Promise<void> {
  const { id } = firstEntry();
  expect(decisionAt(await framesOf(inputs, withStreams(streams), events), id)).toMatch(wanted);
}

function releaseEvent(): Entry {
  const { us } = firstEntry();
  const releases = [{ at_us: us + MINUTE_US, name: 'FOMC statement', tier: 1 }];
  const calendar = { from_us: us - DAY_US, to_us: us + DAY_US, releases };
  return event({ economic: calendar }, us - 60 * MINUTE_US);
}

function newsEvent(): Entry {
  const { us, side } = firstEntry();
  const score = side === Side.LONG ? -0.9 : 0.9;
  const news = { headline: 'A surprise', symbols: [], tier: 1, score, confidence: 1, method: 'test' };
  return event({ news }, us - MINUTE_US);
}

function optionsEvent(): Entry {
  const { us, side } = firstEntry();
  const right = side === Side.LONG ? OptionRight.PUT : OptionRight.CALL;
  const contract = { right, strike_points: 6_000, expiry: 20_250_417, volume: 900, open_interest: 100 };
  const unusual = [{ ...contract, premium_cents: 50_000_000, side: Side.LONG }];
  const options = {
    ...{ underlying: 'SPX', call_volume: 1_000, put_volume: 1_000, unusual },
    ...{ call_open_interest: null, put_open_interest: null, net_gex_usd: null, spot_points: null },
    ...{ zero_gamma_points: null, call_wall_points: null, put_wall_points: null },
  };
  return event({ options }, us - 2 * MINUTE_US);
}

/** Bounds at which each stream acts. */
const SHARP = { news_block_score: 0.5, options_halve_unusual: 0.5, season_block_t: 0.01 };
/** A heat that every trade is above. */
const hot = (streams: Partial<StreamsConfig>): BookConfig => ({
  ...withStreams(streams),
  account: { ...present(config.account, 'an account'), heat_block: 0.001, heat_reduce: 0.001 },
});

describe('a book', () => {
  it('enters nothing beside a tier-1 release', async () => {
    await acts({}, [releaseEvent()], / hold 0 no_setup$/);
  });

  it('enters nothing against strong news', async () => {
    await acts({ news_block_score: SHARP.news_block_score }, [newsEvent()], / hold 0 no_setup$/);
  });

  it('halves what unusual option flow is against', async () => {
    const halved = Math.floor(firstEntry().size / 2);
    await acts(
      { options_halve_unusual: SHARP.options_halve_unusual },
      [optionsEvent()],
      halved === 0 ? / hold 0 / : new RegExp(` (buy|sell) ${halved} ok$`),
    );
  });

  it('enters nothing against the usual course of these minutes', async () => {
    const on = decisionsOf(await framesOf(inputs, withStreams({ season_block_t: SHARP.season_block_t })));
    expect(on).not.toEqual(decisionsOf(alone));
  });

  it('enters nothing above its heat, unless heat is off', async () => {
    const { id } = firstEntry();
    expect(decisionAt(await framesOf(inputs, hot({})), id)).toMatch(/ hold 0 heat$/);
    expect(decisionAt(await framesOf(inputs, hot({ heat: false })), id)).toMatch(/ (buy|sell) [1-9] ok$/);
  });

  it('decides as without any event where calendar, news, options and seasonality are off', async () => {
    // One run for all: what a stream that is off still did would show in it.
    const off = { economic: false, news: false, options: false, seasonality: false };
    const events = [releaseEvent(), newsEvent(), optionsEvent()];
    expect(decisionsOf(await framesOf(inputs, withStreams({ ...SHARP, ...off }), events))).toEqual(
      decisionsOf(alone),
    );
  });

  it('trades zones, unless they are off', async () => {
    const off = await framesOf(inputs, withStreams({ zones: false }));
    expect(decisionsOf(off)).not.toEqual(decisionsOf(alone));
    expect(alone.some(({ features }) => (features?.zones.length ?? 0) > 0)).toBe(true);
    expect(off.some(({ features }) => (features?.zones.length ?? 0) > 0)).toBe(false);
  });
});
