import type { ModelFacts } from '@bellwether/models';
import type { AgentBudget, AgentPlan } from './agent-plans.js';
import {
  AGENT_MEASURES,
  PLAYERS,
  agentVerdict,
  isShownBetter,
  type AgentScore,
  type AgentScores,
} from './agent-scores.js';
import type { LineSession } from './line-world.js';
import type { AgentData, AgentSplit } from './train-agent.js';

export interface AgentCardContent {
  readonly plan: AgentPlan;
  readonly facts: ModelFacts;
  readonly data: AgentData;
  readonly split: AgentSplit;
  readonly scores: AgentScores;
  /** CVaR that the agent was held to, in R. */
  readonly limit: number;
  readonly budget: AgentBudget;
  /** Numbers that were missing in all of the training. */
  readonly missing: readonly string[];
}

export function agentScoreText({ value, low, high }: AgentScore): string {
  const figure = (one: number): string => one.toFixed(3);
  return low === null || high === null
    ? `${figure(value)} (no interval)`
    : `${figure(value)} (${figure(low)} to ${figure(high)})`;
}

const NAMES = {
  agent: 'this agent',
  multiplier_1: 'multiplier 1',
  plain_ppo: 'plain PPO, same seed and budget',
} as const;

/** Above everything else: who finds it in its place must see that it is not there for its merits. */
const NOT_BETTER =
  'It was not shown better than multiplier 1 on sessions that it had not seen: it takes its place by hand alone, never by its training.';

function table({ of, differences }: AgentScores): readonly string[] {
  const cells = (scores: Readonly<Record<(typeof AGENT_MEASURES)[number], AgentScore>>): string =>
    AGENT_MEASURES.map((measure) => agentScoreText(scores[measure])).join(' | ');
  return [
    '| who | CVaR 95 % of a session, R | mean drawdown, R | mean return, R |',
    '| --- | --- | --- | --- |',
    ...PLAYERS.map((player) => `| ${NAMES[player]} | ${cells(of[player])} |`),
    `| this agent less multiplier 1 | ${cells(differences.multiplier_1)} |`,
    `| this agent less plain PPO | ${cells(differences.plain_ppo)} |`,
  ];
}

function period(sessions: readonly LineSession[]): string {
  return `${sessions.length} sessions, ${sessions[0]?.trade_date ?? ''} to ${sessions.at(-1)?.trade_date ?? ''}`;
}

/** `card.md`: what somebody must know before the agent sizes for him. The same content gives the same text. */
export function agentCard(content: AgentCardContent): string {
  const { plan, facts, data, split, scores, limit, budget, missing } = content;
  return [
    data.synthetic
      ? 'Trained on synthetic data: it knows a made-up market, and says nothing of a real one.'
      : 'Trained on market data.',
    ...(isShownBetter(scores) ? [] : [NOT_BETTER]),
    '',
    `# ${facts.name} ${facts.version}`,
    '',
    plan.purpose,
    '',
    `On sessions that it had not seen: **${agentVerdict(scores)}**.`,
    '',
    '## World',
    '',
    'The line itself over history, with its simulated execution, costs and limits of the account. R is what one trade of base size may lose. It sees six numbers',
    'and their mask (packages/model-slots), chooses a multiplier from 0.1 to 2.0 of the base size, and is rewarded with the change of the account in R after costs.',
    '',
    `- ${data.title}`,
    ...facts.data.map(({ reference, sha256 }) => `- ${reference}: SHA-256 ${sha256}`),
    `- Trained on ${period(split.train)}; held out ${period(split.heldOut)}; one session between them in neither.`,
    `- ${budget.batches} batches of ${budget.episodes} episodes. CVaR 95 % of a session held to ${limit.toFixed(3)} R in training.`,
    ...(missing.length === 0
      ? []
      : [`- Missing in all of the training, so without weight: ${missing.join(', ')}.`]),
    '',
    '## Measured',
    '',
    `${scores.sessions} held-out sessions, each played once by each, without noise. In brackets 95 % by drawing whole sessions; fewer than ten say nothing of an interval.`,
    'Below zero a difference of CVaR or drawdown is in favour of the agent, of the return against it.',
    '',
    ...table(scores),
    '',
    '## Limits',
    '',
    '- The tail of few sessions is the worst of them. The limits of the account that hold are those of the risk stage.',
    '- An episode begins with the account as it stood with multiplier 1; a larger or smaller account it has not seen.',
    `- The same command, data and seed give the same bytes on Node ${facts.node}: \`${facts.command}\`.`,
    '',
  ].join('\n');
}
