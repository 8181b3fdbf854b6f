import {
  AuxStream,
  STREAMS_DEFAULTS,
  StreamStatus,
  type BookConfig,
  type FeaturesPart,
  type Releases,
} from '@bellwether/contracts';
import type { ReleaseDistance, StrategyContext } from '@bellwether/strategies';
import { AUX_AT, auxValue, countOf } from '@bellwether/streams';

const MINUTE_US = 60_000_000;

/** What the strategies are told of the streams beside bars. */
export function streamContext(
  features: FeaturesPart,
  config: BookConfig | null,
  now_us: number,
): Pick<StrategyContext, 'releases' | 'zones' | 'streams'> {
  const { aux, releases, zones, streams } = features;
  const zonesLive = streams.some(
    ({ stream, status }) => stream === AuxStream.ZONES && status === StreamStatus.LIVE,
  );
  return {
    releases: releases === null ? null : distanceOf(releases, now_us),
    zones: zonesLive ? zones : null,
    streams: {
      news_score: auxValue(aux, AUX_AT.N1),
      unusual_flow: auxValue(aux, AUX_AT.O2),
      season_t: seasonT(auxValue(aux, AUX_AT.Y1), auxValue(aux, AUX_AT.Y3)),
      config: config?.streams ?? STREAMS_DEFAULTS,
    },
  };
}

function distanceOf({ last_us, next_us, this_morning }: Releases, now_us: number): ReleaseDistance {
  return {
    minutes_to_next: next_us === null ? null : (next_us - now_us) / MINUTE_US,
    minutes_since_last: last_us === null ? null : (now_us - last_us) / MINUTE_US,
    this_morning,
  };
}

/** Mean in standard deviations times the root of how many there were. */
function seasonT(mean_sd: number | null, weight: number | null): number | null {
  return mean_sd === null || weight === null ? null : mean_sd * Math.sqrt(countOf(weight));
}
