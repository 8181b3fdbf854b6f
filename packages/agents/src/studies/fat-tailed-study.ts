import type { Interval } from '@bellwether/statistics';
import { tailOf } from '../cvar/tail.js';
import { fatTailedSizing } from '../environments/fat-tailed-sizing.js';
import { evaluatePolicy, type EpisodeResults } from '../evaluation/evaluate.js';
import { tailInterval } from '../evaluation/tail-interval.js';
import { Ppo, type PpoOptions, type TailLimit } from '../ppo/ppo.js';
import { CONFIDENCE } from './sizing-study.js';

/** CVaR of a session's loss that the limited agent is held to, in R. */
export const FAT_TAILED_LIMIT = 6;

export const FAT_TAILED_OPTIONS: Omit<PpoOptions, 'seed' | 'tail' | 'lanes'> = {
  collect: { kind: 'episodes' },
  hidden: [16, 16],
  discount: 1,
  trace: 0.97,
  clip: 0.2,
  entropy: 0,
  epochs: 4,
  minibatch: 1_000,
  policyRate: { kind: 'cosine', rate: 5e-3, final: 5e-4, steps: 4_800 },
  valueRate: { kind: 'constant', rate: 3e-3 },
  divergenceMax: 0.02,
  gradientMax: 0.5,
  advantageDeviationMin: 1e-4,
  deviation: { first: 0.5, least: 0.15 },
};

/** Faster than usual: a hundred batches must do, and the first ones are far beyond the limit. */
const MULTIPLIER = { proportional: 0.3, integral: 0.02 };

/** How much is trained and looked at. */
export interface FatTailedBudget {
  readonly batches: number;
  /** Sessions of each batch. */
  readonly lanes: number;
  /** Sessions that no training saw. */
  readonly heldOut: number;
}

const BUDGET: FatTailedBudget = { batches: 120, lanes: 400, heldOut: 4_000 };

/** Sessions that no training saw, of one agent. In R. */
export interface SessionFigures {
  readonly meanReturn: number;
  /** Mean loss of the worst 5 % of the sessions. */
  readonly cvar: number;
  /** 90 %, by drawing sessions again; null where there are too few. */
  readonly cvarInterval: Interval | null;
  readonly meanDrawdown: number;
  /** Mean of the deepest 5 %. */
  readonly worstDrawdown: number;
}

export interface FatTailedPair {
  readonly plain: SessionFigures;
  readonly limited: SessionFigures;
  /** At the end. */
  readonly lambda: number;
}

/** Trains both agents from the same seed with the same budget, and lets them meet the same sessions. */
export function fatTailedStudy(
  seed: string,
  { batches, lanes, heldOut }: FatTailedBudget = BUDGET,
): FatTailedPair {
  const environment = fatTailedSizing();
  const train = (tail: TailLimit | null): { readonly figures: SessionFigures; readonly lambda: number } => {
    const ppo = new Ppo(environment, { ...FAT_TAILED_OPTIONS, lanes, seed, tail });
    let lambda = 0;
    for (let batch = 0; batch < batches; batch++) ({ lambda } = ppo.iterate());
    const results = evaluatePolicy(environment, ppo.policy(), {
      seed: `${seed} held out`,
      episodes: heldOut,
    });
    return { figures: figuresOf(results, seed), lambda };
  };
  const plain = train(null);
  const limited = train({ confidence: CONFIDENCE, limit: FAT_TAILED_LIMIT, multiplier: MULTIPLIER });
  return { plain: plain.figures, limited: limited.figures, lambda: limited.lambda };
}

function figuresOf({ returns, drawdowns }: EpisodeResults, seed: string): SessionFigures {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const interval = tailInterval(returns, CONFIDENCE, { seed });
  const falls = drawdowns.map((drawdown) => -drawdown);
  return {
    meanReturn: mean(returns),
    cvar: tailOf(returns, CONFIDENCE).cvar,
    cvarInterval: interval.missing === null ? interval.value : null,
    meanDrawdown: mean(drawdowns),
    worstDrawdown: tailOf(falls, CONFIDENCE).cvar,
  };
}
