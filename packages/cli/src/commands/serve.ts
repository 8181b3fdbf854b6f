import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BellwetherError } from '@bellwether/contracts';
import { serviceProgram } from '../replay/fleet.js';
import { SERVICES } from '../replay/services.js';

/** Runs one service in a child process and takes over its exit code. Signals reach the service. */
export async function serve(service: string, options: { nats?: string; books?: string }): Promise<void> {
  const program = serviceProgram(service);
  if (!SERVICES.includes(service) || !existsSync(program)) {
    throw new BellwetherError('usage', `There is no service ${service}; there are: ${SERVICES.join(', ')}`);
  }
  const child = spawn(process.execPath, [program], {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(options.nats === undefined ? {} : { BW_NATS_URL: options.nats }),
      ...(options.books === undefined ? {} : { BW_BOOKS: options.books }),
    },
  });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGTERM', forward);
  process.on('SIGINT', forward);
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}
