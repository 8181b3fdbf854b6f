import { describe, expect, it } from '@jest/globals';
import {
  BOOK_NAME,
  ContractError,
  DataOrigin,
  EntryKind,
  LIST_LENGTH_MAX,
  MESSAGE_BYTES_MAX,
  STAGES,
  STREAMS,
  Side,
  type Strategy,
  TEXT_LENGTH_MAX,
  decodeEntry,
  encodeEntry,
  encodeFrame,
  equalBytes,
  sameRequest,
  streamOf,
  subjectMatches,
  subjectToken,
  subjects,
  type Bar,
  type Entry,
  type Frame,
  type Signal,
} from './index.js';
import { seeded } from './random-messages.js';

const BAR: Bar = {
  symbol: 'ES',
  open_us: 1_757_887_200_000_000,
  interval_us: 60_000_000,
  tick_size_e4: 2_500,
  open_ticks: 24_000,
  high_ticks: 24_004,
  low_ticks: 23_999,
  close_ticks: 24_001,
  volume: 1_200,
  revision: 0,
  bid_size: null,
  ask_size: null,
  last_trade_dir: null,
};

const ENTRY: Entry = {
  book: 'paper-es',
  id: 'bar:ES:60000000:1757887200000000:file:0',
  kind: EntryKind.BAR,
  event_us: 1_757_887_260_000_000,
  known_us: 1_757_887_260_000_000,
  source: 'file',
  origin: DataOrigin.MARKET,
  release: null,
  warmup: null,
  order: null,
  fill: null,
  order_end: null,
  bar: BAR,
  clock: null,
  signal: null,
  abandon: null,
  operator: null,
  account: null,
  close: null,
  model: null,
  audit: null,
  order_ack: null,
  mode: null,
  aux: null,
};

const SIGNAL: Signal = {
  signal_id: 'a',
  symbol: 'ES',
  strategy: null,
  side: null,
  stop_distance_ticks: null,
  cloud: null,
  ts_us: null,
};

const withBar = (bar: Partial<Bar>): Entry => ({ ...ENTRY, bar: { ...BAR, ...bar } });
const withSignal = (signal: Partial<Signal>): Entry => ({
  ...ENTRY,
  id: 'signal:a',
  kind: EntryKind.SIGNAL,
  bar: null,
  signal: { ...SIGNAL, ...signal },
});
const roundTrip = (entry: Entry): Entry => decodeEntry(encodeEntry(entry));

describe('canonical bytes', () => {
  it('keep unset and zero of an optional field apart', () => {
    const unset = withBar({ volume: null });
    const zero = withBar({ volume: 0 });
    expect(equalBytes(encodeEntry(unset), encodeEntry(zero))).toBe(false);
    expect(roundTrip(unset).bar?.volume).toBeNull();
    expect(roundTrip(zero).bar?.volume).toBe(0);
    expect(roundTrip(withSignal({ side: Side.UNSPECIFIED })).signal?.side).toBe(Side.UNSPECIFIED);
    expect(roundTrip(withSignal({ side: null })).signal?.side).toBeNull();
  });

  it('write -0 as 0', () => {
    const cloud = { p: -0, source_model_id: 'm', latency_ms: -0 };
    const bytes = encodeEntry(withSignal({ cloud, ts_us: -0 }));
    expect(
      equalBytes(bytes, encodeEntry(withSignal({ cloud: { ...cloud, p: 0, latency_ms: 0 }, ts_us: 0 }))),
    ).toBe(true);
    expect(Object.is(decodeEntry(bytes).signal?.cloud?.p, 0)).toBe(true);
    expect(
      equalBytes(encodeEntry(withBar({ open_ticks: -0 })), encodeEntry(withBar({ open_ticks: 0 }))),
    ).toBe(true);
  });

  it.each([NaN, Infinity, -Infinity])('refuse %p, naming the field', (p) => {
    const run = (): unknown =>
      encodeEntry(withSignal({ cloud: { p, source_model_id: 'm', latency_ms: null } }));
    expect(run).toThrow('CallerForecast.p: Expected a finite number');
  });

  it('hold times to 2^53 - 1 as plain numbers and refuse 2^53', () => {
    const last = Number.MAX_SAFE_INTEGER;
    const back = roundTrip({ ...ENTRY, event_us: last, known_us: -last });
    expect([back.event_us, back.known_us]).toEqual([last, -last]);
    expect(typeof back.event_us).toBe('number');
    expect(() => encodeEntry({ ...ENTRY, event_us: 2 ** 53 })).toThrow('Entry.event_us');
    expect(() => decodeEntry(patched(encodeEntry({ ...ENTRY, event_us: last })))).toThrow(ContractError);
  });

  it('refuse an enum value out of range, on the way in and out', () => {
    expect(() => encodeEntry(withSignal({ strategy: 13 as Strategy }))).toThrow('Signal.strategy');
    const bytes = Buffer.from(encodeEntry(ENTRY));
    const at = bytes.indexOf(Buffer.from([0x18, EntryKind.BAR]));
    bytes[at + 1] = 99;
    expect(() => decodeEntry(bytes)).toThrow('Entry.kind');
  });

  it('refuse unknown keys at any depth', () => {
    const extra = { ...ENTRY, bar: { ...BAR, vwap: 1 } } as Entry;
    expect(() => encodeEntry(extra)).toThrow('Bar.vwap: Expected no such field');
  });

  it('refuse a missing field', () => {
    const { book, ...rest } = ENTRY;
    expect(book).toBe('paper-es');
    expect(() => encodeEntry(rest as Entry)).toThrow('Entry.book: Expected a string');
  });

  it('refuse what is no object', () => {
    expect(() => encodeEntry(null as never)).toThrow(ContractError);
    expect(() => encodeEntry([] as never)).toThrow(ContractError);
  });
});

