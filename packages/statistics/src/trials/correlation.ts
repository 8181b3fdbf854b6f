import { meanOf } from '../moments.js';

/** Pearson correlations of series that all vary, over the same days. */
export function correlationMatrix(columns: readonly (readonly number[])[]): readonly Float64Array[] {
  const units = columns.map((column) => {
    const mean = meanOf(column);
    const deviations = Float64Array.from(column, (value) => value - mean);
    const length = Math.sqrt(deviations.reduce((sum, value) => sum + value * value, 0));
    return deviations.map((value) => value / length);
  });
  const matrix = units.map(() => new Float64Array(units.length));
  for (let i = 0; i < units.length; i++) {
    matrix[i]![i] = 1;
    for (let j = 0; j < i; j++) {
      let dot = 0;
      for (let t = 0; t < units[i]!.length; t++) dot += units[i]![t]! * units[j]![t]!;
      const bounded = Math.max(-1, Math.min(1, dot));
      matrix[i]![j] = bounded;
      matrix[j]![i] = bounded;
    }
  }
  return matrix;
}

/** Mean of the correlations of different series; 0 where there is only one. */
export function averageCorrelation(matrix: readonly Float64Array[]): number {
  const n = matrix.length;
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += matrix[i]![j]!;
  return n < 2 ? 0 : (2 * sum) / (n * (n - 1));
}
