import { assert } from '@bellwether/kernel';
import { encodeInputs, type InputEncoding } from '@bellwether/nn';
import type { Random } from './random.js';

/** One number that an agent sees. */
export interface ObservedQuantity {
  readonly name: string;
  /** `R`, `share`, `rad`, `1` where there is none. */
  readonly unit: string;
  readonly meaning: string;
  /** The network is given (value - mean) / deviation. Rough figures do: they only bring the numbers near 1. */
  readonly mean: number;
  readonly deviation: number;
}

/** What an agent may do at each step: one of so many choices (0, 1, ...), or a number of a range. */
export type ActionSpace =
  | { readonly kind: 'choice'; readonly count: number; readonly meaning: string }
  | {
      readonly kind: 'range';
      readonly low: number;
      readonly high: number;
      readonly unit: string;
      readonly meaning: string;
    };

/**
 * How a step left the episode: it goes on; it ended and nothing comes after; or only its time is over, so that what would
 * have come after is still worth something to the agent.
 */
export type EpisodeEnd = 'none' | 'terminal' | 'time_limit';

export interface Transition<State> {
  readonly state: State;
  readonly reward: number;
  readonly end: EpisodeEnd;
}

/**
 * A world to act in, as pure functions over a state: all chance comes from the source that is passed in. An environment draws
 * the same numbers whatever the actions are, so that two agents with the same seed meet the same world.
 */
export interface Environment<State> {
  readonly name: string;
  readonly observations: readonly ObservedQuantity[];
  /** True where a number may be missing: `observe` writes NaN for it, and the network sees a mask beside the numbers. */
  readonly masked?: boolean;
  readonly action: ActionSpace;
  /** What a reward is counted in. */
  readonly rewardUnit: string;
  /** No episode is longer. */
  readonly stepsMax: number;
  begin(random: Random): State;
  /** Writes one number for each of `observations`, from `at` on. */
  observe(state: State, to: Float32Array, at: number): void;
  step(state: State, action: number, random: Random): Transition<State>;
}

/** The constants by which observations are brought near 1; an exported policy holds them in its graph. */
export function encodingOf({
  observations,
  masked = false,
}: Pick<Environment<never>, 'observations' | 'masked'>): InputEncoding {
  assert(observations.length > 0, 'An environment shows something');
  assert(
    observations.every(({ deviation }) => deviation > 0),
    'Deviations of observations are positive',
  );
  return {
    means: Float32Array.from(observations, ({ mean }) => mean),
    deviations: Float32Array.from(observations, ({ deviation }) => deviation),
    masked,
  };
}

/** What was observed, row by row, as the network is given it; with a mask, NaN counts as missing. */
export function encodeSeen(encoding: InputEncoding, seen: Float32Array): Float32Array {
  if (!encoding.masked) return encodeInputs(encoding, seen, null);
  const mask = seen.map((value) => (Number.isNaN(value) ? 0 : 1));
  const known = seen.map((value) => (Number.isNaN(value) ? 0 : value));
  return encodeInputs(encoding, known, mask);
}
