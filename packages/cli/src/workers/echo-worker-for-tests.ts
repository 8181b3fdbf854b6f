import { answerTasks } from './answer-tasks.js';

/** Squares a number; refuses those below 0. */
answerTasks((n: number) => (n < 0 ? Promise.reject(new Error(`No square of ${n}`)) : Promise.resolve(n * n)));
