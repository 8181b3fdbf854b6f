import { BellwetherError } from '@bellwether/contracts';
import { CONTENDER_FACTS, type Contender } from './contenders.js';
import { play, type Played } from './play.js';
import { tableEnvironment, type Environment } from './sets/environment.js';
import { wheelEnvironment } from './sets/wheel.js';
import type { Table } from './table/table.js';

/** What is played: a table, or the wheel with its delta. */
export type Problem = { readonly table: Table } | { readonly delta: number };

export interface RunOptions {
  readonly contender: Contender;
  readonly seed: string;
  readonly rounds: number;
  readonly alpha: number;
  readonly ridge: number;
}

/** Numbers of the inverses of all arms: above it a run would not fit into memory, or not end. */
const NUMBERS_MAX = 50_000_000;

/**
 * One policy through one order of the rounds. The same options give the same result, in any thread.
 *
 * @throws BellwetherError `data_unreadable` where arms and columns are too many
 */
export function runContender(problem: Problem, options: RunOptions): Played {
  const { contender, seed, alpha, ridge } = options;
  const { encoding, make } = CONTENDER_FACTS[contender];
  const environment: Environment =
    'table' in problem
      ? tableEnvironment(problem.table, encoding, options)
      : wheelEnvironment(problem.delta, options);
  const { arms, width } = environment;
  if (arms * width * width > NUMBERS_MAX) {
    throw new BellwetherError(
      'data_unreadable',
      `${arms} classes of ${width} columns are more than the bench holds: columns squared times classes may be ${NUMBERS_MAX}`,
    );
  }
  return play(environment, make({ arms, width, seed, alpha, ridge }), seed);
}
