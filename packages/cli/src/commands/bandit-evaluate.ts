import {
  TARGET_NAMES,
  TRUNK_POLICY,
  evaluatePolicy,
  loggedValue,
  targetPolicy,
  vectorsOf,
  type ChoiceLog,
  type Evaluation,
  type TrunkSaid,
} from '@bellwether/bandit';
import { BellwetherError } from '@bellwether/contracts';
import { evaluationText } from '../bandit/evaluation-text.js';
import { recordedChoices, type RecordedOptions } from '../bandit/recorded-frames.js';
import { askTrunk } from '../bandit/trunk-said.js';
import type { ModelOptions } from '../data/plan-models.js';

export interface EvaluateOptions extends RecordedOptions, ModelOptions {
  readonly policy: readonly string[];
  readonly json?: boolean;
}

/** The same log gives the same intervals. */
const SEED = 'bandit evaluate';
const NOTHING_SAID: TrunkSaid = new Map();

/** `bw bandit evaluate`: policies judged by the choices that a book has logged. */
export async function evaluateBandit(options: EvaluateOptions): Promise<void> {
  const named = options.policy.length > 0;
  const unknown = options.policy.filter((name) => targetPolicy(name, null, NOTHING_SAID) === null);
  if (unknown.length > 0) {
    throw new BellwetherError(
      'usage',
      `There is no policy ${unknown.join(', ')}: expected ${TARGET_NAMES.join(', ')}, ${TRUNK_POLICY}, or fixed:S1 to fixed:S12`,
    );
  }
  const { book, log } = await recordedChoices(options);
  const wanted = named ? options.policy : [...TARGET_NAMES, TRUNK_POLICY];
  const trunk = wanted.includes(TRUNK_POLICY) ? await askTrunk(log.choices, options) : null;
  if (trunk === null && named && wanted.includes(TRUNK_POLICY)) {
    throw new BellwetherError('model_unknown', `${TRUNK_POLICY}: no strategy_selection is champion`);
  }
  const names = trunk === null ? wanted.filter((name) => name !== TRUNK_POLICY) : wanted;
  const evaluations = names.map((name) => judged(name, log, trunk?.said ?? null));
  if (options.json === true) {
    const { choices, open, without_risk } = log;
    const own = { choices: choices.length, open, without_risk, logged: loggedValue(choices).value };
    const over = { trunk: trunk?.version ?? null };
    process.stdout.write(`${JSON.stringify({ book, ...own, ...over, evaluations }, null, 2)}\n`);
    return;
  }
  const over = trunk === null ? [] : [trunkLine(trunk.version, trunk.said.size, log)];
  process.stdout.write(`${[evaluationText(book, log, evaluations), ...over].join('\n')}\n`);
}

function trunkLine(version: string, asked: number, { choices }: ChoiceLog): string {
  return `${TRUNK_POLICY}: over strategy_selection ${version}, which took ${asked} of ${choices.length} choices; LinUCB stands in at the others.`;
}

function judged(name: string, { choices, config }: ChoiceLog, said: TrunkSaid | null): Evaluation {
  const policy = targetPolicy(name, config, said);
  if (policy === null) throw new BellwetherError('usage', `There is no policy ${name}`);
  return evaluatePolicy(choices, { policy: name, vectors: vectorsOf(policy, choices), seed: SEED });
}
