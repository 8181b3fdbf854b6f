import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { syntheticCase } from '../cases.js';
import { table, whole } from '../figures.js';
import { AuditSink } from '../line/audit-sink.js';
import { runLine } from '../line/line-run.js';
import { ratesOf, type Rate, type Subject } from '../timing.js';

/** Records a second that are aimed at. */
const AIM = 100_000;

async function segments(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith('.seg'))
    .sort()
    .map((name) => path.join(folder, name));
}

const BLOCK_BYTES = 1 << 20;

/** Reads and hashes the same bytes in blocks: no check of a chain of hashes can take less than about this. */
async function hashOnly(files: readonly string[]): Promise<void> {
  const block = Buffer.alloc(BLOCK_BYTES);
  for (const file of files) {
    const handle = await open(file);
    const hash = createHash('sha256');
    for (;;) {
      const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES);
      if (bytesRead === 0) break;
      hash.update(block.subarray(0, bytesRead));
    }
    hash.digest();
    await handle.close();
  }
}

/** One changed bit in the middle of a log must be found, else the speed of looking for it means nothing. */
async function checkThatDamageIsFound(sink: AuditSink, file: string): Promise<void> {
  const at = Math.floor((await stat(file)).size / 2);
  const handle = await open(file, 'r+');
  const byte = Buffer.alloc(1);
  const flip = async (): Promise<void> => {
    await handle.read(byte, 0, 1, at);
    byte[0] = byte[0]! ^ 1;
    await handle.write(byte, 0, 1, at);
  };
  await flip();
  const { ok } = await sink.verify(false);
  check(!ok, 'One changed bit of the log is found');
  await flip();
  await handle.close();
}

/** Verifying a log that the line has written, as `bw audit verify` does it. */
export async function verifyBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const [sessions, rounds] = scale === 'full' ? [120, 7] : [1, 1];
  const of = syntheticCase(sessions);
  progress(`writes the log of ${of.name}`);
  const sink = await AuditSink.open(of.book);
  try {
    const { frames } = await runLine(of, sink);
    const [file, ...more] = await segments(sink.folder);
    if (file === undefined) throw new Error('The log has no segment');
    const files = [file, ...more];
    await checkThatDamageIsFound(sink, file);
    const verify = (decode: boolean) => async (): Promise<void> => {
      const { ok, records } = await sink.verify(decode);
      check(ok && records === frames, 'The log verifies, with a record for each decision');
    };
    const kinds: readonly Subject[] = [
      { name: 'verify: chain and signed heads', run: verify(false) },
      { name: 'verify, and decode each frame', run: verify(true) },
      { name: 'SHA-256 of the same bytes alone', run: () => hashOnly(files) },
    ];
    return report(frames, files.length, rounds, await ratesOf(kinds, frames, rounds, progress));
  } finally {
    await sink.remove();
  }
}

function report(records: number, files: number, rounds: number, rates: readonly Rate[]): BenchReport {
  const figures = rates.map(({ name, per_s, per_cpu_s }) => ({
    name,
    records_per_s: per_s,
    records_per_cpu_s: per_cpu_s,
  }));
  const [own] = figures;
  return {
    title: 'Verifying an audit log',
    checked: ['the log verifies, with a record for each decision', 'one changed bit in it is found'],
    lines: [
      `${whole(records)} records in ${files} segments, median of ${rounds} rounds; aim ${whole(AIM)} records/s: ` +
        (own !== undefined && own.records_per_s >= AIM ? 'reached' : 'MISSED'),
      '',
      ...table(
        ['', 'records/s', 'records/CPU-s', 'of the first'],
        figures.map(({ name, records_per_s, records_per_cpu_s }) => [
          name,
          whole(records_per_s),
          whole(records_per_cpu_s),
          `${((own?.records_per_s ?? NaN) / records_per_s).toFixed(2)} x`,
        ]),
      ),
    ],
    figures: { aim: AIM, records, segments: files, rounds, kinds: figures },
  };
}
