import { answerTasks } from '../workers/answer-tasks.js';
import { runNullWorld } from './null-worlds.js';

answerTasks(runNullWorld);
