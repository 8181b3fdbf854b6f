import { parseArgs } from 'node:util';
import { PLANTS } from './plants.js';

export interface SimOptions {
  readonly seeds: number;
  readonly from: number;
  readonly jobs: number;
  readonly trace: boolean;
  /** Name of a plant, "all", or null. */
  readonly plant: string | null;
}

export const SEEDS_DEFAULT = 200;
const JOBS_DEFAULT = 2;

/** A run of fewer seeds cannot be expected to reach everything. */
export const COVERAGE_SEEDS_MIN = 200;

export const HELP = `npm run sim -- [options]

Runs the whole line with its bus, stores and audit log in one process, in virtual time, with faults
drawn from a seed, and checks what must hold whatever goes wrong.

  --seeds N     how many seeds (default ${SEEDS_DEFAULT})
  --from SEED   the first one (default 1)
  --jobs N      processes side by side (default ${JOBS_DEFAULT})
  --trace       print every event; with one seed only
  --plant NAME  put a bug into the product while it is loaded, and run until it is found; "all" for each
  --help        this text

Plants:
${PLANTS.map(({ name, bug }) => `  ${name.padEnd(32)} ${bug}`).join('\n')}

Examples
  npm run sim -- --seeds 2000                       a long run
  npm run sim -- --seeds 1 --from 417 --trace       one seed, every event of it
  npm run sim -- --plant all --seeds 200            that it can fail

Exit code: 0 clean (with --plant: each bug was found); 1 something must not be: an invariant broke, a counter
stayed at zero in a run of ${COVERAGE_SEEDS_MIN} seeds or more, a plant was not found; 2 the options are wrong, or a plant
does not fit the code any more.
`;

/** What was asked for, or every problem with it. */
export function readOptions(argv: readonly string[]): SimOptions | 'help' | readonly string[] {
  const problems: string[] = [];
  const number = (name: string, text: string | undefined, otherwise: number, least: number): number => {
    const value = text === undefined ? otherwise : Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      problems.push(`--${name}: Expected a whole number from ${least} on, was ${text ?? ''}`);
    }
    return value;
  };
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        ...{ seeds: { type: 'string' }, from: { type: 'string' }, jobs: { type: 'string' } },
        ...{ trace: { type: 'boolean' }, plant: { type: 'string' }, help: { type: 'boolean' } },
      },
    });
    if (values.help === true) return 'help';
    const options: SimOptions = {
      seeds: number('seeds', values.seeds, SEEDS_DEFAULT, 1),
      from: number('from', values.from, 1, 0),
      jobs: number('jobs', values.jobs, JOBS_DEFAULT, 1),
      trace: values.trace === true,
      plant: values.plant ?? null,
    };
    const { plant } = options;
    if (plant !== null && plant !== 'all' && !PLANTS.some(({ name }) => name === plant)) {
      problems.push(`--plant: No such plant: ${plant}`);
    }
    if (options.trace && (options.seeds !== 1 || plant === 'all')) {
      problems.push('--trace: Expected one seed and at most one plant');
    }
    return problems.length > 0 ? problems : options;
  } catch (cause) {
    return [cause instanceof Error ? cause.message : String(cause)];
  }
}
