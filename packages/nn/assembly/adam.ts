import { loadOne, storeOne } from './functions';

/**
 * One step of Adam (Kingma, Ba 2015), with decoupled weight decay (Loshchilov, Hutter 2019): `keep` is 1 - rate decay.
 * `first` and `second` are 1 / (1 - beta^t). Rates come as numbers of double precision and are rounded here, as in the twin.
 */
export function adam(
  parameter: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  count: i32,
  rate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  first: f32,
  second: f32,
  keep: f32,
): void {
  const rate4 = f32x4.splat(rate);
  const beta14 = f32x4.splat(beta1);
  const beta24 = f32x4.splat(beta2);
  const rest14 = f32x4.splat(1 - beta1);
  const rest24 = f32x4.splat(1 - beta2);
  const epsilon4 = f32x4.splat(epsilon);
  const first4 = f32x4.splat(first);
  const second4 = f32x4.splat(second);
  const keep4 = f32x4.splat(keep);
  for (let i = 0; i < count;) {
    const at = (<usize>i) << 2;
    const whole = i + 4 <= count;
    const g = whole ? v128.load(gradient + at) : loadOne(gradient + at);
    const m0 = whole ? v128.load(mean + at) : loadOne(mean + at);
    const v0 = whole ? v128.load(square + at) : loadOne(square + at);
    const p0 = whole ? v128.load(parameter + at) : loadOne(parameter + at);
    const m = f32x4.add(f32x4.mul(beta14, m0), f32x4.mul(rest14, g));
    const v = f32x4.add(f32x4.mul(beta24, v0), f32x4.mul(rest24, f32x4.mul(g, g)));
    const deviation = f32x4.add(f32x4.sqrt(f32x4.mul(v, second4)), epsilon4);
    const move = f32x4.div(f32x4.mul(rate4, f32x4.mul(m, first4)), deviation);
    const p = f32x4.sub(f32x4.mul(p0, keep4), move);
    if (whole) {
      v128.store(mean + at, m);
      v128.store(square + at, v);
      v128.store(parameter + at, p);
      i += 4;
    } else {
      storeOne(mean + at, m);
      storeOne(square + at, v);
      storeOne(parameter + at, p);
      i += 1;
    }
  }
}
