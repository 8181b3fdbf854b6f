import { decodeFrame, type Frame } from '@bellwether/contracts';

const decoded = new WeakMap<Uint8Array, Frame>();

/** The frame in these bytes, decoded once for all observers of a run: the store hands the same bytes to each. */
export function frameOf(bytes: Uint8Array): Frame {
  let frame = decoded.get(bytes);
  if (frame === undefined) {
    frame = decodeFrame(bytes);
    decoded.set(bytes, frame);
  }
  return frame;
}
