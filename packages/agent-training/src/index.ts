export { KeptAnswers, type AnswerNow } from './kept-answers.js';
export { LineWorld, type LineSession, type LineState, type LineWorldOptions } from './line-world.js';
export { AGENT_PLANS, BUDGET, WORLD_AGENTS, type AgentBudget, type WorldAgent } from './agent-plans.js';
export { agentScoreText } from './agent-card.js';
export { agentVerdict, isShownBetter, type AgentScore, type AgentScores } from './agent-scores.js';
export { SizingLogCollector, type SizedStep, type SizingLog } from './sizing-log.js';
export {
  LESSONS,
  ONLINE_AGENT,
  onlineVersion,
  trainOnlineAgent,
  type OnlineRequest,
  type TrainedOnline,
} from './train-online-agent.js';
export { cvarOf, playSessions, type PlayedSessions } from './play.js';
export {
  agentVersion,
  splitOf,
  trainAgent,
  type AgentData,
  type AgentRequest,
  type PolicyStore,
  type TrainedAgent,
} from './train-agent.js';
