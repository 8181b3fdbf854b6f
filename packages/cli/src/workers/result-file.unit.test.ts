// Goal: a work that was ended goes on where it was, whatever a crash left of the last line.
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ResultFile } from './result-file.js';

const schema = z.strictObject({ net: z.int() });

describe('a file of results', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw results '));
    file = path.join(folder, 'results.jsonl');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('has after a restart what was added', async () => {
    const first = await ResultFile.open(file, schema);
    await first.add('a', { net: 1 });
    await first.add('b', { net: 2 });
    const again = await ResultFile.open(file, schema);
    expect([...again.results]).toEqual([
      ['a', { net: 1 }],
      ['b', { net: 2 }],
    ]);
  });

  it('does a torn line again, and loses nothing behind it', async () => {
    const first = await ResultFile.open(file, schema);
    await first.add('a', { net: 1 });
    await appendFile(file, '{"key":"b","resu');
    const second = await ResultFile.open(file, schema);
    expect([...second.results.keys()]).toEqual(['a']);
    await second.add('c', { net: 3 });
    expect([...(await ResultFile.open(file, schema)).results.keys()]).toEqual(['a', 'c']);
  });

  it('refuses a file of another work', async () => {
    await writeFile(file, '{"key":"a","result":{"other":1}}\n');
    await expect(ResultFile.open(file, schema)).rejects.toThrow('data_unreadable');
  });
});
