import type { Bus } from '@bellwether/bus';
import {
  DataOrigin,
  EntryKind,
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

/** A promotion as it stands among the entries of a book. */
export interface JournaledPromotion {
  readonly promotion: ModelPromotion;
  readonly at_us: number;
}

/** The newest promotion of each place in a book's journal or waiting for it, by place. */
export async function journaledPromotions(
  bus: Bus,
  book: string,
): Promise<ReadonlyMap<string, JournaledPromotion>> {
  const found = new Map<string, JournaledPromotion>();
  for (const filter of [subjects.journalKind(book, 'model'), subjects.inputKind(book, 'model')]) {
    for await (const message of bus.read(filter, { from: 1, follow: false })) {
      const { model, known_us } = decodeEntry(message.data);
      if (model === null) continue;
      const place = placeOf(model.model, model.regime);
      const known = found.get(place);
      if (known === undefined || known.at_us <= known_us)
        found.set(place, { promotion: model, at_us: known_us });
    }
  }
  return found;
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
