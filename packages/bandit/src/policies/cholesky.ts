/**
 * Symmetric matrices as packed lower triangles by rows: element (i, j), j <= i, stands at i (i + 1) / 2 + j. Sums run in one
 * order, so that the same numbers give the same bytes on every machine.
 */

/** Numbers of a packed triangle. */
export function packedLength(dimension: number): number {
  return (dimension * (dimension + 1)) / 2;
}

/** Sum of a[from + k] b[at + k] over k < count. */
function dotOf(a: Float64Array, from: number, b: Float64Array, at: number, count: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = count - (count % 4);
  for (let k = 0; k < whole; k += 4) {
    s0 += a[from + k]! * b[at + k]!;
    s1 += a[from + k + 1]! * b[at + k + 1]!;
    s2 += a[from + k + 2]! * b[at + k + 2]!;
    s3 += a[from + k + 3]! * b[at + k + 3]!;
  }
  let sum = s0 + s1 + (s2 + s3);
  for (let k = whole; k < count; k++) sum += a[from + k]! * b[at + k]!;
  return sum;
}

/** Rows that are worked out together. */
const ROWS = 4;

/**
 * The triangle L with L L' = A (Cholesky). `a` must be positive definite, which a ridge makes sure of. Four rows by two columns
 * at a time, for fewer reads: it is most of what an update of a posterior costs.
 *
 * @throws RangeError where it is not, for then nothing may be chosen by it
 */
export function choleskyOf(a: Float64Array, dimension: number): Float64Array {
  const l = a.slice();
  const whole = dimension - (dimension % ROWS);
  for (let i = 0; i < whole; i += ROWS) {
    for (let j = 0; j < i; j += 2) fillBlock(l, i, j);
    for (let row = i; row < i + ROWS; row++) finishRow(l, row, i);
  }
  for (let row = whole; row < dimension; row++) finishRow(l, row, 0);
  return l;
}

/** A row of L from this column on; `l` holds A where it is not worked out. */
function finishRow(l: Float64Array, row: number, from: number): void {
  const start = packedLength(row);
  for (let j = from; j < row; j++) {
    const other = packedLength(j);
    l[start + j] = (l[start + j]! - dotOf(l, start, l, other, j)) / l[other + j]!;
  }
  l[start + row] = rootOf(l[start + row]! - dotOf(l, start, l, start, row));
}

/** Rows i to i + 3 of L in columns j and j + 1, all of them left of the diagonal. */
function fillBlock(l: Float64Array, i: number, j: number): void {
  const r0 = (i * (i + 1)) / 2;
  const r1 = r0 + i + 1;
  const r2 = r1 + i + 2;
  const r3 = r2 + i + 3;
  const first = (j * (j + 1)) / 2;
  const second = first + j + 1;
  let a0 = l[r0 + j]!;
  let a1 = l[r1 + j]!;
  let a2 = l[r2 + j]!;
  let a3 = l[r3 + j]!;
  let b0 = l[r0 + j + 1]!;
  let b1 = l[r1 + j + 1]!;
  let b2 = l[r2 + j + 1]!;
  let b3 = l[r3 + j + 1]!;
  for (let k = 0; k < j; k++) {
    const p = l[first + k]!;
    const q = l[second + k]!;
    const v0 = l[r0 + k]!;
    const v1 = l[r1 + k]!;
    const v2 = l[r2 + k]!;
    const v3 = l[r3 + k]!;
    a0 -= v0 * p;
    b0 -= v0 * q;
    a1 -= v1 * p;
    b1 -= v1 * q;
    a2 -= v2 * p;
    b2 -= v2 * q;
    a3 -= v3 * p;
    b3 -= v3 * q;
  }
  const pivot = l[first + j]!;
  const beside = l[second + j]!;
  const next = l[second + j + 1]!;
  a0 /= pivot;
  a1 /= pivot;
  a2 /= pivot;
  a3 /= pivot;
  l[r0 + j] = a0;
  l[r1 + j] = a1;
  l[r2 + j] = a2;
  l[r3 + j] = a3;
  l[r0 + j + 1] = (b0 - a0 * beside) / next;
  l[r1 + j + 1] = (b1 - a1 * beside) / next;
  l[r2 + j + 1] = (b2 - a2 * beside) / next;
  l[r3 + j + 1] = (b3 - a3 * beside) / next;
}

function rootOf(square: number): number {
  if (!(square > 0)) throw new RangeError('A matrix of a posterior is not positive definite');
  return Math.sqrt(square);
}

/** z with L z = x, in `z`. Two rows at a time, as above. */
export function forwardSolve(
  l: Float64Array,
  x: Float64Array,
  z: Float64Array = new Float64Array(x.length),
): Float64Array {
  const dimension = x.length;
  for (let i = 0; i + 1 < dimension; i += 2) {
    const top = (i * (i + 1)) / 2;
    const low = top + i + 1;
    let s0 = x[i]!;
    let s1 = x[i + 1]!;
    let t0 = 0;
    let t1 = 0;
    for (let k = 0; k < i; k += 2) {
      const a = z[k]!;
      const b = z[k + 1]!;
      s0 -= l[top + k]! * a;
      s1 -= l[low + k]! * a;
      t0 -= l[top + k + 1]! * b;
      t1 -= l[low + k + 1]! * b;
    }
    const first = (s0 + t0) / l[top + i]!;
    z[i] = first;
    z[i + 1] = (s1 + t1 - l[low + i]! * first) / l[low + i + 1]!;
  }
  if (dimension % 2 === 1) {
    const row = packedLength(dimension - 1);
    z[dimension - 1] = (x[dimension - 1]! - dotOf(l, row, z, 0, dimension - 1)) / l[row + dimension - 1]!;
  }
  return z;
}

/** y with L' y = z. */
export function backSolve(l: Float64Array, z: Float64Array): Float64Array {
  const y = z.slice();
  for (let i = y.length - 1; i >= 0; i--) {
    const row = packedLength(i);
    const value = y[i]! / l[row + i]!;
    y[i] = value;
    for (let k = 0; k < i; k++) y[k] = y[k]! - value * l[row + k]!;
  }
  return y;
}

export function dot(a: Float64Array, b: Float64Array): number {
  return dotOf(a, 0, b, 0, a.length);
}
