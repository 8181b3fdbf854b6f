// One step of an LSTM for a batch of rows. The four gates of a row stand one behind another in the order of ONNX:
// input, output, forget, cell.
import { loadOne, sigmoid4, storeOne, tanh4 } from './functions';

/**
 * gates [rows, 4 hidden] hold the sums of weights on entry and the gates themselves afterwards; bias is [4 hidden]. Writes
 * cell, tanh(cell) and output, each [rows, hidden].
 */
export function lstmForward(
  gates: usize,
  bias: usize,
  before: usize,
  cell: usize,
  squashed: usize,
  output: usize,
  rows: i32,
  hidden: i32,
): void {
  const stride = <usize>hidden << 2;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < hidden;) {
      const at = <usize>j << 2;
      const whole = j + 4 <= hidden;
      const i = sigmoid4(gate(gates + at, bias + at, whole));
      const o = sigmoid4(gate(gates + stride + at, bias + stride + at, whole));
      const f = sigmoid4(gate(gates + 2 * stride + at, bias + 2 * stride + at, whole));
      const g = tanh4(gate(gates + 3 * stride + at, bias + 3 * stride + at, whole));
      const c = f32x4.add(f32x4.mul(f, read(before + at, whole)), f32x4.mul(i, g));
      const t = tanh4(c);
      write(gates + at, i, whole);
      write(gates + stride + at, o, whole);
      write(gates + 2 * stride + at, f, whole);
      write(gates + 3 * stride + at, g, whole);
      write(cell + at, c, whole);
      write(squashed + at, t, whole);
      write(output + at, f32x4.mul(o, t), whole);
      j += whole ? 4 : 1;
    }
    gates += 4 * stride;
    before += stride;
    cell += stride;
    squashed += stride;
    output += stride;
  }
}

/**
 * Gradients of the sums of weights, [rows, 4 hidden], from that of the output. `cellGradient` [rows, hidden] holds what comes
 * from the step after on entry, and what goes to the step before afterwards.
 */
export function lstmBackward(
  gates: usize,
  before: usize,
  squashed: usize,
  outputGradient: usize,
  cellGradient: usize,
  gateGradient: usize,
  rows: i32,
  hidden: i32,
): void {
  const stride = <usize>hidden << 2;
  const one = f32x4.splat(1);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < hidden;) {
      const at = <usize>j << 2;
      const whole = j + 4 <= hidden;
      const i = read(gates + at, whole);
      const o = read(gates + stride + at, whole);
      const f = read(gates + 2 * stride + at, whole);
      const g = read(gates + 3 * stride + at, whole);
      const t = read(squashed + at, whole);
      const dh = read(outputGradient + at, whole);
      const inner = f32x4.mul(f32x4.mul(dh, o), f32x4.sub(one, f32x4.mul(t, t)));
      const dc = f32x4.add(read(cellGradient + at, whole), inner);
      const di = f32x4.mul(f32x4.mul(dc, g), f32x4.mul(i, f32x4.sub(one, i)));
      const dO = f32x4.mul(f32x4.mul(dh, t), f32x4.mul(o, f32x4.sub(one, o)));
      const df = f32x4.mul(f32x4.mul(dc, read(before + at, whole)), f32x4.mul(f, f32x4.sub(one, f)));
      const dg = f32x4.mul(f32x4.mul(dc, i), f32x4.sub(one, f32x4.mul(g, g)));
      write(gateGradient + at, di, whole);
      write(gateGradient + stride + at, dO, whole);
      write(gateGradient + 2 * stride + at, df, whole);
      write(gateGradient + 3 * stride + at, dg, whole);
      write(cellGradient + at, f32x4.mul(dc, f), whole);
      j += whole ? 4 : 1;
    }
    gates += 4 * stride;
    gateGradient += 4 * stride;
    before += stride;
    squashed += stride;
    outputGradient += stride;
    cellGradient += stride;
  }
}

@inline
function read(from: usize, whole: bool): v128 {
  return whole ? v128.load(from) : loadOne(from);
}

@inline
function write(to: usize, value: v128, whole: bool): void {
  if (whole) v128.store(to, value);
  else storeOne(to, value);
}

@inline
function gate(sum: usize, bias: usize, whole: bool): v128 {
  return f32x4.add(read(sum, whole), read(bias, whole));
}
