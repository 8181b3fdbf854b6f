import { answerTasks } from '../workers/answer-tasks.js';
import { worldGains } from './planted-gains.js';

answerTasks(worldGains);
