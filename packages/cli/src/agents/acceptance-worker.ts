import { runStudyTask, type StudyOutcome, type StudyTask } from '@bellwether/agents';
import { answerTasks } from '../workers/answer-tasks.js';

/** What a training came to, and how long it took this thread. */
export interface TimedOutcome extends StudyOutcome {
  readonly seconds: number;
}

answerTasks(async (task: StudyTask): Promise<TimedOutcome> => {
  const start = performance.now();
  const outcome = runStudyTask(task);
  return { ...outcome, seconds: (performance.now() - start) / 1_000 };
});
