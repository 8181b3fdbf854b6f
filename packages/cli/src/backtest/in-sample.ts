import { BellwetherError, EntryKind, RegimeStateName, type ModelPromotion } from '@bellwether/contracts';
import { SAMPLE_WORD, type DataPlan } from '../data/data-plan.js';

/** A model whose training saw days on which the run decides, or later ones. */
export interface InSampleModel {
  /** Its place: name, and the regime it is for. */
  readonly model: string;
  readonly version: string;
  /** End of the newest label that it saw. */
  readonly trained_until_us: number;
  /** Open of the first bar that is decided on. */
  readonly tested_from_us: number;
}

const placeOf = ({ model, regime }: ModelPromotion): string =>
  regime === 0 ? model : `${model}@${RegimeStateName[regime]}`;

/** When the first bar opens that a plan decides on; null where there is none. */
export async function decidedFrom(plan: DataPlan): Promise<number | null> {
  for await (const batch of plan.batches()) {
    const first = batch.find(({ kind }) => kind === EntryKind.BAR)?.bar ?? null;
    if (first !== null) return first.open_us;
  }
  return null;
}

/**
 * The models of a plan that were trained on what it tests. A label that ends behind the first tested bar counts, whatever the training
 * began with: who has seen later days knows of these. Models of made-up data know nothing of a market, nor those of a market of
 * made-up data: they are not counted against each other.
 */
export async function inSampleModels(plan: DataPlan): Promise<readonly InSampleModel[]> {
  const asked = plan.models.promotions.filter(
    ({ version, trained_on_synthetic }) => version !== '' && trained_on_synthetic === plan.synthetic,
  );
  if (asked.length === 0) return [];
  const tested_from_us = await decidedFrom(plan);
  if (tested_from_us === null) return [];
  return asked
    .filter(({ trained_until_us }) => trained_until_us > tested_from_us)
    .map((one) => ({
      ...{ model: placeOf(one), version: one.version },
      ...{ trained_until_us: one.trained_until_us, tested_from_us },
    }));
}

const timeText = (us: number): string => `${new Date(us / 1_000).toISOString().slice(0, 16)}Z`;

const described = ({ model, version, trained_until_us, tested_from_us }: InSampleModel): string =>
  `${model} ${version} was trained on labels until ${timeText(trained_until_us)}, and the run decides from ${timeText(tested_from_us)} on`;

/** For pages and the digest; empty where no model was trained on what is tested. */
export function inSampleLine(models: readonly InSampleModel[]): string {
  if (models.length === 0) return '';
  return `IN SAMPLE: ${models.map(({ model }) => model).join(', ')} learned from these very days or later ones. Nothing here says what they are worth.`;
}

/**
 * Refuses models that were trained on what is tested, unless the user takes them. Those of the shipped sample were trained on it, and it is
 * made up: it runs, and is marked.
 *
 * @throws BellwetherError `models_in_sample`, with each model and both spans
 */
export async function checkInSample(plan: DataPlan, allowed: boolean): Promise<readonly InSampleModel[]> {
  const found = await inSampleModels(plan);
  const isSample = plan.sources.every((source) => source.endsWith(`=${SAMPLE_WORD}`));
  if (found.length === 0 || allowed || isSample) return found;
  throw new BellwetherError(
    'models_in_sample',
    `${found.length} model(s) know the days that are tested`,
    found.map((one) => ({ path: one.model, message: described(one) })),
  );
}
