import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Bus } from '@bellwether/bus';
import { BellwetherError, ERRORS, isErrorCode } from '@bellwether/contracts';
import { startHealthServer } from './health-server.js';
import { createLogger } from './logger.js';
import { createHostMetrics, type HostMetrics } from './metrics.js';
import { ConfigInvalid, readSettings, type serviceSettings } from './service-config.js';
import { messageOf } from './stage-unit.js';

type Settings<T extends z.ZodRawShape> = z.output<z.ZodObject<T>>;
type ServiceSettings = Settings<typeof serviceSettings>;

export interface ServiceContext<S> {
  readonly settings: S;
  readonly owner: string;
  readonly bus: Bus;
  readonly log: Logger;
  readonly metrics: HostMetrics;
  readonly registry: ReturnType<typeof createHostMetrics>['registry'];
  /** Ends on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  /** Says what is missing for the service to be ready, '' for nothing. */
  readonly setNotReady: (reason: string) => void;
}

export interface ServiceDefinition<T extends z.ZodRawShape> {
  readonly name: string;
  readonly settings: T;
  readonly connect: (settings: Settings<T> & ServiceSettings) => Promise<Bus>;
  readonly main: (context: ServiceContext<Settings<T> & ServiceSettings>) => Promise<void>;
}

/** Exit code of an error: that of its place in the catalogue, 1 for what is in none. */
export function exitCodeOf(cause: unknown): number {
  const code: unknown = cause instanceof Error ? (cause as { code?: unknown }).code : null;
  return (isErrorCode(code) ? ERRORS[code].exit_code : null) ?? 1;
}

/**
 * The shell of a service process: settings, log, bus, health page, signals, exit code. Resolves with the exit code
 * when `main` has ended and everything is closed.
 */
export async function runService<T extends typeof serviceSettings & z.ZodRawShape>(
  definition: ServiceDefinition<T>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  let settings: Settings<T> & ServiceSettings;
  try {
    settings = readSettings(definition.settings, environment) as Settings<T> & ServiceSettings;
  } catch (cause) {
    if (!(cause instanceof ConfigInvalid)) throw cause;
    process.stderr.write(`${definition.name}: ${cause.message}\n`);
    return exitCodeOf(cause);
  }
  const log = createLogger(definition.name, settings.BW_LOG_LEVEL);
  const owner = settings.BW_OWNER === '' ? `${hostname()}-${process.pid}` : settings.BW_OWNER;
  const { host: metrics, page, registry } = createHostMetrics();
  const controller = new AbortController();
  let notReady = 'starting';
  const health = await startHealthServer(
    settings.BW_HEALTH_HOST,
    settings.BW_HEALTH_PORT,
    { alive: () => true, notReady: () => (controller.signal.aborted ? 'stopping' : notReady) },
    page,
  );
  const stop = (): void => {
    controller.abort();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  let bus: Bus;
  try {
    bus = await definition.connect(settings);
  } catch (cause) {
    log.error({ cause: messageOf(cause) }, 'bus out of reach');
    await health.close();
    return exitCodeOf(new BellwetherError('bus_unreachable', messageOf(cause), [], { cause }));
  }
  log.info({ owner, healthPort: health.port }, 'started');
  const setNotReady = (reason: string): void => {
    notReady = reason;
  };
  let code = 0;
  try {
    const signal = controller.signal;
    await definition.main({ settings, owner, bus, log, metrics, registry, signal, setNotReady });
  } catch (cause) {
    code = exitCodeOf(cause);
    log.error(
      { cause: messageOf(cause), stack: cause instanceof Error ? cause.stack : undefined },
      'stopped',
    );
  } finally {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    await bus.close();
    await health.close();
  }
  log.info({ code }, 'ended');
  return code;
}
