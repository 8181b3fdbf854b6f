import { decodeFrame, type Frame } from '@bellwether/contracts';
import { HEADER_BYTES, KIND_FRAME, readRecordHead, recordPayload } from './format.js';
import { checkRecord, segmentsOf, type LogPlace } from './log-reader.js';
import { scanRecords } from './scan.js';

/** Frames that are read before they are handed on. */
const BATCH = 256;

/**
 * The frames of a log in order, the hash of each record checked. Idle clock entries, of which only the number is kept, are
 * passed over. A record that is being written is not read.
 *
 * @throws BellwetherError `audit_corrupt` where a record is not what was written
 */
export async function* auditedFrames(place: LogPlace): AsyncGenerator<Frame> {
  const { files } = place;
  for (const file of await segmentsOf(place)) {
    const end = (await files.size(file)) ?? 0;
    for (let from = HEADER_BYTES; from < end;) {
      const frames: Frame[] = [];
      const scan = await scanRecords(files, file, { from, end }, (bytes, offset) => {
        if (readRecordHead(bytes).kind !== KIND_FRAME) return true;
        checkRecord({ file, offset, bytes });
        frames.push(decodeFrame(recordPayload(bytes)));
        return frames.length < BATCH;
      });
      yield* frames;
      if (frames.length < BATCH) break;
      from = scan.offset;
    }
  }
}
