import { describe, expect, it } from '@jest/globals';
import { SUITES, runSuite } from './run.js';

/** A seeded slice; `npm run test:account -- --histories 100000` runs the rest. */
const HISTORIES = 150;

describe('Random histories of an account agree with a naive oracle and keep every limit', () => {
  it.each(SUITES.map((suite) => [suite.name, suite] as const))('%s', (_, suite) => {
    const { failure, reached } = runSuite(suite, HISTORIES, 2_026);
    expect(failure).toBeNull();
    expect(reached.entered).toBeGreaterThan(20);
  });
});
