import { parseArgs } from 'node:util';
import { MEASURES, type MeasureName } from './measures.js';
import type { Scale } from './bench.js';

export interface BenchOptions {
  readonly only: readonly MeasureName[];
  readonly scale: Scale;
  /** File for the figures, `-` for standard output, or null. */
  readonly json: string | null;
}

const NAMES = Object.keys(MEASURES) as MeasureName[];

export const HELP = `npm run bench -- [options]

Measures what the line costs, each measure in a process of its own. Every measure checks its results before it
counts: figures of a line that decides something else are not printed.

  --only A,B   these measures only
  --quick      few bars and rounds: shows that the bench works, its figures say little
  --json FILE  the figures as JSON too; "-" prints nothing else
  --help       this text

Measures:
${NAMES.map((name) => `  ${name.padEnd(10)} ${MEASURES[name].what}`).join('\n')}

Examples
  npm run bench                           all of them; takes some minutes, wants an idle machine
  npm run bench -- --only nats            one of them
  npm run bench -- --quick --json -       for programs

Exit code: 0 measured; 1 a result was not what it must be, or a measure broke; 2 the options are wrong.
An aim that is missed is printed as missed. It is no error: the machine may be busy.
`;

function isName(name: string): name is MeasureName {
  return name in MEASURES;
}

/** What was asked for, or every problem with it. */
export function readOptions(argv: readonly string[]): BenchOptions | 'help' | readonly string[] {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        ...{ only: { type: 'string' }, quick: { type: 'boolean' } },
        ...{ json: { type: 'string' }, help: { type: 'boolean' } },
      },
    });
    if (values.help === true) return 'help';
    const only = values.only === undefined ? NAMES : values.only.split(',');
    const problems = only
      .filter((name) => !isName(name))
      .map(
        (name) => `--only: No such measure: ${name === '' ? '(empty)' : name}; there are ${NAMES.join(', ')}`,
      );
    if (values.json === '') problems.push('--json: Expected a file or -');
    if (problems.length > 0) return problems;
    return {
      only: only.filter(isName),
      scale: values.quick === true ? 'quick' : 'full',
      json: values.json ?? null,
    };
  } catch (cause) {
    return [cause instanceof Error ? cause.message : String(cause)];
  }
}
