import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeFrame, type AuditHead } from '@bellwether/contracts';
import { present, uniformSource } from '@bellwether/kernel';
import {
  BOOK,
  KEY,
  OTHER_KEY,
  RECEIVED_US,
  barFrame,
  idleFrame,
  someFrames,
  writeLog,
} from './audit-fixtures.js';
import type { AuditKey } from './audit-key.js';
import {
  HEADER_BYTES,
  KIND_IDLE,
  NO_HASH,
  computeRecordHash,
  encodeHeader,
  headerHash,
  readHeader,
  readRecordHead,
  recordHash,
  writeInt64,
} from './format.js';
import { headLine, parseHeadLine, signHead } from './heads.js';
import { memoryAuditFiles } from './memory-files.js';
import { headsFile, publicKeyFile, segmentFile } from './places.js';
import { verifyAudit, type AuditVerdict } from './verify.js';

/**
 * What somebody can do to a log, each in many places, and whether it is noticed: by the log alone, with the public key
 * known from elsewhere, with a head kept from before. docs/guarantees/audit.md says the same in words.
 */

const OTHER_BOOK = 'other';
const ROUNDS = 40;

type Contents = ReadonlyMap<string, Buffer>;

interface Segment {
  readonly header: Buffer;
  readonly records: readonly Buffer[];
}

interface Log {
  readonly segments: readonly Segment[];
  readonly heads: readonly AuditHead[];
}

let original: Contents;
let kept: AuditHead;
/** Drawn anew from each round's seed, so that a round can be repeated alone. */
let uniform = uniformSource('mutations');
const below = (n: number): number => Math.floor(uniform() * n);

beforeAll(async () => {
  const files = memoryAuditFiles();
  await writeLog(files, someFrames(120, 'mutations'), { segmentBytesMax: 12_000, every: 12 });
  await writeLog(files, someFrames(120, 'other', OTHER_BOOK), {
    segmentBytesMax: 12_000,
    every: 12,
    book: OTHER_BOOK,
  });
  original = files.contents();
  kept = read(original).heads.at(-3)!;
});

function read(contents: Contents): Log {
  const segments = segmentNames(contents).map((name) => {
    const bytes = fileOf(contents, name);
    const records: Buffer[] = [];
    for (let at = HEADER_BYTES; at < bytes.length; at += bytes.readUInt32LE(at)) {
      records.push(Buffer.from(bytes.subarray(at, at + bytes.readUInt32LE(at))));
    }
    return { header: Buffer.from(bytes.subarray(0, HEADER_BYTES)), records };
  });
  const lines = fileOf(contents, headsFile(BOOK)).toString().trimEnd().split('\n');
  return { segments, heads: lines.map((line) => present(parseHeadLine(line), line)) };
}

function fileOf(contents: Contents, name: string): Buffer {
  return present(contents.get(name), name);
}

const segmentNames = (contents: Contents): string[] =>
  [...contents.keys()].filter((name) => name.startsWith(`${BOOK}/`) && name.endsWith('.seg')).sort();

/** The files of a log; segments are named by what their headers say. */
function write({ segments, heads }: Log, key: AuditKey = KEY): Contents {
  const files = new Map<string, Buffer>([
    [publicKeyFile(BOOK), Buffer.from(key.publicPem)],
    [headsFile(BOOK), Buffer.from(heads.map(headLine).join(''))],
  ]);
  for (const { header, records } of segments) {
    files.set(segmentFile(BOOK, readHeader(header).record), Buffer.concat([header, ...records]));
  }
  return files;
}

