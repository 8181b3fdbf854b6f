import { setTimeout as wait } from 'node:timers/promises';
import type { Bus } from '@bellwether/bus';
import { BellwetherError, DataOrigin, type ModelPromotion } from '@bellwether/contracts';
import type { HostLog } from '@bellwether/host';
import {
  appendInput,
  journaledModels,
  journaledPromotions,
  newPromotions,
  promotionEntry,
  reviewEntry,
} from '@bellwether/ingestion';
import { placeOf } from '@bellwether/model-slots';
import { adoptedOf, dueAdoptions, dueReviews } from './adoption.js';
import { reviewEntryOf } from './promotion.js';
import type { ModelRegistry } from './registry.js';

/** How often a live book looks at the registry. */
export const REGISTRY_EVERY_MS = 5_000;

export interface AdoptionOptions {
  readonly bus: Bus;
  readonly book: string;
  readonly registry: ModelRegistry;
  readonly nowUs: () => number;
  readonly log: HostLog;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** A book that is fed with the past takes its champions at its start alone: time passes otherwise in it. */
export async function promoteAtStart(
  bus: Bus,
  book: string,
  wanted: readonly ModelPromotion[],
  signal: AbortSignal,
): Promise<void> {
  for (const promotion of newPromotions(wanted, await journaledPromotions(bus, book))) {
    await appendInput({ bus, signal }, promotionEntry(book, promotion, 0, DataOrigin.MARKET));
  }
}

/**
 * One look at the registry: reviews and verified promotions become entries. Gives how many promotions.
 *
 * @param since_us reviews of before it are not told where the journal tells of no model yet
 */
export async function adoptDue(options: AdoptionOptions, since_us = 0): Promise<number> {
  const { bus, book, registry, nowUs, signal } = options;
  const { promotions, told_us } = await journaledModels(bus, book);
  const adopted = adoptedOf(
    [...promotions].map(([slot, { promotion, at_us }]) => [slot, promotion, at_us] as const),
  );
  const state = await registry.state();
  for (const { name, regime, change } of dueReviews(state, told_us ?? since_us)) {
    const review = reviewEntryOf(name, regime, change);
    await appendInput({ bus, signal }, reviewEntry(book, review, change.at_us, nowUs()));
  }
  let taken = 0;
  for (const due of dueAdoptions(state, adopted, nowUs())) {
    const promotion = await registry.adoption(due);
    await appendInput({ bus, signal }, promotionEntry(book, promotion, nowUs(), DataOrigin.MARKET));
    options.log.info(
      { book, place: placeOf(promotion.model, promotion.regime), version: promotion.version },
      'model taken over',
    );
    taken += 1;
  }
  return taken;
}

/** Follows the registry until the signal. A model that is refused is told and asked for again: the champion before it stays. */
export async function followRegistry(options: AdoptionOptions): Promise<void> {
  const { signal, everyMs, log, book } = options;
  const since_us = options.nowUs();
  while (!signal.aborted) {
    await adoptDue(options, since_us).catch((cause: unknown) => {
      if (!(cause instanceof BellwetherError)) throw cause;
      log.warn({ book, cause: cause.message }, 'a model is not taken over');
    });
    await wait(everyMs, null, { signal }).catch(() => null);
  }
}
