import process from 'node:process';
import { runChild } from './child-work.js';

/** A trainer that says the id of its child, and does nothing else until it is killed. */
await runChild({
  ...{ program: process.argv[2] ?? '', words: [], limitMs: 60_000, environment: process.env },
  signal: new AbortController().signal,
  onLine: (line) => process.stdout.write(`${line}\n`),
});
