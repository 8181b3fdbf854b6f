/** Tests run on the compiled code: what is tested is what is shipped. */
export default {
  testEnvironment: '<rootDir>/tools/jest-environment.mjs',
  setupFiles: ['<rootDir>/tools/jest-seed.mjs'],
  testMatch: [
    '<rootDir>/packages/*/dist/**/*.test.js',
    '<rootDir>/services/*/dist/**/*.test.js',
    '<rootDir>/bench/dist/**/*.test.js',
    '<rootDir>/test/dist/**/*.test.js',
  ],
  transform: {},
  testTimeout: 180_000,
  maxWorkers: 2,
  // Node keeps modules of earlier test files; a heap of gigabytes is slow to collect.
  workerIdleMemoryLimit: '1GB',
};
