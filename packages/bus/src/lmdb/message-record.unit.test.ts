import { describe, expect, test } from '@jest/globals';
import { StoreCorrupt, decodeRecord, encodeRecord } from './message-record.js';

const data = Uint8Array.from([0, 1, 2, 255]);

describe('a record', () => {
  test('gives back what went in, and a copy of it', () => {
    const record = encodeRecord('bw.journal.a.bar.b', { host: 'h', empty: '' }, data);
    const message = decodeRecord('S', 7, record);
    expect(message).toEqual({
      subject: 'bw.journal.a.bar.b',
      sequence: 7,
      data,
      headers: { host: 'h', empty: '' },
    });
    record.fill(0);
    expect(message.data).toEqual(data);
    expect(decodeRecord('S', 1, encodeRecord('s', {}, new Uint8Array(0)))).toEqual({
      subject: 's',
      sequence: 1,
      data: new Uint8Array(0),
      headers: {},
    });
  });

  test('with any byte changed, missing or added is refused', () => {
    const record = encodeRecord('bw.journal.a.bar.b', { host: 'h' }, data);
    for (let i = 0; i < record.length; i++) {
      const torn = Buffer.from(record);
      torn[i] = (torn[i] ?? 0) ^ 0x10;
      expect(() => decodeRecord('S', 1, torn)).toThrow(StoreCorrupt);
      expect(() => decodeRecord('S', 1, record.subarray(0, i))).toThrow(StoreCorrupt);
    }
    expect(() => decodeRecord('S', 1, Buffer.concat([record, Buffer.from([0])]))).toThrow(StoreCorrupt);
  });
});
