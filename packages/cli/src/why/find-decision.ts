import { existsSync } from 'node:fs';
import path from 'node:path';
import { openBus } from '@bellwether/bus';
import { BellwetherError, decodeFrame, subjects, type Frame } from '@bellwether/contracts';
import { parseDecisionId } from '@bellwether/kernel';
import { DECISION_LOG, replayFolder, storeFolder } from '../folders.js';
import { readDecisionLog } from '../replay/decision-log.js';

export interface WhyPlaces {
  /** Folder that a replay wrote, or null for the usual one of the book. */
  readonly from: string | null;
  /** Folder of the embedded store, or null for the usual one. */
  readonly store: string | null;
  /** NATS servers to ask instead, or null. */
  readonly nats: string | null;
}

/** Looks a decision up: where it was told to, else in the embedded store, else in the last replay of the book. */
export async function findDecision(id: string, places: WhyPlaces): Promise<Frame> {
  const parsed = parseDecisionId(id);
  if (parsed === null) {
    throw new BellwetherError(
      'decision_not_found',
      `${id}: Expected <book>-<number>, for example sample-4242`,
    );
  }
  const { book, seq } = parsed;
  const looked: string[] = [];
  if (places.nats !== null) {
    looked.push(`NATS at ${places.nats}`);
    const found = await fromBus({ kind: 'nats', name: 'bw-why', servers: places.nats.split(',') }, book, seq);
    if (found !== null) return found;
  } else {
    const log = path.join(places.from ?? replayFolder(book), DECISION_LOG);
    const store = storeFolder(places.store);
    if (places.store !== null && !existsSync(store)) {
      throw new BellwetherError('decision_not_found', `${store}: There is no store`);
    }
    if (places.from === null && existsSync(store)) {
      looked.push(store);
      const found = await fromBus({ kind: 'lmdb', folder: store }, book, seq);
      if (found !== null) return found;
    }
    if (places.store === null && existsSync(log)) {
      looked.push(log);
      for await (const frame of readDecisionLog(log))
        if (frame.book === book && frame.seq === seq) return frame;
    }
  }
  throw new BellwetherError(
    'decision_not_found',
    looked.length === 0
      ? `${id}: There is no store and no replay of book ${book} here`
      : `${id}: Not in ${looked.join(', ')}`,
  );
}

async function fromBus(
  options: Parameters<typeof openBus>[0],
  book: string,
  seq: number,
): Promise<Frame | null> {
  const bus = await openBus(options);
  try {
    // The n-th message on a book's decision subject is its frame n, so that nothing needs decoding on the way.
    let n = 0;
    for await (const message of bus.read(subjects.line('risk', book), { from: 1, follow: false })) {
      n += 1;
      if (n === seq) return decodeFrame(message.data);
    }
    return null;
  } finally {
    await bus.close();
  }
}
