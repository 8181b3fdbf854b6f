/**
 * Goal: `bw data verdict` and `bw data report` from outside: what they print, their exit codes, and a page that a browser shows
 * without errors, without the network, and without scrolling sideways on a phone.
 * Method: the program as a process; Chromium without a window where it is there.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INVENTED_ES, inventedBars } from '@bellwether/testkit';
import { WORKSPACE } from '../replay/fleet.js';

const CHROMIUM = process.env['BW_CHROMIUM'] ?? 'chromium';
const chromium = spawnSync(CHROMIUM, ['--version'], { encoding: 'utf8' }).status === 0;
if (!chromium) console.warn('SKIPPED: no Chromium here (BW_CHROMIUM names one); no page was opened.');

/** Wide enough for a desk, and the width of a phone: Chromium makes no window narrower than 500, so the page stands in a frame. */
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

/** What the page says of itself when Chromium has drawn it in a frame of this width. */
function opened(page: string, width: number): { readonly dom: string; readonly log: string } {
  const frame = path.join(folder, `frame-${width}.html`);
  const source = pathToFileURL(page).href;
  const script =
    'const f=document.querySelector("iframe");f.onload=()=>{const d=f.contentDocument.documentElement;' +
    'document.body.dataset.widths=d.scrollWidth+" "+d.clientWidth;' +
    'document.body.dataset.fetched=f.contentWindow.performance.getEntriesByType("resource").length;' +
    'document.body.dataset.text=f.contentDocument.body.innerText.slice(0,400)}';
  fs.writeFileSync(
    frame,
    `<body><iframe width="${width}" height="4000" src="${source}"></iframe><script>${script}</script>`,
  );
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--allow-file-access-from-files',
    '--enable-logging=stderr',
  ];
  const run = spawnSync(
    CHROMIUM,
    [
      ...flags,
      '--virtual-time-budget=5000',
      `--user-data-dir=${path.join(folder, 'chromium')}`,
      '--dump-dom',
      pathToFileURL(frame).href,
    ],
    { encoding: 'utf8', timeout: 120_000, maxBuffer: 64 * 1024 * 1024 },
  );
  return { dom: run.stdout, log: run.stderr };
}

const attribute = (dom: string, name: string): string =>
  new RegExp(`data-${name}="([^"]*)"`).exec(dom)?.[1] ?? '';

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
        const { dom, log } = opened(page, width);
        const [scroll, client] = attribute(dom, 'widths').split(' ').map(Number);
        expect([page, client]).toEqual([page, width]);
        expect([page, scroll]).toEqual([page, client]);
        expect(attribute(dom, 'fetched')).toBe('0');
        expect(attribute(dom, 'text')).toContain(mark);
        expect(log.split('\n').filter((line) => line.includes(':CONSOLE:'))).toEqual([]);
      }
    },
  );
});
