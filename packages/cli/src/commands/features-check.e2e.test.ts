import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FEATURES } from '@bellwether/features';
import { ticksToPoints } from '@bellwether/market';
import { generateSessions } from '@bellwether/testkit';

const BIN = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../bin/bw.mjs');

function bw(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'features', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('bw features check', () => {
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bw features '));
    file = path.join(folder, 'bars.csv');
    const lines = ['ts,open,high,low,close,volume'];
    const made = {
      seed: 'features check',
      symbol: 'ES',
      firstTradeDate: 20250303,
      sessions: 4,
      interval: '5m',
    } as const;
    for (const bar of generateSessions(made)) {
      const points = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) =>
        ticksToPoints(ticks, bar.tick_size_e4),
      );
      lines.push([new Date(bar.open_us / 1_000).toISOString(), ...points, bar.volume].join(','));
    }
    writeFileSync(file, `${lines.join('\n')}\n`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('says of each feature where it begins and that it does not look ahead, and shows how far it is', () => {
    const { status, stdout, stderr } = bw(
      'check',
      '--data',
      file,
      '--symbol',
      'ES',
      '--cuts',
      '4',
      '--asked',
      '2',
    );
    expect({ status, stderr: stderr.replace(/^bars: .*\n/gm, '') }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`bars.csv (1,104 bars): 1104 bars in 4 sessions`);
    for (const { code, name } of FEATURES) {
      expect(stdout.match(new RegExp(`^${code} +${name} `, 'gm'))).toHaveLength(2);
    }
    // Twenty sessions are not there.
    expect(stdout).toMatch(/^R1 +volPct +never .* no value *$/m);
    expect(stdout).toMatch(/^P1 +ret1 +1 +61 .* 0 of \d+ +ok *$/m);
    expect(stdout).toContain('Passed: ');
    expect(stderr).toMatch(/^bars: \d+ of \d+ \(\d+ %\)$/m);
  });

  it('takes the dates that are asked for', () => {
    const { status, stdout } = bw(
      ...['check', '--data', file, '--symbol', 'ES', '--cuts', '2', '--asked', '1'],
      ...['--from', '2025-03-04', '--to', '2025-03-05'],
    );
    expect(status).toBe(0);
    expect(stdout).toContain('552 bars in 2 sessions');
  });

  it('says what to do where it is called wrongly', () => {
    expect(bw('check', '--data', file)).toMatchObject({ status: 2, stdout: '' });
    expect(bw('check', '--data', file, '--symbol', 'ES', '--cuts', '0').status).toBe(2);
    const empty = bw('check', '--data', file, '--symbol', 'ES', '--from', '2026-01-05');
    expect(empty.status).toBe(3);
    expect(empty.stderr).toContain('There are 0 bars in these dates');
    expect(bw('check', '--help').stdout).toContain('Examples:\n  bw features check');
  });
});
