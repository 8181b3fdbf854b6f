import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ticksToPoints } from '@bellwether/market';
import { WORLD_DATES, worldBars } from '@bellwether/testkit';

const BIN = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../bin/bw.mjs');

function bw(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'regime', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('bw regime report', () => {
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bw regime '));
    file = path.join(folder, 'bars.csv');
    const lines = ['ts,open,high,low,close,volume'];
    const world = {
      kind: 'regimes',
      seed: 'report',
      symbol: 'ES',
      firstTradeDate: WORLD_DATES.spring,
    } as const;
    for (const { bar } of worldBars({ ...world, sessions: 30 })) {
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

  it('shows time, gate, dwell, changes and both axes against their baselines, and writes a page', () => {
    const page = path.join(folder, 'regime.html');
    const { status, stdout } = bw('report', '--data', file, '--symbol', 'ES', '--out', page);
    expect(status).toBe(0);
    expect(stdout).toContain('41400 bars in 30 sessions');
    for (const name of ['Calm-Trend', 'Calm-Chop', 'HighVol-Trend', 'HighVol-Chop', 'unknown']) {
      expect(stdout).toMatch(new RegExp(`^${name} .*[█░].* %$`, 'm'));
      expect(stdout).toMatch(
        new RegExp(`^${name} +\\d+\\.\\d +\\d+\\.\\d +\\d+\\.\\d +\\d+ +\\d+\\.\\d$`, 'm'),
      );
    }
    expect(stdout).toMatch(/^gate open \d+\.\d % of the time; closed: regime_inputs_missing /m);
    expect(stdout).toMatch(/^\d+\.\d switches a session; of the bars with probabilities no state qualifies/m);
    for (const axis of ['Volatility', 'Trend']) {
      expect(stdout).toMatch(new RegExp(`^${axis} axis .*: \\d+ bars in \\d+ sessions`, 'm'));
    }
    expect(stdout.match(/^(rule|base rate|persistence) +0\.\d{3}/gm)).toHaveLength(6);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('<svg ');
    expect(html).toContain('switches a session');
    expect(html).not.toMatch(/<script|src=|NaN|undefined/);
  });

  it('reports the dates that are asked for, with the bars before them as history', () => {
    const picture = path.join(folder, 'regime.svg');
    const { status, stdout } = bw(
      ...['report', '--data', file, '--symbol', 'ES', '--from', '2025-04-08', '--out', picture],
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/: \d+ bars in [1-5] sessions$/m);
    expect(stdout).not.toContain('no labels');
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg [^]*<\/svg>\n$/);
  });

  it('says what to do where it is called wrongly', () => {
    expect(bw('report', '--data', file)).toMatchObject({ status: 2, stdout: '' });
    const named = bw('report', '--data', file, '--symbol', 'ES', '--out', 'regime.png');
    expect(named.status).toBe(2);
    expect(named.stderr).toContain('.html or .svg');
    expect(bw('report', '--data', file, '--symbol', 'ES', '--from', '2026-01-05').status).toBe(3);
    expect(bw('report', '--help').stdout).toContain('Examples:\n  bw regime report');
  });
});
