import { STAGES } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import type { NatsServer } from '@bellwether/testkit';
import type { ServiceFleet } from './fleet.js';

/** The nats-server among what is killed. Only one that the run has started itself. */
export const NATS_SERVER = 'nats-server';

/** Services that are killed on purpose: all but ingestion, which is done early. */
export const KILLABLE_SERVICES: readonly string[] = [...STAGES, 'execution', 'gateway', 'audit'];

export function killable(ownServer: boolean): readonly string[] {
  return ownServer ? [...KILLABLE_SERVICES, NATS_SERVER] : KILLABLE_SERVICES;
}

/** One SIGKILL: of what, and after how many decisions. */
export interface Kill {
  readonly target: string;
  readonly afterFrames: number;
}

/** Draws the moments from a seed: `targets` in a random order, spread over the run. */
export function planKills(targets: readonly string[], frames: number, seed: string): readonly Kill[] {
  const uniform = uniformSource(`kills|${seed}`);
  return targets
    .map((target) => ({ target, afterFrames: 1 + Math.floor(uniform() * Math.max(1, frames - 1)) }))
    .sort((a, b) => a.afterFrames - b.afterFrames);
}

/** `count` targets, drawn from a seed. */
export function drawTargets(count: number, seed: string, from: readonly string[]): readonly string[] {
  const uniform = uniformSource(`services|${seed}`);
  return Array.from({ length: count }, () => from[Math.floor(uniform() * from.length)]!);
}

/** Kills when the moment of each has come. What is down at its moment is killed as soon as it is up again. */
export class Chaos {
  readonly #due: Kill[] = [];
  readonly #planned: Kill[];
  readonly #done: Kill[] = [];
  #restarting = false;
  #fail: (cause: unknown) => void = () => undefined;
  /** Rejects when the server cannot be started again. Never resolves. */
  readonly broken: Promise<never>;

  constructor(
    kills: readonly Kill[],
    private readonly fleet: Pick<ServiceFleet, 'kill'>,
    private readonly server: Pick<NatsServer, 'restart'> | null,
    private readonly onKill: (kill: Kill) => void,
  ) {
    this.#planned = [...kills];
    this.broken = new Promise<never>((_resolve, reject) => {
      this.#fail = reject;
    });
    this.broken.catch(() => undefined);
  }

  /** What was killed so far. */
  get done(): readonly Kill[] {
    return this.#done;
  }

  /** So many decisions are there. */
  at(frames: number): void {
    const now = this.#planned.findIndex(({ afterFrames }) => afterFrames > frames);
    this.#due.push(...this.#planned.splice(0, now === -1 ? this.#planned.length : now));
    for (const kill of this.#due.splice(0)) {
      const killed = kill.target === NATS_SERVER ? this.#killServer() : this.fleet.kill(kill.target);
      if (!killed) {
        this.#due.push(kill);
        continue;
      }
      this.#done.push({ target: kill.target, afterFrames: frames });
      this.onKill({ target: kill.target, afterFrames: frames });
    }
  }

  /** False while it is on its way up already. */
  #killServer(): boolean {
    if (this.#restarting || this.server === null) return false;
    this.#restarting = true;
    this.server.restart().then(
      () => {
        this.#restarting = false;
      },
      (cause: unknown) => this.#fail(cause),
    );
    return true;
  }
}
