import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BenchReport, Scale } from './bench.js';
import { environment, environmentLines } from './environment.js';
import { ProgressLine } from './progress-line.js';
import type { MeasureMessage } from './measure-process.js';
import { MEASURES, type MeasureName } from './measures.js';
import { HELP, readOptions } from './options.js';

const DONE = 0;
const BROKEN = 1;
const WRONG_OPTIONS = 2;

type Outcome =
  { readonly report: BenchReport } | { readonly broken: string } | { readonly notMeasured: string };

/** `npm run bench`. Resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    process.stdout.write(HELP);
    return DONE;
  }
  if (!('only' in options)) {
    process.stderr.write(`${options.join('\n')}\nSee: npm run bench -- --help\n`);
    return WRONG_OPTIONS;
  }
  const { only, scale, json } = options;
  const out = (text: string): void => {
    if (json !== '-') process.stdout.write(`${text}\n`);
  };
  const where = environment(argv);
  out(environmentLines(where).join('\n'));
  const measured: Record<string, Outcome> = {};
  let broken = false;
  for (const name of only) {
    const outcome = await measure(name, scale);
    measured[name] = outcome;
    broken ||= 'broken' in outcome;
    out(outcomeLines(name, outcome).join('\n'));
  }
  const record = `${JSON.stringify({ environment: where, scale, measured }, null, 2)}\n`;
  if (json === '-') process.stdout.write(record);
  else if (json !== null) await writeFile(json, record);
  return broken ? BROKEN : DONE;
}

/** In a process of its own: neither heap nor compiled code of another measure is in its figures. */
function measure(name: MeasureName, scale: Scale): Promise<Outcome> {
  const shown = new ProgressLine(name);
  return new Promise((resolve) => {
    let outcome: Outcome = { broken: 'The process of the measure ended without a word' };
    const program = fileURLToPath(new URL('./measure-process.js', import.meta.url));
    const child = fork(program, [name, scale], { execArgv: ['--expose-gc'] });
    child.on('message', (message) => {
      const said = message as MeasureMessage;
      if ('progress' in said) shown.show(said.progress);
      else outcome = said;
    });
    child.once('error', (cause) => {
      outcome = { broken: cause.message };
    });
    child.once('close', () => {
      shown.clear();
      resolve(outcome);
    });
  });
}

function outcomeLines(name: MeasureName, outcome: Outcome): readonly string[] {
  if ('report' in outcome) {
    const { title, checked, lines } = outcome.report;
    return ['', `== ${name}: ${title}`, ...checked.map((what) => `checked  ${what}`), '', ...lines];
  }
  if ('notMeasured' in outcome) return ['', `== ${name}: NOT MEASURED: ${outcome.notMeasured}`];
  return ['', `== ${name}: BROKEN (${MEASURES[name].what})`, outcome.broken];
}
