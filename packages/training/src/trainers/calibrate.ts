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

interface Losses {
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

/**
 * The map with the least log loss on `newer`, among those fitted on `older` that lower both log loss and Brier score there; the
 * identity where none does, or where the rows are too few to say.
 */
export function chooseCalibration(older: SaidRows, newer: SaidRows): CalibrationMap {
  if (older.outcomes.length === 0 || newer.outcomes.length === 0) return IDENTITY;
  const yes = older.probabilities[0]!.length === 2;
  const sample = { probabilities: older.probabilities.map((row) => row[1]!), outcomes: older.outcomes };
  const fitted: readonly Measure<CalibrationMap>[] = yes
    ? [fitPlatt(sample), fitBeta(sample), fitIsotonic(sample)]
    : [fitTemperature(older)];
  const before = lossesOf(newer);
  if (before === null) return IDENTITY;
  let best: { readonly map: CalibrationMap; readonly log_loss: number } = {
    map: IDENTITY,
    log_loss: before.log_loss,
  };
  for (const { value: map } of fitted) {
    if (map === null) continue;
    const mapped = newer.probabilities.map((row) => afterMap(map, row));
    const after = lossesOf({ probabilities: mapped, outcomes: newer.outcomes });
    if (after !== null && after.brier < before.brier && after.log_loss < best.log_loss) {
      best = { map, log_loss: after.log_loss };
    }
  }
  return best.map;
}
