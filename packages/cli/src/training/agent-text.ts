import { agentScoreText, agentVerdict, type AgentScores } from '@bellwether/agent-training';
import { plainTable } from '../plain-table.js';
import { hashShown } from './score-tables.js';
import type { AgentTrainedNow } from './train-agents.js';

const HEAD = ['who', 'CVaR 95 % of a session, R', 'mean drawdown, R', 'mean return, R'];

/** What an agent is worth on sessions that it had not seen, beside multiplier 1 and plain PPO. */
export function agentText({ model, trained, seconds, sha256 }: AgentTrainedNow): string {
  const { facts, scores } = trained;
  const row = (who: string, of: AgentScores['of']['agent']): string[] => [
    who,
    agentScoreText(of.cvar_95_r),
    agentScoreText(of.drawdown_r),
    agentScoreText(of.mean_return_r),
  ];
  const rows = [
    row('agent', scores.of.agent),
    row('multiplier 1', scores.of.multiplier_1),
    row('plain PPO', scores.of.plain_ppo),
    row('agent less multiplier 1', scores.differences.multiplier_1),
    row('agent less plain PPO', scores.differences.plain_ppo),
  ];
  return [
    `${model} ${facts.version}: ${agentVerdict(scores)}; ${scores.sessions} sessions that it had not seen, ${seconds.toFixed(1)} s, SHA-256 ${hashShown(sha256)}`,
    plainTable(HEAD, rows),
  ].join('\n\n');
}