/** All numbers, links and hashes made anew, so that the chain holds again. */
function rechained({ segments, heads }: Log): Log {
  let record = 0;
  let seq = 0;
  let hash: Buffer = NO_HASH;
  let link: Buffer = NO_HASH;
  const made = segments.map(({ header, records }) => {
    const whole = encodeHeader({
      book: readHeader(header).book,
      record: record + 1,
      seq: seq + 1,
      previous: hash,
    });
    link = headerHash(whole);
    const again = records.map((bytes) => {
      const copy = Buffer.from(bytes);
      const { kind } = readRecordHead(copy);
      const count = kind === KIND_IDLE ? copy.readUInt32LE(48) : 1;
      record += 1;
      writeInt64(copy, record, 8);
      writeInt64(copy, seq + count, 16);
      if (kind === KIND_IDLE) writeInt64(copy, seq + 1, 40);
      seq += count;
      copy.set(link, copy.length - 64);
      hash = computeRecordHash(copy);
      copy.set(hash, copy.length - 32);
      link = hash;
      return copy;
    });
    return { header: whole, records: again };
  });
  return { segments: made, heads };
}

/** Heads over a log as it is now, by a key, at the records where there were heads. */
function resigned(log: Log, key: AuditKey): readonly AuditHead[] {
  const records = log.segments.flatMap((segment) => segment.records);
  return log.heads
    .filter(({ record }) => record <= records.length)
    .map(({ record, signed_us }) => {
      const last = records[record - 1];
      const seq = last === undefined ? 0 : readRecordHead(last).seq;
      return signHead({ book: BOOK, record, seq, hash: last ? recordHash(last) : NO_HASH }, signed_us, key);
    });
}

interface Knowledge {
  readonly publicKeys?: readonly string[];
  readonly head?: AuditHead;
}

function verify(contents: Contents, known: Knowledge = {}): Promise<AuditVerdict> {
  return verifyAudit({ files: memoryAuditFiles(contents), book: BOOK, ...known });
}

/** Who notices a change: the log by itself, whoever knows the public key, whoever kept a head. */
async function noticed(contents: Contents): Promise<{ alone: boolean; key: boolean; head: boolean }> {
  const verdicts = [
    await verify(contents),
    await verify(contents, { publicKeys: [KEY.publicPem] }),
    await verify(contents, { head: kept }),
  ];
  const found = verdicts.map(({ ok, damage }) => {
    expect(ok).toBe(damage === null);
    return !ok;
  });
  return { alone: found[0]!, key: found[1]!, head: found[2]! };
}

const EVERYBODY = { alone: true, key: true, head: true };
const ONLY_WITH_A_KEPT_HEAD = { alone: false, key: false, head: true };
const NOBODY = { alone: false, key: false, head: false };

/** One place in the records of a log, not in its last segment: what follows the last record is another matter. */
function somewhere(log: Log): { readonly segment: number; readonly at: number } {
  const segment = below(log.segments.length - 1);
  return { segment, at: below(log.segments[segment]!.records.length - 1) };
}

function withRecords(log: Log, segment: number, change: (records: Buffer[]) => Buffer[]): Log {
  const segments = log.segments.map((item, i) =>
    i === segment ? { header: item.header, records: change([...item.records]) } : item,
  );
  return { segments, heads: log.heads };
}

async function expectEachRound(change: (log: Log) => Log, expected: object): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    uniform = uniformSource(`round-${round}`);
    const found = await noticed(write(change(read(original))));
    expect({ round, ...found }).toEqual({ round, ...expected });
  }
}

describe('An audit log that nobody touched', () => {
  it('is verified, with a known key and a kept head too', async () => {
    expect(await noticed(original)).toEqual(NOBODY);
    expect(await noticed(write(rechained(read(original))))).toEqual(NOBODY);
    const verdict = await verify(original);
    expect(verdict).toMatchObject({ ok: true, last_seq: 120, unsigned_bytes: 0 });
    expect(verdict.segments).toBeGreaterThan(4);
  });
});

