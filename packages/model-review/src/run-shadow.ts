import type { Bus, StoredMessage } from '@bellwether/bus';
import {
  BellwetherError,
  decodeFrame,
  encodeModelShadow,
  subjects,
  type Frame,
  type ModelShadow,
} from '@bellwether/contracts';
import { SnapshotStore, pause, type Covering, type HostLog, type Infer } from '@bellwether/host';
import { tradeDateAt } from '@bellwether/market';
import type { ModelInUse } from '@bellwether/model-slots';
import type { ModelRegistry } from '@bellwether/models';
import { Challengers, askWith } from './challengers.js';
import type { ModelRecord } from './records.js';
import { findingText } from './review.js';
import {
  newShadowState,
  nextFrame,
  type AskChallenger,
  type ShadowSaid,
  type ShadowState,
} from './shadow-book.js';
import { isSameModel, modelsInUse } from './shadow-line.js';
import { failing, watched, type Finding, type WatchState } from './watch.js';

export interface ShadowOptions {
  readonly bus: Bus;
  readonly book: string;
  readonly registry: ModelRegistry;
  /** Answers for the challengers; not the one that decides asks through, so that neither closes the other's models. */
  readonly infer: Infer;
  readonly nowUs: () => number;
  readonly elapsedMs: () => number;
  readonly log: HostLog;
  /** How often it looks who challenges. */
  readonly everyMs: number;
  /** Champions that leave their band are taken back. Off for a run over the past, whose models were chosen before. */
  readonly takesBack: boolean;
  readonly signal: AbortSignal;
}

/** What is kept over a restart. */
export interface ShadowSnapshot extends Covering {
  readonly format: typeof FORMAT;
  /** Stream sequence of the last decision that it covers. */
  readonly sequence: number;
  readonly shadow: ShadowState;
  readonly watches: readonly (readonly [string, WatchState])[];
}

/** Raised when what is kept has another form: it is then made again from the decisions. */
const FORMAT = 1;
const SAVE_EVERY_FRAMES = 2_000;

/** What of a run before this one is kept for a book; null where there is nothing. */
export async function readShadow(bus: Bus, book: string, log: HostLog): Promise<ShadowSnapshot | null> {
  const found = await storeOf(bus, book, log).newest(Number.MAX_SAFE_INTEGER);
  return found?.format === FORMAT ? found : null;
}

function storeOf(bus: Bus, book: string, log: HostLog): SnapshotStore<ShadowSnapshot> {
  return new SnapshotStore(bus.blobs, `shadow/${book}`, (slot, cause) => {
    log.warn({ book, slot, cause: String(cause) }, 'what was kept of the shadow cannot be read');
  });
}

/**
 * Follows a book's decisions until the signal: challengers answer beside the champions, and a champion that leaves its band is
 * taken back. What fails here is told and begun again: it never ends what decides.
 */
export async function runShadow(options: ShadowOptions): Promise<void> {
  const { signal, log, book, everyMs } = options;
  while (!signal.aborted) {
    try {
      await new ShadowFollower(options).run();
    } catch (cause) {
      if (signal.aborted) return;
      log.error({ book, cause: String(cause) }, 'the shadow of the models has failed and begins again');
      await pause(everyMs, signal);
    }
  }
}

