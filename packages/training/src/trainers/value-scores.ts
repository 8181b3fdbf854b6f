import { forEachResample } from '@bellwether/statistics';
import { columnNamed, type DataSet } from '../data-sets/data-set.js';
import { armPlaces, fitNetwork, predictRows } from './fit-network.js';
import { networkOf } from './model-plans.js';
import { foldsOf } from './regime-variant.js';
import { scoreOf, type Score } from './session-scores.js';
import type { ScoredRequest, WalkForwardScores } from './walk-forward-scores.js';

/** How far what was said of the arm that traded lies from what it earned: mean squares, in R. */
export interface ValueScores {
  readonly error: Score;
  /** Of always saying what the arm earned on average before, and what all arms did. */
  readonly others: ReadonlyMap<string, Score>;
  /** How much more the other's is: above zero the model is better. */
  readonly gains: ReadonlyMap<string, Score>;
}

/** A bootstrap of fewer sessions is too narrow. */
const SESSIONS_MIN = 10;
const DRAWS = 1_000;

/** Squared errors of one session by who said something, and the trades. */
interface SessionErrors {
  readonly sums: Map<string, number>;
  trades: number;
}

const MODEL = 'model';

function means(
  set: DataSet,
  rows: Int32Array,
): { readonly all: number; readonly of: (arm: number) => number } {
  const labels = columnNamed(set.labelColumns, 'net_r');
  const arms = armPlaces(set, rows);
  const sums = new Map<number, { sum: number; count: number }>();
  let total = 0;
  rows.forEach((row, i) => {
    const own = sums.get(arms[i]!) ?? { sum: 0, count: 0 };
    sums.set(arms[i]!, { sum: own.sum + labels[row]!, count: own.count + 1 });
    total += labels[row]!;
  });
  const all = rows.length === 0 ? 0 : total / rows.length;
  return {
    all,
    of: (arm) => {
      const own = sums.get(arm);
      return own === undefined ? all : own.sum / own.count;
    },
  };
}

/** Trains on each fold, and says of its tested trades what the model of arms is worth beside their means. */
export function valueWalkForward(request: ScoredRequest): WalkForwardScores {
  const { plan, set, seed, variant, onEpoch } = request;
  const folds = foldsOf(set, request.folds, variant);
  const labels = columnNamed(set.labelColumns, 'net_r');
  const { head } = plan.heads[0]!;
  const sessions = new Map<number, SessionErrors>();
  const epochs: number[] = [];
  folds.forEach(({ train, validate, test }, i) => {
    const fitted = fitNetwork({
      ...{ plan, description: networkOf(plan, set.input), set, train, validate, onEpoch },
      ...{ epochs: plan.epochsMax, seed: `${seed} fold ${i}` },
    });
    epochs.push(fitted.epochs);
    const said = predictRows(fitted, set, test).get(head.name) ?? new Float32Array();
    const arms = armPlaces(set, test);
    const before = means(set, train);
    test.forEach((row, k) => {
      const own = sessions.get(set.session[row]!) ?? { sums: new Map<string, number>(), trades: 0 };
      sessions.set(set.session[row]!, own);
      own.trades += 1;
      for (const [name, value] of [
        [MODEL, said[k * head.out + arms[k]!]!],
        ['arm_mean', before.of(arms[k]!)],
        ['overall_mean', before.all],
      ] as const) {
        own.sums.set(name, (own.sums.get(name) ?? 0) + (value - labels[row]!) ** 2);
      }
    });
  });
  const all = [...sessions.values()];
  return {
    ...{ folds, sessions: all.length, axes: [], size: null, epochs, said: new Map() },
    rows: all.reduce((sum, { trades }) => sum + trades, 0),
    value: scoresOf(all, { seed: `${seed} scores`, level: request.level }),
  };
}

/** Mean squared error of somebody over some sessions. */
function errorOf(name: string, sessions: readonly SessionErrors[], places: Iterable<number>): number {
  let [sum, trades] = [0, 0];
  for (const place of places) {
    sum += sessions[place]!.sums.get(name) ?? 0;
    trades += sessions[place]!.trades;
  }
  return sum / trades;
}

function scoresOf(
  sessions: readonly SessionErrors[],
  { seed, level }: { readonly seed: string; readonly level: number },
): ValueScores {
  const names = [...(sessions[0]?.sums.keys() ?? [])];
  const draws = new Map<string, number[]>(names.map((name) => [name, []]));
  if (sessions.length >= SESSIONS_MIN) {
    forEachResample(sessions.length, 1, { seed, resamples: DRAWS }, (drawn) => {
      for (const [name, own] of draws) own.push(errorOf(name, sessions, drawn));
    });
  }
  const places = Array.from(sessions.keys());
  const point = (name: string): number => errorOf(name, sessions, places);
  const drawsOf = (name: string): readonly number[] => draws.get(name) ?? [];
  const others = names.filter((name) => name !== MODEL);
  return {
    error: scoreOf(point(MODEL), drawsOf(MODEL), level),
    others: new Map(others.map((name) => [name, scoreOf(point(name), drawsOf(name), level)])),
    gains: new Map(
      others.map((name) => {
        const own = drawsOf(name).map((error, i) => error - drawsOf(MODEL)[i]!);
        return [name, scoreOf(point(name) - point(MODEL), own, level)];
      }),
    ),
  };
}
