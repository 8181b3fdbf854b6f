import { normalQuantile } from '../normal.js';

/**
 * Clusters of correlated series. As in López de Prado and Lewis, "Detection of false investment strategies using
 * unsupervised learning methods" (2019), the distance is root((1 - correlation) / 2), and the number of clusters is the one
 * with the best silhouettes in units of their spread. The clusters themselves are grown from the bottom (average linkage) and
 * not by k-means: no start is drawn, and any number of them can be looked at (ADR 0026).
 */

export function correlationDistance(correlation: number): number {
  return Math.sqrt(Math.max(0, (1 - correlation) / 2));
}

/** Chance that the strongest of all correlations joins two series that have nothing in common. */
const FALSE_JOIN = 0.05;

/** The correlation that chance alone exceeds in 5 % of sets of so many series over so many days. */
function chanceCorrelation(series: number, days: number): number {
  const pairs = (series * (series - 1)) / 2;
  return normalQuantile(1 - FALSE_JOIN / Math.max(1, pairs)) / Math.sqrt(days);
}

/**
 * Groups of places, each ascending, in the order of their first one. Series that are joined by nothing but chance stay alone:
 * independent trials count one by one.
 */
export function clustersOf(
  correlations: readonly Float64Array[],
  days: number,
): readonly (readonly number[])[] {
  const distances = correlations.map((row) => row.map(correlationDistance));
  let clusters = correlations.map((_, i) => [i]);
  let best = clusters;
  let bestQuality = -Infinity;
  const links = new AverageLinks(correlations);
  const chance = chanceCorrelation(correlations.length, days);
  for (;;) {
    const pair = links.closest();
    if (pair === null || pair.correlation <= chance) break;
    clusters = joined(clusters, links.join(pair.first, pair.second));
    const quality = clusters.length === 1 ? onlyClusterQuality(distances) : qualityOf(clusters, distances);
    if (quality >= bestQuality) {
      best = clusters;
      bestQuality = quality;
    }
  }
  return best.map((cluster) => [...cluster].sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]!);
}

function joined(clusters: readonly number[][], pair: readonly [number, number]): number[][] {
  const [a, b] = pair;
  const both = clusters.filter((cluster) => cluster.includes(a) || cluster.includes(b));
  return [...clusters.filter((cluster) => !both.includes(cluster)), both.flat()];
}

/** Series that are all one: the silhouettes say nothing of a single cluster, so it must be tight to be taken. */
const ONE_CLUSTER_DISTANCE = 0.2;

function onlyClusterQuality(distances: readonly Float64Array[]): number {
  const widest = Math.max(...distances.map((row) => Math.max(...row)));
  return widest <= ONE_CLUSTER_DISTANCE ? Infinity : -Infinity;
}

interface Link {
  readonly first: number;
  readonly second: number;
  readonly correlation: number;
}

/** Mean correlations between growing clusters, each named by one of its series. */
class AverageLinks {
  readonly #sizes: number[];
  readonly #alive: number[];
  readonly #means: readonly Float64Array[];

  constructor(correlations: readonly Float64Array[]) {
    this.#means = correlations.map((row) => Float64Array.from(row));
    this.#sizes = correlations.map(() => 1);
    this.#alive = [...correlations.keys()];
  }

  /** The two clusters that correlate most; null where only one is left. */
  closest(): Link | null {
    let link: Link | null = null;
    for (const first of this.#alive) {
      for (const second of this.#alive) {
        if (second >= first) break;
        const correlation = this.#means[first]![second]!;
        if (link === null || correlation > link.correlation)
          link = { first: second, second: first, correlation };
      }
    }
    return link;
  }

  /** Joins the second to the first; the answer names a member of each. */
  join(first: number, second: number): readonly [number, number] {
    const [a, b] = [this.#sizes[first]!, this.#sizes[second]!];
    for (const other of this.#alive) {
      if (other === first || other === second) continue;
      const mean = (a * this.#means[first]![other]! + b * this.#means[second]![other]!) / (a + b);
      this.#means[first]![other] = mean;
      this.#means[other]![first] = mean;
    }
    this.#sizes[first] = a + b;
    this.#alive.splice(this.#alive.indexOf(second), 1);
    return [first, second];
  }
}

/** Mean of the silhouettes over their standard deviation. */
function qualityOf(clusters: readonly (readonly number[])[], distances: readonly Float64Array[]): number {
  const values = silhouettes(clusters, distances);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return variance > 0 ? mean / Math.sqrt(variance) : mean > 0 ? Infinity : -Infinity;
}

/** How much nearer a series is to its own cluster than to the next one (Rousseeuw 1987); 0 for one that is alone. */
export function silhouettes(
  clusters: readonly (readonly number[])[],
  distances: readonly Float64Array[],
): readonly number[] {
  return clusters.flatMap((own) =>
    own.map((i) => {
      if (own.length === 1) return 0;
      const distanceTo = (cluster: readonly number[], members: number): number =>
        cluster.reduce((sum, j) => sum + distances[i]![j]!, 0) / members;
      const inside = distanceTo(own, own.length - 1);
      const others = clusters.filter((cluster) => cluster !== own);
      const outside = Math.min(...others.map((cluster) => distanceTo(cluster, cluster.length)));
      const widest = Math.max(inside, outside);
      return widest === 0 ? 0 : (outside - inside) / widest;
    }),
  );
}
