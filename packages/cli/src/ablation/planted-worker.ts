import { answerTasks } from '../workers/answer-tasks.js';
import { ablatePlanted, type PlantedAblation } from './planted-ablation.js';

answerTasks((world: PlantedAblation) => Promise.resolve(ablatePlanted(world)));
