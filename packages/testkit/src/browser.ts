import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const CHROMIUM = process.env['BW_CHROMIUM'] ?? 'chromium';
/** Text of the page that is looked at. */
const TEXT_CHARACTERS = 400;
const FRAME_HEIGHT = 4_000;
const OUTPUT_BYTES_MAX = 64 * 1_024 * 1_024;
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--hide-scrollbars',
  '--allow-file-access-from-files',
  '--enable-logging=stderr',
  '--virtual-time-budget=5000',
  '--dump-dom',
];

/** Whether there is a Chromium here; where not, it says so once. */
export function hasBrowser(): boolean {
  const found = spawnSync(CHROMIUM, ['--version'], { encoding: 'utf8' }).status === 0;
  if (!found) console.warn('SKIPPED: no Chromium here (BW_CHROMIUM names one); no page was opened.');
  return found;
}

/** What a page says of itself when Chromium has drawn it. */
export interface OpenedPage {
  /** Pixels that it was given, and that its content takes: the same where nothing is to be scrolled sideways. */
  readonly width: number;
  readonly scrollWidth: number;
  /** Files that it asked for beside itself. */
  readonly fetched: number;
  /** What it shows first. */
  readonly text: string;
  /** What it wrote to the console: errors, and what its content policy refused. */
  readonly messages: readonly string[];
}

/** Opens a file in a frame of this width: Chromium makes no window narrower than 500. `folder` takes what it writes. */
export function openedPage(page: string, width: number, folder: string): OpenedPage {
  const frame = path.join(folder, `frame-${width}.html`);
  const script =
    'const f=document.querySelector("iframe");f.onload=()=>{const d=f.contentDocument.documentElement;' +
    'const s=document.body.dataset;s.width=d.clientWidth;s.scroll=d.scrollWidth;' +
    's.fetched=f.contentWindow.performance.getEntriesByType("resource").length;' +
    `s.text=f.contentDocument.body.innerText.slice(0,${TEXT_CHARACTERS})}`;
  fs.writeFileSync(
    frame,
    `<body><iframe width="${width}" height="${FRAME_HEIGHT}" src="${pathToFileURL(page).href}"></iframe><script>${script}</script>`,
  );
  const run = spawnSync(
    CHROMIUM,
    [...FLAGS, `--user-data-dir=${path.join(folder, 'chromium')}`, pathToFileURL(frame).href],
    { encoding: 'utf8', timeout: 120_000, maxBuffer: OUTPUT_BYTES_MAX },
  );
  const value = (name: string): string => new RegExp(`data-${name}="([^"]*)"`).exec(run.stdout)?.[1] ?? '';
  return {
    width: Number(value('width')),
    scrollWidth: Number(value('scroll')),
    fetched: Number(value('fetched') || NaN),
    text: value('text'),
    messages: run.stderr.split('\n').filter((line) => line.includes(':CONSOLE:')),
  };
}
