import { createHash } from 'node:crypto';
import {
  MULTIPLIER_ACTION,
  ReplayBuffer,
  SacLearner,
  encodeSeen,
  encodingOf,
  policyGraph,
  sizingObservations,
  type SacOptions,
} from '@bellwether/agents';
import { BellwetherError, type SizingObservation } from '@bellwether/contracts';
import {
  MULTIPLIER_MAX,
  MULTIPLIER_MIN,
  SIZING_COUNT,
  SIZING_SCHEMA_SHA256,
  sizingInputs,
  sizingSeen,
} from '@bellwether/model-slots';
import { versionName, type Golden, type ModelFacts } from '@bellwether/models';
import { encodeModel } from '@bellwether/onnx';
import { withoutUnseen } from './fold-mask.js';
import { goldenOf, OUTPUT } from './policy-files.js';
import type { SizingLog } from './sizing-log.js';

export const ONLINE_AGENT = 'rl/sac_agent';

export interface OnlineRequest {
  readonly log: SizingLog;
  readonly book: string;
  readonly lessons: number;
  readonly seed: string;
  readonly command: string;
  readonly node: string;
  readonly onProgress: (done: number, total: number) => void;
}

export interface TrainedOnline {
  readonly facts: ModelFacts;
  readonly onnx: Uint8Array;
  readonly golden: Golden;
  readonly card: string;
}

/** Below these a log says nothing of sizes. */
const STEPS_MIN = 300;
const SESSIONS_MIN = 10;
/** Deviation of the multipliers in it: where one size alone was tried there is nothing to compare. */
const DEVIATION_MIN = 0.05;

const CAPACITY = 100_000;
export const LESSONS = 3_000;
const PROGRESS_EVERY = 50;

const OPTIONS: Omit<SacOptions, 'seed'> = {
  ...{ hidden: [16, 16], rate: 3e-4, discount: 1, follow: 0.005, batch: 256, targetEntropy: -1 },
  ...{ firstTemperature: 0.1, gradientMax: 10, rewardScale: 1 },
};

const TRAINER_VERSION = 1;
const WORLD = { observations: sizingObservations, masked: true, action: MULTIPLIER_ACTION };

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}

/** @throws BellwetherError `sizing_log_thin`, with everything that is too little at once */
export function checkSizingLog({ steps, sessions }: SizingLog): void {
  const deviation = deviationOf(steps.map(({ multiplier }) => multiplier));
  const problems = [
    ...(steps.length < STEPS_MIN ? [`${steps.length} sizes with their result, expected ${STEPS_MIN}`] : []),
    ...(sessions < SESSIONS_MIN ? [`${sessions} sessions, expected ${SESSIONS_MIN}`] : []),
    ...(deviation < DEVIATION_MIN
      ? [`multipliers deviate by ${deviation.toFixed(3)}, expected ${DEVIATION_MIN}`]
      : []),
  ];
  if (problems.length > 0) throw new BellwetherError('sizing_log_thin', problems.join('; '));
}

/** Over what is learned from. */
function hashOf({ steps }: SizingLog): string {
  return createHash('sha256').update(JSON.stringify(steps)).digest('hex');
}

export function onlineVersion({ log, lessons, seed, node }: OnlineRequest): string {
  return versionName(log.until_us, [TRAINER_VERSION, OPTIONS, hashOf(log), lessons, seed, node]);
}

/** -1 to 1: the share of the range from its middle. */
function actionOf(multiplier: number): number {
  const half = (MULTIPLIER_MAX - MULTIPLIER_MIN) / 2;
  return Math.min(1, Math.max(-1, (multiplier - MULTIPLIER_MIN) / half - 1));
}

function bufferOf({ steps }: SizingLog): ReplayBuffer {
  const buffer = new ReplayBuffer(2 * SIZING_COUNT, CAPACITY);
  const encoding = encodingOf(WORLD);
  const encoded = (observation: SizingObservation): Float32Array =>
    encodeSeen(encoding, sizingSeen(sizingInputs(observation)));
  for (const { seen, multiplier, reward_r, next } of steps.slice(-CAPACITY)) {
    buffer.add({
      ...{ seen: encoded(seen), action: actionOf(multiplier), reward: reward_r },
      ...{ seenNext: encoded(next ?? seen), over: next === null },
    });
  }
  return buffer;
}

