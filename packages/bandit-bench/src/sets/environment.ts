import { uniformSource } from '@bellwether/kernel';
import { ordinalEncoder, runningEncoder, type Encoder } from '../table/encoder.js';
import type { Table } from '../table/table.js';

/** One round: what is seen, what each arm would pay, and what choosing it costs against the best. */
export interface Round {
  readonly x: Float64Array;
  readonly rewardOf: (arm: number) => number;
  readonly regretOf: (arm: number) => number;
}

/** A bandit problem: so many rounds, in order. */
export interface Environment {
  readonly arms: number;
  readonly width: number;
  readonly rounds: number;
  next(): Round;
}

/** How a row becomes a context: as all compared policies see it, or as in the published runs of LinUCB. */
export type Encoding = 'running' | 'ordinal';

/**
 * A classification table as a bandit: each row a context, each class an arm, reward 1 for the right one. The seed shuffles the
 * rows; at most `rounds` of them are played, none twice.
 */
export function tableEnvironment(
  table: Table,
  encoding: Encoding,
  { rounds, seed }: { readonly rounds: number; readonly seed: string },
): Environment {
  const order = shuffled(table.rows, seed);
  const encoder: Encoder = encoding === 'running' ? runningEncoder(table) : ordinalEncoder(table);
  let played = 0;
  return {
    arms: table.classNames.length,
    width: encoder.width,
    rounds: Math.min(rounds, table.rows),
    next: () => {
      const row = order[played++]!;
      const right = table.classes[row]!;
      return {
        x: encoder.encode(row),
        rewardOf: (arm) => (arm === right ? 1 : 0),
        regretOf: (arm) => (arm === right ? 0 : 1),
      };
    },
  };
}

function shuffled(rows: number, seed: string): Int32Array {
  const uniform = uniformSource(`rows ${seed}`);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