describe('A change is noticed by the log alone', () => {
  it('of any byte of a record of each kind and its header', async () => {
    const files = memoryAuditFiles();
    await writeLog(files, [encodeFrame(barFrame(1)), encodeFrame(idleFrame(2)), encodeFrame(barFrame(3))]);
    const small = files.contents();
    const name = segmentFile(BOOK, 1);
    const bytes = fileOf(small, name);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      const { ok, damage } = await verify(new Map([...small, [name, changed]]));
      expect({ at, ok }).toEqual({ at, ok: false });
      expect(damage?.file).toBe(name);
      expect(damage?.offset).toBeLessThanOrEqual(at);
    }
  });

  it('of a byte of any segment, and where the record is that it is in', async () => {
    for (const name of segmentNames(original)) {
      const bytes = fileOf(original, name);
      for (let round = 0; round < ROUNDS; round++) {
        uniform = uniformSource(`${name}-${round}`);
        const at = below(bytes.length);
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1 << below(8);
        const { damage } = await verify(new Map([...original, [name, changed]]));
        expect({ at, file: damage?.file }).toEqual({ at, file: name });
        expect(damage?.offset).toBeLessThanOrEqual(at);
        expect(at - (damage?.offset ?? 0)).toBeLessThan(2_000);
      }
    }
  });

  it('of any byte of the heads', async () => {
    const heads = fileOf(original, headsFile(BOOK));
    for (let at = 0; at < heads.length - 1; at += 1 + below(40)) {
      const changed = Buffer.from(heads);
      changed[at]! ^= 1 << below(8);
      expect({ at, ok: (await verify(new Map([...original, [headsFile(BOOK), changed]]))).ok }).toEqual({
        at,
        ok: false,
      });
    }
  });

  it('by an inserted record', () =>
    expectEachRound((log) => {
      const { segment, at } = somewhere(log);
      const other = log.segments[below(log.segments.length)]!.records[0]!;
      return withRecords(log, segment, (records) => records.toSpliced(at, 0, other));
    }, EVERYBODY));

  it('by a doubled record', () =>
    expectEachRound((log) => {
      const { segment, at } = somewhere(log);
      return withRecords(log, segment, (records) => records.toSpliced(at, 0, records[at]!));
    }, EVERYBODY));

  it('by a missing record', () =>
    expectEachRound((log) => {
      const { segment, at } = somewhere(log);
      return withRecords(log, segment, (records) => records.toSpliced(at, 1));
    }, EVERYBODY));

  it('by two records that changed places', () =>
    expectEachRound((log) => {
      const { segment, at } = somewhere(log);
      return withRecords(log, segment, (records) => records.toSpliced(at, 2, records[at + 1]!, records[at]!));
    }, EVERYBODY));

  it('by a missing segment, the first and the last included', async () => {
    const { segments, heads } = read(original);
    for (let gone = 0; gone < segments.length; gone++) {
      expect(await noticed(write({ segments: segments.toSpliced(gone, 1), heads }))).toEqual(EVERYBODY);
    }
  });

  it('by a tail that was cut while the heads stayed', () =>
    expectEachRound((log) => {
      const end = 1 + below(log.segments.length - 1);
      const keep = below(log.segments[end]!.records.length);
      const cut = withRecords(log, end, (records) => records.slice(0, keep));
      return { segments: cut.segments.slice(0, end + 1), heads: log.heads };
    }, EVERYBODY));

  it('by an edit after which the whole chain was made anew', () =>
    expectEachRound((log) => {
      const { segment, at } = somewhere(log);
      return rechained(
        withRecords(log, segment, (records) => records.toSpliced(at, 1, edited(records[at]!))),
      );
    }, EVERYBODY));

  it('by an insertion, a removal or a change of places after which the whole chain was made anew', () =>
    expectEachRound((log) => {
      const { segment, at } = somewhere(log);
      const [one, two] = [log.segments[segment]!.records[at]!, log.segments[segment]!.records[at + 1]!];
      const change = [[one, one, two], [two], [two, one]][below(3)]!;
      return rechained(withRecords(log, segment, (records) => records.toSpliced(at, 2, ...change)));
    }, EVERYBODY));

  it('by heads of which the first is gone, two changed places, or one is doubled', async () => {
    const log = read(original);
    const { heads } = log;
    const some = 1 + below(heads.length - 2);
    for (const changed of [
      heads.slice(1),
      heads.toSpliced(some, 2, heads[some + 1]!, heads[some]!),
      heads.toSpliced(some, 0, heads[some]!),
      [],
    ]) {
      expect(await noticed(write({ segments: log.segments, heads: changed }))).toEqual(EVERYBODY);
    }
  });

  it('by the log of another book in its place', async () => {
    const swapped = new Map(
      [...original]
        .filter(([name]) => name.startsWith(`${OTHER_BOOK}/`))
        .map(([name, bytes]) => [name.replace(OTHER_BOOK, BOOK), bytes]),
    );
    expect(await noticed(swapped)).toEqual(EVERYBODY);
  });

  it('by another public key beside it', async () => {
    const changed = new Map([...original, [publicKeyFile(BOOK), Buffer.from(OTHER_KEY.publicPem)]]);
    expect(await noticed(changed)).toEqual(EVERYBODY);
    expect(await noticed(new Map([...original, [publicKeyFile(BOOK), Buffer.from('none')]]))).toEqual(
      EVERYBODY,
    );
  });
});

