import { answerTasks } from '../workers/answer-tasks.js';
import { worldGains } from './planted-gains.js';
import type { PlantedWorld } from './world-rows.js';

answerTasks((world: PlantedWorld) => worldGains(world));
