import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditLog, loadOrCreateAuditKey, nodeAuditFiles } from '@bellwether/audit';
import { openBus } from '@bellwether/bus';
import { encodeFrame, subjects } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { aBarEntry, aFrame, atMinute, describeWithNats, startNatsServer } from '@bellwether/testkit';
import { WORKSPACE } from '../workspace.js';

const BW = path.join(WORKSPACE, 'packages/cli/bin/bw.mjs');
const BOOK = 'es';

let folder: string;
const logs = (name: string): string => path.join(folder, name, 'audit');
const keys = (name: string): string => path.join(folder, name, 'key');

const frame = (seq: number): Uint8Array =>
  encodeFrame(aFrame({ seq, entry: aBarEntry({ open_us: atMinute(seq) }, { book: BOOK }) }));

/** A log of frames 1 to n in a folder of its own. */
async function writeLog(name: string, frames: number): Promise<void> {
  const files = nodeAuditFiles(logs(name));
  const key = await loadOrCreateAuditKey(keys(name));
  const log = await AuditLog.open({ files, book: BOOK, key });
  while (log.seq < frames) {
    const seq = log.seq + 1;
    log.append(frame(seq), { seq, received_us: atMinute(seq), latency_us: 900, idle: false });
    if (seq % 5 === 0 || seq === frames) await log.commit(atMinute(seq));
  }
  await log.close();
  await files.close();
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function bw(...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [BW, 'audit', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bw-audit-command-'));
  await writeLog('whole', 30);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('bw audit', () => {
  it('verifies a whole log, with its key and a kept head', async () => {
    const kept = path.join(folder, 'kept.json');
    const head = await bw('head', '--folder', logs('whole'));
    writeFileSync(kept, head.out);
    const key = path.join(keys('whole'), 'audit-key.pub.pem');
    const found = await bw(
      ...['verify', '--folder', logs('whole'), '--public-key', key, '--head', kept, '--frames'],
    );
    expect(found).toMatchObject({ code: 0, err: '' });
    expect(found.out).toContain('book es: verified');
    expect(found.out).toContain('frame 1 to 30');
    expect(found.out).toContain('record 30 is still what was signed');
  });

  it('says which record is not what was written', async () => {
    await writeLog('edited', 30);
    const book = path.join(logs('edited'), BOOK);
    const segment = path.join(
      book,
      present(
        readdirSync(book).find((name) => name.endsWith('.seg')),
        'a segment',
      ),
    );
    const bytes = readFileSync(segment);
    bytes[bytes.length - 100]! ^= 1;
    writeFileSync(segment, bytes);
    const found = await bw('verify', '--folder', logs('edited'));
    expect(found.code).toBe(5);
    expect(found.out).toMatch(/CORRUPT\n +first bad +record 30\n +place +es\/0{14}1\.seg, byte \d+/);
    expect(found.err).toContain('audit_corrupt: 1 of 1 logs');
  });

  it('finds by a kept head that a log was made anew', async () => {
    await writeLog('again', 20);
    const kept = path.join(folder, 'kept-before.json');
    writeFileSync(kept, (await bw('head', '--folder', logs('whole'))).out);
    const key = path.join(keys('whole'), 'audit-key.pub.pem');
    expect((await bw('verify', '--folder', logs('again'))).code).toBe(0);
    expect((await bw('verify', '--folder', logs('again'), '--head', kept)).code).toBe(5);
    expect((await bw('verify', '--folder', logs('again'), '--public-key', key)).code).toBe(5);
  });

  it('shows the record of a decision', async () => {
    const { code, out } = await bw('show', 'es-7', '--folder', logs('whole'));
    expect(code).toBe(0);
    expect(out).toContain('record 7 of book es');
    expect(out).toContain('900 us after the entry was known');
  });

  it.each([
    ['no folder', ['verify', '--folder', 'nowhere'], 3],
    ['no such book', ['verify', '--book', 'nq'], 3],
    ['no such decision', ['show', 'es-31'], 3],
    ['no head', ['verify', '--head', BW], 2],
    ['a head that is not there', ['verify', '--head', 'nowhere.json'], 2],
    ['a key that is none', ['verify', '--public-key', BW], 2],
    ['an unknown option', ['verify', '--fast'], 2],
    ['no book name', ['verify', '--book', '../es'], 2],
    ['no server', ['verify', '--nats', 'nats://127.0.0.1:1'], 4],
  ])('ends with its own code for %s', async (_what, args, code) => {
    const folderOption = args.includes('--folder') ? [] : ['--folder', logs('whole')];
    expect((await bw(...args, ...folderOption)).code).toBe(code);
  });
});

describeWithNats('bw audit verify --nats', () => {
  it('compares the end of the log with the decisions', async () => {
    const server = await startNatsServer();
    try {
      const bus = await openBus({ kind: 'nats', name: 'test', servers: [server.url] });
      const subject = subjects.line('risk', BOOK);
      let expectedLastSequence = 0;
      const decide = async (from: number, to: number): Promise<void> => {
        for (let seq = from; seq <= to; seq++) {
          expectedLastSequence = await bus.append(subject, frame(seq), { expectedLastSequence });
        }
      };
      const verify = (): Promise<Ran> => bw('verify', '--folder', logs('whole'), '--nats', server.url);
      await decide(1, 29);
      expect(await verify()).toMatchObject({ code: 5, out: expect.stringContaining('verified') });
      await decide(30, 30);
      expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('agrees, to frame 30') });
      await decide(31, 31);
      const behind = await verify();
      expect(behind.code).toBe(5);
      expect(behind.err).toContain('ends at frame 30, the decisions at 31');
      await bus.close();
    } finally {
      await server.stop();
    }
  });
});
