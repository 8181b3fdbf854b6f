import type { Bus } from '@bellwether/bus';
import { BellwetherError } from '@bellwether/contracts';

/** Connections of this command, by the servers: a registry is opened in several places, and the command ends when all are closed. */
const open = new Map<string, Promise<Bus>>();

/**
 * The bus of some NATS servers, `nats://host:port` separated by commas; the same one each time.
 *
 * @throws BellwetherError `bus_unreachable`
 */
export function sharedBus(servers: string): Promise<Bus> {
  const there = open.get(servers);
  if (there !== undefined) return there;
  const opening = connect(servers).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new BellwetherError('bus_unreachable', `${servers}: ${message}`, [], { cause });
  });
  open.set(servers, opening);
  return opening;
}

/** The client is loaded where it is asked for: most commands need none. */
async function connect(servers: string): Promise<Bus> {
  const { openBus } = await import('@bellwether/bus');
  return openBus({ kind: 'nats', name: 'bw', servers: servers.split(',') });
}

/** At the end of a command: an open connection would keep the process. */
export async function closeSharedBuses(): Promise<void> {
  const all = [...open.values()];
  open.clear();
  await Promise.all(
    all.map((opening) =>
      opening.then(
        (bus) => bus.close(),
        () => undefined,
      ),
    ),
  );
}
