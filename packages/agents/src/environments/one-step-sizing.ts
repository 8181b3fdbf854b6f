import { assert } from '@bellwether/kernel';
import type { Environment } from '../environment.js';

/** What may rule a trade: how often it does, and how far results scatter then, in R. */
export interface SizingRegime {
  readonly probability: number;
  readonly sigma: number;
}

/** Result of a trade of size a: a (mu + sigma z) - cost a² / 2, with z standard normal. In R. */
export interface OneStepSizing {
  readonly regimes: readonly SizingRegime[];
  readonly mu: number;
  readonly cost: number;
  readonly sizeMax: number;
}

/** Number of the regime. */
export interface OneStepState {
  readonly regime: number;
}

/** One trade an episode: its regime is seen, its size chosen. The best size is known by formula or by a grid. */
export function oneStepSizing({ regimes, mu, cost, sizeMax }: OneStepSizing): Environment<OneStepState> {
  assert(regimes.length > 0, 'A trade happens in some regime');
  return {
    name: `one-step sizing, ${regimes.length} regimes`,
    observations: regimes.map((_, i) => ({
      name: `regime_${i}`,
      unit: 'share',
      meaning: `1 in regime ${i}, else 0`,
      mean: 0,
      deviation: 1,
    })),
    action: { kind: 'range', low: 0, high: sizeMax, unit: '1', meaning: 'size of the trade' },
    rewardUnit: 'R',
    stepsMax: 1,
    begin: (random) => {
      let left = random.uniform();
      const found = regimes.findIndex(({ probability }) => (left -= probability) < 0);
      return { regime: found < 0 ? regimes.length - 1 : found };
    },
    observe: ({ regime }, to, at) => {
      for (let i = 0; i < regimes.length; i++) to[at + i] = i === regime ? 1 : 0;
    },
    step: (state, size, random) => {
      const { sigma } = regimes[state.regime]!;
      const reward = size * (mu + sigma * random.normal()) - (cost * size * size) / 2;
      return { state, reward, end: 'terminal' };
    },
  };
}
