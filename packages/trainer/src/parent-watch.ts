import process from 'node:process';
import { workerData } from 'node:worker_threads';

const EVERY_MS = 500;

/** An orphan has another parent. */
setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, EVERY_MS);
