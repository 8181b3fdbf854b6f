import { isDeepStrictEqual } from 'node:util';
import { STREAMS, type StreamDefinition } from '@bellwether/contracts';
import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { BusMisconfigured } from './nats-errors.js';
import { isPassing } from './nats-link.js';
import { DUPLICATE_WINDOW_MS } from './nats-options.js';

/** Server code: a stream of that name has another configuration. */
const NAME_IN_USE = 10058;

export type WantedConfig = Pick<StreamConfig, 'name'> & Partial<StreamConfig>;

/** What a stream must be: file storage, no age limit, and a full one refuses instead of forgetting. */
export function wantedConfig(definition: StreamDefinition, bytesMax: number, replicas: number): WantedConfig {
  const { republish } = definition;
  return {
    name: definition.name,
    subjects: [...definition.subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_age: 0,
    max_bytes: bytesMax,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_msg_size: -1,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    num_replicas: replicas,
    allow_rollup_hdrs: false,
    ...(republish === null ? {} : { republish: { src: republish.from, dest: republish.to } }),
  };
}

/** Fields where leaving it out and this value mean the same. */
function plain(value: unknown): unknown {
  return value === undefined || value === false ? null : value;
}

/**
 * Throws {@link BusMisconfigured} with the first field that differs. Servers ignore options they do not know, without
 * an error (toolchain.md section 1), so what was asked is compared with what came back.
 */
export function assertConfig(wanted: WantedConfig, found: Readonly<Partial<StreamConfig>>): void {
  const fields = new Set<keyof StreamConfig>([
    ...(Object.keys(wanted) as (keyof StreamConfig)[]),
    'republish',
  ]);
  for (const field of fields) {
    const expected = plain(wanted[field]);
    const actual = plain(found[field]);
    if (field === 'republish' && sameRepublish(wanted, found)) continue;
    if (!isDeepStrictEqual(expected, actual)) {
      throw new BusMisconfigured(
        `Stream ${wanted.name}: Expected ${field} ${JSON.stringify(expected)}, was ${JSON.stringify(actual)}`,
      );
    }
  }
}

function sameRepublish(wanted: Partial<StreamConfig>, found: Partial<StreamConfig>): boolean {
  const a = wanted.republish;
  const b = found.republish;
  return (
    a?.src === b?.src && a?.dest === b?.dest && (a?.headers_only ?? false) === (b?.headers_only ?? false)
  );
}

/** Makes the stream where it is missing, and throws {@link BusMisconfigured} where it is not as wanted. */
export async function assertStream(manager: JetStreamManager, wanted: WantedConfig): Promise<void> {
  let found: StreamConfig;
  try {
    found = (await manager.streams.add(wanted)).config;
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error;
    if (error.code !== NAME_IN_USE) {
      if (isPassing(error)) throw error;
      throw new BusMisconfigured(`Stream ${wanted.name}: ${error.message}`, { cause: error });
    }
    found = (await manager.streams.info(wanted.name)).config;
  }
  assertConfig(wanted, found);
}

export const wantedStreams = (bytesMax: number, replicas: number): readonly WantedConfig[] =>
  STREAMS.map((definition) => wantedConfig(definition, bytesMax, replicas));
