/**
 * What a run must reach before it proves anything. Every counter has a name and a meaning here; a long run in which one
 * of them stayed at zero fails, for a fault that never happens proves nothing.
 */
export const COUNTERS = {
  // Faults of the transport.
  delayed: 'calls and deliveries that took up to 1.5 s',
  duplicated: 'messages delivered twice',
  redelivered: 'older messages delivered again',
  dropped: 'messages lost on the way to a reader',
  gap_delivered: 'newer messages that came before a lost one was sent again, so that the reader saw a gap',
  reordered: 'lost messages that came behind the one after them',
  redelivered_late: 'lost messages that were sent again before a newer one came',
  live_lost: 'live messages that nobody received',
  refused: 'calls that the bus refused',
  lost_request: 'writes that never arrived, outcome unknown to the writer',
  lost_ack: 'writes that arrived, outcome unknown to the writer',
  late_write: 'writes that arrived after their writer had given them up',
  outage: 'times without a bus, for all or for one process',
  // Faults of processes.
  crash: 'processes killed, by whatever fault',
  crash_before: 'processes killed before a write was sent',
  crash_after: 'processes killed after a write, before its acknowledgement',
  blackout: 'times at which all processes died at once',
  graceful: 'processes ended on request and started again',
  frozen: 'processes stopped for a while that then went on with their old state',
  zombie_write: 'writes of a process that had slept through the loss of its lease',
  lease_lost: 'leases taken away from their owner',
  takeover: 'books taken over from another owner',
  conflict: 'writes refused because another owner had written',
  // Faults of stores.
  bit_flip: 'snapshots in which a bit was flipped',
  torn_blob: 'snapshots of which only the beginning was written',
  torn_segment: 'appends to an audit segment of which only the beginning was written',
  power_loss: 'losses of power, which took from the audit volume what was not flushed',
  disk_full: 'writes of the audit log that the disk refused',
  audit_stopped: 'times in which the audit log stood still',
  // Faults of models.
  model_slow: 'inferences that took long',
  model_failed: 'inferences that failed, so that the stage marked a fault',
  // What the product did about it.
  gap_detected: 'gaps in an input that a host saw and read again',
  snapshot_saved: 'snapshots saved',
  snapshot_restored: 'starts from a snapshot',
  snapshot_refused: 'snapshots refused by their checksum',
  recovered: 'books replayed to their head and gone on with',
  torn_tail_cut: 'unfinished commits that the audit log cut at a start',
  audit_behind: 'audit entries that closed the gate for new risk',
  audit_held: 'inputs that waited for the audit log',
  repeat_absorbed: 'inputs sent again that were found stored',
  id_reuse_refused: 'ids sent again with other content, and refused',
  audit_refused: 'entries refused because the audit log was behind',
  // What the book went through.
  entry: 'entry decisions',
  fill: 'fills',
  stopped_out: 'trades that a protective stop ended',
  soft_latched: 'times that the soft loss limit latched',
  kill_latched: 'times that the kill latched',
  latch_carried: 'latches carried over a restart while the loss was back inside its limit',
  signal_answered: 'signals whose decision came in time',
  signal_abandoned: 'signals given up on',
  order_cancelled: 'orders cancelled',
  close_reported: 'closes reported from outside',
  fill_reported: 'fills reported from outside',
  order_acknowledged: 'orders that the trader’s machine acknowledged',
  order_rejected: 'orders that the broker rejected',
  stop_moved: 'stops that trade management or the ladder moved',
  trunk_learned: 'runs whose posteriors over a trunk held rewards at the end',
  trunk_replaced: 'runs that learned over the second trunk at the end',
  mode_changed: 'times that a book became slow, or no longer was',
} as const;

export type Counter = keyof typeof COUNTERS;

export const COUNTER_NAMES = Object.keys(COUNTERS) as readonly Counter[];

export type Counts = Readonly<Record<Counter, number>>;

/** Counts of one run or, added up, of many. */
export class Coverage {
  readonly #counts: Record<Counter, number>;

  constructor() {
    this.#counts = Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])) as Record<Counter, number>;
  }

  count(name: Counter): void {
    this.#counts[name] += 1;
  }

  add(other: Counts): void {
    for (const name of COUNTER_NAMES) this.#counts[name] += other[name];
  }

  get counts(): Counts {
    return { ...this.#counts };
  }

  /** Counters that stayed at zero. */
  get missing(): readonly Counter[] {
    return COUNTER_NAMES.filter((name) => this.#counts[name] === 0);
  }
}
