import { appendFileSync } from 'node:fs';
import process from 'node:process';

/** Stands for `bw`: what it does is said by its environment. */
const { CHILD_LOG: log = '', CHILD_DOES: does = 'end' } = process.env;
appendFileSync(log, `${process.argv.slice(2).join(' ')}\n`);
process.stderr.write(does === 'hang' ? `${process.pid}\n` : 'working\n');
if (does === 'fail') {
  process.stderr.write('too few sessions\n');
  process.exitCode = 2;
} else if (does === 'hang' || does === 'end-late') {
  if (does === 'hang') process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 1_000);
}
