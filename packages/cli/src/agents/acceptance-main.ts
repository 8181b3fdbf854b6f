import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { plainTable } from '../plain-table.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { runInWorkers } from '../workers/worker-pool.js';
import { STUDIES, judgeGroup, studyGroups, type StudyGroup, type StudyName } from './acceptance-groups.js';
import type { StudyTask } from '@bellwether/agents';
import type { TimedOutcome } from './acceptance-worker.js';

interface Options {
  readonly study: readonly StudyName[];
  readonly seeds: number;
  readonly from: number;
  readonly jobs: number;
}

const WORKER = new URL('./acceptance-worker.js', import.meta.url);
/** What must hold did not. */
const EXIT_BELOW = 1;

function studyNamed(text: string, before: readonly StudyName[]): readonly StudyName[] {
  const found = STUDIES.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Expected ${STUDIES.join(', ')}.`);
  return [...before, found];
}

/** Says on standard error what each training came to as soon as it is done: all of them take a quarter of an hour. */
async function trainAll(groups: readonly StudyGroup[], jobs: number): Promise<readonly TimedOutcome[]> {
  const named = groups.flatMap(({ name, tasks }) => tasks.map((task) => ({ name, task })));
  const outcomes: TimedOutcome[] = [];
  let done = 0;
  await runInWorkers<StudyTask, TimedOutcome>({
    ...{ script: WORKER, tasks: named.map(({ task }) => task), jobs, signal: new AbortController().signal },
    onResult: (outcome, index) => {
      outcomes[index] = outcome;
      done += 1;
      const of = named[index];
      process.stderr.write(
        `${done} of ${named.length}: ${of?.name ?? ''}, seed ${of?.task.seed ?? ''}: ${outcome.holds ? '' : 'NOT within, '}${outcome.said}\n`,
      );
    },
  });
  return outcomes;
}

function showGroup(group: StudyGroup, outcomes: readonly TimedOutcome[]): boolean {
  const { holds, lines } = judgeGroup(group, outcomes);
  const rows = group.tasks.map(({ seed }, i) => {
    const outcome = outcomes[i];
    if (outcome === undefined) return [seed, 'missing', '', ''];
    return [seed, outcome.holds ? 'yes' : 'NO', outcome.seconds.toFixed(1), outcome.said];
  });
  process.stdout.write(
    `\n${group.name}: ${holds ? 'holds' : 'DOES NOT HOLD'}\n` +
      `${plainTable(['seed', 'within', 's', 'what came out'], rows, [0, 2])}\n` +
      `${lines.join('\n')}\n`,
  );
  return holds;
}

async function run({ study, seeds, from, jobs }: Options): Promise<void> {
  const groups = studyGroups(study.length === 0 ? STUDIES : study, seeds, from);
  const outcomes = await trainAll(groups, jobs);
  let at = 0;
  const verdicts = groups.map((group) => {
    const own = outcomes.slice(at, at + group.tasks.length);
    at += group.tasks.length;
    return showGroup(group, own);
  });
  const held = verdicts.filter((holds) => holds).length;
  process.stdout.write(`\n${held} of ${groups.length} hold. Node ${process.version}.\n`);
  if (held < groups.length) process.exitCode = EXIT_BELOW;
}

const command = new Command('agents-acceptance')
  .description(
    'Train each agent where the best is known, from several seeds, and compare with the bounds of docs/adr/0038-agents.md.',
  )
  .option('--study <name>', `only this one (${STUDIES.join(', ')}); may be given again`, studyNamed, [])
  .option('--seeds <number>', 'of each study; the fat-tailed sessions take twice as many', wholeNumber, 5)
  .option('--from <number>', 'first seed', wholeNumber, 1)
  .option('--jobs <number>', 'threads', wholeNumber, availableParallelism())
  .addHelpText(
    'after',
    '\nExit code 0 where all hold, 1 where one does not, 2 for a wrong command line.\n\nExample:\n  npm run agents-acceptance -- --study cart_pole --seeds 3\n',
  )
  .action(run);

await runStudy(command);
