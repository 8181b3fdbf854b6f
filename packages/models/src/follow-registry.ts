import { setTimeout as wait } from 'node:timers/promises';
import type { Bus } from '@bellwether/bus';
import { BellwetherError, DataOrigin } from '@bellwether/contracts';
import type { HostLog } from '@bellwether/host';
import { appendInput, journaledPromotions, promotionEntry } from '@bellwether/ingestion';
import { placeOf } from '@bellwether/model-slots';
import { adoptedOf, dueAdoptions } from './adoption.js';
import type { ModelRegistry } from './registry.js';

export interface AdoptionOptions {
  readonly bus: Bus;
  readonly book: string;
  readonly registry: ModelRegistry;
  readonly nowUs: () => number;
  readonly log: HostLog;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** One look at the registry: verified promotions become entries. Gives how many. */
export async function adoptDue(options: AdoptionOptions): Promise<number> {
  const { bus, book, registry, nowUs, signal } = options;
  const known = await journaledPromotions(bus, book);
  const adopted = adoptedOf(
    [...known].map(([slot, { promotion, at_us }]) => [slot, promotion, at_us] as const),
  );
  let taken = 0;
  for (const due of dueAdoptions(await registry.state(), adopted, nowUs())) {
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
  while (!signal.aborted) {
    await adoptDue(options).catch((cause: unknown) => {
      if (!(cause instanceof BellwetherError)) throw cause;
      log.warn({ book, cause: cause.message }, 'a model is not taken over');
    });
    await wait(everyMs, null, { signal }).catch(() => null);
  }
}
