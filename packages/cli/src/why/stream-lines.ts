import {
  AuxStream,
  AuxStreamName,
  Side,
  StreamStatus,
  type FeaturesPart,
  type Releases,
} from '@bellwether/contracts';
import { AUX_NUMBERS } from '@bellwether/streams';
import { points, reason } from './words.js';

/** What the streams beside bars said: the status of each, their numbers, the zones and the releases around the entry. */
export function streamLines({ aux, streams, zones, releases }: FeaturesPart, now_us: number): string[] {
  const lines = streams.map(({ stream, status, reason: code }) => {
    const name = AuxStreamName[stream];
    if (status === StreamStatus.LIVE) return `stream ${name}: live`;
    return `stream ${name}: ${status === StreamStatus.DELAYED ? 'delayed' : 'absent'}, ${reason(code)}`;
  });
  if (aux !== null) {
    const told = aux.present_index.map((at, i) => {
      const [code = '?', name = '?'] = AUX_NUMBERS[at] ?? [];
      return `${code} ${name} ${(aux.present_value[i] ?? 0).toFixed(3)}`;
    });
    lines.push(`${told.length} of ${AUX_NUMBERS.length} numbers of streams (${aux.set_version})`, ...told);
  }
  for (const { side, proximal_ticks, distal_ticks, fresh, score } of zones) {
    const kind = side === Side.LONG ? 'demand' : 'supply';
    const state = fresh ? 'fresh' : 'tested';
    lines.push(
      `${kind} ${points(proximal_ticks)} to ${points(distal_ticks)}, ${state}, score ${score.toFixed(2)}`,
    );
  }
  return [...lines, ...releaseLines(releases, now_us, streams.some(isEconomic))];
}

function isEconomic({ stream, status }: FeaturesPart['streams'][number]): boolean {
  return stream === AuxStream.ECONOMIC && status === StreamStatus.LIVE;
}

function releaseLines(releases: Releases | null, now_us: number, known: boolean): string[] {
  if (releases === null || !known) return [];
  const { next_us, next_name, last_us, last_name, this_morning } = releases;
  const minutes = (us: number): string => (us / 60_000_000).toFixed(0);
  return [
    ...(next_us === null ? [] : [`tier-1 release ${next_name} in ${minutes(next_us - now_us)} minutes`]),
    ...(last_us === null ? [] : [`tier-1 release ${last_name} ${minutes(now_us - last_us)} minutes ago`]),
    ...(this_morning ? ['a tier-1 release falls on this morning: the gap fade is off'] : []),
  ];
}
