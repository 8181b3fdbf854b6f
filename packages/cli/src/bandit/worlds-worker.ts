import { answerTasks } from '../workers/answer-tasks.js';
import { runEdgeWorld, shippedTrunk, type EdgeWorld } from './edge-world.js';

answerTasks(async (plan: EdgeWorld) =>
  runEdgeWorld(plan, plan.selection === 'neural_linear' ? await shippedTrunk() : null),
);
