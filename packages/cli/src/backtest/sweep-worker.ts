import { answerTasks } from '../workers/answer-tasks.js';
import { runVariant } from './sweep-task.js';

answerTasks(runVariant);
