import process from 'node:process';
import { Worker } from 'node:worker_threads';

/**
 * Loaded before a command that a trainer starts (`node --import`): ends it when the trainer has died, which could not ask it to. In a thread of
 * its own, for a training lets its own thread do nothing else for minutes.
 */
new Worker(new URL('./parent-watch.js', import.meta.url), { workerData: process.ppid }).unref();
