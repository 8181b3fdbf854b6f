import { PolicyRunner, tailOf, type TrainedPolicy } from '@bellwether/agents';
import { SIZING_COUNT } from '@bellwether/model-slots';
import type { LineSession, LineState, LineWorld } from './line-world.js';

/** How sessions went, in their order. In R. */
export interface PlayedSessions {
  /** Change of the account over the session. */
  readonly returns: readonly number[];
  /** Deepest fall of that change from its highest so far, looked at when a size is asked for. */
  readonly drawdowns: readonly number[];
}

interface Playing {
  readonly at: number;
  state: LineState;
  sum: number;
  high: number;
  drawdown: number;
  over: boolean;
}

/** Plays each session once, without noise: by a policy, or with multiplier 1 where it is null. */
export function playSessions(
  world: LineWorld,
  sessions: readonly LineSession[],
  policy: TrainedPolicy | null,
): PlayedSessions {
  const environment = world.environment(sessions);
  const runner = policy === null ? null : new PolicyRunner(policy, sessions.length);
  const all = sessions.map((session, at): Playing => {
    return { at, state: world.firstOf(session), sum: 0, high: 0, drawdown: 0, over: false };
  });
  for (let playing = all; playing.length > 0; playing = playing.filter(({ over }) => !over)) {
    const seen = new Float32Array(playing.length * SIZING_COUNT);
    playing.forEach(({ state }, i) => {
      environment.observe(state, seen, i * SIZING_COUNT);
    });
    const actions = runner?.actions(seen);
    playing.forEach((one, i) => {
      const { state, reward, end } = world.step(one.state, actions?.[i] ?? 1);
      one.state = state;
      one.sum += reward;
      one.high = Math.max(one.high, one.sum);
      one.drawdown = Math.max(one.drawdown, one.high - one.sum);
      one.over = end !== 'none';
    });
  }
  return { returns: all.map(({ sum }) => sum), drawdowns: all.map(({ drawdown }) => drawdown) };
}

export const CONFIDENCE = 0.95;

/** CVaR of the losses of some sessions, the mean of the worst 5 %. */
export const cvarOf = (returns: ArrayLike<number>): number => tailOf(returns, CONFIDENCE).cvar;
