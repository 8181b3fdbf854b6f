import { describe, expect, it } from '@jest/globals';
import { ClockReason, DataOrigin, EntryKind, type Entry } from '@bellwether/contracts';
import { InvariantError, assert, present } from './assertions.js';
import { FIRST_FRAME_HEAD, compareEntries, frameHead, makeEntry, openFrame } from './frame.js';
import { decisionId, featureId, intentId, parseDecisionId, parseFeatureId } from './ids.js';
import { hash32, nextUniform, randomState, uniformOf, uniformSource } from './random.js';

function clock(known_us: number, origin: DataOrigin = DataOrigin.MARKET, id = `clock:${known_us}`): Entry {
  return makeEntry(
    { book: 'b', id, kind: EntryKind.CLOCK, event_us: known_us, known_us, source: 'test', origin },
    { clock: { boundary_us: known_us, reason: ClockReason.IDLE } },
  );
}

describe('openFrame', () => {
  it('numbers frames from 1 and keeps the largest time so far', () => {
    const first = openFrame(FIRST_FRAME_HEAD, clock(50));
    const late = openFrame(frameHead(first), clock(40));
    expect([first.seq, first.book_time_us, late.seq, late.book_time_us]).toEqual([1, 50, 2, 50]);
  });

  it('keeps a book synthetic after one synthetic entry', () => {
    const market = openFrame(FIRST_FRAME_HEAD, clock(1));
    const synthetic = openFrame(frameHead(market), clock(2, DataOrigin.SYNTHETIC));
    const after = openFrame(frameHead(synthetic), clock(3));
    expect([market.origin, synthetic.origin, after.origin]).toEqual([
      DataOrigin.MARKET,
      DataOrigin.SYNTHETIC,
      DataOrigin.SYNTHETIC,
    ]);
  });

  it('refuses an entry whose payload is not the one of its kind', () => {
    expect(() => openFrame(FIRST_FRAME_HEAD, { ...clock(1), kind: EntryKind.BAR })).toThrow(InvariantError);
    expect(() =>
      openFrame(FIRST_FRAME_HEAD, { ...clock(1), abandon: { signal_id: 'x', reason: 1 } }),
    ).toThrow(InvariantError);
  });
});

describe('compareEntries', () => {
  it('orders by the time known, then by kind, then by id', () => {
    const bar = { ...clock(5), kind: EntryKind.BAR };
    const entries = [clock(7), clock(5, DataOrigin.MARKET, 'b'), clock(5, DataOrigin.MARKET, 'a'), bar];
    expect(
      entries.sort(compareEntries).map((entry) => `${entry.known_us} ${entry.kind} ${entry.id}`),
    ).toEqual([
      `5 ${EntryKind.BAR} clock:5`,
      `5 ${EntryKind.CLOCK} a`,
      `5 ${EntryKind.CLOCK} b`,
      `7 ${EntryKind.CLOCK} clock:7`,
    ]);
  });
});

describe('ids', () => {
  it('come back from their text', () => {
    expect(parseDecisionId(decisionId('paper-es', 42))).toEqual({ book: 'paper-es', seq: 42 });
    expect(parseFeatureId(featureId('paper-es', 42))).toEqual({ book: 'paper-es', seq: 42 });
    expect(intentId('paper-es-42', 1)).toBe('paper-es-42/1');
  });

  it.each(['', 'paper-es', 'paper-es-', 'paper-es-0', 'paper-es-01', 'Paper-1', 'paper-es-1x', '-1'])(
    'refuses %p',
    (text) => {
      expect(parseDecisionId(text)).toBeNull();
      expect(parseFeatureId(text)).toBeNull();
    },
  );
});

describe('seeded numbers', () => {
  it('are the same everywhere: frozen values', () => {
    expect([hash32('a'), hash32('b'), hash32('')]).toEqual([FROZEN.a, FROZEN.b, FROZEN.empty]);
    expect(uniformOf('book|signal:1')).toBe(FROZEN.uniform);
  });

  it('spread over [0, 1) without a lump', () => {
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const value = uniformOf(`book|bar:${i}`);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
      const bucket = Math.floor(10 * value);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('a stream goes on from its plain state', () => {
    const source = uniformSource('seed');
    const first = nextUniform(randomState('seed'));
    const second = nextUniform(first.state);
    expect([source(), source()]).toEqual([first.value, second.value]);
  });
});

describe('assertions', () => {
  it('throw where something must not be', () => {
    expect(() => {
      assert(false, 'no');
    }).toThrow(InvariantError);
    expect(() => present(null, 'a value')).toThrow('a value');
    expect(present(0, 'zero')).toBe(0);
  });
});

const FROZEN = { a: 444641715, b: 2193908274, empty: 2872998923, uniform: 0.4081529525319273 };
