import { assert } from '@bellwether/kernel';

/**
 * Turns probabilities of a model into better calibrated ones: plain data, fitted on later data than the model was trained on.
 * A probability of 0 or 1 is taken as 1e-12 away from it.
 */
export type CalibrationMap =
  | { readonly kind: 'identity' }
  /** sigmoid(slope × logit(p) + intercept): Platt 1999, over the model's own logit. */
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  /** sigmoid(a ln p - b ln(1 - p) + c), a and b not below 0: Kull, Silva Filho, Flach 2017. */
  | { readonly kind: 'beta'; readonly a: number; readonly b: number; readonly c: number }
  /** A rising line through points; flat before the first and behind the last. Both lists rise and are as long. */
  | { readonly kind: 'isotonic'; readonly inputs: readonly number[]; readonly outputs: readonly number[] }
  /** sigmoid(logit(p) / temperature), over classes softmax(ln p / temperature): Guo et al. 2017. */
  | { readonly kind: 'temperature'; readonly temperature: number };

export const IDENTITY: CalibrationMap = { kind: 'identity' };

const PROBABILITY_LEAST = 1e-12;

/** A probability that has a logit. */
export function clipped(p: number): number {
  return Math.min(1 - PROBABILITY_LEAST, Math.max(PROBABILITY_LEAST, p));
}

export function logitOf(p: number): number {
  const q = clipped(p);
  return Math.log(q) - Math.log1p(-q);
}

export function sigmoidOf(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** The calibrated probability of an event. */
export function calibrated(map: CalibrationMap, p: number): number {
  switch (map.kind) {
    case 'identity':
      return p;
    case 'platt':
      return sigmoidOf(map.slope * logitOf(p) + map.intercept);
    case 'beta': {
      const q = clipped(p);
      return sigmoidOf(map.a * Math.log(q) - map.b * Math.log1p(-q) + map.c);
    }
    case 'isotonic':
      return between(map.inputs, map.outputs, p);
    case 'temperature':
      return sigmoidOf(logitOf(p) / map.temperature);
  }
}

/** Calibrated probabilities of classes, which add up to 1. Only a temperature, and the identity, are over several classes. */
export function calibratedClasses(map: CalibrationMap, probabilities: readonly number[]): readonly number[] {
  if (map.kind === 'identity') return probabilities;
  assert(map.kind === 'temperature', `A map of kind ${map.kind} is over one event`);
  const logits = probabilities.map((p) => Math.log(clipped(p)) / map.temperature);
  const highest = Math.max(...logits);
  const grown = logits.map((logit) => Math.exp(logit - highest));
  const sum = grown.reduce((total, value) => total + value, 0);
  return grown.map((value) => value / sum);
}

function between(inputs: readonly number[], outputs: readonly number[], p: number): number {
  let [low, high] = [0, inputs.length - 1];
  assert(high >= 0 && inputs.length === outputs.length, 'An isotonic map has points');
  if (p <= inputs[0]!) return outputs[0]!;
  if (p >= inputs[high]!) return outputs[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (inputs[middle]! <= p) low = middle;
    else high = middle;
  }
  const share = (p - inputs[low]!) / (inputs[high]! - inputs[low]!);
  return outputs[low]! + share * (outputs[high]! - outputs[low]!);
}
