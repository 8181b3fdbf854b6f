import { describe, expect, it } from '@jest/globals';
import { dataReferences, referenceOf } from './data-source.js';
import { parseSelection } from './selection.js';

describe('a selection', () => {
  it.each([
    ['catalog:ES', { symbol: 'ES', interval: null, from: null, to: null }],
    ['catalog:MNQ:5m', { symbol: 'MNQ', interval: '5m', from: null, to: null }],
    ['catalog:ES:2025-10-01..2025-10-22', { symbol: 'ES', interval: null, from: 20251001, to: 20251022 }],
    ['catalog:ES:1m:2025-10-01..', { symbol: 'ES', interval: '1m', from: 20251001, to: null }],
    ['catalog:ES:..2025-10-22', { symbol: 'ES', interval: null, from: null, to: 20251022 }],
    ['catalog:NQ:2025-10-22', { symbol: 'NQ', interval: null, from: 20251022, to: 20251022 }],
  ])('%s is read', (text, expected) => expect(parseSelection(text)).toEqual(expected));

  it.each([
    ['catalog:', 'usage', 'Expected catalog:SYMBOL'],
    ['catalog:ES:2m', 'usage', 'Expected catalog:SYMBOL'],
    ['catalog:ES:20251001..20251022', 'usage', 'for example catalog:ES:2025-10-01..2025-10-22'],
    ['catalog:ES:2025-10-01...2025-10-22', 'usage', 'Expected'],
    ['catalog:ES:2025-02-30', 'usage', 'There is no date 2025-02-30'],
    ['catalog:ES:2025-10-22..2025-10-01', 'usage', 'lies after'],
    ['catalog:SPY', 'unknown_symbol', 'ES, NQ, MES or MNQ'],
  ])('%s is refused: %s', (text, code, message) => {
    expect(() => parseSelection(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

describe('what was named as data', () => {
  it('pairs symbols with files, in order, and passes over selections', () => {
    expect(dataReferences(['a.csv', 'catalog:NQ', 'b.csv'], ['ES', 'MES'])).toEqual([
      { kind: 'file', path: 'a.csv', symbol: 'ES' },
      { kind: 'catalog', text: 'catalog:NQ' },
      { kind: 'file', path: 'b.csv', symbol: 'MES' },
    ]);
  });

  it.each([
    [['a.csv'], []],
    [['catalog:ES'], ['ES']],
    [[], ['ES']],
  ])('%j with symbols %j is refused', (data, symbols) => {
    expect(() => dataReferences(data, symbols)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('is read back from a setting of the service', () => {
    expect(referenceOf('ES=/data/a=b.csv')).toEqual({ kind: 'file', symbol: 'ES', path: '/data/a=b.csv' });
    expect(referenceOf('ES=catalog:ES:1m')).toEqual({ kind: 'catalog', text: 'catalog:ES:1m' });
  });
});
