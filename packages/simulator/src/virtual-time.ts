/**
 * The only clock of a simulated run. It stands still while code runs and jumps from one event to the next, so that a
 * pause of five seconds costs nothing and the same seed gives the same history.
 */

interface Scheduled {
  readonly at_ms: number;
  /** Events of one moment happen in the order in which they were scheduled. */
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

export type RunEnd = 'over' | 'idle' | 'late';

/** The real one, kept from before a run forbids it: between two events everything that is ready has its turn. */
const nextTurn = setImmediate;

/**
 * Turns asked for at once. Node drains all microtasks between two of them, which is what separates two events; asking
 * for one at a time would cost a round of the event loop each.
 */
const TURNS_AT_ONCE = 64;

function before(a: Scheduled, b: Scheduled): boolean {
  return a.at_ms !== b.at_ms ? a.at_ms < b.at_ms : a.order < b.order;
}

export class VirtualTime {
  readonly #heap: Scheduled[] = [];
  #now_ms = 0;
  #order = 0;

  get now_ms(): number {
    return this.#now_ms;
  }

  /** Happens after so many milliseconds. Returns how to stop that. */
  after(ms: number, action: () => void): () => void {
    const event: Scheduled = { at_ms: this.#now_ms + ms, order: this.#order, action, cancelled: false };
    this.#order += 1;
    this.#push(event);
    return () => {
      event.cancelled = true;
    };
  }

  /** Lets time pass without anything happening in it. */
  advance(ms: number): void {
    this.#now_ms += ms;
  }

  /**
   * Lets events happen, each with all that follows from it without waiting, until `isOver` holds (asked after each),
   * nothing is scheduled, or the clock would pass the limit.
   */
  run(isOver: () => boolean, limit_ms: number): Promise<RunEnd> {
    return new Promise((resolve, reject) => {
      let end: RunEnd | null = null;
      let turnsLeft = 0;
      const turn = (): void => {
        turnsLeft -= 1;
        if (end !== null) return;
        try {
          end = this.#step(isOver, limit_ms);
        } catch (cause) {
          end = 'over';
          reject(cause instanceof Error ? cause : new Error(String(cause)));
          return;
        }
        if (end !== null) resolve(end);
        else if (turnsLeft === 0) ask();
      };
      const ask = (): void => {
        turnsLeft = TURNS_AT_ONCE;
        for (let i = 0; i < TURNS_AT_ONCE; i++) nextTurn(turn);
      };
      ask();
    });
  }

  #step(isOver: () => boolean, limit_ms: number): RunEnd | null {
    if (isOver()) return 'over';
    const event = this.#takeNext();
    if (event === null) return 'idle';
    if (event.at_ms > limit_ms) {
      this.#push(event);
      this.#now_ms = Math.max(this.#now_ms, limit_ms);
      return 'late';
    }
    this.#now_ms = Math.max(this.#now_ms, event.at_ms);
    event.action();
    return null;
  }

  #takeNext(): Scheduled | null {
    for (;;) {
      const event = this.#pop();
      if (event?.cancelled !== true) return event;
    }
  }

  #push(event: Scheduled): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!before(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): Scheduled | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
