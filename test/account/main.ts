/**
 * `npm run test:account -- --histories 100000 --seed 1`: random histories of an account against a naive oracle, in
 * chunks, with a line for each. Exit code 1 at the first history that breaks a rule, with the shortest one that shows it.
 */
import { parseArgs } from 'node:util';
import { REASONS } from '@bellwether/contracts';
import { nothingReached, type Reached } from './history.js';
import { SUITES, runSuite, type Suite } from './run.js';

const CHUNK = 2_000;

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});

function whole(text: string, name: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  process.stderr.write(`--${name}: Expected a whole number of 1 or more, was ${text}\n`);
  process.exit(2);
}

function add(sum: Reached, one: Reached): void {
  sum.entered += one.entered;
  sum.softened += one.softened;
  sum.killed += one.killed;
  sum.corrected += one.corrected;
  for (const [code, count] of one.refused) sum.refused.set(code, (sum.refused.get(code) ?? 0) + count);
}

function runAll(suite: Suite, count: number, seed: number): boolean {
  const reached = nothingReached();
  let done = 0;
  let steps = 0;
  while (done < count) {
    const result = runSuite(suite, Math.min(CHUNK, count - done), seed + done);
    done += result.histories;
    steps += result.steps;
    add(reached, result.reached);
    if (result.failure !== null) {
      process.stdout.write(
        `${suite.name}: FAILED, seed ${seed + done - result.histories}\n${result.failure}\n`,
      );
      return false;
    }
    process.stderr.write(`${suite.name}: ${done} of ${count}\r`);
  }
  const { entered, softened, killed, corrected } = reached;
  process.stdout.write(
    `${suite.name}: ${done} histories, ${steps} steps, no violation; ${entered} entries, ` +
      `${softened} entries of the journal under the soft limit, ${killed} under a kill, ${corrected} corrections\n`,
  );
  const refusals = [...reached.refused].sort((a, b) => b[1] - a[1]);
  const named = refusals.map(([code, n]) => `${REASONS[code].name} ${n}`);
  process.stdout.write(`  refused: ${named.join(', ')}\n`);
  return true;
}

const histories = whole(values.histories, 'histories');
const seed = whole(values.seed, 'seed');
const share = Math.ceil(histories / SUITES.length);
process.exitCode = SUITES.every((suite) => runAll(suite, share, seed)) ? 0 : 1;
