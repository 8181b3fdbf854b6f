/**
 * Seeded numbers for places where a draw is part of the outcome. The same text gives the same number on every
 * machine: integer arithmetic only.
 */

/** By its own name: a member of a global is looked up at each call where tests run. */
const { imul } = Math;

/** 32-bit hash of a text (FNV-1a with a final avalanche, MurmurHash3 finaliser). */
export function hash32(text: string, salt = 0): number {
  let h = (0x811c9dc5 ^ salt) >>> 0;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

/** Uniform in [0, 1) with 53 bits, from a text. */
export function uniformOf(text: string): number {
  const high = hash32(text, 0x9e3779b9) >>> 5;
  const low = hash32(text, 0x7f4a7c15) >>> 6;
  return (high * 67108864 + low) / 9007199254740992;
}

/** A stream of uniform numbers; its state is plain data. */
export interface RandomState {
  readonly a: number;
}

export function randomState(seed: string): RandomState {
  return { a: hash32(seed) };
}

/** Next uniform in [0, 1) (mulberry32) and the state after it. */
export function nextUniform(state: RandomState): { readonly value: number; readonly state: RandomState } {
  const a = (state.a + 0x6d2b79f5) >>> 0;
  return { value: mixed(a), state: { a } };
}

function mixed(a: number): number {
  let t = a;
  t = imul(t ^ (t >>> 15), t | 1);
  t ^= t + imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

/**
 * A mutable generator of the numbers of {@link nextUniform}, for generators of synthetic data and for resampling. Never used
 * inside a stage. Tens of millions of numbers are drawn from one, so it makes no object for each.
 */
export function uniformSource(seed: string): () => number {
  let { a } = randomState(seed);
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    return mixed(a);
  };
}
