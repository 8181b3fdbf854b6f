import { CheckFailed } from '../bench.js';

/** One passage takes milliseconds; whoever waits for this long waits for something that will not come. */
const DEADLINE_MS = 60_000;

/** What the work gives; throws {@link CheckFailed} where it takes so long that it must be stuck. */
export async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CheckFailed(`${what} within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
