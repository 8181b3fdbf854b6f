import type { Table } from './table/table.js';

/** A figure of a paper: mean and deviation of the cumulative regret over its runs. */
export interface PublishedFigure {
  readonly policy: string;
  readonly mean: number;
  readonly deviation: number | null;
}

/** A known set and what was published of it. */
export interface PublishedSet {
  readonly name: string;
  readonly rounds: number;
  readonly figures: readonly PublishedFigure[];
  readonly source: string;
}

interface Known extends PublishedSet {
  /** By which it is recognised: columns beside the class, classes, and rows of the copies in use. */
  readonly columns: readonly number[];
  readonly classes: number;
  readonly rows: readonly number[];
}

const NEURAL_TS =
  'Zhang, Zhou, Li, Gu, "Neural Thompson Sampling", ICLR 2021, arXiv 2010.00827, table 2 (recalled; LinUCB confirmed by reproduction)';
const EE_NET =
  'Ban, Yan, Banerjee, He, "EE-Net", ICLR 2022: curves in banyikun/EE-Net-ICLR-2022 @ 08d6ed7b, five runs';

function figuresOf(
  linucb: readonly [number, number],
  neuralUcb: readonly [number, number],
  neuralTs: readonly [number, number],
): readonly PublishedFigure[] {
  return (
    [
      ['LinUCB', linucb],
      ['NeuralUCB', neuralUcb],
      ['NeuralTS', neuralTs],
    ] as const
  ).map(([policy, [mean, deviation]]) => ({ policy, mean, deviation }));
}

const SETS: readonly Known[] = [
  {
    ...{ name: 'mushroom', columns: [22], classes: 2, rows: [8_124], rounds: 8_124, source: NEURAL_TS },
    figures: figuresOf([562.7, 23.1], [160.4, 95.3], [115, 35.8]),
  },
  {
    ...{
      name: 'shuttle',
      columns: [9],
      classes: 7,
      rows: [43_500, 58_000],
      rounds: 10_000,
      source: NEURAL_TS,
    },
    figures: figuresOf([966.6, 39], [338.6, 386.4], [232, 149.5]),
  },
  {
    ...{ name: 'MAGIC', columns: [10], classes: 2, rows: [19_020], rounds: 10_000, source: NEURAL_TS },
    figures: figuresOf([2_604.4, 34.6], [2_033, 48.6], [2_037.4, 61.3]),
  },
  {
    ...{ name: 'adult', columns: [14], classes: 2, rows: [32_561, 48_842, 30_162, 45_222] },
    ...{ rounds: 10_000, source: NEURAL_TS },
    figures: figuresOf([2_097.5, 50.3], [2_061.8, 42.8], [2_092.5, 48]),
  },
  {
    ...{ name: 'MNIST', columns: [784], classes: 10, rows: [10_000, 60_000, 70_000], rounds: 10_000 },
    source: EE_NET,
    figures: [
      { policy: 'NeuralUCB', mean: 1_065, deviation: null },
      { policy: 'NeuralTS', mean: 1_139, deviation: null },
    ],
  },
];

/** The published figures of a table, where its shape is that of a known set. */
export function publishedSetOf({ rows, columns, classNames }: Table): PublishedSet | null {
  const found = SETS.find(
    (known) =>
      known.columns.includes(columns.length) &&
      known.classes === classNames.length &&
      known.rows.includes(rows),
  );
  return found ?? null;
}

/** Relative to uniform = 100 at 80,000 rounds, by delta: NeuralLinear on the wheel. */
export const WHEEL_SOURCE =
  'Ravi, Beatson, "Amortized Bayesian Meta-Learning", ICLR 2019, table 1: NeuralLinear, 80,000 rounds';

export const WHEEL_FIGURES: ReadonlyMap<number, readonly [mean: number, error: number]> = new Map([
  [0.5, [0.95, 0.02]],
  [0.7, [1.6, 0.03]],
  [0.9, [4.65, 0.18]],
  [0.95, [9.56, 0.36]],
  [0.99, [49.63, 2.41]],
]);
