import type { KeyObject } from 'node:crypto';
import { BellwetherError, type AuditHead } from '@bellwether/contracts';
import { keyId, publicPemOf, readPublicKey } from './audit-key.js';
import { AuditDamage } from './chain.js';
import { NO_HASH } from './format.js';
import { isSignedBy } from './heads.js';
import { readHeads } from './heads-reader.js';
import type { LogPlace } from './log-reader.js';
import { headsFile, publicKeyFile } from './places.js';

/** The keys that heads may be signed with, by their id. The log's own one must be among those that were given. */
export async function knownKeys(
  place: LogPlace,
  given: readonly string[] | null,
): Promise<ReadonlyMap<string, KeyObject>> {
  const keys = new Map<string, KeyObject>();
  for (const pem of given ?? []) {
    const key = readPublicKey(pem);
    keys.set(keyId(key), key);
  }
  const own = await ownKey(place);
  const id = keyId(own);
  if (given === null) keys.set(id, own);
  if (keys.has(id)) return keys;
  const file = publicKeyFile(place.book);
  const expected = `one of the keys ${[...keys.keys()].join(', ')}`;
  throw new AuditDamage({ file, offset: 0, record: 0, expected, found: `key ${id}` });
}

async function ownKey({ files, book }: LogPlace): Promise<KeyObject> {
  const file = publicKeyFile(book);
  const text = (await files.read(file, 0, (await files.size(file)) ?? 0)).toString('latin1');
  try {
    const key = readPublicKey(text);
    if (publicPemOf(key) === text) return key;
  } catch (cause) {
    if (!(cause instanceof BellwetherError)) throw cause;
  }
  const found = text === '' ? 'nothing' : 'another text';
  throw new AuditDamage({ file, offset: 0, record: 0, expected: 'an Ed25519 public key in PEM', found });
}

/** Every head by itself and after the one before: book, key, order, signature. Gives the newest. */
export async function checkSignatures(
  place: LogPlace,
  keys: ReadonlyMap<string, KeyObject>,
): Promise<{ readonly count: number; readonly newest: AuditHead; readonly torn_bytes: number }> {
  const file = headsFile(place.book);
  let count = 0;
  let newest: AuditHead | null = null;
  let end = 0;
  for await (const lines of readHeads(place.files, place.book)) {
    for (const { head, offset, bytes } of lines) {
      const wrong = faultOf(head, newest, place.book, keys);
      if (wrong !== null) throw new AuditDamage({ file, offset, record: head.record, ...wrong });
      newest = head;
      count += 1;
      end = offset + bytes;
    }
  }
  const size = (await place.files.size(file)) ?? 0;
  if (newest === null) {
    throw new AuditDamage({ file, offset: 0, record: 0, expected: 'signed heads', found: 'none' });
  }
  return { count, newest, torn_bytes: size - end };
}

interface Fault {
  readonly expected: string;
  readonly found: string;
}

function faultOf(
  head: AuditHead,
  before: AuditHead | null,
  book: string,
  keys: ReadonlyMap<string, KeyObject>,
): Fault | null {
  if (head.book !== book) return { expected: `book ${book}`, found: `book ${head.book}` };
  const start = before === null ? { record: 0, seq: 0, hash: NO_HASH.toString('hex') } : null;
  if (start !== null && (head.record !== 0 || head.seq !== 0 || head.hash !== start.hash)) {
    return { expected: 'the head of the beginning, of record 0', found: `a head of record ${head.record}` };
  }
  if (before !== null && (head.record <= before.record || head.seq <= before.seq)) {
    return {
      expected: `a head behind record ${before.record} and frame ${before.seq}`,
      found: `record ${head.record} and frame ${head.seq}`,
    };
  }
  return signatureFault(head, keys);
}

function signatureFault(head: AuditHead, keys: ReadonlyMap<string, KeyObject>): Fault | null {
  const key = keys.get(head.key_id);
  if (key === undefined) {
    return { expected: `a signature of key ${[...keys.keys()].join(' or ')}`, found: `key ${head.key_id}` };
  }
  if (isSignedBy(head, key)) return null;
  return { expected: `a signature of key ${head.key_id} over this head`, found: 'another' };
}

/** A head that was kept: signed by a key that counts, of this book, and not newer than the log. */
export function checkKeptHead(
  kept: AuditHead,
  newest: AuditHead,
  book: string,
  keys: ReadonlyMap<string, KeyObject>,
): void {
  const wrong =
    kept.book === book
      ? signatureFault(kept, keys)
      : { expected: `book ${book}`, found: `book ${kept.book}` };
  const place = { file: 'the kept head', offset: 0, record: kept.record };
  if (wrong !== null) throw new AuditDamage({ ...place, ...wrong });
  if (kept.record <= newest.record) return;
  const expected = `record ${kept.record} with hash ${kept.hash}, which was signed once`;
  const found = `a log that ends at record ${newest.record}`;
  throw new AuditDamage({ ...place, file: headsFile(book), expected, found });
}
