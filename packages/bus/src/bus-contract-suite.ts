/**
 * Goal: the promises of `bus.ts`, the same for every implementation, also those of other packages.
 * Method: one suite against each. Every test has a book of its own, so that one bus serves all of them.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MESSAGE_BYTES_MAX, subjects } from '@bellwether/contracts';
import {
  LEASE_TTL_MS,
  bytesOf,
  collect,
  eventually,
  textOf,
  type BusFixture,
  type FixtureOptions,
} from './bus-fixtures.js';
import {
  BusRefused,
  OutcomeUnknown,
  SequenceConflict,
  type Bus,
  type LiveMessage,
  type StoredMessage,
} from './bus.js';
import { ANSWERS_UNDER_WAY_MAX, PAYLOAD_BYTES_MAX, REQUESTS_UNDER_WAY_MAX } from './limits.js';

export { LEASE_TTL_MS, type BusFixture, type FixtureOptions };

let books = 0;
const newBook = (): string => `book-${String((books += 1))}`;
const first = { expectedLastSequence: 0 };

/** Appends texts to one subject, each after the one before. Returns their sequences. */
async function appendAll(bus: Bus, subject: string, texts: readonly string[]): Promise<number[]> {
  const sequences: number[] = [];
  for (const text of texts) {
    const expectedLastSequence = sequences.at(-1) ?? 0;
    sequences.push(await bus.append(subject, bytesOf(text), { expectedLastSequence }));
  }
  return sequences;
}

const texts = (messages: readonly StoredMessage[]): string[] => messages.map(({ data }) => textOf(data));

