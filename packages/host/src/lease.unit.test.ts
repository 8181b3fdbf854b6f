import { describe, expect, it } from '@jest/globals';
import type { LeaseStore } from '@bellwether/bus';
import { keepLease } from './lease.js';
import { pause } from './pause.js';

const soon = (_ms: number, signal: AbortSignal): Promise<void> => pause(1, signal);

/** A store that answers as told: true, false, or no answer at all. */
function answering(answers: readonly (boolean | 'silent')[]): LeaseStore & { readonly asked: () => number } {
  let n = 0;
  return {
    ttlMs: 30,
    asked: () => n,
    acquire: () => {
      const answer = answers[Math.min(n, answers.length - 1)] ?? false;
      n += 1;
      return answer === 'silent' ? Promise.reject(new Error('no answer')) : Promise.resolve(answer);
    },
    release: () => Promise.resolve(),
  };
}

/** How often the store was asked when the work was told to end. */
async function asksUntilLost(leases: ReturnType<typeof answering>): Promise<number> {
  const controller = new AbortController();
  const ended = keepLease(
    { leases, name: 'a/b', owner: 'one', signal: controller.signal, pause: soon },
    () => Promise.resolve(),
    async (held) => {
      while (!held.aborted) await pause(1, held);
    },
  );
  await ended;
  return leases.asked();
}

describe('a lease', () => {
  it('is given up at once when the store says that another holds it', async () => {
    expect(await asksUntilLost(answering([true, true, false]))).toBe(3);
  });

  it('survives two renewals without an answer, and not three', async () => {
    expect(await asksUntilLost(answering([true, 'silent', 'silent', true, false]))).toBe(5);
    expect(await asksUntilLost(answering([true, 'silent']))).toBe(4);
  });
});
