import type { Bus } from '@bellwether/bus';
import {
  DataOrigin,
  EntryKind,
  PromotionCause,
  decodeEntry,
  encodeEntry,
  equalBytes,
  subjects,
  type Entry,
  type ModelPromotion,
} from '@bellwether/contracts';
import { makeEntry } from '@bellwether/kernel';
import { placeOf } from '@bellwether/model-slots';

/** The entry that makes a model count from `at_us` on. */
export function promotionEntry(
  book: string,
  model: ModelPromotion,
  at_us: number,
  origin: DataOrigin,
): Entry {
  const id = `model:${placeOf(model.model, model.regime)}:${model.version}:${at_us}`;
  return makeEntry(
    { book, id, kind: EntryKind.MODEL, event_us: at_us, known_us: at_us, source: 'models', origin },
    { model },
  );
}

/** The entry that tells of a review: it happened at `at_us`, and changes nothing. */
export function reviewEntry(book: string, model: ModelPromotion, at_us: number, known_us: number): Entry {
  const id = `review:${placeOf(model.model, model.regime)}:${model.version}:${at_us}`;
  const origin = DataOrigin.MARKET;
  return makeEntry(
    { book, id, kind: EntryKind.MODEL, event_us: at_us, known_us, source: 'models', origin },
    { model },
  );
}

/** A promotion as it stands among the entries of a book. */
export interface JournaledPromotion {
  readonly promotion: ModelPromotion;
  readonly at_us: number;
}

/** What a book's journal, and what waits for it, tell of models. */
export interface JournaledModels {
  /** The newest promotion of each place. */
  readonly promotions: ReadonlyMap<string, JournaledPromotion>;
  /** Up to when reviews are told: the newest of them, or else the newest promotion; null where nothing is told. */
  readonly told_us: number | null;
}

export async function journaledModels(bus: Bus, book: string): Promise<JournaledModels> {
  const promotions = new Map<string, JournaledPromotion>();
  let promoted_us: number | null = null;
  let reviewed_us: number | null = null;
  for (const filter of [subjects.journalKind(book, 'model'), subjects.inputKind(book, 'model')]) {
    for await (const message of bus.read(filter, { from: 1, follow: false })) {
      const { model, known_us, event_us } = decodeEntry(message.data);
      if (model === null) continue;
      if (model.cause === PromotionCause.REVIEWED) {
        reviewed_us = Math.max(reviewed_us ?? event_us, event_us);
        continue;
      }
      promoted_us = Math.max(promoted_us ?? event_us, event_us);
      const place = placeOf(model.model, model.regime);
      const known = promotions.get(place);
      if (known === undefined || known.at_us <= known_us)
        promotions.set(place, { promotion: model, at_us: known_us });
    }
  }
  return { promotions, told_us: reviewed_us ?? promoted_us };
}

/** The newest promotion of each place, by place. */
export async function journaledPromotions(
  bus: Bus,
  book: string,
): Promise<ReadonlyMap<string, JournaledPromotion>> {
  return (await journaledModels(bus, book)).promotions;
}

/** The promotions that change what the book asks now, in the order given. */
export function newPromotions(
  wanted: readonly ModelPromotion[],
  known: ReadonlyMap<string, JournaledPromotion>,
): readonly ModelPromotion[] {
  const same = (a: ModelPromotion, b: ModelPromotion): boolean =>
    equalBytes(bytesOf({ ...a, cause: b.cause, note: b.note }), bytesOf(b));
  return wanted.filter((model) => {
    const there = known.get(placeOf(model.model, model.regime))?.promotion;
    return there === undefined ? model.version !== '' : !same(model, there);
  });
}

const bytesOf = (model: ModelPromotion): Uint8Array =>
  encodeEntry(promotionEntry('x', model, 0, DataOrigin.UNSPECIFIED));
