import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readBookFile } from './book-file.js';

describe('readBookFile', () => {
  let folder: string;
  const write = async (name: string, text: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return file;
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw-book-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('gives what stands in the file and what it means', async () => {
    const { bookFile, settings } = await readBookFile(
      await write('a.yaml', 'book: es\nsymbols: [{ symbol: ES }]\n'),
    );
    expect(bookFile).toEqual({ book: 'es', symbols: [{ symbol: 'ES' }] });
    expect(settings.config.book).toBe('es');
  });

  it.each([
    ['a file that is not there', async () => path.join(folder, 'nowhere.yaml'), 'ENOENT'],
    ['text that is no YAML', () => write('b.yaml', 'book: [1, 2\n'), 'b.yaml'],
    ['a file that is too large', () => write('c.yaml', `# ${'x'.repeat(300_000)}\n`), 'at most'],
    ['two mistakes', () => write('d.yaml', 'book: NO\nsymbols: []\n'), '2 problem(s)'],
  ])('refuses %s with config_invalid', async (_what, file, text) => {
    await expect(readBookFile(await file())).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(text) as unknown,
    });
  });
});