/** The bytes with the event time's ninth varint byte changed from 2^53 - 1 to 2^54 - 1. */
function patched(bytes: Uint8Array): Uint8Array {
  const out = Buffer.from(bytes);
  const at = out.indexOf(Buffer.from([0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]));
  expect(at).toBeGreaterThan(0);
  out[at + 8] = 0x1f;
  return out;
}

describe('bytes that are not canonical', () => {
  const bytes = Buffer.from(encodeEntry(ENTRY));
  const field = (tag: number, value: string): Buffer => {
    const body = Buffer.from(value);
    return Buffer.concat([Buffer.from([(tag << 3) | 2, body.length]), body]);
  };

  it('are refused with an unknown field', () => {
    expect(() => decodeEntry(Buffer.concat([bytes, Buffer.from([0xf8, 0x3f, 1])]))).toThrow(ContractError);
  });
  it('are refused with a field twice', () => {
    expect(() => decodeEntry(Buffer.concat([field(1, 'other'), bytes]))).toThrow('canonical bytes');
    expect(() => decodeEntry(Buffer.concat([bytes, field(1, 'paper-es')]))).toThrow('canonical bytes');
  });
  it('are refused out of order', () => {
    const book = field(1, ENTRY.book);
    expect(bytes.subarray(0, book.length).equals(book)).toBe(true);
    const moved = Buffer.concat([bytes.subarray(book.length), book]);
    expect(() => decodeEntry(moved)).toThrow('canonical bytes');
  });
  it('are refused with a zero written out', () => {
    const zero = encodeEntry({ ...ENTRY, event_us: 0, known_us: 0 });
    expect(() => decodeEntry(Buffer.concat([zero, Buffer.from([0x20, 0])]))).toThrow('canonical bytes');
  });
  it('are refused with an integer in too many bytes', () => {
    const at = bytes.indexOf(Buffer.from([0x18, EntryKind.BAR]));
    const long = Buffer.concat([
      bytes.subarray(0, at + 1),
      Buffer.from([0x80 | EntryKind.BAR, 0]),
      bytes.subarray(at + 2),
    ]);
    expect(() => decodeEntry(long)).toThrow('canonical bytes');
  });
  it('are refused with two payloads', () => {
    const clock = { boundary_us: 1, reason: 1 } as const;
    expect(() => encodeEntry({ ...ENTRY, clock })).toThrow('Entry.payload: Expected at most one member');
    const second = Buffer.concat([bytes, Buffer.from([0xca, 0x01, 0x04, 0x08, 0x01, 0x10, 0x01])]);
    expect(() => decodeEntry(second)).toThrow(ContractError);
  });
  it.each([
    ['no protobuf', Buffer.from('hello')],
    ['a truncated message', bytes.subarray(0, 20)],
    ['a group that never ends', Buffer.from([0x0b])],
  ])('are refused when they are %s', (_what, wrong) => {
    expect(() => decodeEntry(wrong)).toThrow(ContractError);
  });
});

describe('limits', () => {
  it('refuse a text that is too long', () => {
    expect(() => encodeEntry({ ...ENTRY, source: 'x'.repeat(TEXT_LENGTH_MAX) })).not.toThrow();
    expect(() => encodeEntry({ ...ENTRY, source: 'x'.repeat(TEXT_LENGTH_MAX + 1) })).toThrow('Entry.source');
  });
  it('refuse half a surrogate pair, which has no bytes of its own', () => {
    expect(() => encodeEntry({ ...ENTRY, source: 'a\ud800' })).toThrow(
      'Entry.source: Expected well-formed Unicode',
    );
    expect(roundTrip({ ...ENTRY, source: '\u{1f600}' }).source).toBe('\u{1f600}');
  });
  it('refuse a list that is too long', () => {
    const warmup = {
      symbol: 'ES',
      trade_date: 20250303,
      interval_us: 60_000_000,
      tick_size_e4: 2500,
      volume_known: false,
      open_us: Array.from({ length: LIST_LENGTH_MAX + 1 }, (_, i) => i),
      open_ticks: [],
      high_ticks: [],
      low_ticks: [],
      close_ticks: [],
      volume: [],
    };
    const entry: Entry = { ...ENTRY, kind: EntryKind.WARMUP, bar: null, warmup };
    expect(() => encodeEntry(entry)).toThrow('Warmup.open_us: Expected at most 4096 items');
    expect(() =>
      encodeEntry({ ...entry, warmup: { ...warmup, open_us: warmup.open_us.slice(1) } }),
    ).not.toThrow();
  });
  it('refuse a message that is too large', () => {
    const inference = { stage: 's', model: 'x'.repeat(4_000), version: '1', sha256: '0', outputs: [] };
    const frame: Frame = {
      contract_version: 1,
      book: 'b',
      seq: 1,
      book_time_us: 0,
      origin: DataOrigin.MARKET,
      entry: ENTRY,
      features: null,
      regime: null,
      forecast: null,
      portfolio: null,
      bandit: null,
      sizing: null,
      risk: null,
      inferences: Array.from({ length: 230 }, () => inference),
    };
    expect(() => encodeFrame(frame)).toThrow(`Frame: Expected at most ${MESSAGE_BYTES_MAX} bytes`);
    expect(() => encodeFrame({ ...frame, inferences: frame.inferences.slice(20) })).not.toThrow();
  });
});

