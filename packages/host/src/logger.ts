import { pino, type Logger } from 'pino';

/** Keys whose values never reach a log line, at any of these depths. */
export const REDACTED = [
  'token',
  'secret',
  'password',
  'authorization',
  'api_key',
  'apiKey',
  'cookie',
] as const;

const paths = REDACTED.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A JSON logger on standard error, so that standard output stays free for results. */
export function createLogger(service: string, level: LogLevel): Logger {
  return pino(
    {
      name: service,
      level,
      redact: { paths, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
