// What `npm test` does after set-up: the checks in order of cost, one line and its seconds for each. The first that fails
// ends the run and is named with the command that repeats it. Arguments go to Jest: `npm test -- packages/market`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const jestResults = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'bellwether-test-')), 'results.json');

const patterns = process.argv.slice(2);
const buf = 'node_modules/@bufbuild/buf/bin/buf';
const steps = [
  { title: 'Proto lint', args: [buf, 'lint'], again: 'npx buf lint' },
  { title: 'Proto format', args: [buf, 'format', '--diff', '--exit-code'], again: 'npx buf format --write' },
  {
    title: 'Proto compatibility with proto/baseline.binpb',
    args: [buf, 'breaking', '--against', 'proto/baseline.binpb'],
    again: 'npx buf breaking --against proto/baseline.binpb',
  },
  {
    title: 'Formatting',
    args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    again: 'npm run format:check (npm run format mends it)',
  },
  {
    title: 'Lint',
    args: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
    again: 'npm run lint',
  },
  {
    title: 'Tests',
    args: ['tools/jest.mjs', ...patterns, '--json', '--outputFile', jestResults],
    again: ['npm run jest', ...(patterns.length > 0 ? ['--', ...patterns] : [])].join(' '),
  },
];

let failed = null;
for (const step of steps) {
  console.log(`\n[test] ${step.title} …`);
  const started = performance.now();
  const { status, signal } = spawnSync(process.execPath, step.args, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`[test] ${step.title}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  if (signal) process.exitCode = 130;
  if (status !== 0) {
    failed = step;
    break;
  }
}

if (fs.existsSync(jestResults)) {
  const results = JSON.parse(fs.readFileSync(jestResults, 'utf8'));
  const skipped = results.numPendingTests + results.numTodoTests;
  // A file that could not even be loaded has no tests to count, and is a failure all the same.
  const failures = results.numFailedTests + results.numRuntimeErrorTestSuites;
  console.log(`\n${results.numPassedTests} passed, ${failures} failed, ${skipped} skipped`);
}
fs.rmSync(path.dirname(jestResults), { recursive: true, force: true });
if (failed) {
  console.error(`[test] Stopped at: ${failed.title}. To repeat it alone: ${failed.again}`);
  process.exitCode ??= 1;
}
