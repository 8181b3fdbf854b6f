// Matrices by rows. Addresses are in bytes, sizes in numbers.

/** So many rows of B that a strip of eight columns stays in the first cache. */
const INNER_BLOCK: i32 = 256;

/**
 * C = A B, or C += A B. A is [m, k], B is [k, n], C is [m, n]. Each number of C is summed over k in its order, so that
 * blocking changes no bit.
 */
export function gemm(a: usize, b: usize, c: usize, m: i32, k: i32, n: i32, accumulate: bool): void {
  if (k == 0) {
    if (!accumulate) memory.fill(c, 0, (<usize>m * <usize>n) << 2);
    return;
  }
  for (let from = 0; from < k; from += INNER_BLOCK) {
    const inner = min(INNER_BLOCK, k - from);
    const keep = accumulate || from > 0;
    innerBlock(a + (<usize>from << 2), b + ((<usize>from * <usize>n) << 2), c, m, inner, n, <usize>k << 2, keep);
  }
}

function innerBlock(a: usize, b: usize, c: usize, m: i32, k: i32, n: i32, strideA: usize, keep: bool): void {
  const stride = <usize>n << 2;
  let j = 0;
  for (; j + 8 <= n; j += 8) {
    const column = <usize>j << 2;
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      block4x8(a + <usize>i * strideA, b + column, c + <usize>i * stride + column, k, strideA, stride, keep);
    }
    for (; i < m; i++) row1x8(a + <usize>i * strideA, b + column, c + <usize>i * stride + column, k, stride, keep);
  }
  for (; j + 4 <= n; j += 4) {
    const column = <usize>j << 2;
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      block4x4(a + <usize>i * strideA, b + column, c + <usize>i * stride + column, k, strideA, stride, keep);
    }
    for (; i < m; i++) row1x4(a + <usize>i * strideA, b + column, c + <usize>i * stride + column, k, stride, keep);
  }
  for (; j < n; j++) {
    const column = <usize>j << 2;
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      block4x1(a + <usize>i * strideA, b + column, c + <usize>i * stride + column, k, strideA, stride, keep);
    }
    for (; i < m; i++) row1x1(a + <usize>i * strideA, b + column, c + <usize>i * stride + column, k, stride, keep);
  }
}

@inline
function start(c: usize, keep: bool): v128 {
  return keep ? v128.load(c) : f32x4.splat(0);
}

function block4x8(a: usize, b: usize, c: usize, k: i32, strideA: usize, stride: usize, keep: bool): void {
  const c1 = c + stride;
  const c2 = c1 + stride;
  const c3 = c2 + stride;
  const a1 = strideA;
  const a2 = strideA + strideA;
  const a3 = a2 + strideA;
  let s00 = start(c, keep);
  let s01 = start(c + 16, keep);
  let s10 = start(c1, keep);
  let s11 = start(c1 + 16, keep);
  let s20 = start(c2, keep);
  let s21 = start(c2 + 16, keep);
  let s30 = start(c3, keep);
  let s31 = start(c3 + 16, keep);
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x0, b0));
    s01 = f32x4.add(s01, f32x4.mul(x0, b1));
    const x1 = v128.load_splat<f32>(a + a1);
    s10 = f32x4.add(s10, f32x4.mul(x1, b0));
    s11 = f32x4.add(s11, f32x4.mul(x1, b1));
    const x2 = v128.load_splat<f32>(a + a2);
    s20 = f32x4.add(s20, f32x4.mul(x2, b0));
    s21 = f32x4.add(s21, f32x4.mul(x2, b1));
    const x3 = v128.load_splat<f32>(a + a3);
    s30 = f32x4.add(s30, f32x4.mul(x3, b0));
    s31 = f32x4.add(s31, f32x4.mul(x3, b1));
    a += 4;
    b += stride;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

function block4x4(a: usize, b: usize, c: usize, k: i32, strideA: usize, stride: usize, keep: bool): void {
  const a2 = strideA + strideA;
  const a3 = a2 + strideA;
  let s0 = start(c, keep);
  let s1 = start(c + stride, keep);
  let s2 = start(c + 2 * stride, keep);
  let s3 = start(c + 3 * stride, keep);
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(a), b0));
    s1 = f32x4.add(s1, f32x4.mul(v128.load_splat<f32>(a + strideA), b0));
    s2 = f32x4.add(s2, f32x4.mul(v128.load_splat<f32>(a + a2), b0));
    s3 = f32x4.add(s3, f32x4.mul(v128.load_splat<f32>(a + a3), b0));
    a += 4;
    b += stride;
  }
  v128.store(c, s0);
  v128.store(c + stride, s1);
  v128.store(c + 2 * stride, s2);
  v128.store(c + 3 * stride, s3);
}

