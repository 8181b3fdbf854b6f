import { BellwetherError } from '@bellwether/contracts';

const TIMEOUT_MS = 60_000;

/**
 * What stands at a URL, no more than a bound: a server that sends on and on is cut off.
 *
 * @throws BellwetherError `feed_failed`
 */
export async function fetchBytes(url: string, bytesMax: number): Promise<Uint8Array> {
  const failed = (why: string, cause?: unknown): BellwetherError =>
    new BellwetherError('feed_failed', `${url}: ${why}`, [], { cause });
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause: unknown) => {
    throw failed('nobody answers', cause);
  });
  if (!answer.ok || answer.body === null) throw failed(`it answers ${answer.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > bytesMax) throw failed(`it sends more than ${bytesMax} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
