import type { Environment } from '../environment.js';

/** Cart's place (m) and speed (m/s), pole's angle from upright (rad) and its speed (rad/s), steps taken. */
export interface CartPoleState {
  readonly x: number;
  readonly dx: number;
  readonly angle: number;
  readonly turn: number;
  readonly steps: number;
}

const GRAVITY = 9.8;
const POLE_MASS = 0.1;
const MASS = 1.1;
const HALF_LENGTH = 0.5;
const FORCE = 10;
const SECONDS = 0.02;
const X_MAX = 2.4;
const ANGLE_MAX = (12 * Math.PI) / 180;

/** CartPole-v1 (Barto, Sutton, Anderson 1983; constants and Euler steps of OpenAI Gym): 1 for each step that it stands. */
export function cartPole(stepsMax = 500): Environment<CartPoleState> {
  const observed = (name: string, unit: string, meaning: string, deviation: number) => ({
    ...{ name, unit, meaning, mean: 0, deviation },
  });
  return {
    name: 'CartPole-v1',
    observations: [
      observed('x', 'm', 'place of the cart', 1),
      observed('dx', 'm/s', 'speed of the cart', 1),
      observed('angle', 'rad', 'lean of the pole', 0.1),
      observed('turn', 'rad/s', 'speed of the lean', 1),
    ],
    action: { kind: 'choice', count: 2, meaning: '0 pushes to the left, 1 to the right, with 10 N' },
    rewardUnit: 'steps',
    stepsMax,
    begin: (random) => {
      const near = (): number => 0.1 * random.uniform() - 0.05;
      return { x: near(), dx: near(), angle: near(), turn: near(), steps: 0 };
    },
    observe: ({ x, dx, angle, turn }, to, at) => {
      to[at] = x;
      to[at + 1] = dx;
      to[at + 2] = angle;
      to[at + 3] = turn;
    },
    step: (before, action) => {
      const { x, dx, angle, turn } = before;
      const force = action === 1 ? FORCE : -FORCE;
      const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
      const pull = (force + POLE_MASS * HALF_LENGTH * turn * turn * sin) / MASS;
      const leaning = (GRAVITY * sin - cos * pull) / (HALF_LENGTH * (4 / 3 - (POLE_MASS * cos * cos) / MASS));
      const moving = pull - (POLE_MASS * HALF_LENGTH * leaning * cos) / MASS;
      const state = {
        x: x + SECONDS * dx,
        dx: dx + SECONDS * moving,
        angle: angle + SECONDS * turn,
        turn: turn + SECONDS * leaning,
        steps: before.steps + 1,
      };
      const fallen = Math.abs(state.x) > X_MAX || Math.abs(state.angle) > ANGLE_MAX;
      const over = state.steps >= stepsMax ? 'time_limit' : 'none';
      return { state, reward: 1, end: fallen ? 'terminal' : over };
    },
  };
}
