import { present } from '@bellwether/kernel';
import { forEachResample } from '@bellwether/statistics';

/** A row that was tested: which class came, and in which session. */
export interface TestedRow {
  readonly session: number;
  readonly outcome: number;
  /** Usual shares of the classes, from the rows that its fold was trained on. */
  readonly prior: readonly number[];
}

export interface Score {
  readonly value: number;
  /** 95 % (or what was asked for) over draws of whole sessions; null with fewer than ten. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface Scores {
  /** In nats. */
  readonly log_loss: Score;
  /** Of two classes that of the yes, 0 to 1; of more the sum over classes, 0 to 2. */
  readonly brier: Score;
  /** Mean over the classes that came of the share that was told rightly. */
  readonly balanced_accuracy: Score;
  /** Of the most probable class. */
  readonly calibration_error: Score;
}

/** First less second: above zero where the second is better. */
export interface Gain {
  readonly log_loss: Score;
  readonly brier: Score;
}

export interface ScoreOptions {
  readonly seed: string;
  readonly level: number;
}

/** A bootstrap of fewer is too narrow: it knows only what it has seen. */
const SESSIONS_MIN = 10;
const DRAWS = 1_000;
const BINS = 15;
const PROBABILITY_MIN = 1e-6;

/** Sums that each measure is made of, session by session: sums of sessions may be drawn and added. */
class SessionSums {
  readonly width: number;

  constructor(private readonly classes: number) {
    this.width = 3 + classes * classes + 3 * BINS;
  }

  empty(): Float64Array {
    return new Float64Array(this.width);
  }

  /** @param prior what is named is the class that is most probable against its usual share */
  add(sums: Float64Array, probabilities: readonly number[], outcome: number, prior: readonly number[]): void {
    const { classes } = this;
    sums[0]! += 1;
    sums[1]! -= Math.log(Math.min(1 - PROBABILITY_MIN, Math.max(PROBABILITY_MIN, probabilities[outcome]!)));
    let squares = 0;
    for (let k = 0; k < classes; k++) squares += (probabilities[k]! - (k === outcome ? 1 : 0)) ** 2;
    sums[2]! += classes === 2 ? squares / 2 : squares;
    const named = topOf(probabilities.map((p, k) => p / prior[k]!));
    sums[3 + outcome * classes + named]! += 1;
    const top = topOf(probabilities);
    const p = probabilities[top]!;
    const bin = 3 + classes * classes + 3 * Math.min(BINS - 1, Math.floor(p * BINS));
    sums[bin]! += 1;
    sums[bin + 1]! += p;
    sums[bin + 2]! += top === outcome ? 1 : 0;
  }

  /** log loss, Brier, balanced accuracy, calibration error. */
  values(sums: Float64Array): readonly [number, number, number, number] {
    const count = sums[0]!;
    return [sums[1]! / count, sums[2]! / count, this.balanced(sums), this.error(sums)];
  }

  private balanced(sums: Float64Array): number {
    let [total, came] = [0, 0];
    for (let k = 0; k < this.classes; k++) {
      const row = sums.subarray(3 + k * this.classes, 3 + (k + 1) * this.classes);
      const count = row.reduce((sum, n) => sum + n, 0);
      if (count === 0) continue;
      came += 1;
      total += row[k]! / count;
    }
    return came === 0 ? NaN : total / came;
  }

  private error(sums: Float64Array): number {
    let distance = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const at = 3 + this.classes * this.classes + 3 * bin;
      distance += Math.abs(sums[at + 1]! - sums[at + 2]!);
    }
    return distance / sums[0]!;
  }
}

function topOf(values: readonly number[]): number {
  let top = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[top]!) top = k;
  return top;
}

function added(parts: readonly Float64Array[], places: Iterable<number>, into: Float64Array): Float64Array {
  into.fill(0);
  for (const place of places) {
    const part = parts[place]!;
    for (let k = 0; k < into.length; k++) into[k]! += part[k]!;
  }
  return into;
}

