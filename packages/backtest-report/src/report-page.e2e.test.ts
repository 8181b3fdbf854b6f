/**
 * Goal: the page of a real run opens in a browser at desktop and phone width, without an error, a request or a sideways scroll.
 * Method: a run of the whole line over the synthetic sample, its report, and Chromium without a window where it is there.
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasBrowser, openedPage } from '@bellwether/testkit';
import { inventedReport } from './invented-report-for-tests.js';
import { reportPage } from './page/report-page.js';
import type { BacktestReport } from './report-model.js';
import { sampleReport } from './sample-report-for-tests.js';

const WIDTHS = [1_280, 390] as const;
const LONG_WORD = 'x'.repeat(150);

const chromium = hasBrowser();
let folder = '';
let report: BacktestReport;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'bw report '));
  report = await sampleReport();
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

function written(name: string, page: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, page);
  return file;
}

describe('the report of a run over the synthetic sample', () => {
  it('is marked synthetic, and sees no edge in ten trades', () => {
    expect(report.data.origin).toBe('synthetic');
    expect(report.days).toHaveLength(30);
    expect(report.trades.length).toBeGreaterThan(0);
    expect(report.verdict.outcome).toBe('no_evidence');
    const net = report.days.reduce((sum, day) => sum + day.net_cents, 0);
    expect(net).toBe(report.costs.net_cents);
  });

  (chromium ? it : it.skip).each(WIDTHS)('opens at %d pixels', (width) => {
    const pages = [
      written('sample.html', reportPage(report)),
      written('long.html', reportPage(inventedReport({ text: LONG_WORD }))),
    ];
    for (const page of pages) {
      const shown = openedPage(page, width, folder);
      expect([page, shown.width, shown.scrollWidth]).toEqual([page, width, width]);
      expect(shown.fetched).toBe(0);
      expect(shown.text).toContain('SYNTHETIC DATA');
      expect(shown.messages).toEqual([]);
    }
  });
});
