// Goal: every combination of a grid once, as a book that is valid or refused with its place.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bookConfigOf, type BookFile } from '@bellwether/contracts';
import { bookOf, pointText, readGrid } from './sweep-grid.js';

const base: BookFile = { book: 'grid', symbols: [{ symbol: 'ES' }] };

describe('a grid', () => {
  let folder: string;
  const write = async (text: string): Promise<string> => {
    const file = path.join(folder, 'grid.yaml');
    await writeFile(file, text);
    return file;
  };
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw grid '));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('is all combinations in order, each as a book of its own', async () => {
    const points = await readGrid(
      await write('risk_per_trade_usd: [150, 250]\nstrategies.S6.all.on: [true, false]\n'),
    );
    expect(points.map(pointText)).toEqual([
      'risk_per_trade_usd 150, strategies.S6.all.on true',
      'risk_per_trade_usd 150, strategies.S6.all.on false',
      'risk_per_trade_usd 250, strategies.S6.all.on true',
      'risk_per_trade_usd 250, strategies.S6.all.on false',
    ]);
    const books = points.map((point) => bookConfigOf(bookOf(base, point)).config);
    expect(books.map((config) => config.risk_per_trade_cents)).toEqual([15_000, 15_000, 25_000, 25_000]);
    expect(new Set(books.map((config) => JSON.stringify(config))).size).toBe(4);
    expect(base).toEqual({ book: 'grid', symbols: [{ symbol: 'ES' }] });
  });

  it('refuses what is no grid, and settings that no book has', async () => {
    await expect(readGrid(await write('risk_per_trade_usd: 150'))).rejects.toThrow('config_invalid');
    await expect(readGrid(await write('a b: [1]'))).rejects.toThrow('config_invalid');
    expect(() => bookOf(base, [{ name: 'no_such_setting', value: 1 }])).toThrow('config_invalid');
    expect(() => bookOf(base, [{ name: 'book.x', value: 1 }])).toThrow('config_invalid');
  });
});
