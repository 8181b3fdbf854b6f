// What is done to each number alone, and to each row of probabilities.
import { exp4, loadOne, sigmoid4, storeOne, tanh4 } from './functions';

/** to = exp(from). */
export function exp(from: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(to + (<usize>i << 2), exp4(v128.load(from + (<usize>i << 2))));
  for (; i < count; i++) storeOne(to + (<usize>i << 2), exp4(loadOne(from + (<usize>i << 2))));
}

/** to = 1 / (1 + exp(-from)). */
export function sigmoid(from: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(to + (<usize>i << 2), sigmoid4(v128.load(from + (<usize>i << 2))));
  for (; i < count; i++) storeOne(to + (<usize>i << 2), sigmoid4(loadOne(from + (<usize>i << 2))));
}

/** to = tanh(from). */
export function tanh(from: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(to + (<usize>i << 2), tanh4(v128.load(from + (<usize>i << 2))));
  for (; i < count; i++) storeOne(to + (<usize>i << 2), tanh4(loadOne(from + (<usize>i << 2))));
}

@inline
function reluGradient4(y: v128, dy: v128): v128 {
  return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
}

/** dy = dy where y is above zero, else 0. */
export function reluGradient(y: usize, dy: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    v128.store(dy + at, reluGradient4(v128.load(y + at), v128.load(dy + at)));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    storeOne(dy + at, reluGradient4(loadOne(y + at), loadOne(dy + at)));
  }
}

@inline
function tanhGradient4(y: v128, dy: v128): v128 {
  return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
}

/** dy = dy (1 - y^2), with y = tanh(x). */
export function tanhGradient(y: usize, dy: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    v128.store(dy + at, tanhGradient4(v128.load(y + at), v128.load(dy + at)));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    storeOne(dy + at, tanhGradient4(loadOne(y + at), loadOne(dy + at)));
  }
}

/** to [rows, n] = softmax of each row of from. */
export function softmax(from: usize, to: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    let highest = load<f32>(from);
    for (let j = 1; j < n; j++) highest = max<f32>(highest, load<f32>(from + (<usize>j << 2)));
    const shift = f32x4.splat(highest);
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      v128.store(to + (<usize>j << 2), exp4(f32x4.sub(v128.load(from + (<usize>j << 2)), shift)));
    }
    for (; j < n; j++) storeOne(to + (<usize>j << 2), exp4(f32x4.sub(loadOne(from + (<usize>j << 2)), shift)));
    let sum: f32 = 0;
    for (j = 0; j < n; j++) sum += load<f32>(to + (<usize>j << 2));
    for (j = 0; j < n; j++) store<f32>(to + (<usize>j << 2), load<f32>(to + (<usize>j << 2)) / sum);
    from += <usize>n << 2;
    to += <usize>n << 2;
  }
}

/** x = x factor. */
export function scale(x: usize, count: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(x + (<usize>i << 2), f32x4.mul(v128.load(x + (<usize>i << 2)), by));
  }
  for (; i < count; i++) store<f32>(x + (<usize>i << 2), load<f32>(x + (<usize>i << 2)) * factor);
}

/** Sum of squares, in double precision: four sums that take turns, then (first + second) + (third + fourth). */
export function sumOfSquares(x: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const four = v128.load(x + (<usize>i << 2));
    const first = f64x2.promote_low_f32x4(four);
    const second = f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(second, second));
  }
  let s0 = f64x2.extract_lane(low, 0);
  for (; i < count; i++) {
    const one = <f64>load<f32>(x + (<usize>i << 2));
    s0 += one * one;
  }
  return s0 + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
}
