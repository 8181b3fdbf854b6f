import { normalQuantile } from '@bellwether/statistics';
import { MODEL_PLANS, valueWalkForward, walkForwardScores } from '@bellwether/training';
import { worldRows, type PlantedWorld } from './world-rows.js';

/**
 * What a model was worth on one world, against each baseline: how much log loss and Brier score the other has more; of a model that says
 * no probability, how much squared error.
 */
export interface WorldGains {
  readonly rows: number;
  readonly tested: number;
  readonly gains: readonly { readonly over: string; readonly loss: number; readonly brier: number | null }[];
}

const FOLDS = 2;
const LEVEL = 0.9;

/** Trains on the earlier sessions of a world and tests on the later ones. The same world gives the same result. */
export async function worldGains(world: PlantedWorld, folds = FOLDS): Promise<WorldGains> {
  const set = await worldRows(world);
  const walk = world.model === 'strategy_selection' ? valueWalkForward : walkForwardScores;
  const scores = walk({
    ...{ plan: MODEL_PLANS[world.model], set, folds, seed: world.seed, level: LEVEL },
    variant: null,
    onEpoch: () => undefined,
  });
  const said = [...(scores.axes[0]?.comparison.gains ?? [])].map(([over, gain]) => ({
    ...{ over, loss: gain.log_loss.value, brier: gain.brier.value },
  }));
  const valued = [...(scores.value?.gains ?? [])].map(([over, { value }]) => ({
    over,
    loss: value,
    brier: null,
  }));
  const gains = [...said, ...valued];
  return { rows: set.rows, tested: scores.rows, gains };
}

export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Quantile of Student's t by its expansion about the normal (Cornish, Fisher): good to 0.002 from five degrees of freedom on. */
function studentQuantile(p: number, freedom: number): number {
  const z = normalQuantile(p);
  const one = (z ** 3 + z) / 4;
  const two = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const three = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + one / freedom + two / freedom ** 2 + three / freedom ** 3;
}

/** Mean over seeds with its 90 % interval by Student's t; null with fewer than three. */
export function seedInterval(values: readonly number[]): MeanInterval | null {
  const n = values.length;
  if (n < 3) return null;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentQuantile(0.5 + LEVEL / 2, n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half };
}
