import { setTimeout as timeout } from 'node:timers/promises';

/** Resolves after the time, or at once when the signal aborts. Never rejects. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await timeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

/** Waits between attempts: doubled each time, up to a bound. */
export function backoff(firstMs: number, maxMs: number): () => number {
  let next = firstMs;
  return () => {
    const now = next;
    next = Math.min(maxMs, next * 2);
    return now;
  };
}

/** The result, or null where the signal aborts first. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return null;
  }
  let onAbort = (): void => undefined;
  const aborted = new Promise<null>((resolve) => {
    onAbort = () => resolve(null);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (signal.aborted) work.catch(() => undefined);
  }
}
