import { STREAMS_DEFAULTS, type Entry, type StreamsConfig } from '@bellwether/contracts';
import { NO_CALENDAR, coveredAt, withCalendar, type Calendar, type CoveredTime } from './calendar.js';
import { NO_NEWS, withNews, type News } from './news.js';
import { withFlow, type OptionsRun, type SymbolPrice } from './options-flow.js';

/** What came over the streams of a book. Bounded: each list has its own limit. */
export interface BookStreams {
  readonly config: StreamsConfig;
  readonly calendar: Calendar;
  readonly news: News;
  /** One for each underlying that spoke; others than SPX, SPY, NDX and QQQ are not kept. */
  readonly options: readonly OptionsRun[];
}

export const NO_STREAMS: BookStreams = {
  config: STREAMS_DEFAULTS,
  calendar: NO_CALENDAR,
  news: NO_NEWS,
  options: [],
};

const UNDERLYINGS: readonly string[] = ['SPX', 'SPY', 'NDX', 'QQQ'];

/** The streams under the settings of a release; null stands for a release of before there were any. */
export function withStreamsConfig(streams: BookStreams, config: StreamsConfig | null): BookStreams {
  return { ...streams, config: config ?? STREAMS_DEFAULTS };
}

/**
 * The streams after an entry of one of them. A stream that is off is followed too, so that switching it on begins with what
 * is known. `prices` are the last ones of the book's symbols.
 */
export function withAux(streams: BookStreams, entry: Entry, prices: readonly SymbolPrice[]): BookStreams {
  const { aux, event_us, known_us } = entry;
  if (aux === null) return streams;
  const { options, news, economic } = aux;
  if (economic !== null) {
    return { ...streams, calendar: withCalendar(streams.calendar, economic, known_us) };
  }
  if (news !== null) return { ...streams, news: withNews(streams.news, news, event_us) };
  if (options === null || !UNDERLYINGS.includes(options.underlying)) return streams;
  const before = streams.options.find(({ underlying }) => underlying === options.underlying) ?? null;
  const run = withFlow(before, options, event_us, prices, streams.config);
  const others = streams.options.filter((item) => item !== before);
  return run === before ? streams : { ...streams, options: [...others, run] };
}

/** The time around an instant of which all releases are known; null where none is, and where the stream is off. */
export function releaseTime({ config, calendar }: BookStreams, us: number): CoveredTime | null {
  return config.economic ? coveredAt(calendar, us) : null;
}
