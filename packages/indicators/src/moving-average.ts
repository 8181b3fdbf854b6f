/** EMA and Wilder's average (domain.md 4.1): both seeded with the mean of the first n. */
export interface AverageState {
  readonly length: number;
  /** Weight of a new number after the seed: 2/(n+1) or 1/n. */
  readonly weight: number;
  readonly count: number;
  /** Sum while count < length, then the average. */
  readonly value: number;
}

export function emptyEma(length: number): AverageState {
  return { length, weight: 2 / (length + 1), count: 0, value: 0 };
}

export function emptyRma(length: number): AverageState {
  return { length, weight: 1 / length, count: 0, value: 0 };
}

export function updateAverage(state: AverageState, input: number): AverageState {
  const { length, weight, value } = state;
  if (state.count < length) {
    const count = state.count + 1;
    const sum = value + input;
    return { length, weight, count, value: count === length ? sum / length : sum };
  }
  return { length, weight, count: length, value: value + weight * (input - value) };
}

/** The average, or null before its n-th number. */
export function averageOf(state: AverageState): number | null {
  return state.count < state.length ? null : state.value;
}
