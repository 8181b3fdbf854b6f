export {
  encodingOf,
  type ActionSpace,
  type Environment,
  type EpisodeEnd,
  type ObservedQuantity,
  type Transition,
} from './environment.js';
export { randomSource, studentT, type Random } from './random.js';
export { cartPole, type CartPoleState } from './environments/cart-pole.js';
export { pendulum, type PendulumState } from './environments/pendulum.js';
export { Ppo, type PpoIteration, type PpoOptions, type TailLimit } from './ppo/ppo.js';
export type { TrainedPolicy } from './policy/policy-network.js';
