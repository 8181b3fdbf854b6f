/**
 * Goal: a report is whole and unchanged, or it is refused with all that is wrong.
 * Method: reports written, changed and read again.
 */
import { describe, expect, it } from '@jest/globals';
import { BellwetherError } from '@bellwether/contracts';
import { A_RUN, inventedBody, inventedReport } from './invented-report-for-tests.js';
import { readReport, reportText, sealReport } from './sealed-report.js';

const SMALL = { days: 25, trades: 30 };
const report = inventedReport(SMALL);

function errorOf(run: () => void): BellwetherError {
  try {
    run();
  } catch (error) {
    if (error instanceof BellwetherError) return error;
  }
  throw new Error('Expected a BellwetherError');
}

describe('a report', () => {
  it('is read as it was written', () => {
    expect(readReport(reportText(report), 'report.json')).toEqual(report);
  });

  it('has a hash of its content alone: the order of fields does not count, every value does', () => {
    const body = inventedBody({ ...A_RUN, ...SMALL });
    const turned = Object.fromEntries(Object.entries(body).reverse()) as typeof body;
    expect(sealReport(turned).hash).toBe(report.hash);
    expect(sealReport({ ...body, trades_total: body.trades_total + 1 }).hash).not.toBe(report.hash);
  });

  it('that was changed after it was written is refused', () => {
    const changed = reportText({ ...report, trades_total: 1_000_000 });
    const error = errorOf(() => readReport(changed, 'report.json'));
    expect([error.code, error.problems[0]?.path]).toEqual(['data_unreadable', 'hash']);
    expect(errorOf(() => readReport('{', 'report.json')).code).toBe('data_unreadable');
  });

  it('that is not complete is refused with everything that is wrong with it', () => {
    const { run: _, ...rest } = report;
    const error = errorOf(() =>
      readReport(JSON.stringify({ ...rest, extra: 1, trades_total: -1 }), 'x.json'),
    );
    expect(error.problems.map(({ path }) => path)).toEqual(expect.arrayContaining(['run', 'trades_total']));
    const broken = { ...inventedBody({ ...A_RUN, ...SMALL }), trades_total: NaN };
    expect(errorOf(() => sealReport(broken)).code).toBe('contract_violation');
  });
});
