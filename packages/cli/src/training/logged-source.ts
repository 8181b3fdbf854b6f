import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { rewardOf, type LoggedChoice } from '@bellwether/bandit';
import {
  WEIGHT_CLIP,
  loggedDataSet,
  loggedWeights,
  thinLog,
  type DataOfModel,
  type DataSet,
  type LoggedTrade,
  type TrainedModelName,
} from '@bellwether/training';
import { recordedChoices } from '../bandit/recorded-frames.js';
import type { TrainingSets } from './train-one.js';

/** A recorded book to train the trunk from, instead of bars. */
export interface LoggedOptions {
  readonly audit?: string;
  /** A folder that `bw replay --out` wrote. */
  readonly run?: string;
  /** Its name, where the log holds several. */
  readonly ofBook?: string;
  readonly clip?: number;
}

export const namesLog = ({ audit, run }: LoggedOptions): boolean => audit !== undefined || run !== undefined;

/** What a training needs to know of its rows. */
export interface TrainingSource {
  readonly title: string;
  readonly synthetic: boolean;
  readonly data: DataOfModel;
  readonly sets: TrainingSets;
  /** What is to be said of the rows. */
  readonly notes: readonly string[];
}

const LIMITS =
  'It saw only trades that the book had chosen, weighted by one over the probability that each was drawn by, and knows nothing of arms ' +
  'that were never live beside others. Its own values are not used in decisions: the bandit keeps posteriors of its own on the 64 numbers.';
const MINUTE_US = 60_000_000;

/**
 * The trades that a book chose by a draw, weighted by the inverse of their propensities, as rows of `strategy_selection`.
 *
 * @throws BellwetherError `usage`, `audit_missing`, `log_thin`
 */
export async function loggedSource(
  models: readonly TrainedModelName[],
  { audit, run, ofBook, clip = WEIGHT_CLIP }: LoggedOptions,
): Promise<TrainingSource> {
  if (models.length !== 1 || models[0] !== 'strategy_selection') {
    throw new BellwetherError('usage', 'Only strategy_selection is trained from a log of choices');
  }
  if (!(clip >= 1)) throw new BellwetherError('usage', `Expected a --clip of at least 1, was ${clip}`);
  const { book, log, synthetic } = await recordedChoices({
    ...(audit === undefined ? {} : { audit }),
    ...(run === undefined ? {} : { from: run }),
    ...(ofBook === undefined ? {} : { book: ofBook }),
    bookOption: '--of-book',
  });
  const { trades, schema_sha256, interval_us } = tradesOf(log.choices);
  const weights = loggedWeights(trades, clip);
  const thin = thinLog(trades, weights);
  if (thin !== null) throw new BellwetherError('log_thin', `book ${book}: ${thin}`);
  const set = loggedDataSet(trades, weights, { schema_sha256, interval_us });
  const title = `the choices of book ${book}`;
  const reference = `log:${path.basename(audit ?? run ?? '')}:${book}`;
  return {
    ...{ title, synthetic, sets: onlySet(set) },
    data: { title, synthetic, limits: LIMITS, references: [{ reference, sha256: set.sha256 }] },
    notes: [
      `${trades.length} trades of ${log.choices.length} choices, weighted by 1 / propensity: worth ${weights.effective.toFixed(0)} of ` +
        `equal weight; ${weights.clipped} weights were held at ${clip}.`,
    ],
  };
}

/** Of the newest features: rows of others would be another model's. */
function tradesOf(choices: readonly LoggedChoice[]) {
  const newest = choices.findLast(({ seen }) => seen !== undefined)?.seen;
  const schema_sha256 = newest?.schema_hash ?? '';
  const trades = choices.flatMap((choice): LoggedTrade[] => {
    const { seen, trade, arms, chosen, probabilities, symbol, trade_date } = choice;
    const reward = trade === null ? null : rewardOf(trade);
    if (seen === undefined || seen.schema_hash !== schema_sha256 || trade === null || reward === null)
      return [];
    return [
      {
        ...{ symbol, session: trade_date, start_us: seen.at_us, end_us: trade.closed_us },
        ...{ inputs: seen.inputs, arm: arms[chosen]!, propensity: probabilities[chosen]!, reward },
      },
    ];
  });
  const interval_us =
    choices.find(({ seen }) => (seen?.interval_us ?? 0) > 0)?.seen?.interval_us ?? MINUTE_US;
  return { trades, schema_sha256, interval_us };
}

function onlySet(set: DataSet): TrainingSets {
  return {
    of: () => Promise.resolve(set),
    keep: () => undefined,
    saidOf: () => Promise.resolve(new Map()),
  };
}
