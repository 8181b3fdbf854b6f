import {
  CalibrationMethod,
  EntryKind,
  PromotionCause,
  RegimeState,
  type Entry,
  type ModelPromotion,
} from '@bellwether/contracts';
import { promotionEntry } from '@bellwether/ingestion';
import { compareEntries, type InferenceOutput, type InferenceRequest } from '@bellwether/kernel';
import { SIZING_COUNT, SIZING_SCHEMA_SHA256 } from '@bellwether/model-slots';
import { AGENTS } from '@bellwether/sizing';

/** The agent that is being trained, as the line knows it: in its own place, asked as any model is. */
export const LEARNER: ModelPromotion = {
  ...{ model: AGENTS.cvar, regime: RegimeState.UNSPECIFIED, version: 'learner', sha256: '0'.repeat(64) },
  ...{ schema_hash: SIZING_SCHEMA_SHA256, inputs: 2 * SIZING_COUNT, outputs: 1, trained_on_synthetic: false },
  ...{ calibration: CalibrationMethod.IDENTITY, calibration_parameters: [] },
  ...{ trained_until_us: Number.MAX_SAFE_INTEGER, cause: PromotionCause.START, note: '' },
};

const PLACES: readonly string[] = Object.values(AGENTS);

/** The inputs of a book with the learner in its place from the release on, and no other agent. */
export async function* withLearner(
  batches: AsyncIterable<readonly Entry[]>,
): AsyncGenerator<readonly Entry[], void, undefined> {
  for await (const batch of batches) {
    const others = batch.filter(
      ({ kind, model }) => kind !== EntryKind.MODEL || !PLACES.includes(model?.model ?? ''),
    );
    const release = batch.find((entry) => entry.release !== null);
    if (release === undefined) {
      yield others;
      continue;
    }
    const { book, known_us, origin } = release;
    yield [...others, promotionEntry(book, LEARNER, known_us, origin)].sort(compareEntries);
  }
}

/** The question about a setup, or null for questions to other models. The one at the promotion is no question: it is all noughts. */
export function learnerQuestion(requests: readonly InferenceRequest[]): InferenceRequest | null {
  const [first] = requests;
  return first?.sha256 === LEARNER.sha256 ? first : null;
}

export function isProbe({ inputs }: InferenceRequest): boolean {
  return inputs.every((value) => value === 0);
}

export function learnerSays(multiplier: number): readonly InferenceOutput[] {
  const { model, version, sha256 } = LEARNER;
  return [{ model, version, sha256, outputs: [multiplier] }];
}
