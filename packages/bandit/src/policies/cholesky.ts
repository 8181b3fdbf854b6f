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

/**
 * The triangle L with L L' = A (Cholesky). `a` must be positive definite, which a ridge makes sure of. Two rows by two columns
 * at a time, for half the reads: it is what an update of a posterior costs.
 *
 * @throws RangeError where it is not, for then nothing may be chosen by it
 */
export function choleskyOf(a: Float64Array, dimension: number): Float64Array {
  const l = new Float64Array(a.length);
  const even = dimension - (dimension % 2);
  for (let i = 0; i < even; i += 2) {
    for (let j = 0; j < i; j += 2) fillBlock(a, l, i, j);
    const [top, low] = [packedLength(i), packedLength(i + 1)];
    l[top + i] = rootOf(a[top + i]! - dotOf(l, top, l, top, i));
    l[low + i] = (a[low + i]! - dotOf(l, low, l, top, i)) / l[top + i]!;
    l[low + i + 1] = rootOf(a[low + i + 1]! - dotOf(l, low, l, low, i + 1));
  }
  if (even < dimension) {
    const row = packedLength(even);
    for (let j = 0; j < even; j++) {
      const other = packedLength(j);
      l[row + j] = (a[row + j]! - dotOf(l, row, l, other, j)) / l[other + j]!;
    }
    l[row + even] = rootOf(a[row + even]! - dotOf(l, row, l, row, even));
  }
  return l;
}

/** Rows i and i + 1 of L in columns j and j + 1, all of them left of the diagonal. */
function fillBlock(a: Float64Array, l: Float64Array, i: number, j: number): void {
  const top = (i * (i + 1)) / 2;
  const low = top + i + 1;
  const first = (j * (j + 1)) / 2;
  const second = first + j + 1;
  let s00 = a[top + j]!;
  let s01 = a[top + j + 1]!;
  let s10 = a[low + j]!;
  let s11 = a[low + j + 1]!;
  for (let k = 0; k < j; k++) {
    const t = l[top + k]!;
    const b = l[low + k]!;
    const p = l[first + k]!;
    const q = l[second + k]!;
    s00 -= t * p;
    s01 -= t * q;
    s10 -= b * p;
    s11 -= b * q;
  }
  const pivot = l[first + j]!;
  const beside = l[second + j]!;
  const next = l[second + j + 1]!;
  const t = s00 / pivot;
  const b = s10 / pivot;
  l[top + j] = t;
  l[low + j] = b;
  l[top + j + 1] = (s01 - t * beside) / next;
  l[low + j + 1] = (s11 - b * beside) / next;
}

function rootOf(square: number): number {
  if (!(square > 0)) throw new RangeError('A matrix of a posterior is not positive definite');
  return Math.sqrt(square);
}

/** z with L z = x. Two rows at a time, as above. */
export function forwardSolve(l: Float64Array, x: Float64Array): Float64Array {
  const dimension = x.length;
  const z = new Float64Array(dimension);
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
