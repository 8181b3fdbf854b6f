import { answerTasks } from '../workers/answer-tasks.js';
import { partWorth, type PartWorld } from './part-world.js';

answerTasks((world: PartWorld) => partWorth(world));
