import type { Environment } from '../environment.js';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { cos, floor, max, min, sin } = Math;

/** Angle from upright (rad), its speed (rad/s), steps taken. */
export interface PendulumState {
  readonly angle: number;
  readonly turn: number;
  readonly steps: number;
}

const SECONDS = 0.05;
const GRAVITY = 10;
const TURN_MAX = 8;
const TORQUE_MAX = 2;

/** Pendulum-v1 (OpenAI Gym): swing a pendulum of 1 kg and 1 m up and hold it, with too little torque to lift it at once. */
export function pendulum(stepsMax = 200): Environment<PendulumState> {
  return {
    name: 'Pendulum-v1',
    observations: [
      { name: 'cos', unit: '1', meaning: 'cosine of the angle from upright', mean: 0, deviation: 1 },
      { name: 'sin', unit: '1', meaning: 'sine of the angle from upright', mean: 0, deviation: 1 },
      { name: 'turn', unit: 'rad/s', meaning: 'speed of the angle', mean: 0, deviation: 4 },
    ],
    action: { kind: 'range', low: -TORQUE_MAX, high: TORQUE_MAX, unit: 'Nm', meaning: 'torque' },
    rewardUnit: 'rad²',
    stepsMax,
    begin: (random) => ({
      angle: Math.PI * (2 * random.uniform() - 1),
      turn: 2 * random.uniform() - 1,
      steps: 0,
    }),
    observe: ({ angle, turn }, to, at) => {
      to[at] = cos(angle);
      to[at + 1] = sin(angle);
      to[at + 2] = turn;
    },
    step: ({ angle, turn, steps }, action) => {
      const torque = max(-TORQUE_MAX, min(TORQUE_MAX, action));
      const lean = angle - 2 * Math.PI * floor((angle + Math.PI) / (2 * Math.PI));
      const cost = lean * lean + 0.1 * turn * turn + 0.001 * torque * torque;
      const pushed = turn + (1.5 * GRAVITY * sin(angle) + 3 * torque) * SECONDS;
      const limited = max(-TURN_MAX, min(TURN_MAX, pushed));
      const state = { angle: angle + limited * SECONDS, turn: limited, steps: steps + 1 };
      return { state, reward: -cost, end: state.steps >= stepsMax ? 'time_limit' : 'none' };
    },
  };
}
