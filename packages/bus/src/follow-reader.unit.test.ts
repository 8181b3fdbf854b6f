import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { InvariantError } from '@bellwether/kernel';
import { bytesOf, textOf } from './bus-fixtures.js';
import { MemoryBus } from './memory/memory-bus.js';

const subject = 'bw.line.risk.book';

describe('FollowReader', () => {
  test('an append answers the waiting reader without a turn of the event loop', async () => {
    const bus = new MemoryBus();
    const reader = bus.read(subject, { from: 1, follow: true })[Symbol.asyncIterator]();
    const pending = reader.next();
    let turned = false;
    setImmediate(() => (turned = true));
    await bus.append(subject, bytesOf('x'), { expectedLastSequence: 0 });
    const result = await pending;
    expect(turned).toBe(false);
    expect(result.done === true ? '' : textOf(result.value.data)).toBe('x');
  });

  test('one next at a time', async () => {
    const bus = new MemoryBus();
    const reader = bus.read(subject, { from: 1, follow: true })[Symbol.asyncIterator]();
    const pending = reader.next();
    await expect(reader.next()).rejects.toBeInstanceOf(InvariantError);
    await bus.close();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  test('return ends it, and the signal keeps no listener', async () => {
    const bus = new MemoryBus();
    const stop = new AbortController();
    const { signal } = stop;
    const listeners = (): number => getEventListeners(signal, 'abort').length;
    await bus.append(subject, bytesOf('x'), { expectedLastSequence: 0 });
    for await (const message of bus.read(subject, { from: 1, follow: true, signal })) {
      expect(listeners()).toBe(1);
      expect(message.sequence).toBe(1);
      break;
    }
    expect(listeners()).toBe(0);
  });

  test('a long replay gives the event loop its turns', async () => {
    const bus = new MemoryBus();
    const count = 5_000;
    for (let i = 0; i < count; i++) await bus.append(subject, bytesOf('x'), { expectedLastSequence: i });
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    let read = 0;
    for await (const message of bus.read(subject, { from: 1, follow: true, signal: stop.signal })) {
      read = message.sequence;
    }
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(count);
  });
});