/** Declares the tests of the contract for the bus that `open` gives. */
export function busContract(open: (options?: FixtureOptions) => Promise<BusFixture>): void {
  let fixture: BusFixture;
  let bus: Bus;
  beforeAll(async () => {
    fixture = await open();
    bus = fixture.bus;
  });
  afterAll(() => fixture.dispose());

  describe('append', () => {
    test('gives growing sequences of the stream, and what was given comes back', async () => {
      const subject = subjects.journal(newBook(), 'bar', 'a');
      const sequence = await bus.append(subject, bytesOf('one'), {
        ...first,
        headers: { host: 'a', 'received-us': '17' },
        durable: true,
      });
      const next = await bus.append(subject, bytesOf('two'), { expectedLastSequence: sequence });
      expect(next).toBeGreaterThan(sequence);
      const stored = await bus.get(subject, sequence);
      expect(stored).toMatchObject({ subject, sequence, headers: { host: 'a', 'received-us': '17' } });
      expect(Object.keys(stored?.headers ?? {}).sort()).toEqual(['host', 'received-us']);
      expect(textOf(stored?.data ?? bytesOf('nothing'))).toBe('one');
      expect((await bus.get(subject, next))?.headers).toEqual({});
    });

    test('empty data is data', async () => {
      const subject = subjects.journal(newBook(), 'bar', 'empty');
      await bus.append(subject, new Uint8Array(0), first);
      expect((await bus.last(subject))?.data.length).toBe(0);
    });

    test('another last sequence than expected is a conflict, and nothing is written', async () => {
      const subject = subjects.line('risk', newBook());
      const [sequence = 0] = await appendAll(bus, subject, ['one']);
      for (const expectedLastSequence of [0, sequence - 1, sequence + 1]) {
        const attempt = bus.append(subject, bytesOf('other'), { expectedLastSequence });
        await expect(attempt).rejects.toMatchObject({
          name: 'SequenceConflict',
          subject,
          expected: expectedLastSequence,
        });
      }
      expect(texts(await collect(bus, subject, { from: 1, follow: false }))).toEqual(['one']);
    });

    test('the same append again is a conflict: an id is taken', async () => {
      const subject = subjects.journal(newBook(), 'signal', 's1');
      await bus.append(subject, bytesOf('once'), first);
      await expect(bus.append(subject, bytesOf('once'), first)).rejects.toBeInstanceOf(SequenceConflict);
    });

    test('of two writers with one expectation exactly one wins', async () => {
      const subject = subjects.line('risk', newBook());
      let last = 0;
      for (let round = 0; round < 5; round++) {
        const options = { expectedLastSequence: last };
        const both = await Promise.allSettled([
          bus.append(subject, bytesOf(`a${round}`), options),
          fixture.other.append(subject, bytesOf(`b${round}`), options),
        ]);
        const won = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        const lost = both.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
        expect(won).toHaveLength(1);
        expect(lost[0]).toBeInstanceOf(SequenceConflict);
        last = won[0] ?? 0;
      }
      expect(await collect(bus, subject, { from: 1, follow: false })).toHaveLength(5);
    });

    test('many at once keep the order in which they were asked for', async () => {
      const book = newBook();
      const ids = Array.from({ length: 200 }, (_, i) => `n${i}`);
      const sequences = await Promise.all(
        ids.map((id) => bus.append(subjects.journal(book, 'bar', id), bytesOf(id), first)),
      );
      expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
      expect(texts(await collect(bus, subjects.journalOf(book), { from: 1, follow: false }))).toEqual(ids);
    });

    test('ids with odd characters are ids', async () => {
      const book = newBook();
      const ids = [
        'a b',
        'a.b',
        'a*b>c',
        'ü€🙂',
        'bar:ES:60000000:17:x/y:0',
        '%41',
        'A',
        '\n',
        'x'.repeat(200),
      ];
      ids.push('🙂'.repeat(100));
      for (const id of ids) await bus.append(subjects.journal(book, 'fill', id), bytesOf(id), first);
      for (const id of ids) {
        const found = await bus.last(subjects.journal(book, 'fill', id));
        expect(textOf(found?.data ?? bytesOf('nothing'))).toBe(id);
        const again = bus.append(subjects.journal(book, 'fill', id), bytesOf(id), first);
        await expect(again).rejects.toBeInstanceOf(SequenceConflict);
      }
      expect(await collect(bus, subjects.journalOf(book), { from: 1, follow: false })).toHaveLength(
        ids.length,
      );
    });

    test('the largest message fits, a byte more is refused', async () => {
      const book = newBook();
      const largest = new Uint8Array(MESSAGE_BYTES_MAX).fill(7);
      const headers = { note: 'n'.repeat(16_000) };
      await bus.append(subjects.journal(book, 'bar', 'l'), largest, { ...first, headers });
      const found = await bus.last(subjects.journal(book, 'bar', 'l'));
      expect(found?.data.length).toBe(MESSAGE_BYTES_MAX);
      expect(Buffer.compare(found?.data ?? new Uint8Array(0), largest)).toBe(0);
      const larger = bus.append(
        subjects.journal(book, 'bar', 'm'),
        new Uint8Array(MESSAGE_BYTES_MAX + 1),
        first,
      );
      await expect(larger).rejects.toBeInstanceOf(BusRefused);
      expect(await bus.last(subjects.journal(book, 'bar', 'm'))).toBeNull();
    });

    test('what cannot be stored is refused', async () => {
      const book = newBook();
      const fine = subjects.journal(book, 'bar', 'fine');
      const data = bytesOf('x');
      const refused = [
        bus.append('elsewhere.a', data, first),
        bus.append('bw.journal', data, first),
        bus.append(`bw.line.risk.${book}.deeper`, data, first),
        bus.append(`bw.journal.${book}.*`, data, first),
        bus.append(`bw.journal.${book}.>`, data, first),
        bus.append(`bw.journal.${book}.a b`, data, first),
        bus.append(`bw.journal.${book}..a`, data, first),
        bus.append(`bw.journal.${book}.${'x'.repeat(2_000)}`, data, first),
        bus.append(fine, data, { expectedLastSequence: -1 }),
        bus.append(fine, data, { expectedLastSequence: 0.5 }),
        bus.append(fine, data, { ...first, headers: { 'nats-msg-id': 'mine' } }),
        bus.append(fine, data, { ...first, headers: { note: 'two\r\nlines' } }),
        bus.append(fine, data, { ...first, headers: { note: 'n'.repeat(20_000) } }),
        bus.publish(fine, data),
        bus.subscribe('a..b', () => undefined),
      ];
      for (const one of await Promise.allSettled(refused)) {
        expect(one).toMatchObject({
          status: 'rejected',
          reason: { name: 'BusRefused', code: 'bus_refused' },
        });
      }
      expect(await bus.last(subjects.journalOf(book))).toBeNull();
    });
  });

  describe('last and get', () => {
    test('last is the newest that matches, over wildcards, and null where there is none', async () => {
      const book = newBook();
      expect(await bus.last(subjects.journalOf(book))).toBeNull();
      expect(await bus.last(subjects.line('risk', book))).toBeNull();
      await appendAll(bus, subjects.journal(book, 'bar', '1'), ['bar 1']);
      await appendAll(bus, subjects.journal(book, 'clock', '1'), ['clock 1']);
      await appendAll(bus, subjects.journal(book, 'bar', '2'), ['bar 2']);
      await appendAll(bus, subjects.journal(newBook(), 'bar', '3'), ['of another book']);
      const lastOf = async (filter: string): Promise<string> =>
        textOf((await bus.last(filter))?.data ?? bytesOf('none'));
      expect(await lastOf(subjects.journalOf(book))).toBe('bar 2');
      expect(await lastOf(subjects.journalKind(book, 'clock'))).toBe('clock 1');
      expect(await lastOf(subjects.journalKind(book, 'fill'))).toBe('none');
      expect(await lastOf(subjects.journal(book, 'bar', '1'))).toBe('bar 1');
      expect(await lastOf('bw.journal.*.bar.>')).toBe('of another book');
      expect(await lastOf('bw.journal.>')).toBe('of another book');
    });

    test('get finds by sequence, and gives null for one that is not there', async () => {
      const subject = subjects.line('sizing', newBook());
      const [sequence = 0] = await appendAll(bus, subject, ['x']);
      expect(await bus.get('bw.line.sizing.*', sequence)).toMatchObject({ subject, sequence });
      expect(await bus.get(subject, sequence + 1_000_000)).toBeNull();
      await expect(bus.get(subject, 0)).rejects.toBeInstanceOf(BusRefused);
    });
  });

  describe('read', () => {
    test('keeps the order of the stream over many subjects, and gives only what matches', async () => {
      const [one, two] = [newBook(), newBook()];
      const kinds = ['bar', 'clock', 'signal'];
      const mine: string[] = [];
      for (let i = 0; i < 30; i++) {
        const kind = kinds[i % 3] ?? '';
        await appendAll(bus, subjects.journal(one, kind, String(i)), [`${kind} ${i}`]);
        if (i % 2 === 0) await appendAll(bus, subjects.journal(two, kind, String(i)), ['other']);
        mine.push(`${kind} ${i}`);
      }
      const all = await collect(bus, subjects.journalOf(one), { from: 1, follow: false });
      expect(texts(all)).toEqual(mine);
      const sequences = all.map(({ sequence }) => sequence);
      expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
      const bars = await collect(bus, subjects.journalKind(one, 'bar'), { from: 1, follow: false });
      expect(texts(bars)).toEqual(mine.filter((text) => text.startsWith('bar')));
      const exact = await collect(bus, subjects.journal(one, 'bar', '3'), { from: 1, follow: false });
      expect(texts(exact)).toEqual(['bar 3']);
      const whole = await collect(bus, 'bw.journal.>', { from: sequences[0] ?? 1, follow: false });
      expect(whole.map(({ sequence }) => sequence)).toEqual(whole.map((_, i) => (sequences[0] ?? 1) + i));
    });

    test('starts at a sequence, also between two matching ones and behind the end', async () => {
      const [one, two] = [subjects.line('bandit', newBook()), subjects.line('bandit', newBook())];
      const [a = 0] = await appendAll(bus, one, ['a']);
      const [between = 0] = await appendAll(bus, two, ['other']);
      const c = await bus.append(one, bytesOf('c'), { expectedLastSequence: a });
      const from = async (sequence: number): Promise<string[]> =>
        texts(await collect(bus, one, { from: sequence, follow: false }));
      expect(await from(a)).toEqual(['a', 'c']);
      expect(await from(between)).toEqual(['c']);
      expect(await from(c)).toEqual(['c']);
      expect(await from(c + 1)).toEqual([]);
      expect(await from(c + 1_000)).toEqual([]);
      expect(() => bus.read(one, { from: 0, follow: false })).toThrow(BusRefused);
      expect(() => bus.read('elsewhere.>', { from: 1, follow: false })).toThrow(BusRefused);
    });

    test('without following it ends at what was stored at its start', async () => {
      const subject = subjects.line('sizing', newBook());
      let last = (await appendAll(bus, subject, ['0', '1', '2'])).at(-1) ?? 0;
      const seen: string[] = [];
      for await (const message of bus.read(subject, { from: 1, follow: false })) {
        seen.push(textOf(message.data));
        last = await bus.append(subject, bytesOf('later'), { expectedLastSequence: last });
      }
      expect(seen).toEqual(['0', '1', '2']);
    });

    test('following, it goes on with what comes, whoever appends it', async () => {
      const subject = subjects.line('forecast', newBook());
      const [one = 0] = await appendAll(bus, subject, ['stored']);
      const reading = collect(bus, subject, { from: 1, follow: true }, 3);
      const two = await fixture.other.append(subject, bytesOf('second'), { expectedLastSequence: one });
      await appendAll(bus, subjects.line('forecast', newBook()), ['not mine']);
      await bus.append(subject, bytesOf('third'), { expectedLastSequence: two });
      expect(texts(await reading)).toEqual(['stored', 'second', 'third']);
    });

    test('following from a sequence that is not there yet', async () => {
      const subject = subjects.line('regime', newBook());
      const [one = 0] = await appendAll(bus, subject, ['one']);
      const reading = collect(bus, subject, { from: one + 2, follow: true }, 1);
      const two = await bus.append(subject, bytesOf('two'), { expectedLastSequence: one });
      await bus.append(subject, bytesOf('three'), { expectedLastSequence: two });
      expect(texts(await reading)).toEqual(['three']);
    });

    test('many readers at once: no gap, no repeat', async () => {
      const book = newBook();
      const count = 400;
      const wanted = Array.from({ length: count }, (_, i) => String(i));
      const filters = [subjects.journalOf(book), subjects.journalKind(book, 'bar')];
      const readers = Array.from({ length: 6 }, (_, i) =>
        collect(i % 2 === 0 ? bus : fixture.other, filters[i % 2] ?? '', { from: 1, follow: true }, count),
      );
      for (let at = 0; at < count; at += 50) {
        await Promise.all(
          wanted
            .slice(at, at + 50)
            .map((id) => bus.append(subjects.journal(book, 'bar', id), bytesOf(id), first)),
        );
      }
      for (const read of await Promise.all(readers)) expect(texts(read)).toEqual(wanted);
    });

    test('a signal ends a reading that waits, one that works, and one not begun', async () => {
      const subject = subjects.line('features', newBook());
      await appendAll(bus, subject, ['0', '1', '2', '3']);
      const waiting = new AbortController();
      const seen: string[] = [];
      const ended = (async () => {
        for await (const { data } of bus.read(subject, { from: 1, follow: true, signal: waiting.signal })) {
          seen.push(textOf(data));
        }
      })();
      await eventually('all stored ones are read', () => seen.length === 4);
      waiting.abort();
      await ended;

      const working = new AbortController();
      const some: string[] = [];
      for await (const { data } of bus.read(subject, { from: 1, follow: true, signal: working.signal })) {
        some.push(textOf(data));
        if (some.length === 2) working.abort();
      }
      expect(some).toEqual(['0', '1']);
      const signal = AbortSignal.abort();
      expect(await collect(bus, subject, { from: 1, follow: true, signal })).toEqual([]);
    });
  });

  describe('live messages', () => {
    test('a stored decision is republished exactly once, with its sequence', async () => {
      const book = newBook();
      const live: LiveMessage[] = [];
      const off = await fixture.other.subscribe(subjects.decision(book), (message) => live.push(message));
      const subject = subjects.line('risk', book);
      const sequences = await appendAll(bus, subject, ['d1', 'd2']);
      await expect(bus.append(subject, bytesOf('no'), first)).rejects.toBeInstanceOf(SequenceConflict);
      await appendAll(bus, subjects.line('sizing', book), ['not a decision']);
      const last = { expectedLastSequence: sequences[1] ?? 0 };
      sequences.push(await bus.append(subject, bytesOf('d3'), last));
      await eventually('three decisions', () => live.length >= 3);
      expect(live.map(({ data }) => textOf(data))).toEqual(['d1', 'd2', 'd3']);
      expect(live.map(({ sequence }) => sequence)).toEqual(sequences);
      expect(live.every((message) => message.subject === subjects.decision(book))).toBe(true);
      off();
    });

    test('publish reaches subscribers of a matching filter, with no sequence, until they leave', async () => {
      const book = newBook();
      const [all, one]: [string[], string[]] = [[], []];
      const offAll = await fixture.other.subscribe('bw.status.>', ({ subject, data, sequence }) => {
        if (subject.endsWith(book)) all.push(`${textOf(data)} ${String(sequence)}`);
      });
      const offOne = await bus.subscribe(subjects.status('risk', book), ({ data }) => one.push(textOf(data)));
      await bus.publish(subjects.status('risk', book), bytesOf('ready'));
      await bus.publish(subjects.status('sizing', book), bytesOf('started'));
      await eventually('both', () => all.length === 2 && one.length === 1);
      offOne();
      offOne();
      await bus.publish(subjects.status('risk', book), bytesOf('stopped'));
      await eventually('the third', () => all.length === 3);
      expect(all).toEqual(['ready null', 'started null', 'stopped null']);
      expect(one).toEqual(['ready']);
      offAll();
    });
  });

  describe('questions', () => {
    const never = (): Promise<Uint8Array> => new Promise(() => undefined);
    const LONG_MS = 20_000;
    const SHORT_MS = 5_000;

    test('reach who answers there, each gets its own answer, and bytes come back as they are', async () => {
      const subject = subjects.auditQuery(newBook());
      const end = await bus.respond(subject, async (data) => bytesOf(`re ${textOf(data)}`));
      const asked = Array.from({ length: 20 }, (_, i) =>
        fixture.other.request(subject, bytesOf(`${i}`), LONG_MS),
      );
      expect((await Promise.all(asked)).map(textOf)).toEqual(asked.map((_, i) => `re ${i}`));
      end();
      const echo = await bus.respond(subject, (data) => Promise.resolve(data));
      expect((await bus.request(subject, new Uint8Array(0), LONG_MS)).length).toBe(0);
      const bytes = Uint8Array.from({ length: PAYLOAD_BYTES_MAX }, (_, i) => (i * 7) % 251);
      expect(Buffer.compare(await bus.request(subject, bytes, LONG_MS), bytes)).toBe(0);
      echo();
    });

    test('are refused where nobody answers, and where nobody does so any longer', async () => {
      const subject = subjects.auditQuery(newBook());
      const ask = (): Promise<Uint8Array> => fixture.other.request(subject, bytesOf('?'), LONG_MS);
      await expect(ask()).rejects.toThrow(BusRefused);
      const end = await bus.respond(subject, (data) => Promise.resolve(data));
      expect(textOf(await ask())).toBe('?');
      end();
      end();
      await eventually('nobody answers', () =>
        ask().then(
          () => false,
          (error: unknown) => error instanceof BusRefused && error.message.includes('Nobody answers'),
        ),
      );
    });

    test('that are on their way while the one who answers ends are answered or refused, none waits in vain', async () => {
      const outcomes: string[] = [];
      for (let round = 0; round < 20; round++) {
        const subject = subjects.auditQuery(newBook());
        const end = await bus.respond(subject, (data) => Promise.resolve(data));
        const asked = Array.from({ length: 5 }, () =>
          fixture.other.request(subject, bytesOf('?'), SHORT_MS).then(
            () => 'answered',
            (error: unknown) => (error instanceof BusRefused ? 'refused' : String(error)),
          ),
        );
        // Sent by the other connection, maybe not here yet.
        await fixture.other.publish(subjects.status('test', newBook()), bytesOf('sent'));
        end();
        outcomes.push(...(await Promise.all(asked)));
      }
      expect(outcomes.filter((outcome) => outcome !== 'answered' && outcome !== 'refused')).toEqual([]);
    });

    test('reach one of several who answer; the other takes over', async () => {
      const subject = subjects.auditQuery(newBook());
      let answered = 0;
      const answer = async (data: Uint8Array): Promise<Uint8Array> => {
        answered += 1;
        return data;
      };
      const endFirst = await bus.respond(subject, answer);
      const endSecond = await fixture.other.respond(subject, answer);
      for (let i = 0; i < 10; i++) await bus.request(subject, bytesOf('?'), LONG_MS);
      expect(answered).toBe(10);
      endFirst();
      expect(textOf(await fixture.other.request(subject, bytesOf('still'), LONG_MS))).toBe('still');
      endSecond();
    });

    test('without an answer in time have an unknown outcome, and a late answer does no harm', async () => {
      const subject = subjects.auditQuery(newBook());
      const late: (() => void)[] = [];
      const end = await bus.respond(subject, async (data) => {
        if (textOf(data) === 'late') await new Promise<void>((resolve) => late.push(resolve));
        return data;
      });
      await expect(fixture.other.request(subject, bytesOf('late'), 100)).rejects.toBeInstanceOf(
        OutcomeUnknown,
      );
      for (const resolve of late) resolve();
      expect(textOf(await fixture.other.request(subject, bytesOf('next'), LONG_MS))).toBe('next');
      end();
    });

    test('are refused with what the answerer says when it fails, also at once or with too much', async () => {
      const subject = subjects.auditQuery(newBook());
      const end = await bus.respond(subject, (data) => {
        if (textOf(data) === 'at once') throw new Error('Not even begun');
        if (textOf(data) === 'much') return Promise.resolve(new Uint8Array(PAYLOAD_BYTES_MAX + 1));
        return Promise.reject(new Error(`No such decision – ${'x'.repeat(2_000)}`));
      });
      const failure = async (text: string): Promise<Error> => {
        const error: unknown = await fixture.other
          .request(subject, bytesOf(text), LONG_MS)
          .catch((e: unknown) => e);
        if (!(error instanceof BusRefused)) throw new Error(`Expected a refusal, was ${String(error)}`);
        return error;
      };
      expect((await failure('at once')).message).toBe('Not even begun');
      expect((await failure('much')).message).toContain(String(PAYLOAD_BYTES_MAX + 1));
      expect((await failure('other')).message).toMatch(/^No such decision – x{400,}$/);
      end();
    });

    test('beyond what one answerer works on are refused, and it goes on after that', async () => {
      const subject = subjects.auditQuery(newBook());
      const working: (() => void)[] = [];
      const end = await bus.respond(subject, async (data) => {
        await new Promise<void>((resolve) => working.push(resolve));
        return data;
      });
      const asked = Array.from({ length: ANSWERS_UNDER_WAY_MAX }, () =>
        fixture.other.request(subject, bytesOf('?'), LONG_MS),
      );
      await eventually('all are worked on', () => working.length === ANSWERS_UNDER_WAY_MAX);
      await expect(fixture.other.request(subject, bytesOf('?'), LONG_MS)).rejects.toThrow('under way');
      for (const resolve of working) resolve();
      expect(await Promise.all(asked)).toHaveLength(ANSWERS_UNDER_WAY_MAX);
      const again = fixture.other.request(subject, bytesOf('!'), LONG_MS);
      await eventually('it works again', () => working.length > ANSWERS_UNDER_WAY_MAX);
      working.at(-1)?.();
      expect(textOf(await again)).toBe('!');
      end();
    });

    test('beyond what one bus waits for are refused', async () => {
      const own = await open();
      const others = Array.from({ length: REQUESTS_UNDER_WAY_MAX / ANSWERS_UNDER_WAY_MAX }, () => newBook());
      for (const book of others) await own.bus.respond(subjects.auditQuery(book), never);
      const asked = others.flatMap((book) =>
        Array.from({ length: ANSWERS_UNDER_WAY_MAX }, () =>
          own.bus.request(subjects.auditQuery(book), bytesOf('?'), LONG_MS),
        ),
      );
      const ends = Promise.allSettled(asked);
      const one = own.bus.request(subjects.auditQuery(others[0]!), bytesOf('?'), LONG_MS);
      await expect(one).rejects.toThrow(`${REQUESTS_UNDER_WAY_MAX} questions wait`);
      await own.dispose();
      for (const end of await ends) expect(end).toMatchObject({ reason: { name: 'BusRefused' } });
    });

    test('out of bounds are refused before they are asked', async () => {
      const subject = subjects.auditQuery(newBook());
      const end = await bus.respond(subject, (data) => Promise.resolve(data));
      const much = new Uint8Array(PAYLOAD_BYTES_MAX + 1);
      await expect(bus.request(subject, much, LONG_MS)).rejects.toBeInstanceOf(BusRefused);
      for (const ms of [0, -1, 1.5, Number.NaN, 600_001]) {
        await expect(bus.request(subject, bytesOf('?'), ms)).rejects.toThrow('timeout');
      }
      for (const odd of ['', 'a b', 'bw.audit-query.*', '>', subjects.line('risk', newBook())]) {
        await expect(bus.request(odd, bytesOf('?'), LONG_MS)).rejects.toBeInstanceOf(BusRefused);
        await expect(bus.respond(odd, never)).rejects.toBeInstanceOf(BusRefused);
      }
      end();
    });

    test('end with the bus: of the asker, and of the one who answers', async () => {
      const own = await open();
      const subject = subjects.auditQuery(newBook());
      let begun = 0;
      await own.other.respond(subject, () => {
        begun += 1;
        return never();
      });
      const asked = own.bus.request(subject, bytesOf('?'), LONG_MS);
      const refused = expect(asked).rejects.toBeInstanceOf(BusRefused);
      await eventually('it is worked on', () => begun === 1);
      await own.other.close();
      await refused;
      await own.dispose();
    });
  });

  describe('leases', () => {
    test('one owner at a time; a renewal keeps it; a release frees it', async () => {
      const name = `features/${newBook()}`;
      const { leases } = bus;
      expect(leases.ttlMs).toBe(LEASE_TTL_MS);
      expect(await leases.acquire(name, 'a')).toBe(true);
      expect(await fixture.other.leases.acquire(name, 'b')).toBe(false);
      expect(await leases.acquire(name, 'a')).toBe(true);
      await leases.release(name, 'b');
      expect(await fixture.other.leases.acquire(name, 'b')).toBe(false);
      expect(await leases.acquire(`${name}/other`, 'b')).toBe(true);
      await leases.release(name, 'a');
      expect(await fixture.other.leases.acquire(name, 'b')).toBe(true);
      await leases.release(name, 'a');
      expect(await leases.acquire(name, 'a')).toBe(false);
    });

    test('one that is not renewed is free after its time', async () => {
      const name = `regime/${newBook()}`;
      expect(await bus.leases.acquire(name, 'a')).toBe(true);
      expect(await bus.leases.acquire(name, 'b')).toBe(false);
      await fixture.expireLeases();
      await eventually('the lease is free', () => fixture.other.leases.acquire(name, 'b'), 5_000);
      expect(await bus.leases.acquire(name, 'a')).toBe(false);
    });

    test('of many who want it one gets it', async () => {
      const name = `risk/${newBook()}`;
      const asked = Array.from({ length: 8 }, (_, i) =>
        (i % 2 === 0 ? bus : fixture.other).leases.acquire(name, `owner ${i}`),
      );
      expect((await Promise.all(asked)).filter((won) => won)).toHaveLength(1);
    });

    test('an odd name is refused', async () => {
      for (const name of ['', '.', 'a b', '*', '/a', 'a//b', 'a..b', 'x'.repeat(500)]) {
        await expect(bus.leases.acquire(name, 'a')).rejects.toBeInstanceOf(BusRefused);
        await expect(bus.blobs.put(name, bytesOf('a'))).rejects.toBeInstanceOf(BusRefused);
      }
    });
  });

  describe('blobs', () => {
    test('what was put comes back; none is null; empty is not none', async () => {
      const name = `snapshots/${newBook()}/a.bin`;
      expect(await bus.blobs.get(name)).toBeNull();
      const bytes = Uint8Array.from({ length: 700_001 }, (_, i) => (i * 7) % 251);
      await bus.blobs.put(name, bytes);
      const found = await fixture.other.blobs.get(name);
      expect(Buffer.compare(found ?? new Uint8Array(0), bytes)).toBe(0);
      await bus.blobs.put(name, new Uint8Array(0));
      expect((await bus.blobs.get(name))?.length).toBe(0);
    });

    test('replacing is atomic: a reader sees one whole version', async () => {
      const name = `snapshots/${newBook()}`;
      const version = (n: number): Uint8Array => new Uint8Array(300_000 + n * 100_000).fill(n);
      await bus.blobs.put(name, version(0));
      let written = false;
      const writing = (async () => {
        for (let n = 1; n <= 6; n++) await bus.blobs.put(name, version(n));
        written = true;
      })();
      let reads = 0;
      do {
        const found = (await fixture.other.blobs.get(name)) ?? new Uint8Array(0);
        const n = found[0] ?? -1;
        expect(found.length).toBe(version(n).length);
        expect(found.every((byte) => byte === n)).toBe(true);
        reads += 1;
      } while (!written);
      await writing;
      expect(reads).toBeGreaterThan(0);
      expect((await bus.blobs.get(name))?.[0]).toBe(6);
    });
  });

  test('a full stream refuses, and keeps what it has', async () => {
    const small = await open({ small: true });
    try {
      const book = newBook();
      const data = new Uint8Array(1_000);
      let stored = 0;
      const fill = async (): Promise<void> => {
        for (; stored < 50; stored++) {
          await small.bus.append(subjects.journal(book, 'bar', String(stored)), data, first);
        }
      };
      await expect(fill()).rejects.toBeInstanceOf(BusRefused);
      expect(stored).toBeGreaterThan(5);
      expect(await collect(small.bus, 'bw.journal.>', { from: 1, follow: false })).toHaveLength(stored);
      // Another stream has room.
      expect(await small.bus.append(subjects.line('risk', book), data, first)).toBe(1);
    } finally {
      await small.dispose();
    }
  });

  test('close waits for appends, ends readers, refuses what comes after, and may be called again', async () => {
    const own = await open();
    try {
      const book = newBook();
      const subject = subjects.line('risk', book);
      expect(own.bus.connected).toBe(true);
      const reading = collect(own.bus, subject, { from: 1, follow: true });
      const appended = own.bus.append(subject, bytesOf('x'), first);
      const closed = own.bus.close();
      expect(await appended).toBe(1);
      await Promise.all([closed, own.bus.close()]);
      expect((await reading).length).toBeLessThanOrEqual(1);
      expect(own.bus.connected).toBe(false);
      const refused = [
        own.bus.append(subject, bytesOf('y'), { expectedLastSequence: 1 }),
        own.bus.last(subject),
        own.bus.get(subject, 1),
        own.bus.publish('bw.status.a.b', bytesOf('y')),
        own.bus.request('bw.audit-query.a', bytesOf('y'), 1_000),
        own.bus.respond('bw.audit-query.a', (data) => Promise.resolve(data)),
        own.bus.subscribe('bw.status.>', () => undefined),
        own.bus.leases.acquire('risk/a', 'me'),
        own.bus.blobs.put('a', bytesOf('y')),
        own.bus.blobs.get('a'),
      ];
      for (const one of await Promise.allSettled(refused)) {
        expect(one).toMatchObject({ status: 'rejected', reason: { name: 'BusRefused' } });
      }
      expect(() => own.bus.read(subject, { from: 1, follow: true })).toThrow(BusRefused);
      await own.bus.close();
    } finally {
      await own.dispose();
    }
  });
}
