import { describe, expect, it } from '@jest/globals';
import { present } from '@bellwether/kernel';
import { chicagoText } from './chicago-time.js';
import {
  contractCode,
  contractOf,
  expiryOf,
  frontContract,
  nextContract,
  rollDateOf,
} from './contract-months.js';

const of = (code: string) => present(contractOf(code), code);
const frontOf = (root: string, date: number): string | null => {
  const contract = frontContract(root, date);
  return contract === null ? null : contractCode(contract);
};

describe('Codes of contracts', () => {
  it.each([
    ['ESZ25', { root: 'ES', year: 2025, month: 12 }],
    ['MNQH13', { root: 'MNQ', year: 2013, month: 3 }],
    ['NQM27', { root: 'NQ', year: 2027, month: 6 }],
    ['MESU26', { root: 'MES', year: 2026, month: 9 }],
  ])('%s is read and written', (code, contract) => {
    expect(contractOf(code)).toEqual(contract);
    expect(contractCode(contract)).toBe(code);
  });

  it.each(['ESZ5', 'ESZ2025', 'ESF25', 'SPZ25', 'ES', 'esz25', 'ESZ25 ', 'ESZ25-ESH26', 'YMZ25', ''])(
    '%s is none',
    (code) => expect(contractOf(code)).toBeNull(),
  );

  it('come every three months', () => {
    expect(['ESH25', 'ESM25', 'ESU25', 'ESZ25'].map((code) => contractCode(nextContract(of(code))))).toEqual([
      'ESM25',
      'ESU25',
      'ESZ25',
      'ESH26',
    ]);
  });
});

describe('Expiry', () => {
  it.each([
    ['ESZ25', 20251219, '2025-12-19 08:30:00 CT'],
    ['NQH13', 20130315, '2013-03-15 08:30:00 CT'],
    ['ESM22', 20220617, '2022-06-17 08:30:00 CT'],
  ])('%s: on the third Friday at 08:30', (code, date, wall) => {
    const expiry = present(expiryOf(of(code)), code);
    expect(expiry).toMatchObject({ last_trade_date: date, confirmed: true });
    expect(chicagoText(expiry.last_trade_us)).toBe(wall);
  });

  it.each([
    ['ESM26', 20260618],
    ['MNQM27', 20270617],
  ])('%s: Juneteenth is its third Friday, so the day before, to be confirmed', (code, date) => {
    expect(expiryOf(of(code))).toMatchObject({ last_trade_date: date, confirmed: false });
  });

  it('moves in no other quarter of 2013 to 2027', () => {
    const moved: string[] = [];
    for (let contract = of('ESH13'); contract.year < 2028; contract = nextContract(contract)) {
      if (!present(expiryOf(contract), 'an expiry').confirmed) moved.push(contractCode(contract));
    }
    expect(moved).toEqual(['ESM26', 'ESM27']);
  });

  it('is not known outside the calendar', () => {
    expect([expiryOf(of('ESH28')), expiryOf(of('ESZ12'))]).toEqual([null, null]);
  });
});

describe('The customary roll', () => {
  it.each([
    // Seen in the NQ file of 2019, whose source rolled on these days.
    ['NQH19', 20190307],
    ['NQM19', 20190613],
    ['NQU19', 20190912],
    ['NQZ19', 20191212],
    // The last on a Thursday, the first on a Monday.
    ['ESH22', 20220310],
    ['ESM22', 20220613],
    ['ESH26', 20260316],
    ['ESM26', 20260615],
    ['ESU26', 20260914],
    ['ESZ26', 20261214],
    ['ESH27', 20270315],
    ['ESM27', 20270614],
    ['ESU27', 20270913],
    ['ESZ27', 20271213],
  ])('of %s is on %i', (code, date) => {
    expect(rollDateOf(of(code))).toBe(date);
    expect(frontOf('ES', date - 1)).toBe(code.replace('NQ', 'ES'));
    expect(frontOf('ES', date)).toBe(contractCode(nextContract(of(code.replace('NQ', 'ES')))));
  });

  it('leaves a front contract on every day of the calendar, and none outside', () => {
    expect(frontOf('MES', 20271231)).toBe('MESH28');
    expect(frontOf('ES', 20130101)).toBe('ESH13');
    for (const date of [20121231, 20280103, 20250230]) expect(frontContract('ES', date)).toBeNull();
    expect(frontContract('SPY', 20250303)).toBeNull();
  });
});
