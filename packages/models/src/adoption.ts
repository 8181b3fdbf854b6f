import { PromotionCause, type ModelPromotion } from '@bellwether/contracts';
import { slotOf, type ModelRegime } from './manifest.js';
import { slotNamed, type RegistryChange, type RegistryState } from './registry-state.js';

/** A place takes a new model at most this often; going back and retiring wait for nobody. */
export const ADOPTION_PAUSE_US = 3_600_000_000;

/** What a book asks in a place now, and since when. */
export interface Adopted {
  /** Empty where nothing is asked. Two versions of one graph differ in their calibration alone. */
  readonly version: string;
  readonly sha256: string;
  readonly at_us: number;
}

export interface DueAdoption {
  readonly slot: string;
  /** Null: nothing is to be asked any more. */
  readonly version: string | null;
  readonly cause: PromotionCause;
  readonly reason: string;
}

export interface DueReview {
  readonly name: string;
  readonly regime: ModelRegime | null;
  readonly change: RegistryChange;
}

const CAUSES = {
  promoted: PromotionCause.PROMOTED,
  rolled_back: PromotionCause.ROLLED_BACK,
  retired: PromotionCause.RETIRED,
} as const;

/**
 * What a running book has to take over from the registry now, in the order of its places. A promotion that comes sooner than
 * {@link ADOPTION_PAUSE_US} after the last one waits: a trainer that is wrong must not change a book every minute.
 */
export function dueAdoptions(
  state: RegistryState,
  adopted: ReadonlyMap<string, Adopted>,
  now_us: number,
): readonly DueAdoption[] {
  return state.slots.flatMap(({ name, regime, champion, versions }): DueAdoption[] => {
    const slot = slotOf(name, regime);
    const known = adopted.get(slot) ?? { version: '', sha256: '', at_us: Number.NEGATIVE_INFINITY };
    const wanted = versions.find(({ version }) => version === champion)?.sha256 ?? '';
    if (wanted === known.sha256 && (champion ?? '') === known.version) return [];
    const last = state.history.filter((one) => one.slot === slot && one.action in CAUSES).at(-1);
    const action = (last?.action ?? 'promoted') as keyof typeof CAUSES;
    if (action === 'promoted' && now_us - known.at_us < ADOPTION_PAUSE_US) return [];
    return [{ slot, version: champion, cause: CAUSES[action], reason: last?.reason ?? '' }];
  });
}

/** What the journal says a book asks, by place, from its promotions in order with the time of each. */
export function adoptedOf(
  promotions: Iterable<readonly [string, ModelPromotion, number]>,
): ReadonlyMap<string, Adopted> {
  const found = new Map<string, Adopted>();
  for (const [slot, { version, sha256 }, at_us] of promotions) found.set(slot, { version, sha256, at_us });
  return found;
}

/** Reviews that a book's journal does not tell of yet, the oldest first: those after the newest that it tells of. */
export function dueReviews(state: RegistryState, since_us: number): readonly DueReview[] {
  return state.history.flatMap((change): DueReview[] => {
    if (change.action !== 'reviewed' || change.at_us <= since_us) return [];
    const own = slotNamed(state, change.slot);
    return own === null ? [] : [{ name: own.name, regime: own.regime, change }];
  });
}