/**
 * Learns sizes from what a book has logged: SAC over audited decisions, whoever took them (learning.md 8). The same log and seed give
 * the same bytes.
 *
 * @throws BellwetherError `sizing_log_thin`; TrainingDiverged
 */
export function trainOnlineAgent(request: OnlineRequest): TrainedOnline {
  const { log, lessons, seed, node, book } = request;
  checkSizingLog(log);
  const buffer = bufferOf(log);
  const learner = new SacLearner(WORLD, { ...OPTIONS, seed: `${seed} ${ONLINE_AGENT}` });
  for (let lesson = 1; lesson <= lessons; lesson++) {
    learner.learn(buffer);
    if (lesson % PROGRESS_EVERY === 0) request.onProgress(lesson, lessons);
  }
  request.onProgress(lessons, lessons);
  const seen = log.steps.map((step) => sizingInputs(step.seen));
  const policy = withoutUnseen(learner.policy(), seen);
  const sha256 = hashOf(log);
  const facts: ModelFacts = {
    ...{ name: ONLINE_AGENT, version: onlineVersion(request), regime: null },
    schema_hash: SIZING_SCHEMA_SHA256,
    inputs: [
      { name: 'features', shape: [SIZING_COUNT] },
      { name: 'mask', shape: [SIZING_COUNT] },
    ],
    outputs: [{ name: OUTPUT, shape: [1] }],
    trained_on: log.synthetic ? 'synthetic' : 'market',
    data: [{ reference: `audit log of ${book}`, sha256 }],
    trained_until_us: log.until_us,
    ...{ seed, command: request.command.slice(0, 500), node, producer: 'bellwether' },
    metrics: {
      logged_mean_r: {
        ...{ value: meanOf(log.steps.map(({ reward_r }) => reward_r)), low: null, high: null },
        ...{ baseline: '', baseline_value: null },
      },
    },
    calibration: { method: 'identity', parameters: [] },
  };
  const onnx = encodeModel(policyGraph(policy, 'rl_sac_agent', OUTPUT), {
    ...{ model: ONLINE_AGENT, schema_sha256: SIZING_SCHEMA_SHA256, data_sha256: [sha256] },
    data_origin: log.synthetic ? 'synthetic' : 'real',
    ...{ seed, command: facts.command, node_version: node },
    metrics: { logged_mean_r: facts.metrics['logged_mean_r']?.value ?? 0 },
    details: { sources: `audit log of ${book}` },
  });
  return { facts, onnx, golden: goldenOf(policy, seen), card: cardOf(facts, request) };
}

function cardOf(facts: ModelFacts, { log, lessons, book }: OnlineRequest): string {
  const multipliers = log.steps.map(({ multiplier }) => multiplier);
  return [
    log.synthetic
      ? 'Trained on synthetic data: it knows a made-up market, and says nothing of a real one.'
      : 'Trained on market data.',
    '',
    `# ${facts.name} ${facts.version}`,
    '',
    'Says how many times the base size a setup is worth, learned from the sizes that a book has logged and what came of them (SAC, learning.md 8). The sizing stage',
    'asks it beside the CVaR-PPO agent, with a weight of 0.3.',
    '',
    '## Data',
    '',
    `- Audit log of ${book}: ${log.steps.length} sizes of ${log.sessions} sessions, SHA-256 ${facts.data[0]?.sha256 ?? ''}.`,
    `- Multipliers ${Math.min(...multipliers).toFixed(2)} to ${Math.max(...multipliers).toFixed(2)}, deviation ${deviationOf(multipliers).toFixed(2)}.`,
    `- ${lessons} lessons of ${OPTIONS.batch} steps, seed ${facts.seed}.`,
    '',
    '## Limits',
    '',
    '- Nothing was measured on sessions that it had not seen: it is no better than a guess for sizes that the log did not try.',
    '- It knows no limit of the tail; the CVaR-PPO agent beside it and the risk stage do.',
    `- The same log and seed give the same bytes on Node ${facts.node}: \`${facts.command}\`.`,
    '',
  ].join('\n');
}
