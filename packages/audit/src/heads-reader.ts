import type { AuditHead } from '@bellwether/contracts';
import type { AuditFiles } from './audit-files.js';
import { AuditDamage } from './chain.js';
import { HEAD_LINE_BYTES_MAX, parseHeadLine } from './heads.js';
import { SCAN_BYTES } from './limits.js';
import { headsFile } from './places.js';

/** A head, the byte at which its line begins, and the bytes of the line with its end. */
export interface HeadLine {
  readonly head: AuditHead;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * The heads of a book in the order of their file, some at a time. Ends behind the last whole line. Throws
 * {@link AuditDamage} at a line that is no head.
 */
export async function* readHeads(files: AuditFiles, book: string): AsyncGenerator<readonly HeadLine[]> {
  const file = headsFile(book);
  const size = (await files.size(file)) ?? 0;
  let offset = 0;
  let rest = Buffer.alloc(0);
  for (let position = 0; position < size;) {
    const chunk = await files.read(file, position, Math.min(SCAN_BYTES, size - position));
    if (chunk.length === 0) return;
    position += chunk.length;
    const data = Buffer.concat([rest, chunk]);
    const lines: HeadLine[] = [];
    let at = 0;
    for (let end = data.indexOf(0x0a); end !== -1; end = data.indexOf(0x0a, at)) {
      const head = parseHeadLine(data.toString('latin1', at, end));
      if (head === null) throw noHead(file, offset + at);
      lines.push({ head, offset: offset + at, bytes: end + 1 - at });
      at = end + 1;
    }
    rest = data.subarray(at);
    offset += at;
    if (rest.length > HEAD_LINE_BYTES_MAX) throw noHead(file, offset);
    yield lines;
  }
}

function noHead(file: string, offset: number): AuditDamage {
  return new AuditDamage({ file, offset, record: 0, expected: 'a signed head', found: 'another line' });
}