/** A value with the interval of its draws; none where they are too few. */
export function scoreOf(value: number, draws: readonly number[], level: number): Score {
  const known = draws.filter(Number.isFinite).sort((a, b) => a - b);
  if (known.length < DRAWS / 2) return { value, low: null, high: null };
  const side = (1 - level) / 2;
  const low = known[Math.floor(side * known.length)]!;
  const high = known[Math.min(known.length - 1, Math.ceil((1 - side) * known.length) - 1)]!;
  return { value, low, high };
}

/** A predictor's scores, and what each other predictor loses against it. */
export interface Comparison {
  readonly scores: Scores;
  readonly gains: ReadonlyMap<string, Gain>;
  /** Scores of the others. */
  readonly others: ReadonlyMap<string, Scores>;
}

type Values = readonly [number, number, number, number];

/** The four measures of one predictor, on all rows and on each draw of sessions. */
interface Measured {
  readonly points: Values;
  readonly draws: readonly Values[];
}

/** Sums of each session for one predictor. */
function sumsBySession(
  sums: SessionSums,
  rows: readonly TestedRow[],
  places: ReadonlyMap<number, number>,
  probabilities: readonly (readonly number[])[],
): readonly Float64Array[] {
  const own = Array.from(places, () => sums.empty());
  rows.forEach(({ session, outcome, prior }, i) => {
    sums.add(own[places.get(session) ?? 0]!, probabilities[i]!, outcome, prior);
  });
  return own;
}

function scoresOf({ points, draws }: Measured, level: number): Scores {
  const score = (k: 0 | 1 | 2 | 3): Score =>
    scoreOf(
      points[k],
      draws.map((values) => values[k]),
      level,
    );
  return {
    log_loss: score(0),
    brier: score(1),
    balanced_accuracy: score(2),
    calibration_error: score(3),
  };
}

function gainOf(other: Measured, model: Measured, level: number): Gain {
  const gain = (k: 0 | 1): Score =>
    scoreOf(
      other.points[k] - model.points[k],
      other.draws.map((values, i) => values[k] - model.draws[i]![k]),
      level,
    );
  return { log_loss: gain(0), brier: gain(1) };
}

/**
 * Scores of what a model said of tested rows, beside others. Whole sessions are drawn, the same for all, for labels of
 * neighbouring bars overlap and all rows of a session share its market.
 */
export function compareScores(
  rows: readonly TestedRow[],
  said: ReadonlyMap<string, readonly (readonly number[])[]>,
  model: string,
  { seed, level }: ScoreOptions,
): Comparison {
  const sums = new SessionSums(rows[0]?.prior.length ?? 2);
  const sessions = [...new Set(rows.map(({ session }) => session))];
  const places = new Map(sessions.map((session, place) => [session, place]));
  const parts = [...said].map(([name, probabilities]) => ({
    ...{ name, draws: [] as Values[] },
    own: sumsBySession(sums, rows, places, probabilities),
  }));
  if (sessions.length >= SESSIONS_MIN) {
    const into = sums.empty();
    forEachResample(sessions.length, 1, { seed, resamples: DRAWS }, (drawn) => {
      for (const { own, draws } of parts) draws.push(sums.values(added(own, drawn, into)));
    });
  }
  const all = Array.from(sessions.keys());
  const measured = new Map(
    parts.map(({ name, own, draws }) => [
      name,
      { points: sums.values(added(own, all, sums.empty())), draws },
    ]),
  );
  const ofModel = present(measured.get(model), `what ${model} said`);
  const others = [...measured].filter(([name]) => name !== model);
  return {
    scores: scoresOf(ofModel, level),
    gains: new Map(others.map(([name, other]) => [name, gainOf(other, ofModel, level)])),
    others: new Map(others.map(([name, other]) => [name, scoresOf(other, level)])),
  };
}
