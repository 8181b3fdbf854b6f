import { assert } from '@bellwether/kernel';

const NUMBER_BYTES = 8;

/**
 * Plain data as bytes: the same value gives the same bytes whatever the order of its keys and however the engine holds its
 * numbers, and two values give the same bytes only where they are the same to the last bit.
 */
export function stateBytes(value: unknown): Uint8Array {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: unknown, parts: Uint8Array[]): void {
  if (value === null || value === undefined || typeof value === 'boolean') {
    parts.push(Buffer.from(`${value}`));
  } else if (typeof value === 'number') {
    const bytes = Buffer.alloc(NUMBER_BYTES);
    bytes.writeDoubleLE(value);
    parts.push(bytes);
  } else if (typeof value === 'string') {
    parts.push(Buffer.from(JSON.stringify(value)));
  } else if (ArrayBuffer.isView(value)) {
    parts.push(Buffer.from(`${value.constructor.name} ${value.byteLength} `));
    parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  } else if (Array.isArray(value)) {
    parts.push(Buffer.from(`[${value.length} `));
    for (const one of value) write(one, parts);
  } else {
    assert(typeof value === 'object', `Plain data, was ${typeof value}`);
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    parts.push(Buffer.from(`{${entries.length} `));
    for (const [key, one] of entries) {
      parts.push(Buffer.from(JSON.stringify(key)));
      write(one, parts);
    }
  }
}
