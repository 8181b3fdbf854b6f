import { BellwetherError, PromotionCause } from '@bellwether/contracts';
import {
  newRecord,
  reviewRecord,
  verdictText,
  type ModelRecord,
  type ShadowState,
  type Verdict,
} from '@bellwether/model-review';
import { modelInUse } from '@bellwether/model-slots';
import { promotionFor, slotNamed, type ModelRegistry } from '@bellwether/models';

/** Answers of challengers and champions, and where they come from. */
export interface ReviewSource {
  readonly title: string;
  readonly state: ShadowState;
}

export interface ReviewRequest {
  readonly registry: ModelRegistry;
  /** Each with a challenger. */
  readonly places: readonly string[];
  /** A challenger has to pass on all of them. */
  readonly sources: readonly ReviewSource[];
  /** Promote what passes. */
  readonly promote: boolean;
  readonly by: string;
  readonly nowUs: () => number;
}

export interface Reviewed {
  readonly place: string;
  readonly version: string;
  /** By source. */
  readonly verdicts: readonly { readonly source: string; readonly verdict: Verdict }[];
  readonly passed: boolean;
  readonly promoted: boolean;
}

const REASON_MAX = 1_000;

/**
 * Holds challengers against every gate. Each result is noted in the registry, passed or not, and a running book journals it;
 * nothing is promoted that has not passed everything.
 *
 * @throws BellwetherError `model_unknown`, `model_refused`
 */
export async function reviewPlaces(request: ReviewRequest): Promise<readonly Reviewed[]> {
  const results: Reviewed[] = [];
  for (const place of request.places) results.push(await reviewPlace(request, place));
  return results;
}

async function reviewPlace(request: ReviewRequest, place: string): Promise<Reviewed> {
  const { registry, sources, by, nowUs } = request;
  const own = slotNamed(await registry.state(), place);
  const version = own?.challenger ?? null;
  if (version === null) throw new BellwetherError('model_unknown', `${place} has no challenger`);
  const manifest = await registry.verified(place, version);
  const model = modelInUse(promotionFor(manifest, PromotionCause.PROMOTED, ''));
  const champion = own?.champion != null;
  const verdicts = sources.map(({ title, state: { records, synthetic } }) => {
    const mine = (one: ModelRecord): boolean =>
      one.place === place && one.model.sha256 === model.sha256 && !one.decides;
    const record = records.find(mine) ?? newRecord(place, model, false);
    return { source: title, verdict: reviewRecord(record, { champion, synthetic_data: synthetic }) };
  });
  for (const { source, verdict } of verdicts) {
    const reason = reasonOf(`${source}: ${verdictText(verdict)}`);
    await registry.review(place, version, verdict.gates, { at_us: nowUs(), by, reason });
  }
  const passed = verdicts.length > 0 && verdicts.every(({ verdict }) => verdict.passed);
  const promoted = passed && request.promote;
  if (promoted) {
    const said = verdicts.map(({ source, verdict }) => `${source}: ${verdictText(verdict)}`).join(' | ');
    await registry.promote(place, version, { at_us: nowUs(), by, reason: reasonOf(`review: ${said}`) });
  }
  return { place, version, verdicts, passed, promoted };
}

const reasonOf = (text: string): string => text.slice(0, REASON_MAX);