describe('sameRequest', () => {
  it('ignores the time of receipt and nothing else', () => {
    expect(sameRequest(ENTRY, { ...ENTRY, event_us: 1, known_us: 2 })).toBe(true);
    expect(sameRequest(ENTRY, withBar({ close_ticks: 24_002 }))).toBe(false);
    expect(sameRequest(ENTRY, { ...ENTRY, source: 'http' })).toBe(false);
    expect(sameRequest(ENTRY, { ...ENTRY, origin: DataOrigin.SYNTHETIC })).toBe(false);
  });
});

describe('subjectToken', () => {
  it('leaves plain ids as they are', () => {
    expect(subjectToken(ENTRY.id)).toBe(ENTRY.id);
  });
  it('escapes what a subject may not hold', () => {
    expect(subjectToken('a.b *>%/é')).toBe('a%2eb%20%2a%3e%25%2f%c3%a9');
    expect(subjectToken('a b')).not.toBe(subjectToken('a%20b'));
  });
  it('gives different ids different tokens, and none of them a dot, blank or wildcard', () => {
    const random = seeded(4);
    const alphabet = [
      'a',
      'A',
      '%',
      '2',
      '0',
      'e',
      '.',
      '*',
      '>',
      ' ',
      '\n',
      '/',
      'é',
      '𝄞',
      '\u0000',
      ':',
      '-',
    ];
    const ids = new Set<string>();
    const tokens = new Set<string>();
    for (let n = 0; n < 20_000; n++) {
      const length = 1 + Math.floor(random() * 6);
      let id = '';
      for (let i = 0; i < length; i++) id += alphabet[Math.floor(random() * alphabet.length)] as string;
      ids.add(id);
      const token = subjectToken(id);
      expect(token).toMatch(/^[A-Za-z0-9_:=+@%-]+$/);
      tokens.add(token);
    }
    expect(ids.size).toBeGreaterThan(10_000);
    expect(tokens.size).toBe(ids.size);
  });
});

describe('subjectMatches', () => {
  it.each([
    ['bw.input.>', 'bw.input.b.bar.x', true],
    ['bw.input.>', 'bw.input', false],
    ['bw.line.risk.*', 'bw.line.risk.b', true],
    ['bw.line.risk.*', 'bw.line.risk.b.c', false],
    ['bw.line.risk.*', 'bw.line.risk', false],
    ['a.*.c', 'a.b.c', true],
    ['a.*.c', 'a.b.d', false],
    ['a.b', 'a.b', true],
    ['a.b', 'a.b.c', false],
  ])('%s and %s: %p', (filter, subject, expected) => {
    expect(subjectMatches(filter, subject)).toBe(expected);
  });
});

describe('streamOf', () => {
  it('finds exactly one stream for every stored subject', () => {
    const stored = [
      subjects.input('b', 'bar', 'bar:x'),
      subjects.inputOf('b'),
      subjects.journal('b', 'fill', 'fill.1'),
      subjects.journalOf('b'),
      subjects.journalKind('b', 'bar'),
      ...STAGES.map((stage) => subjects.line(stage, 'b')),
    ];
    for (const subject of stored) {
      const owners = STREAMS.filter((stream) =>
        stream.subjects.some((filter) => subjectMatches(filter, subject)),
      );
      expect(owners).toEqual([streamOf(subject)]);
    }
    expect(streamOf(subjects.line('risk', 'b')).republish).toEqual({
      from: 'bw.line.risk.*',
      to: 'bw.decision.{{wildcard(1)}}',
    });
  });
  it('throws on a subject that nobody stores', () => {
    expect(() => streamOf(subjects.decision('b'))).toThrow('No stream stores');
    expect(() => streamOf(subjects.status('risk', 'b'))).toThrow('No stream stores');
  });
});

describe('BOOK_NAME', () => {
  it.each(['paper-es', 'a', 'b1'])('accepts %s', (name) => expect(name).toMatch(BOOK_NAME));
  it.each(['', 'A', '1b', 'a.b', 'a b', 'a_b', 'x'.repeat(33)])('refuses %p', (name) =>
    expect(name).not.toMatch(BOOK_NAME),
  );
});
