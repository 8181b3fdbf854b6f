import { assert } from '@bellwether/kernel';

const TAG_CONTRACT_VERSION = 0x08;
const TAG_BOOK = 0x12;
const TAG_SEQ = 0x18;

/** The number of an encoded frame, without decoding the rest: it stands behind contract version and book. */
export function frameNumber(bytes: Uint8Array): number {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at];
      assert(byte !== undefined, 'A frame does not end in its head');
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  };
  assert(varint() === TAG_CONTRACT_VERSION, 'A frame begins with its contract version');
  varint();
  assert(varint() === TAG_BOOK, 'A frame names its book');
  const length = varint();
  at += length;
  assert(varint() === TAG_SEQ, 'A frame has a number');
  return varint();
}
