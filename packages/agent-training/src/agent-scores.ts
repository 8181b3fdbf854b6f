import type { TrainedPolicy } from '@bellwether/agents';
import type { ModelFacts } from '@bellwether/models';
import { bootstrapInterval } from '@bellwether/statistics';
import type { LineSession, LineWorld } from './line-world.js';
import { cvarOf, playSessions, type PlayedSessions } from './play.js';

/** A number of some sessions with its 95 % interval, by drawing whole sessions again; null where they are too few. */
export interface AgentScore {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Who played the held-out sessions. */
export const PLAYERS = ['agent', 'multiplier_1', 'plain_ppo'] as const;
export type Player = (typeof PLAYERS)[number];

export const AGENT_MEASURES = ['cvar_95_r', 'drawdown_r', 'mean_return_r'] as const;
export type AgentMeasure = (typeof AGENT_MEASURES)[number];

export interface AgentScores {
  readonly sessions: number;
  readonly of: Readonly<Record<Player, Readonly<Record<AgentMeasure, AgentScore>>>>;
  /** Agent less the other, on the same sessions. */
  readonly differences: Readonly<
    Record<Exclude<Player, 'agent'>, Readonly<Record<AgentMeasure, AgentScore>>>
  >;
  readonly metrics: ModelFacts['metrics'];
}

const LEVEL = 0.95;
const RESAMPLES = 1_000;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const MEASURES: Readonly<Record<AgentMeasure, (played: PlayedSessions) => number>> = {
  cvar_95_r: ({ returns }) => cvarOf(returns),
  drawdown_r: ({ drawdowns }) => mean(drawdowns),
  mean_return_r: ({ returns }) => mean(returns),
};

/** The sessions of these places, some of them more than once. */
function drawn({ returns, drawdowns }: PlayedSessions, places: ArrayLike<number>): PlayedSessions {
  const at = Array.from(places);
  return { returns: at.map((i) => returns[i]!), drawdowns: at.map((i) => drawdowns[i]!) };
}

/** A figure with the interval that whole sessions, drawn again, give it. */
function scored(sessions: number, seed: string, figure: (places: ArrayLike<number>) => number): AgentScore {
  const places = Array.from({ length: sessions }, (_, i) => i);
  const interval = bootstrapInterval(places, figure, {
    ...{ seed, level: LEVEL, meanBlock: 1, resamples: RESAMPLES },
  });
  const { low, high } = interval.missing === null ? interval.value : { low: null, high: null };
  return { value: figure(places), low, high };
}

function each<T>(of: (measure: AgentMeasure) => T): Record<AgentMeasure, T> {
  return {
    cvar_95_r: of('cvar_95_r'),
    drawdown_r: of('drawdown_r'),
    mean_return_r: of('mean_return_r'),
  };
}

/** What an agent is worth on sessions that no training saw, beside multiplier 1 and beside plain PPO. In R. */
export function scoresOf(
  world: LineWorld,
  sessions: readonly LineSession[],
  policies: { readonly own: TrainedPolicy; readonly plain: TrainedPolicy },
  seed: string,
): AgentScores {
  const played: Readonly<Record<Player, PlayedSessions>> = {
    agent: playSessions(world, sessions, policies.own),
    multiplier_1: playSessions(world, sessions, null),
    plain_ppo: playSessions(world, sessions, policies.plain),
  };
  const count = sessions.length;
  const of = (player: Player) =>
    each((measure) => scored(count, seed, (places) => MEASURES[measure](drawn(played[player], places))));
  const less = (other: Player) =>
    each((measure) =>
      scored(count, seed, (places) => {
        const figure = MEASURES[measure];
        return figure(drawn(played.agent, places)) - figure(drawn(played[other], places));
      }),
    );
  const scores = { agent: of('agent'), multiplier_1: of('multiplier_1'), plain_ppo: of('plain_ppo') };
  const differences = { multiplier_1: less('multiplier_1'), plain_ppo: less('plain_ppo') };
  return { sessions: count, of: scores, differences, metrics: metricsOf(scores, differences) };
}

function metricsOf(
  scores: AgentScores['of'],
  differences: AgentScores['differences'],
): ModelFacts['metrics'] {
  const found: ModelFacts['metrics'] = {};
  for (const measure of AGENT_MEASURES) {
    const baseline_value = scores.multiplier_1[measure].value;
    found[measure] = { ...scores.agent[measure], baseline: 'multiplier_1', baseline_value };
    for (const other of ['multiplier_1', 'plain_ppo'] as const) {
      found[`${measure}_less_${other}`] = {
        ...differences[other][measure],
        ...{ baseline: other, baseline_value: scores[other][measure].value },
      };
    }
  }
  return found;
}

/** True where it was shown to have a lighter tail or a higher return than multiplier 1, and neither of them was shown worse. */
export function isShownBetter({ differences }: AgentScores): boolean {
  const { cvar_95_r: tail, mean_return_r: gain } = differences.multiplier_1;
  const worse = (tail.low ?? 0) > 0 || (gain.high ?? 0) < 0;
  return !worse && ((tail.high ?? 0) < 0 || (gain.low ?? 0) > 0);
}

/** What may be said of an agent in a few words. */
export function agentVerdict(scores: AgentScores): string {
  const { cvar_95_r: tail, mean_return_r: gain } = scores.differences.multiplier_1;
  if (tail.low === null) return 'not shown better than multiplier 1 (too few sessions to say otherwise)';
  const said = [
    ...((tail.high ?? 0) < 0 ? ['lighter tail'] : (tail.low ?? 0) > 0 ? ['heavier tail'] : []),
    ...((gain.low ?? 0) > 0 ? ['higher return'] : (gain.high ?? 0) < 0 ? ['lower return'] : []),
  ];
  return said.length === 0 ? 'not shown better than multiplier 1' : `${said.join(', ')} than multiplier 1`;
}
