import { createHash } from 'node:crypto';
import { BellwetherError, type Problem } from '@bellwether/contracts';
import { canonicalText } from '@bellwether/signing';
import { reportBodySchema, reportSchema, type BacktestReport, type ReportBody } from './report-model.js';

function hashOf(body: ReportBody): string {
  return createHash('sha256').update(canonicalText(body)).digest('hex');
}

function problemsOf(
  issues: readonly { readonly path: PropertyKey[]; readonly message: string }[],
): Problem[] {
  return issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
}

/**
 * A report with its hash. The hash is over the content alone, so the same inputs and the same code give the same one on any
 * machine, at any time.
 *
 * @throws BellwetherError `contract_violation` with all problems, where a field is not as `report.json` has it
 */
export function sealReport(body: ReportBody): BacktestReport {
  const read = reportBodySchema.safeParse(body);
  if (!read.success) {
    throw new BellwetherError(
      'contract_violation',
      'The report is not complete',
      problemsOf(read.error.issues),
    );
  }
  return { ...read.data, hash: hashOf(read.data) };
}

/** The text of `report.json`. */
export function reportText(report: BacktestReport): string {
  return `${JSON.stringify(report, null, 1)}\n`;
}

/**
 * Reads `report.json`.
 *
 * @throws BellwetherError `data_unreadable` where it is no report of this format, or was changed after it was written
 */
export function readReport(text: string, source: string): BacktestReport {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new BellwetherError('data_unreadable', `${source} is not JSON`, [], { cause });
  }
  const read = reportSchema.safeParse(content);
  if (!read.success) {
    throw new BellwetherError('data_unreadable', `${source} is no report`, problemsOf(read.error.issues));
  }
  const { hash, ...body } = read.data;
  if (hashOf(body) !== hash) {
    throw new BellwetherError('data_unreadable', `${source} was changed after it was written`, [
      { path: 'hash', message: `Expected ${hashOf(body)}, was ${hash}` },
    ]);
  }
  return read.data;
}
