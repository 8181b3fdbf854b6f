/**
 * Goal: `bw data verdict` and `bw data report` from outside: what they print, their exit codes, and a page that a browser shows
 * without errors, without the network, and without scrolling sideways on a phone.
 * Method: the program as a process; Chromium without a window where it is there.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INVENTED_ES, hasBrowser, inventedBars, openedPage } from '@bellwether/testkit';
import { WORKSPACE } from '../workspace.js';

const chromium = hasBrowser();

/** Wide enough for a desk, and the width of a phone. */
const WIDTHS = [1_280, 390] as const;

const BW = path.join(WORKSPACE, 'packages/cli/bin/bw.mjs');

function bwRun(args: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BW, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}

let folder = '';
let invented = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'bw data '));
  invented = path.join(folder, 'es <b>bars.csv');
  const rows = [...inventedBars(INVENTED_ES)].map((bar) =>
    [new Date(bar.open_us / 1_000).toISOString(), bar.open, bar.high, bar.low, bar.close, bar.volume].join(
      ',',
    ),
  );
  fs.writeFileSync(invented, `ts,open,high,low,close,volume\n${rows.join('\n')}\n`);
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

describe('bw data verdict', () => {
  it('refuses the invented file with exit code 2, and says why and what to do', () => {
    const { code, out } = bwRun(['data', 'verdict', invented, '--symbol', 'ES']);
    expect(code).toBe(2);
    for (const part of ['verdict: refuse', 'refuse generator_like: 8 marks', 'next: '])
      expect(out).toContain(part);
    const json = bwRun(['data', 'verdict', invented, '--symbol', 'ES', '--json']);
    expect([json.code, JSON.parse(json.out)]).toEqual([
      2,
      expect.objectContaining({ result: 'refuse', kind: 'future', rows: 21_208, has_volume: true }),
    ]);
  });

  it('calls the sample synthetic, and needs the symbol of a file', () => {
    const sample = bwRun(['data', 'verdict']);
    expect([sample.code, sample.out]).toEqual([0, expect.stringContaining('SYNTHETIC DATA')]);
    expect(sample.out).toContain('warn synthetic:');
    const nameless = bwRun(['data', 'verdict', invented]);
    expect([nameless.code, nameless.err]).toEqual([2, expect.stringContaining('--symbol')]);
    const missing = bwRun(['data', 'verdict', path.join(folder, 'none.csv'), '--symbol', 'ES']);
    expect([missing.code, missing.err]).toEqual([3, expect.stringContaining('There is no such file')]);
  });
});

describe('bw data report', () => {
  let sample = '';
  let refused = '';
  beforeAll(() => {
    sample = path.join(folder, 'sample.html');
    refused = path.join(folder, 'refused.html');
    expect(bwRun(['data', 'report', '--out', sample]).code).toBe(0);
    expect(bwRun(['data', 'report', invented, '--symbol', 'ES', '--out', refused]).code).toBe(0);
  });

  it('writes one page with the verdict, the mark, every section and the features', () => {
    const page = fs.readFileSync(sample, 'utf8');
    for (const part of [
      'SYNTHETIC DATA',
      'verdict: warn',
      'Sessions',
      'Gaps',
      'Volume by time of day',
      'P1 ret1',
    ]) {
      expect(page).toContain(part);
    }
    expect(page).not.toContain('market data</span>');
    const bad = fs.readFileSync(refused, 'utf8');
    for (const part of ['REFUSED', 'verdict: refuse', 'said to be market data', 'es &lt;b&gt;bars.csv']) {
      expect(bad).toContain(part);
    }
    expect(bad).not.toContain('<b>bars');
  });

  (chromium ? it : it.skip).each(WIDTHS)(
    'opens at %d pixels: no error, no request, nothing to scroll sideways',
    (width) => {
      for (const [page, mark] of [
        [sample, 'SYNTHETIC DATA'],
        [refused, 'REFUSED'],
      ] as const) {
        const shown = openedPage(page, width, folder);
        expect([page, shown.width, shown.scrollWidth]).toEqual([page, width, width]);
        expect(shown.fetched).toBe(0);
        expect(shown.text).toContain(mark);
        expect(shown.messages).toEqual([]);
      }
    },
  );
});
