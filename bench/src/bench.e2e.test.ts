import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findNatsServer } from '@bellwether/testkit';
import { WORKSPACE } from './environment.js';
import { MEASURES } from './measures.js';

interface Outcome {
  readonly report?: { readonly checked: readonly string[]; readonly lines: readonly string[] };
  readonly notMeasured?: string;
  readonly broken?: string;
}

interface BenchRecord {
  readonly environment: { readonly commit: string; readonly command: string; readonly machine: string };
  readonly measured: Readonly<Record<string, Outcome>>;
}

function bench(...parameters: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const program = path.join(WORKSPACE, 'bench/bin/bench.mjs');
  return spawnSync(process.execPath, [program, ...parameters], { encoding: 'utf8' });
}

describe('npm run bench', () => {
  test.each(Object.keys(MEASURES))(
    'given few bars, when %s is measured, then its checks hold and it names machine, commit and command',
    (name) => {
      const { status, stdout } = bench('--quick', '--json', '-', '--only', name);
      const { environment, measured } = JSON.parse(stdout) as BenchRecord;
      const outcome = measured[name];
      expect(outcome?.broken).toBeUndefined();
      expect(status).toBe(0);
      expect(environment.command).toBe(`npm run bench -- --quick --json - --only ${name}`);
      expect(environment.machine).not.toBe('');
      expect(environment.commit).not.toBe('');
      if (name === 'nats' && findNatsServer() === null) {
        expect(outcome?.notMeasured).toContain('nats-server');
        return;
      }
      expect(outcome?.report?.checked.length).toBeGreaterThan(0);
      expect(outcome?.report?.lines.length).toBeGreaterThan(0);
    },
  );

  test('given a measure that is none, when it is asked for, then it names all problems and what there is', () => {
    const { status, stderr } = bench('--only', 'line,speed,luck');
    expect(status).toBe(2);
    expect(stderr).toContain(`No such measure: speed; there are ${Object.keys(MEASURES).join(', ')}`);
    expect(stderr).toContain('No such measure: luck');
    expect(stderr).toContain('--help');
  });

  test('given --help, then every measure is named', () => {
    const { status, stdout } = bench('--help');
    expect(status).toBe(0);
    for (const name of Object.keys(MEASURES)) expect(stdout).toContain(`  ${name}`);
  });
});
