import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { BellwetherError, ExecutionMode, Policy, bookConfigOf, canonicalBookConfig } from './index.js';

const SMALLEST = { book: 'b', symbols: [{ symbol: 'ES' }] };

function problemsOf(input: unknown): Record<string, string> {
  try {
    bookConfigOf(input);
  } catch (error) {
    if (!(error instanceof BellwetherError)) throw error;
    expect(error.code).toBe('config_invalid');
    return Object.fromEntries(error.problems.map(({ path: at, message }) => [at, message]));
  }
  throw new Error('Expected the book file to be refused');
}

describe('a book file', () => {
  it('gets every default of the design in exact units', () => {
    expect(bookConfigOf(SMALLEST)).toMatchObject({
      known_time: 'receive',
      config: {
        book: 'b',
        symbols: [{ symbol: 'ES', slippage_ticks: 1, fee_per_side_cents: 140 }],
        bar_interval_us: 60_000_000,
        policy: Policy.RULES,
        execution: ExecutionMode.PAPER,
        decide_on_bar_close: true,
        valid_for_us: 60_000_000,
        risk_per_trade_cents: 50_000,
        limits: {
          profile: 'topstep-50k',
          max_total_contracts: 5,
          max_es_contracts: 3,
          max_nq_contracts: 2,
          max_step_contracts: 2,
          daily_soft_loss_cents: 60_000,
          daily_kill_loss_cents: 90_000,
          last_entry_minute: 1_305,
          flat_by_minute: 1_325,
        },
        bandit: { ucb_c: 2, min_count: 20, probability_floor: 0.05 },
      },
    });
  });

  it('takes costs of each symbol from domain.md 9.3', () => {
    const symbols = ['ES', 'NQ', 'MES', 'MNQ'].map((symbol) => ({ symbol }));
    const costs = bookConfigOf({ book: 'b', symbols }).config.symbols;
    expect(costs.map((s) => [s.symbol, s.slippage_ticks, s.fee_per_side_cents])).toEqual([
      ['ES', 1, 140],
      ['NQ', 2, 140],
      ['MES', 1, 37],
      ['MNQ', 2, 37],
    ]);
  });

  it('turns human units into messages', () => {
    const { config, known_time } = bookConfigOf({
      ...SMALLEST,
      symbols: [{ symbol: 'MES', slippage_ticks: 0, fee_per_side_usd: 0.29 }],
      bar_interval: '5m',
      decide_on: 'signal',
      valid_for_s: 300,
      risk_per_trade_usd: 150.1,
      limits: { last_entry: '18:00', flat_by: '02:30', kill_loss_usd: 1_000.99 },
      known_time: 'event',
    });
    expect(known_time).toBe('event');
    expect(config.symbols[0]?.fee_per_side_cents).toBe(29);
    expect(config.bar_interval_us).toBe(300_000_000);
    expect(config.decide_on_bar_close).toBe(false);
    expect(config.valid_for_us).toBe(300_000_000);
    expect(config.risk_per_trade_cents).toBe(15_010);
    expect(config.limits).toMatchObject({
      last_entry_minute: 60,
      flat_by_minute: 570,
      daily_kill_loss_cents: 100_099,
    });
    expect(canonicalBookConfig(config)).toEqual(config);
  });

  it('reports all problems together, each with its place', () => {
    const problems = problemsOf({
      book: 'Paper ES',
      symbols: [{ symbol: 'ES', slippage_ticks: 0.5 }, { symbol: 'CL' }],
      bar_interval: '15m',
      risk_per_trade_usd: 500.005,
      limits: { max_es: 'three', daily_soft_loss_usd: -1 },
      known_time: 'now',
    });
    expect(Object.keys(problems).sort()).toEqual([
      'bar_interval',
      'book',
      'known_time',
      'limits.daily_soft_loss_usd',
      'limits.max_es',
      'risk_per_trade_usd',
      'symbols.0.slippage_ticks',
      'symbols.1.symbol',
    ]);
    expect(problems['risk_per_trade_usd']).toContain('whole cents');
  });

  it.each([
    ['at the top', { ...SMALLEST, max_contracts: 3 }, '(file)', 'max_contracts'],
    ['in a part', { ...SMALLEST, limits: { max_cl: 1 } }, 'limits', 'max_cl'],
    ['in a list', { ...SMALLEST, symbols: [{ symbol: 'ES', fee: 1 }] }, 'symbols.0', 'fee'],
  ])('refuses an unknown key %s', (_where, input, at, key) => {
    expect(problemsOf(input)[at]).toContain(key);
  });

  it.each([
    ['a soft loss above the kill', { daily_soft_loss_usd: 901 }, 'limits.daily_soft_loss_usd'],
    ['a last entry at the flat-by time', { last_entry: '15:05' }, 'limits.last_entry'],
    [
      'a last entry after midnight with a flat-by before it',
      { last_entry: '15:00', flat_by: '23:00' },
      'limits.last_entry',
    ],
    ['more of one symbol than in total', { max_es: 6 }, 'limits.max_es'],
    ['a time in the daily break', { flat_by: '16:00' }, 'limits.flat_by'],
    ['a time that is none', { flat_by: '24:00' }, 'limits.flat_by'],
    ['a time as YAML 1.1 reads it', { flat_by: 905 }, 'limits.flat_by'],
  ])('refuses %s', (_what, limits, at) => {
    expect(Object.keys(problemsOf({ ...SMALLEST, limits }))).toEqual([at]);
  });

  it('refuses a symbol twice, none, and what this release does not do', () => {
    expect(problemsOf({ ...SMALLEST, symbols: [{ symbol: 'ES' }, { symbol: 'ES' }] })).toEqual({
      'symbols.1.symbol': 'Expected each symbol once',
    });
    expect(Object.keys(problemsOf({ ...SMALLEST, symbols: [] }))).toEqual(['symbols']);
    expect(problemsOf({ ...SMALLEST, policy: 'luck' })).toHaveProperty('policy');
    expect(problemsOf({ ...SMALLEST, execution: 'live' })).toHaveProperty('execution');
  });

  it.each([null, undefined, [], 'book: b', 3])('refuses %p', (input) => {
    expect(Object.keys(problemsOf(input))).toEqual(['(file)']);
  });

  it('accepts every amount of whole cents and no other', () => {
    for (let cents = 0; cents <= 20_000; cents += 97) {
      const symbols = [{ symbol: 'ES', fee_per_side_usd: cents / 100 }];
      expect(bookConfigOf({ book: 'b', symbols }).config.symbols[0]?.fee_per_side_cents).toBe(cents);
      const off = [{ symbol: 'ES', fee_per_side_usd: cents / 100 + 0.001 }];
      expect(Object.keys(problemsOf({ book: 'b', symbols: off }))).toEqual(['symbols.0.fee_per_side_usd']);
    }
  });
});

describe('the book files of the repository', () => {
  const dir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../config/books');
  const files = fs.readdirSync(dir).filter((name) => name.endsWith('.yaml'));
  it('are there', () =>
    expect(files).toEqual(expect.arrayContaining(['sample.yaml', 'paper-es.yaml', 'paper-es-nq.yaml'])));
  it.each(files)('%s is valid and named like its book', (name) => {
    const { config } = bookConfigOf(parse(fs.readFileSync(path.join(dir, name), 'utf8')));
    expect(`${config.book}.yaml`).toBe(name);
  });
  it('are the defaults, written out', () => {
    const { config } = bookConfigOf(parse(fs.readFileSync(path.join(dir, 'paper-es.yaml'), 'utf8')));
    expect(config).toEqual({ ...bookConfigOf(SMALLEST).config, book: 'paper-es' });
  });
});
