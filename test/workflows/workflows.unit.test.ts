import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { JOBS, JOB_NAMES, cronTimes, dueByCron, dueTimes, isJobName, parseCron } from '@bellwether/schedule';
import { parse } from 'yaml';
import { root } from '../lint-source.js';
import { readText } from '../workspace.js';

/**
 * Goal: the workflows run when the calendar table says, do what `bw` does, and may do no more than they need. Method: no runner. The files
 * are read, their cron lines are gone through over a year, the scripts are parsed by bash, and every command is asked of the program itself.
 */

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly on: {
    readonly schedule: readonly { readonly cron: string }[];
    readonly workflow_dispatch: unknown;
  };
  readonly permissions: unknown;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<
    Record<
      string,
      { readonly 'timeout-minutes': number; readonly 'runs-on': string; readonly steps: readonly Step[] }
    >
  >;
}

const FOLDER = '.github/workflows';
const files = fs.readdirSync(path.join(root, FOLDER)).sort();
const workflows = files.map((file) => {
  const text = readText(`${FOLDER}/${file}`);
  return [file, parse(text) as Workflow, text] as const;
});
const stepsOf = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap(({ steps }) => steps);
const scriptsOf = (workflow: Workflow): readonly string[] =>
  stepsOf(workflow).flatMap(({ run }) => run ?? []);
/** Jobs of the table that a workflow does. */
const jobsOf = (workflow: Workflow): readonly string[] =>
  scriptsOf(workflow).flatMap((script) =>
    [...script.matchAll(/bw trainer due (\w+)/g)].map(([, job = '']) => job),
  );

const us = (text: string): number => Date.parse(text) * 1_000;
const FROM = us('2026-01-01T00:00:00Z');
const TO = us('2027-01-01T00:00:00Z');
/** Of the job that is done often: the days around each. */
const CLOCK_CHANGES = ['2026-03-06T00:00:00Z', '2026-10-30T00:00:00Z'].map(
  (text) => [us(text), us(text) + 4 * 86_400_000_000] as const,
);
const LATE_US = 4 * 60_000_000;

describe('the workflows', () => {
  it('are four, and each job of the table is done by one of them', () => {
    expect(files).toEqual(['collect-data.yml', 'orchestrator.yml', 'train-full.yml', 'train-regime.yml']);
    expect(workflows.flatMap(([, workflow]) => jobsOf(workflow)).sort()).toEqual([...JOB_NAMES].sort());
  });

  it('have the cron lines that the table gives', () => {
    const check = spawnSync(process.execPath, [path.join(root, 'tools/write-schedules.mjs'), '--check'], {
      encoding: 'utf8',
    });
    expect([check.status, check.stderr]).toEqual([0, '']);
  });

  it.each(JOBS)('do $name at each due time, and at no other, though they start late', (job) => {
    const own = workflows.filter(([, workflow]) => jobsOf(workflow).includes(job.name));
    for (const [from, to] of job.name === 'collection' ? CLOCK_CHANGES : [[FROM, TO] as const]) {
      const done = own.flatMap(([, { on }]) =>
        on.schedule.flatMap(({ cron }) =>
          cronTimes(parseCron(cron), from, to).flatMap((at) => dueByCron(job, cron, at + LATE_US) ?? []),
        ),
      );
      expect(done.sort((a, b) => a - b)).toEqual(dueTimes(job.cadence, from, to));
    }
  });

  it.each(workflows)(
    '%s ask first whether the job is due, and do nothing where it is not',
    (_file, workflow) => {
      const steps = stepsOf(workflow);
      const asked = steps.findIndex(({ run }) => run?.includes('bw trainer due') === true);
      const after = steps.slice(asked).filter(({ run }) => run?.includes('bw trainer due') !== true);
      expect(after.length).toBeGreaterThan(2);
      expect(after.filter((step) => step.if?.includes("outputs.run == 'true'") !== true)).toEqual([]);
    },
  );
});

describe('each workflow', () => {
  it.each(workflows)(
    '%s may read the repository and nothing else, and holds no token',
    (_file, workflow, text) => {
      expect(workflow.permissions).toEqual({ contents: 'read' });
      expect(text).not.toMatch(/GITHUB_TOKEN|github\.token|permissions:\s*write/);
      const checkout = stepsOf(workflow).find(({ uses }) => uses?.startsWith('actions/checkout@') === true);
      expect(checkout?.with).toEqual({ 'persist-credentials': false });
    },
  );

  it.each(workflows)(
    '%s names each action by its commit, with the version beside it',
    (_file, workflow, text) => {
      const used = stepsOf(workflow).flatMap(({ uses }) => uses ?? []);
      expect(used.filter((one) => !/^actions\/[a-z/-]+@[0-9a-f]{40}$/.test(one))).toEqual([]);
      const lines = text.split('\n').filter((line) => /\buses: /.test(line));
      expect(lines.filter((line) => !/ # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    },
  );

  it.each(workflows)(
    '%s runs one at a time, with a limit, on a named system',
    (_file, { concurrency, jobs }) => {
      expect(concurrency['cancel-in-progress']).toBe(false);
      for (const job of Object.values(jobs)) {
        expect(job['runs-on']).toMatch(/^ubuntu-\d\d\.\d\d$/);
        expect(job['timeout-minutes']).toBeLessThanOrEqual(330);
      }
    },
  );

  it('those that change models wait for each other', () => {
    const groups = Object.fromEntries(workflows.map(([file, { concurrency }]) => [file, concurrency.group]));
    expect(groups).toEqual({
      ...{ 'collect-data.yml': 'collect-data', 'orchestrator.yml': 'models' },
      ...{ 'train-full.yml': 'models', 'train-regime.yml': 'models' },
    });
  });

  it.each(workflows)(
    '%s has scripts that bash can read, with nothing put into their text',
    (_file, workflow) => {
      for (const script of scriptsOf(workflow)) {
        expect(script).not.toContain('${{');
        const parsed = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
        expect([parsed.status, parsed.stderr]).toEqual([0, '']);
      }
    },
  );
});

interface Named {
  readonly commands: readonly Named[];
  name(): string;
}
const program = (
  (await import(path.join(root, 'packages/cli/dist/program.js'))) as { readonly program: () => Named }
).program();

describe('the commands of the workflows', () => {
  const commands = new Set(
    workflows.flatMap(([, workflow]) =>
      scriptsOf(workflow).flatMap((script) =>
        [...script.matchAll(/\bnpx bw ((?:[a-z]+ )+)/g)].map(([, words = '']) => words.trim()),
      ),
    ),
  );

  it.each([...commands])('bw %s is there', (words) => {
    let command: Named = program;
    for (const word of words.split(' ').filter((one) => !isJobName(one))) {
      const next = command.commands.find((one) => one.name() === word);
      expect([word, next?.name()]).toEqual([word, word]);
      command = next ?? command;
    }
  });

  it('are those of the trainer', () => {
    expect([...commands].filter((words) => words.startsWith('trainer run'))).toEqual(['trainer run']);
  });
});
