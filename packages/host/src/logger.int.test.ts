import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const LOGGER = new URL('./logger.js', import.meta.url).href;

/** What a process that logs `details` writes to its standard output and standard error. */
function logged(details: object): { readonly out: string; readonly err: string } {
  const program = [
    `const { createLogger } = await import(${JSON.stringify(LOGGER)});`,
    `createLogger('test', 'info').info(${JSON.stringify(details)}, 'message');`,
  ].join('\n');
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return { out: result.stdout, err: result.stderr };
}

describe('the logger', () => {
  const secrets = { token: 'hunter2', nested: { password: 'hunter2', deep: { apiKey: 'hunter2' } } };

  it('never writes a secret, at any of three depths', () => {
    const { err } = logged({ ...secrets, book: 'es' });
    expect(err).not.toContain('hunter2');
    expect(err.match(/\[redacted\]/g)).toHaveLength(3);
    expect(err).toContain('"book":"es"');
  });

  it('leaves standard output to results', () => {
    expect(logged(secrets).out).toBe('');
  });
});
