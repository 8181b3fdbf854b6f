/** What the hops of the bare chain and their driver have to agree on. */

const NAME = 'bare';
const SIZE_BYTES = 4;

export function hopStream(hop: number): string {
  return `${NAME}_${hop}`;
}

export function hopSubject(hop: number): string {
  return `${NAME}.${hop}`;
}

/**
 * The message that begins a chain. It opens with the size that the message of each hop shall have, so that no hop has to
 * be told otherwise: a smaller one would not hold that list, so it is the least.
 */
export function firstPayload(sizes_bytes: readonly number[]): Uint8Array {
  const list = Buffer.alloc(sizes_bytes.length * SIZE_BYTES);
  sizes_bytes.forEach((size, hop) => list.writeUInt32BE(size, hop * SIZE_BYTES));
  return sized(list, sizes_bytes[0] ?? 0);
}

/** The message that a hop sends on: the same list, as large as the frame that the line has there. */
export function payloadOf(hop: number, hops: number, before: Uint8Array): Uint8Array {
  const list = Buffer.from(before.buffer, before.byteOffset, (hops + 1) * SIZE_BYTES);
  return sized(list, list.readUInt32BE(hop * SIZE_BYTES));
}

function sized(list: Buffer, size: number): Uint8Array {
  const payload = Buffer.alloc(Math.max(list.length, size));
  list.copy(payload);
  return payload;
}
