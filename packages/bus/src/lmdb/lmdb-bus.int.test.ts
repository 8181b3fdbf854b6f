/**
 * Goal: what LMDB adds to the contract: the folder survives its process, however it ends, and holds across processes.
 * Method: real folders and real child processes, which are killed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { subjects } from '@bellwether/contracts';
import { bytesOf, collect, eventually, temporaryFolder, textOf } from '../bus-fixtures.js';
import { BusRefused, SequenceConflict } from '../bus.js';
import { LmdbBus } from './lmdb-bus.js';
import { StoreCorrupt } from './message-record.js';

const first = { expectedLastSequence: 0 };
let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = temporaryFolder();
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A child process with a bus on the folder; `program` has `bus`, `bytes` and `say`. Gives its lines as they come. */
function startChild(program: string): {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<void>;
} {
  const source = `
    import fs from 'node:fs';
    import { LmdbBus } from ${JSON.stringify(new URL('./lmdb-bus.js', import.meta.url).href)};
    const bus = await LmdbBus.open({ folder: ${JSON.stringify(folder)} });
    const bytes = (text) => new TextEncoder().encode(text);
    const say = (text) => fs.writeSync(1, text + '\\n');
    ${program}
    await bus.close();
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  return { child, lines, ended };
}

describe('a folder', () => {
  test('opened again holds the same state', async () => {
    const before = await LmdbBus.open({ folder });
    const ids = Array.from({ length: 50 }, (_, i) => String(i));
    for (const id of ids) {
      await before.append(subjects.journal('a', 'bar', id), bytesOf(id), { ...first, headers: { host: id } });
    }
    const decided = await before.append(subjects.line('risk', 'a'), bytesOf('d'), first);
    await before.blobs.put('snapshot', bytesOf('blob'));
    expect(await before.leases.acquire('risk/a', 'one')).toBe(true);
    const stored = await collect(before, 'bw.journal.>', { from: 1, follow: false });
    await before.close();

    const after = await LmdbBus.open({ folder });
    expect(await collect(after, 'bw.journal.>', { from: 1, follow: false })).toEqual(stored);
    expect(await collect(after, subjects.journalOf('a'), { from: 41, follow: false })).toHaveLength(10);
    await expect(after.append(subjects.journal('a', 'bar', '7'), bytesOf('7'), first)).rejects.toBeInstanceOf(
      SequenceConflict,
    );
    const next = await after.append(subjects.line('risk', 'a'), bytesOf('e'), {
      expectedLastSequence: decided,
    });
    expect(next).toBe(decided + 1);
    expect(textOf((await after.blobs.get('snapshot')) ?? bytesOf(''))).toBe('blob');
    expect(await after.leases.acquire('risk/a', 'two')).toBe(false);
    await after.close();
  });

  test('whose writer is killed holds everything acknowledged, in order, and can be written on', async () => {
    const { child, lines, ended } = startChild(`
      let last = 0;
      for (let i = 0; ; i++) {
        const journal = bus.append('bw.journal.a.bar.' + i, bytes('j' + i), { expectedLastSequence: 0, durable: true });
        last = await bus.append('bw.line.risk.a', bytes('d' + i), { expectedLastSequence: last });
        await journal;
        say(String(i));
      }
    `);
    await eventually('60 acknowledged', () => lines.length >= 60);
    child.kill('SIGKILL');
    await ended;
    const acknowledged = Number(lines.at(-1));
    const bus = await LmdbBus.open({ folder });
    for (const [filter, letter] of [
      ['bw.journal.>', 'j'],
      ['bw.line.risk.a', 'd'],
    ] as const) {
      const found = (await collect(bus, filter, { from: 1, follow: false })).map(({ data }) => textOf(data));
      expect(found.length).toBeGreaterThanOrEqual(acknowledged + 1);
      expect(found).toEqual(found.map((_, i) => `${letter}${i}`));
    }
    const last = await bus.last('bw.line.risk.a');
    const options = { expectedLastSequence: last?.sequence ?? 0 };
    expect(await bus.append('bw.line.risk.a', bytesOf('on'), options)).toBe((last?.sequence ?? 0) + 1);
    await bus.close();
  });
});

describe('two processes', () => {
  test('that write one subject: each sequence has exactly one winner', async () => {
    const rounds = 60;
    const bus = await LmdbBus.open({ folder });
    const { lines, ended } = startChild(`
      say('ready');
      for (let won = 0; won < ${rounds};) {
        const expectedLastSequence = (await bus.last('bw.line.risk.a'))?.sequence ?? 0;
        try {
          say(String(await bus.append('bw.line.risk.a', bytes('child'), { expectedLastSequence })));
          won += 1;
        } catch (error) {
          if (error.name !== 'SequenceConflict') throw error;
        }
      }
    `);
    await eventually('the child is ready', () => lines[0] === 'ready');
    const mine: number[] = [];
    while (mine.length < rounds) {
      const expectedLastSequence = (await bus.last('bw.line.risk.a'))?.sequence ?? 0;
      try {
        mine.push(await bus.append('bw.line.risk.a', bytesOf('parent'), { expectedLastSequence }));
      } catch (error) {
        expect(error).toBeInstanceOf(SequenceConflict);
      }
    }
    await ended;
    const theirs = lines.slice(1).map(Number);
    const all = [...mine, ...theirs].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 2 * rounds }, (_, i) => i + 1));
    const stored = await collect(bus, 'bw.line.risk.a', { from: 1, follow: false });
    const writers = stored.map(({ data }) => textOf(data));
    expect(writers).toEqual(stored.map(({ sequence }) => (mine.includes(sequence) ? 'parent' : 'child')));
    await bus.close();
  });

  test('read what the other wrote, also after the file has grown', async () => {
    const bus = await LmdbBus.open({ folder });
    await bus.append('bw.journal.a.bar.0', bytesOf('from the parent'), first);
    const { child, lines, ended } = startChild(`
      say(new TextDecoder().decode((await bus.last('bw.journal.a.>')).data));
      for (let i = 1; i <= 40; i++) {
        await bus.append('bw.journal.a.bar.' + i, new Uint8Array(500000).fill(i), { expectedLastSequence: 0 });
      }
      say(String(await bus.leases.acquire('risk/a', 'child')));
      process.stdin.resume();
      await new Promise((resolve) => process.stdin.once('end', resolve));
    `);
    await eventually('the child has written', () => lines.length === 2, 20_000);
    expect(lines).toEqual(['from the parent', 'true']);
    const found = await collect(bus, 'bw.journal.a.>', { from: 2, follow: false });
    expect(found.map(({ data }) => data[0])).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(await bus.leases.acquire('risk/a', 'parent')).toBe(false);
    const options = { expectedLastSequence: 0 };
    await expect(bus.append('bw.journal.a.bar.40', bytesOf('x'), options)).rejects.toBeInstanceOf(
      SequenceConflict,
    );
    expect(await bus.append('bw.journal.a.bar.41', bytesOf('x'), options)).toBe(42);
    child.stdin?.end();
    await ended;
    await bus.close();
  });
});

describe('a store that is not whole', () => {
  const file = (): string => path.join(folder, 'data.mdb');

  async function write(): Promise<void> {
    const bus = await LmdbBus.open({ folder });
    for (let i = 0; i < 20; i++) {
      await bus.append(subjects.journal('a', 'bar', String(i)), bytesOf(`payload ${i} `.repeat(100)), first);
    }
    await bus.close();
  }

  test('truncated, it is refused at start', async () => {
    await write();
    truncateSync(file(), Math.floor(statSync(file()).size / 2));
    await expect(LmdbBus.open({ folder })).rejects.toThrow(/truncated/);
    await expect(LmdbBus.open({ folder })).rejects.toBeInstanceOf(StoreCorrupt);
  });

  test('something else, or torn at its head, it is refused at start', async () => {
    writeFileSync(file(), Buffer.alloc(10_000, 'no store '));
    await expect(LmdbBus.open({ folder })).rejects.toBeInstanceOf(StoreCorrupt);
    writeFileSync(file(), Buffer.alloc(100));
    await expect(LmdbBus.open({ folder })).rejects.toBeInstanceOf(StoreCorrupt);
    expect(readFileSync(file()).length).toBe(100);
  });

  test('with a changed record, the reading of it fails, and of the others does not', async () => {
    await write();
    const bytes = readFileSync(file());
    const at = bytes.lastIndexOf('payload 7 payload 7');
    expect(at).toBeGreaterThan(0);
    // All copies: LMDB may have kept an older page with the same record.
    for (let i = bytes.indexOf('payload 7 '); i !== -1; i = bytes.indexOf('payload 7 ', i + 1))
      bytes[i] = 0x50;
    writeFileSync(file(), bytes);
    const bus = await LmdbBus.open({ folder });
    expect((await collect(bus, 'bw.journal.a.>', { from: 1, follow: true }, 7)).length).toBe(7);
    await expect(collect(bus, 'bw.journal.a.>', { from: 1, follow: false })).rejects.toBeInstanceOf(
      StoreCorrupt,
    );
    await expect(bus.get('bw.journal.>', 8)).rejects.toBeInstanceOf(StoreCorrupt);
    expect((await bus.get('bw.journal.>', 9))?.sequence).toBe(9);
    await bus.close();
  });

  test('a path that cannot be a folder is refused', async () => {
    writeFileSync(path.join(folder, 'taken'), 'a file');
    await expect(LmdbBus.open({ folder: path.join(folder, 'taken') })).rejects.toBeInstanceOf(BusRefused);
  });
});