class ShadowFollower {
  private readonly challengers: Challengers;
  private readonly ask: AskChallenger;
  private readonly store: SnapshotStore<ShadowSnapshot>;
  private readonly watches = new Map<string, WatchState>();
  private shadow = newShadowState();
  private sequence = 0;
  private session = 0;
  private asked: readonly ModelInUse[] = [];
  private looked_us = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: ShadowOptions) {
    const { registry, infer, elapsedMs, log, bus, book } = options;
    this.challengers = new Challengers(registry, (place, cause) => {
      log.warn({ book, place, cause: cause.message }, 'a challenger is refused');
    });
    this.ask = askWith(infer, elapsedMs);
    this.store = storeOf(bus, book, log);
  }

  async run(): Promise<void> {
    const { bus, book, signal } = this.options;
    await this.restore();
    const subject = subjects.line('risk', book);
    for await (const message of bus.read(subject, { from: this.sequence + 1, follow: true, signal })) {
      await this.take(message);
    }
    await this.save();
  }

  private async restore(): Promise<void> {
    const { bus, book, log } = this.options;
    const kept = await readShadow(bus, book, log);
    if (kept === null) return;
    this.shadow = kept.shadow;
    this.sequence = kept.sequence;
    for (const [place, watch] of kept.watches) this.watches.set(place, watch);
  }

  private async take({ data, sequence }: StoredMessage): Promise<void> {
    const frame = decodeFrame(data);
    await this.look();
    for (const said of await nextFrame(this.shadow, frame, this.asked, this.ask))
      await this.tell(frame, said);
    this.sequence = sequence;
    const session = tradeDateAt(frame.book_time_us);
    const over = this.session !== 0 && session > this.session;
    this.session = Math.max(this.session, session);
    if (this.options.takesBack) await this.watch(over);
    if (over || frame.seq % SAVE_EVERY_FRAMES === 0) await this.save();
  }

  /** Who challenges now; at most so often as the options say. */
  private async look(): Promise<void> {
    const { nowUs, everyMs, log, book } = this.options;
    const now_us = nowUs();
    if (now_us - this.looked_us < everyMs * 1_000) return;
    this.looked_us = now_us;
    try {
      this.asked = await this.challengers.now();
    } catch (cause) {
      if (!(cause instanceof BellwetherError)) throw cause;
      log.warn({ book, cause: cause.message }, 'the registry of models cannot be read');
    }
  }

  private async tell(frame: Frame, said: ShadowSaid): Promise<void> {
    const { bus, book } = this.options;
    const message = shadowMessage(frame, said);
    await bus.publish(subjects.model(book, message.place), encodeModelShadow(message));
  }

  private async watch(sessionOver: boolean): Promise<void> {
    const { states, records } = this.shadow;
    const inUse = modelsInUse(states);
    for (const record of records) {
      if (!record.decides || !inUse.some((model) => isSameModel(model, record.model))) continue;
      const finding = failing(record) ?? (sessionOver ? this.calibrationFinding(record) : null);
      if (finding === null) continue;
      record.newest = [];
      await this.takeBack(record.place, record.model.version, finding);
    }
  }

  private calibrationFinding(record: ModelRecord): Finding | null {
    const { state, finding } = watched(this.watches.get(record.place) ?? null, record);
    this.watches.set(record.place, state);
    return finding;
  }

  private async takeBack(place: string, version: string, finding: Finding): Promise<void> {
    const { registry, book, nowUs, log } = this.options;
    const reason = `book ${book}: ${findingText(finding)}`;
    try {
      const taken = await registry.takeBack(place, version, { at_us: nowUs(), reason });
      if (taken) log.warn({ book, place, reason }, 'a champion left its band and is taken back');
    } catch (cause) {
      if (!(cause instanceof BellwetherError)) throw cause;
      log.error(
        { book, place, reason, cause: cause.message },
        'a champion left its band and cannot be taken back',
      );
    }
  }

  private save(): Promise<void> {
    const { shadow, sequence } = this;
    const watches = [...this.watches];
    return this.store.save({ format: FORMAT, head: { seq: shadow.seq }, sequence, shadow, watches });
  }
}

/** What a challenger said of a frame, as other systems see it. */
export function shadowMessage(
  frame: Frame,
  { posed, reason, outputs, probabilities, decided }: ShadowSaid,
): ModelShadow {
  const by = posed.decided.find((one) => one !== null)?.model ?? null;
  return {
    ...{ book: frame.book, seq: frame.seq, book_time_us: frame.book_time_us, place: posed.place },
    ...{ version: posed.model.version, sha256: posed.model.sha256, reason },
    ...{ outputs, probabilities, champion_version: by?.version ?? '', champion_sha256: by?.sha256 ?? '' },
    champion_probabilities: decided,
  };
}
