import { describe, expect, test } from '@jest/globals';
import { ID_LENGTH_MAX, subjects } from '@bellwether/contracts';
import { BusRefused } from './bus.js';
import {
  HEADERS_LENGTH_MAX,
  NAME_LENGTH_MAX,
  PAYLOAD_BYTES_MAX,
  SUBJECT_LENGTH_MAX,
  checkFilter,
  checkName,
  checkPayload,
  checkSequence,
  checkSubject,
} from './limits.js';

const NATS_PAYLOAD_MAX = 1024 * 1024;

describe('limits', () => {
  test('the longest id of the widest characters is a subject, one character more than the limit is none', () => {
    const widest = subjects.journal('b'.repeat(32), 'order_end', '\uffff'.repeat(ID_LENGTH_MAX));
    expect(() => checkSubject(widest)).not.toThrow();
    expect(() => checkSubject(`a.${'b'.repeat(SUBJECT_LENGTH_MAX - 2)}`)).not.toThrow();
    expect(() => checkSubject(`a.${'b'.repeat(SUBJECT_LENGTH_MAX - 1)}`)).toThrow(BusRefused);
  });

  test('the largest payload with the largest headers fits a default NATS server', () => {
    // The server's own headers and the frames around them take less than 4 KiB.
    expect(PAYLOAD_BYTES_MAX + 2 * HEADERS_LENGTH_MAX + 4_096).toBeLessThan(NATS_PAYLOAD_MAX);
  });

  test('payload and headers at their limits pass, beyond them they do not', () => {
    const data = new Uint8Array(PAYLOAD_BYTES_MAX);
    expect(() => checkPayload('s', data, { a: 'x'.repeat(HEADERS_LENGTH_MAX - 1) })).not.toThrow();
    expect(() => checkPayload('s', data, { a: 'x'.repeat(HEADERS_LENGTH_MAX) })).toThrow(BusRefused);
    expect(() => checkPayload('s', new Uint8Array(PAYLOAD_BYTES_MAX + 1), undefined)).toThrow(BusRefused);
    for (const [name, value] of [
      ['', 'x'],
      ['a b', 'x'],
      ['a:b', 'x'],
      ['a', ' x'],
      ['a', 'x '],
      ['a', 'ü'],
      ['a', 'x\n'],
      ['Nats-Sequence', '1'],
    ] as const) {
      expect(() => checkPayload('s', data, { [name]: value })).toThrow(BusRefused);
    }
    expect(() => checkPayload('s', data, { 'trace-id': 'a b: c', empty: '' })).not.toThrow();
  });

  test('names of leases and blobs', () => {
    for (const name of ['a', 'risk/book-1', 'snapshots/a.b=c_d/0', 'x'.repeat(NAME_LENGTH_MAX)]) {
      expect(() => checkName('blob', name)).not.toThrow();
    }
    for (const name of ['', '-a', 'a/', 'a//b', 'a.', 'a..b', 'a b', 'ü', 'x'.repeat(NAME_LENGTH_MAX + 1)]) {
      expect(() => checkName('lease', name)).toThrow(BusRefused);
    }
  });

  test('filters', () => {
    for (const filter of ['a', '>', '*', 'a.*.b', 'a.>', '*.*.>'])
      expect(() => checkFilter(filter)).not.toThrow();
    for (const filter of ['', '.', 'a..b', '>.a', 'a>', 'a*', 'a b', 'x'.repeat(SUBJECT_LENGTH_MAX + 1)]) {
      expect(() => checkFilter(filter)).toThrow(BusRefused);
    }
  });

  test('sequences are whole numbers', () => {
    expect(() => checkSequence('s', 0, 0)).not.toThrow();
    for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => checkSequence('s', value, 0)).toThrow(BusRefused);
    }
    expect(() => checkSequence('s', 0, 1)).toThrow(BusRefused);
  });
});
