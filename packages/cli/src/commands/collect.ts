import { GatewayClient, GatewayError } from '@bellwether/client';
import { Collector, StateFile, readCollectConfig } from '@bellwether/collect';
import { BellwetherError } from '@bellwether/contracts';
import type { EventJson } from '@bellwether/events';
import { pause } from '@bellwether/host';

export interface CollectCommandOptions {
  readonly once?: boolean;
  readonly only: readonly string[];
  readonly allowPrivate?: boolean;
}

/** One by one: an event that was taken with other content stands as it is, and keeps no other from being taken. */
function sender(url: string, book: string | undefined): (events: readonly EventJson[]) => Promise<void> {
  const client = new GatewayClient({ url });
  return async (events) => {
    for (const event of events) {
      try {
        await client.events([event], book);
      } catch (cause) {
        if (!(cause instanceof GatewayError) || cause.code !== 'id_reused') throw cause;
      }
    }
  };
}

/** `bw collect`: exit code 4 where `--once` could not fetch a feed. */
export async function collectFeeds(file: string, options: CollectCommandOptions): Promise<void> {
  const given = await readCollectConfig(file);
  const names = given.feeds.map(({ name }) => name);
  const unknown = options.only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new BellwetherError('usage', `${file} has no feed ${unknown.join(', ')}`);
  const feeds = given.feeds.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  const config = { ...given, feeds };
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const collector = new Collector({
    ...{ config, state: await StateFile.open(config.state), allowPrivate: options.allowPrivate === true },
    ...{ nowMs: () => Date.now(), random: () => Math.random(), wait: pause, signal: stop.signal },
    send: config.gateway === undefined ? null : sender(config.gateway, config.book),
    tell: (line) => process.stdout.write(`${line}\n`),
  });
  if (options.once !== true) {
    await collector.run();
    return;
  }
  const failed = await collector.once();
  if (failed > 0)
    throw new BellwetherError('feed_failed', `${failed} of ${feeds.length} feeds could not be fetched`);
}