function block4x1(a: usize, b: usize, c: usize, k: i32, strideA: usize, stride: usize, keep: bool): void {
  const a2 = strideA + strideA;
  const a3 = a2 + strideA;
  let s0: f32 = keep ? load<f32>(c) : 0;
  let s1: f32 = keep ? load<f32>(c + stride) : 0;
  let s2: f32 = keep ? load<f32>(c + 2 * stride) : 0;
  let s3: f32 = keep ? load<f32>(c + 3 * stride) : 0;
  for (let p = 0; p < k; p++) {
    const b0 = load<f32>(b);
    s0 += load<f32>(a) * b0;
    s1 += load<f32>(a + strideA) * b0;
    s2 += load<f32>(a + a2) * b0;
    s3 += load<f32>(a + a3) * b0;
    a += 4;
    b += stride;
  }
  store<f32>(c, s0);
  store<f32>(c + stride, s1);
  store<f32>(c + 2 * stride, s2);
  store<f32>(c + 3 * stride, s3);
}

function row1x8(a: usize, b: usize, c: usize, k: i32, stride: usize, keep: bool): void {
  let s0 = start(c, keep);
  let s1 = start(c + 16, keep);
  for (let p = 0; p < k; p++) {
    const x = v128.load_splat<f32>(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    a += 4;
    b += stride;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

function row1x4(a: usize, b: usize, c: usize, k: i32, stride: usize, keep: bool): void {
  let s0 = start(c, keep);
  for (let p = 0; p < k; p++) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(a), v128.load(b)));
    a += 4;
    b += stride;
  }
  v128.store(c, s0);
}

function row1x1(a: usize, b: usize, c: usize, k: i32, stride: usize, keep: bool): void {
  let sum: f32 = keep ? load<f32>(c) : 0;
  for (let p = 0; p < k; p++) {
    sum += load<f32>(a) * load<f32>(b);
    a += 4;
    b += stride;
  }
  store<f32>(c, sum);
}

/** to [n, m] = from [m, n] turned. */
export function transpose(from: usize, to: usize, m: i32, n: i32): void {
  const stride = <usize>m << 2;
  for (let i = 0; i < m; i++) {
    let at = to + (<usize>i << 2);
    for (let j = 0; j < n; j++) {
      store<f32>(at, load<f32>(from));
      from += 4;
      at += stride;
    }
  }
}

/** to [b, a, width] = from [a, b, width]: rows of a batch become steps in time, or the other way. */
export function swapAxes(from: usize, to: usize, a: i32, b: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      memory.copy(to + (<usize>(j * a + i)) * bytes, from, bytes);
      from += bytes;
    }
  }
}

/** x [m, n] += bias [n] in every row. */
export function addBias(x: usize, bias: usize, m: i32, n: i32): void {
  for (let i = 0; i < m; i++) {
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const at = <usize>j << 2;
      v128.store(x + at, f32x4.add(v128.load(x + at), v128.load(bias + at)));
    }
    for (; j < n; j++) {
      const at = <usize>j << 2;
      store<f32>(x + at, load<f32>(x + at) + load<f32>(bias + at));
    }
    x += <usize>n << 2;
  }
}

/** x [m, n] = max(0, x + bias [n]). */
export function biasRelu(x: usize, bias: usize, m: i32, n: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < m; i++) {
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const at = <usize>j << 2;
      v128.store(x + at, f32x4.max(f32x4.add(v128.load(x + at), v128.load(bias + at)), zero));
    }
    for (; j < n; j++) {
      const at = <usize>j << 2;
      store<f32>(x + at, max<f32>(load<f32>(x + at) + load<f32>(bias + at), 0));
    }
    x += <usize>n << 2;
  }
}

/** sums [n] += the columns of x [m, n], row by row. */
export function addColumnSums(x: usize, sums: usize, m: i32, n: i32): void {
  for (let i = 0; i < m; i++) {
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const at = <usize>j << 2;
      v128.store(sums + at, f32x4.add(v128.load(sums + at), v128.load(x + at)));
    }
    for (; j < n; j++) {
      const at = <usize>j << 2;
      store<f32>(sums + at, load<f32>(sums + at) + load<f32>(x + at));
    }
    x += <usize>n << 2;
  }
}
