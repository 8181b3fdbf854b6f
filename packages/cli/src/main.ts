import { CommanderError } from 'commander';
import { BellwetherError, ERRORS, isErrorCode } from '@bellwether/contracts';
import { closeSharedBuses } from './data/shared-bus.js';
import { program } from './program.js';

const USAGE_EXIT = 2;

/** Says what went wrong and what to do next. Gives the exit code. */
async function report(cause: unknown): Promise<number> {
  const code: unknown = cause instanceof Error ? (cause as { code?: unknown }).code : null;
  if (cause instanceof Error && isErrorCode(code)) {
    const message = cause instanceof BellwetherError ? cause.message : `${code}: ${cause.message}`;
    process.stderr.write(`bw: ${message}\n  ${ERRORS[code].next}\n`);
  } else {
    process.stderr.write(`bw: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
  }
  const { exitCodeOf } = await import('@bellwether/host');
  return exitCodeOf(cause);
}

try {
  await program().parseAsync(process.argv);
} catch (cause) {
  if (cause instanceof CommanderError) {
    // Commander has printed the message; help and version are no failure.
    process.exitCode = cause.exitCode === 0 ? 0 : USAGE_EXIT;
  } else {
    process.exitCode = await report(cause);
  }
} finally {
  await closeSharedBuses();
}
