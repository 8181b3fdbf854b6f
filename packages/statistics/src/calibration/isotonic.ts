import { assert } from '@bellwether/kernel';

/**
 * The rising sequence nearest to the values in weighted squares, by pooling neighbours that fall (Ayer et al. 1955; Barlow et al.
 * 1972). It keeps the weighted mean, and leaves a rising sequence as it is.
 */
export function poolAdjacentViolators(
  values: readonly number[],
  weights: readonly number[] = values.map(() => 1),
): readonly number[] {
  assert(weights.length === values.length, 'A weight for each value');
  const pools: { sum: number; weight: number; count: number }[] = [];
  values.forEach((value, i) => {
    assert(weights[i]! > 0, 'Weights are positive');
    let pool = { sum: value * weights[i]!, weight: weights[i]!, count: 1 };
    for (let last = pools.at(-1); last !== undefined; last = pools.at(-1)) {
      if (last.sum / last.weight < pool.sum / pool.weight) break;
      pools.pop();
      pool = {
        sum: last.sum + pool.sum,
        weight: last.weight + pool.weight,
        count: last.count + pool.count,
      };
    }
    pools.push(pool);
  });
  return pools.flatMap(({ sum, weight, count }) => new Array<number>(count).fill(sum / weight));
}
