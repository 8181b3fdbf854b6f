import {
  loadOrCreateAuditKey,
  nodeAuditFiles,
  openAuditIndex,
  runAudit,
  type AuditMetrics,
  type AuditReplay,
} from '@bellwether/audit';
import type { Bus } from '@bellwether/bus';
import { decodeAuditHead, subjects, type AuditHead } from '@bellwether/contracts';
import { pause, type HostLog } from '@bellwether/host';
import { LINE } from '@bellwether/line';
import { auditFolder, auditKeyFolder } from '../folders.js';

export interface EmbeddedAuditOptions {
  readonly bus: Bus;
  readonly book: string;
  /** Folder of the store; the log is below it. */
  readonly store: string;
  readonly owner: string;
  readonly nowUs: () => number;
  /** False where the entries are of the past. */
  readonly measureLatency: boolean;
  readonly log: HostLog;
  readonly metrics: AuditMetrics;
}

/** A live book is computed again beside its log, a minute at a time: so much work that nobody waits for it. */
const LIVE_REPLAY: AuditReplay = { stages: LINE, everyMs: 60_000, framesMax: 500 };

/** The audit of one book in this process: its log, its heads, its answers. */
export class EmbeddedAudit {
  #head: AuditHead | null = null;
  #waiting: { readonly seq: number; readonly resolve: (head: AuditHead) => void }[] = [];

  constructor(private readonly options: EmbeddedAuditOptions) {}

  /** Until the signal; what was read by then is signed. Throws what stops the audit for good, such as `audit_corrupt`. */
  async run(signal: AbortSignal): Promise<void> {
    const { bus, book, store, owner, nowUs, measureLatency, log, metrics } = this.options;
    const folder = auditFolder(store);
    const key = await loadOrCreateAuditKey(auditKeyFolder(store));
    const files = nodeAuditFiles(folder);
    const unsubscribe = await bus.subscribe(subjects.audit(book), ({ data }) =>
      this.#take(decodeAuditHead(data)),
    );
    try {
      await runAudit({
        ...{ bus, book, files, key, index: () => openAuditIndex(folder, book), owner, nowUs, measureLatency },
        // The store has one process by its claim, and the log by its own.
        ...{ lease: false, pause, signal, log, metrics },
        ...(measureLatency ? { replay: LIVE_REPLAY } : {}),
      });
    } finally {
      unsubscribe();
      await files.close();
    }
  }

  /** The first head that covers this frame. Waits as long as it takes. */
  covers(seq: number): Promise<AuditHead> {
    const head = this.#head;
    if (head !== null && head.seq >= seq) return Promise.resolve(head);
    return new Promise((resolve) => {
      this.#waiting.push({ seq, resolve });
    });
  }

  #take(head: AuditHead): void {
    this.#head = head;
    const done = this.#waiting.filter(({ seq }) => seq <= head.seq);
    this.#waiting = this.#waiting.filter(({ seq }) => seq > head.seq);
    for (const { resolve } of done) resolve(head);
  }
}
