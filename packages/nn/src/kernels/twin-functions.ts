import type { Precision } from './twin.js';

export interface Functions {
  readonly exp: (x: number) => number;
  readonly sigmoid: (x: number) => number;
  readonly tanh: (x: number) => number;
}

/** The polynomials of assembly/functions.ts, an operation at a time. They do not depend on V8's exp and tanh. */
const { fround, min, max, floor, abs } = Math;

const EXP_LOWEST = fround(-87.33654);
const EXP_HIGHEST = fround(88.37626);
const LOG2_E = fround(1.44269504);
const LN2_HIGH = fround(0.693359375);
const LN2_LOW = fround(-2.1219444e-4);
const EXP_TERMS = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
].map(fround);
const TANH_TERMS = [
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
].map(fround);
const TANH_NEAR = 0.625;
const EXPONENT_BIAS = 127;

const bits = new Int32Array(1);
const power = new Float32Array(bits.buffer);

function powerOfTwo(n: number): number {
  bits[0] = (n + EXPONENT_BIAS) << 23;
  return power[0]!;
}

/** Horner's rule, rounded at each step. */
function polynomial(terms: readonly number[], x: number): number {
  let y = terms[0]!;
  for (let i = 1; i < terms.length; i++) y = fround(fround(y * x) + terms[i]!);
  return y;
}

function expSingle(value: number): number {
  const x = min(max(value, EXP_LOWEST), EXP_HIGHEST);
  const n = floor(fround(fround(x * LOG2_E) + 0.5));
  const high = fround(x - fround(n * LN2_HIGH));
  const r = fround(high - fround(n * LN2_LOW));
  const tail = fround(polynomial(EXP_TERMS, r) * fround(r * r));
  return fround(fround(fround(tail + r) + 1) * powerOfTwo(n));
}

function sigmoidSingle(x: number): number {
  return fround(1 / fround(1 + expSingle(-x)));
}

function tanhSingle(x: number): number {
  const size = abs(x);
  if (size < TANH_NEAR) {
    const z = fround(x * x);
    return fround(fround(fround(polynomial(TANH_TERMS, z) * z) * x) + x);
  }
  const far = fround(1 - fround(2 / fround(expSingle(fround(size + size)) + 1)));
  return x < 0 ? -far : far;
}

export const FUNCTIONS: Readonly<Record<Precision, Functions>> = {
  float32: { exp: expSingle, sigmoid: sigmoidSingle, tanh: tanhSingle },
  float64: { exp: Math.exp, sigmoid: (x) => 1 / (1 + Math.exp(-x)), tanh: Math.tanh },
};
