import type { PpoOptions } from '@bellwether/agents';

/** Sizing agents that are trained in a world, in the order in which they are. */
export const WORLD_AGENTS = ['rl/cvar_ppo_agent', 'rl/test_cvar_ppo'] as const;
export type WorldAgent = (typeof WORLD_AGENTS)[number];

export interface AgentPlan {
  readonly model: WorldAgent;
  /** Widths of the policy's and the critic's layers. */
  readonly hidden: readonly number[];
  readonly purpose: string;
}

/** The two share nothing but the world: the backup has a seed of its own and a smaller network. */
export const AGENT_PLANS: Readonly<Record<WorldAgent, AgentPlan>> = {
  'rl/cvar_ppo_agent': {
    model: 'rl/cvar_ppo_agent',
    hidden: [16, 16],
    purpose:
      'Says how many times the base size a setup is worth, from confidence, regime and account, so that the mean of the worst 5 % of sessions ' +
      'stays within a limit (CVaR-PPO, ADR 0038). The sizing stage asks it where the policy is learned.',
  },
  'rl/test_cvar_ppo': {
    model: 'rl/test_cvar_ppo',
    hidden: [8],
    purpose:
      'The backup of rl/cvar_ppo_agent: another seed and a smaller network. The sizing stage asks it where the other is absent or refused.',
  },
};

/** Raised where the same world and seed give another agent than before. */
export const AGENT_TRAINER_VERSION = 1;

/** How much is trained. */
export interface AgentBudget {
  /** Batches of episodes. */
  readonly batches: number;
  /** Episodes of each; at least 200, so that ten lie in the worst 5 %. */
  readonly episodes: number;
}

export const BUDGET: AgentBudget = { batches: 2, episodes: 200 };

/** Half of the steps of a batch of 200 sessions. */
const MINIBATCH = 500;
const EPOCHS = 6;

/** The choices of learning.md 5 that are the same for every agent; discount 1 within a session. */
export function ppoOptions(
  { hidden }: AgentPlan,
  { batches, episodes }: AgentBudget,
): Omit<PpoOptions, 'seed' | 'tail'> {
  return {
    ...{ lanes: episodes, collect: { kind: 'episodes' }, hidden, discount: 1, trace: 0.97, clip: 0.2 },
    ...{ entropy: 0, epochs: EPOCHS, minibatch: MINIBATCH },
    policyRate: { kind: 'cosine', rate: 5e-3, final: 5e-4, steps: batches * EPOCHS * 12 },
    valueRate: { kind: 'constant', rate: 3e-3 },
    ...{ divergenceMax: 0.02, gradientMax: 0.5, advantageDeviationMin: 1e-4 },
    deviation: { first: 0.5, least: 0.15 },
  };
}

/** Faster than usual: few batches must do. */
export const MULTIPLIER_RATES = { proportional: 0.3, integral: 0.02 };
