import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { BellwetherError } from '@bellwether/contracts';
import { parseEvidence, type EvidenceFile } from '@bellwether/evidence';

/** Largest evidence file; a larger one is another kind of file. */
const EVIDENCE_FILE_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Reads an evidence file. Null where there is none: then nothing is proven.
 *
 * @throws BellwetherError `config_invalid`: it cannot be read, or has problems (all of them are named)
 */
export async function readEvidence(file: string): Promise<EvidenceFile | null> {
  let content: unknown;
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > EVIDENCE_FILE_BYTES_MAX)
      throw new Error(`Expected at most ${EVIDENCE_FILE_BYTES_MAX} bytes`);
    content = parse(text);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BellwetherError('config_invalid', `${file}: ${why}`, [], { cause });
  }
  return parseEvidence(content, file);
}
