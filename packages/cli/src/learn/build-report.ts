import { evaluatePolicy, loggedValue, targetPolicy, vectorsOf, type LoggedChoice } from '@bellwether/bandit';
import { Selection, StrategyName, type Strategy } from '@bellwether/contracts';
import { regimeRows } from './arm-beliefs.js';
import type {
  Exploration,
  LearnInput,
  LearnReport,
  Regret,
  SincePromotion,
  StretchFigures,
} from './report-model.js';

const SEED = 'learn report';
const POINTS_MAX = 60;
const PARTS = 10;

/** What a book has learned, from its recorded choices. The same input gives the same report. */
export function learnReport(input: LearnInput): LearnReport {
  const { log, trunk, promotions, sizing, book, synthetic, frames, from_us, to_us, evidence } = input;
  const { choices, config, open, without_risk } = log;
  return {
    ...{ book, synthetic, frames, from_us, to_us, evidence, open, without_risk, promotions, sizing },
    selection: config?.selection ?? Selection.UNSPECIFIED,
    trunk: trunk?.version ?? null,
    choices: choices.length,
    trades: tradedIn(choices).length,
    regimes: regimeRows(log, trunk?.said ?? null),
    regret: regretOf(input),
    exploration: explorationOf(choices),
    since: sinceLast(input),
  };
}

const tradedIn = (choices: readonly LoggedChoice[]): readonly LoggedChoice[] =>
  choices.filter(({ trade }) => trade !== null);

function armsIn(choices: readonly LoggedChoice[]): readonly Strategy[] {
  return [...new Set(choices.flatMap(({ arms }) => arms))].sort((a, b) => a - b);
}

function regretOf({ log: { choices, config } }: LearnInput): Regret {
  const logged = loggedValue(choices);
  const fixed = armsIn(choices).flatMap((arm) => {
    const policy = targetPolicy(`fixed:${StrategyName[arm]}`, config);
    if (policy === null) return [];
    return [
      evaluatePolicy(choices, { policy: policy.name, vectors: vectorsOf(policy, choices), seed: SEED }),
    ];
  });
  let best: Regret['best'] = null;
  for (const one of fixed) {
    if (one.refused !== null || logged.missing !== null) continue;
    const value_r = one.dr.value;
    if (best !== null && best.value_r >= value_r) continue;
    best = { policy: one.policy, value_r, regret_r: (value_r - logged.value) * choices.length };
  }
  return { logged_r: logged.value, fixed, best, earned: earnedBy(choices) };
}

function earnedBy(choices: readonly LoggedChoice[]): readonly number[] {
  const points = Math.min(POINTS_MAX, choices.length);
  const earned: number[] = [];
  let [sum, next] = [0, 1];
  choices.forEach(({ reward }, i) => {
    sum += reward;
    if ((i + 1) * points < next * choices.length) return;
    earned.push(sum);
    next += 1;
  });
  return earned;
}

const several = ({ arms }: LoggedChoice): boolean => arms.length > 1;

function isExplored({ probabilities, chosen }: LoggedChoice): boolean {
  return probabilities[chosen]! < Math.max(...probabilities);
}

function explorationShare(choices: readonly LoggedChoice[]): number | null {
  const own = choices.filter(several);
  return own.length === 0 ? null : own.filter(isExplored).length / own.length;
}

function explorationOf(choices: readonly LoggedChoice[]): Exploration {
  const own = choices.filter(several);
  const edge = (part: number): number => Math.round((part * choices.length) / PARTS);
  return {
    ...{ several: own.length, explored: own.filter(isExplored).length },
    course: Array.from({ length: PARTS }, (_, part) =>
      explorationShare(choices.slice(edge(part), edge(part + 1))),
    ),
  };
}

function sinceLast({ promotions, promoted_at, log: { choices } }: LearnInput): SincePromotion | null {
  const promotion = promotions.at(-1);
  const at = promoted_at.at(-1);
  if (promotion === undefined || at === undefined) return null;
  return {
    promotion,
    before: figuresOf(choices.filter((choice) => seqOf(choice) < at)),
    after: figuresOf(choices.filter((choice) => seqOf(choice) > at)),
  };
}

/** A decision's id is the name of its book and its sequence. */
function seqOf({ decision_id }: LoggedChoice): number {
  return Number(decision_id.slice(decision_id.lastIndexOf('-') + 1));
}

function figuresOf(choices: readonly LoggedChoice[]): StretchFigures {
  const traded = tradedIn(choices);
  return {
    ...{ choices: choices.length, trades: traded.length },
    mean_r: traded.length === 0 ? null : traded.reduce((sum, { reward }) => sum + reward, 0) / traded.length,
    exploration: explorationShare(choices),
    shares: armsIn(choices).map((strategy) => ({
      strategy,
      share: choices.filter(({ arms, chosen }) => arms[chosen] === strategy).length / choices.length,
    })),
  };
}
