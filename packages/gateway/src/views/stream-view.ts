import {
  AuxStream,
  ReasonCodeName,
  StreamStatus,
  type PortfolioPart,
  type StreamState,
} from '@bellwether/contracts';
import { AUXILIARY_STREAMS, type StatsAnswer } from '../schema/report-answers.js';
import { isoText } from '@bellwether/events';

type StreamName = (typeof AUXILIARY_STREAMS)[number];
type StatusName = 'live' | 'delayed' | 'absent';

const NAMES: Readonly<Record<AuxStream, StreamName | null>> = {
  [AuxStream.UNSPECIFIED]: null,
  [AuxStream.OPTIONS]: 'options_flow',
  [AuxStream.NEWS]: 'news_sentiment',
  [AuxStream.ZONES]: 'supply_demand_zones',
  [AuxStream.SEASONALITY]: 'seasonality',
  [AuxStream.ECONOMIC]: 'economic_calendar',
  [AuxStream.HEAT]: 'portfolio_heat',
};

const STATUSES: Readonly<Record<StreamStatus, StatusName>> = {
  [StreamStatus.UNSPECIFIED]: 'absent',
  [StreamStatus.LIVE]: 'live',
  [StreamStatus.DELAYED]: 'delayed',
  [StreamStatus.ABSENT]: 'absent',
};

const BEST_FIRST: readonly StatusName[] = ['live', 'delayed', 'absent'];

/** Streams of each symbol as of its last bar or signal. */
export function streamStates(
  streams: ReadonlyMap<string, readonly StreamState[]>,
): StatsAnswer['stream_states'] {
  const told = (states: readonly StreamState[]): StatsAnswer['stream_states'][string] =>
    states.flatMap(({ stream, status, reason, as_of_us }) => {
      const name = NAMES[stream];
      const as_of = as_of_us === null ? null : isoText(as_of_us);
      return name === null
        ? []
        : [{ stream: name, status: STATUSES[status], reason: ReasonCodeName[reason], as_of }];
    });
  return Object.fromEntries([...streams].map(([symbol, states]) => [symbol, told(states)]));
}

/** The best status of any symbol; heat is that of the account. */
export function streamStatuses(
  streams: ReadonlyMap<string, readonly StreamState[]>,
  portfolio: PortfolioPart | null,
): StatsAnswer['streams'] {
  const found = Object.values(streamStates(streams)).flat();
  const statusOf = (name: StreamName): StatusName => {
    if (name === 'portfolio_heat') return (portfolio?.heat ?? null) === null ? 'absent' : 'live';
    const own = found.filter(({ stream }) => stream === name).map(({ status }) => status);
    return BEST_FIRST.find((status) => own.includes(status)) ?? 'absent';
  };
  return Object.fromEntries(
    AUXILIARY_STREAMS.map((name) => [name, statusOf(name)]),
  ) as StatsAnswer['streams'];
}
