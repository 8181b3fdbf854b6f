import type { VirtualTime } from './virtual-time.js';

/**
 * One life of a process: what it waits for reaches it only while it lives. After `kill` nothing does any more, and what
 * it asks for has no effect; frozen, as by SIGSTOP or a long pause of its machine, everything waits and then comes at
 * once, so that it goes on with what it knew.
 */
export class SimProcess {
  readonly #held: (() => void)[] = [];
  readonly #onDeath: ((why: string) => void) | null;
  readonly #stopping = new AbortController();
  #alive = true;
  #frozen = false;
  #zombie = false;

  /**
   * @param name who it is in the trace and as an owner of books: role, instance and number of the life
   * @param onDeath told once, when it is killed
   */
  constructor(
    readonly name: string,
    private readonly time: VirtualTime,
    onDeath: ((why: string) => void) | null = null,
  ) {
    this.#onDeath = onDeath;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  /** Ends when the process is asked to end. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Something for this process: now, when it wakes, or never. */
  deliver(action: () => void): void {
    if (!this.#alive) return;
    if (this.#frozen) this.#held.push(action);
    else action();
  }

  /** As `pause` of the host: waits, or returns at once when the signal ends. */
  readonly pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.time.after(ms, () => this.deliver(end));
      signal.addEventListener('abort', end, { once: true });
    });

  /** Asks it to end, as by SIGTERM. */
  stop(): void {
    this.#stopping.abort();
  }

  kill(why: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#held.length = 0;
    this.#onDeath?.(why);
  }

  /** It has ended by itself. */
  ended(): void {
    this.#alive = false;
  }

  freeze(): void {
    this.#frozen = true;
  }

  /** @param zombie it has slept for longer than its leases last */
  thaw(zombie: boolean): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    this.#zombie = zombie;
    // In their order, each in a turn of its own, as a woken process finds them.
    for (const action of this.#held.splice(0)) this.time.after(0, () => this.deliver(action));
  }

  /** True once, for the first write after a sleep in which others may have taken over. */
  wakesAsZombie(): boolean {
    const zombie = this.#zombie && !this.#frozen;
    if (zombie) this.#zombie = false;
    return zombie;
  }
}
