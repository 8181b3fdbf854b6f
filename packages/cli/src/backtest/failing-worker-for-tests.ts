import { answerTasks } from '../workers/answer-tasks.js';
import type { SweepResult } from './sweep-task.js';

/** Three days that lose as many cents as the task says; throws where that is below 0. */
answerTasks((cents: number): Promise<SweepResult> => {
  if (cents < 0) return Promise.reject(new Error('The run has failed'));
  const trade_dates = [20_250_303, 20_250_304, 20_250_305];
  return Promise.resolve({ digest: '', trades: 3, trade_dates, net_cents: trade_dates.map(() => -cents) });
});
