import { BusRefused, OutcomeUnknown, SequenceConflict, type Bus } from '@bellwether/bus';
import { decodeEntry, encodeEntry, sameRequest, type Entry } from '@bellwether/contracts';
import type { Coverage } from './coverage.js';
import { journalSubject, type Ledger } from './ledger.js';
import type { SimProcess } from './sim-process.js';

/** stored: acknowledged, now or before. reused: the id belongs to other content. unknown: given up. */
export type Outcome = 'stored' | 'reused' | 'unknown';

const ATTEMPTS_MAX = 10;
const PAUSE_MEAN_MS = 300;

export interface Sender {
  readonly bus: Bus;
  readonly process: SimProcess;
  readonly ledger: Ledger;
  readonly coverage: Coverage;
}

/**
 * Sends an entry as a caller of the gateway does, by the rules of the gateway (`entries/submit.ts`): an id is taken
 * once, the same content again is a repeat, a lost acknowledgement is answered by the same id again.
 */
export async function submit(sender: Sender, entry: Entry): Promise<Outcome> {
  const { process, ledger } = sender;
  ledger.sent(entry);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    try {
      return await attempted(sender, entry);
    } catch (cause) {
      if (!(cause instanceof OutcomeUnknown) && !(cause instanceof BusRefused)) throw cause;
    }
    await process.pause(PAUSE_MEAN_MS * attempt, process.signal);
  }
  return 'unknown';
}

async function attempted({ bus, ledger, coverage }: Sender, entry: Entry): Promise<Outcome> {
  const subject = journalSubject(entry);
  try {
    await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0, durable: true });
    ledger.acknowledged(entry);
    return 'stored';
  } catch (cause) {
    if (!(cause instanceof SequenceConflict)) throw cause;
  }
  const stored = await bus.last(subject);
  if (stored === null) throw new OutcomeUnknown('The entry that holds the id cannot be read');
  const first = decodeEntry(stored.data);
  if (!sameRequest(first, entry)) {
    coverage.count('id_reuse_refused');
    return 'reused';
  }
  coverage.count('repeat_absorbed');
  ledger.acknowledged(first);
  return 'stored';
}