/** Another receive time: what only audit itself can say. */
function edited(record: Buffer): Buffer {
  const copy = Buffer.from(record);
  writeInt64(copy, RECEIVED_US - 1, 24);
  return copy;
}

describe('A change is noticed with what was known from elsewhere', () => {
  it('by a tail that was cut with its heads: only a kept head shows it', () =>
    expectEachRound((log) => {
      const end = 1 + below(Math.floor(log.segments.length / 2));
      const last = readHeader(log.segments[end]!.header).record - 1;
      return {
        segments: log.segments.slice(0, end),
        heads: log.heads.filter(({ record }) => record <= last),
      };
    }, ONLY_WITH_A_KEPT_HEAD));

  it('by another key that signed everything anew: the known key shows it, and a kept head', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      uniform = uniformSource(`round-${round}`);
      const log = read(original);
      const { segment, at } = somewhere(log);
      const forged = rechained(
        withRecords(log, segment, (records) => records.toSpliced(at, 1, edited(records[at]!))),
      );
      const contents = write({ segments: forged.segments, heads: resigned(forged, OTHER_KEY) }, OTHER_KEY);
      expect(await noticed(contents)).toEqual({ alone: false, key: true, head: true });
    }
  });

  it('by the stolen key itself: only a head kept from before shows it', async () => {
    const log = read(original);
    const forged = rechained(withRecords(log, 0, (records) => records.toSpliced(0, 1, edited(records[0]!))));
    const contents = write({ segments: forged.segments, heads: resigned(forged, KEY) });
    expect(await noticed(contents)).toEqual(ONLY_WITH_A_KEPT_HEAD);
  });
});

describe('A change is not noticed', () => {
  it('behind the newest head that anybody kept: such a tail can be cut with its heads', async () => {
    const log = read(original);
    const heads = log.heads.filter(({ record }) => record <= kept.record);
    let left = kept.record;
    const segments = log.segments.flatMap(({ header, records }) => {
      const keep = records.slice(0, left);
      left -= keep.length;
      return keep.length === 0 ? [] : [{ header, records: keep }];
    });
    expect(await noticed(write({ segments, heads }))).toEqual(NOBODY);
  });

  it('of heads between the first and the newest that are gone: the newest covers all', async () => {
    const log = read(original);
    const some = 1 + below(log.heads.length - 2);
    expect(await noticed(write({ segments: log.segments, heads: log.heads.toSpliced(some, 1) }))).toEqual(
      NOBODY,
    );
  });

  it('of what no head covers yet: it is no part of the log, and its size is told', async () => {
    const log = read(original);
    const last = log.segments.length - 1;
    const more = rechained(withRecords(log, last, (records) => [...records, records.at(-1)!]));
    const contents = write({ segments: more.segments, heads: log.heads });
    expect(await noticed(contents)).toEqual(NOBODY);
    const verdict = await verify(contents);
    expect(verdict.unsigned_bytes).toBe(log.segments[last]!.records.at(-1)!.length);
    expect(verdict.last_seq).toBe(120);
  });
});
