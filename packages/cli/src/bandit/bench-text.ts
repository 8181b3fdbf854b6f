import {
  CONTENDER_FACTS,
  WHEEL_FIGURES,
  WHEEL_SOURCE,
  textChart,
  type Contender,
  type Curve,
  type Played,
  type PublishedSet,
} from '@bellwether/bandit-bench';
import { plainTable } from '../plain-table.js';

export type Results = ReadonlyMap<Contender, readonly Played[]>;

interface Spread {
  readonly mean: number;
  /** Over seeds, with n - 1; null for one seed. */
  readonly deviation: number | null;
}

export function spreadOf(played: readonly Played[]): Spread {
  const values = played.map(({ regret }) => regret);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? null : Math.sqrt(squares / (values.length - 1)) };
}

const text = ({ mean, deviation }: Spread): string =>
  deviation === null ? mean.toFixed(1) : `${mean.toFixed(1)} ± ${deviation.toFixed(1)}`;

/** Mean and spread of the cumulative regret by policy, beside that of chance. */
export function regretTable(results: Results): string {
  const chance = spreadOf(results.get('uniform') ?? []).mean;
  const rows = [...results].map(([contender, played]) => {
    const spread = spreadOf(played);
    const { title, encoding } = CONTENDER_FACTS[contender];
    const share = chance > 0 ? ((100 * spread.mean) / chance).toFixed(1) : '-';
    return [title, encoding === 'running' ? 'running statistics' : 'ordinal, unit rows', text(spread), share];
  });
  return plainTable(['policy', 'context', 'regret, mean ± sd', 'uniform = 100'], rows, [2, 3]);
}

/** How Neural-Linear UCB stands to each other policy of the same context, over the same seeds. */
export function standing(results: Results): string {
  const own = results.get('neural_linear') ?? [];
  const mean = spreadOf(own).mean;
  return [...results]
    .filter(
      ([contender]) => contender !== 'neural_linear' && CONTENDER_FACTS[contender].encoding === 'running',
    )
    .map(([contender, played]) => {
      const other = spreadOf(played).mean;
      const better = own.filter(({ regret }, i) => regret < (played[i]?.regret ?? NaN)).length;
      const change = other > 0 ? `${(100 * (mean / other - 1)).toFixed(1)} %` : '-';
      return `  against ${CONTENDER_FACTS[contender].title}: ${change.startsWith('-') ? '' : '+'}${change} regret, lower in ${better} of ${own.length} seeds`;
    })
    .join('\n');
}

export function publishedText(set: PublishedSet | null, results: Results): string {
  if (set === null) return 'No published figures are known for a set of this shape.';
  const lines = set.figures.map(
    ({ policy, mean, deviation }) =>
      `  ${policy}: ${mean.toFixed(1)}${deviation === null ? '' : ` ± ${deviation.toFixed(1)}`}`,
  );
  const published = set.figures.find(({ policy }) => policy === 'LinUCB');
  const own = results.get('published_linucb') ?? [];
  if (published !== undefined && published.deviation !== null && own.length > 0) {
    const apart = (spreadOf(own).mean - published.mean) / published.deviation;
    lines.push(`  ours by the published recipe of LinUCB is ${apart.toFixed(1)} of its deviations from it`);
  }
  return [
    `Published for ${set.name}, ${set.rounds} rounds (other contexts: compare within one column only):`,
    ...lines,
    `  ${set.source}`,
  ].join('\n');
}

export function publishedWheel(delta: number): string {
  const known = WHEEL_FIGURES.get(delta);
  if (known === undefined) return 'No published figure is known for this delta.';
  return `Published, uniform = 100: NeuralLinear ${known[0]} ± ${known[1]}\n  ${WHEEL_SOURCE}`;
}

export function curvesOf(results: Results): readonly Curve[] {
  return [...results].map(([contender, played]) => ({
    title: CONTENDER_FACTS[contender].title,
    mark: CONTENDER_FACTS[contender].mark,
    points: (played[0]?.curve ?? []).map(
      (_, i) => played.reduce((sum, { curve }) => sum + (curve[i] ?? NaN), 0) / played.length,
    ),
  }));
}

/** Without chance, whose line would press all others together. */
export function chartOf(results: Results, rounds: number): string {
  return textChart(
    curvesOf(results).filter(({ title }) => title !== CONTENDER_FACTS.uniform.title),
    rounds,
  );
}
