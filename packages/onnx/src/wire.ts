/** Protobuf's wire format, as far as an ONNX file needs it: varints, 32-bit floats and things of a length. */
export class WireWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** A varint field of a whole number from -2^53 to 2^53, negative ones in ten bytes as int64 has them. */
  int(field: number, value: number): this {
    this.#varint(BigInt(field) << 3n);
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.#varint((BigInt(field) << 3n) | 5n);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#append(bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint((BigInt(field) << 3n) | 2n);
    this.#varint(BigInt(value.length));
    this.#append(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: WireWriter): this {
    return this.bytes(field, value.finish());
  }

  /** Whole numbers one behind another, each a varint without a tag of its own. */
  packed(field: number, values: readonly number[]): this {
    const inner = new WireWriter();
    for (const value of values) inner.#varint(BigInt.asUintN(64, BigInt(value)));
    return this.message(field, inner);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #varint(value: bigint): void {
    let left = value;
    const bytes: number[] = [];
    do {
      const more = left > 127n;
      bytes.push(Number(left & 127n) | (more ? 128 : 0));
      left >>= 7n;
    } while (left > 0n);
    this.#append(Uint8Array.from(bytes));
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
  }
}

/** A field as it lies in a message: a number, or the range of bytes it takes. */
export type WireField =
  | { readonly kind: 'number'; readonly field: number; readonly value: number }
  | { readonly kind: 'bytes'; readonly field: number; readonly bytes: Uint8Array };

/** Bytes that are no message. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const VARINT_BYTES_MAX = 10;

/** The fields of a message, one after another, without a look inside them. @throws WireError */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      const byte = bytes[at++];
      if (byte === undefined) throw new WireError('ends inside a number');
      value |= BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) {
        if (value > 0xffff_ffff_ffff_ffffn) throw new WireError('holds a number of more than 64 bits');
        return value;
      }
    }
    throw new WireError('holds a number that does not end');
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Number(tag >> 3n);
    if (tag >> 3n === 0n || tag > 0xffff_ffffn) throw new WireError('holds a field without a number');
    switch (Number(tag & 7n)) {
      case 0:
        yield { kind: 'number', field, value: Number(BigInt.asIntN(64, varint())) };
        break;
      case 2: {
        const length = varint();
        if (length > BigInt(bytes.length - at)) throw new WireError('ends inside a field');
        const end = at + Number(length);
        yield { kind: 'bytes', field, bytes: bytes.subarray(at, end) };
        at = end;
        break;
      }
      default:
        throw new WireError(`holds field ${field} in a form that no field of it has`);
    }
  }
}
