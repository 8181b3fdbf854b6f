import {
  IDENTITY,
  brierScore,
  calibrated,
  calibratedClasses,
  classBrierScore,
  classLogLoss,
  fitBeta,
  fitIsotonic,
  fitPlatt,
  fitTemperature,
  logLoss,
  type CalibrationMap,
  type Measure,
} from '@bellwether/statistics';

/** What was said of rows, as probabilities of each class (two of them for a yes), and which class came. */
export interface SaidRows {
  readonly probabilities: readonly (readonly number[])[];
  readonly outcomes: readonly number[];
}

/** What probabilities cost against what came. */
export interface Losses {
  readonly log_loss: number;
  readonly brier: number;
}

function lossesOf({ probabilities, outcomes }: SaidRows): Losses | null {
  const yes = (probabilities[0]?.length ?? 2) === 2;
  const binary = { probabilities: probabilities.map((row) => row[1]!), outcomes };
  const [loss, brier]: readonly Measure[] = yes
    ? [logLoss(binary), brierScore(binary)]
    : [classLogLoss({ probabilities, outcomes }), classBrierScore({ probabilities, outcomes })];
  if (loss?.value == null || brier?.value == null) return null;
  return { log_loss: loss.value, brier: brier.value };
}

/** Probabilities after a map. Two classes are mapped by their second one, more by a temperature. */
export function afterMap(map: CalibrationMap, probabilities: readonly number[]): readonly number[] {
  if (map.kind === 'identity') return probabilities;
  if (probabilities.length > 2) return calibratedClasses(map, probabilities);
  const yes = calibrated(map, probabilities[1]!);
  return [1 - yes, yes];
}

/** A map that was better than the one before it, with what both lost on rows that neither was fitted on. */
export interface BetterCalibration {
  readonly map: CalibrationMap;
  readonly before: Losses;
  readonly after: Losses;
}

function mappedLosses(map: CalibrationMap, { probabilities, outcomes }: SaidRows): Losses | null {
  return lossesOf({ probabilities: probabilities.map((row) => afterMap(map, row)), outcomes });
}

/** Maps that fit some rows: one of each kind, and none at all. */
function mapsFittedOn(rows: SaidRows): readonly CalibrationMap[] {
  const sample = { probabilities: rows.probabilities.map((row) => row[1]!), outcomes: rows.outcomes };
  const fitted: readonly Measure<CalibrationMap>[] =
    rows.probabilities[0]!.length === 2
      ? [fitPlatt(sample), fitBeta(sample), fitIsotonic(sample)]
      : [fitTemperature(rows)];
  return [IDENTITY, ...fitted.flatMap(({ value }) => value ?? [])];
}

/**
 * The map with the least log loss on `newer`, among those fitted on `older` that lower both log loss and Brier score there against
 * the map in use; null where none does, or where the rows are too few to say.
 */
export function betterCalibration(
  older: SaidRows,
  newer: SaidRows,
  inUse: CalibrationMap,
): BetterCalibration | null {
  if (older.outcomes.length === 0 || newer.outcomes.length === 0) return null;
  const before = mappedLosses(inUse, newer);
  if (before === null) return null;
  let best: BetterCalibration | null = null;
  for (const map of mapsFittedOn(older)) {
    const after = mappedLosses(map, newer);
    if (after === null || after.brier >= before.brier) continue;
    if (after.log_loss < (best?.after ?? before).log_loss) best = { map, before, after };
  }
  return best;
}

/** The same for a model without a map: the identity where no map is better. */
export function chooseCalibration(older: SaidRows, newer: SaidRows): CalibrationMap {
  return betterCalibration(older, newer, IDENTITY)?.map ?? IDENTITY;
}
