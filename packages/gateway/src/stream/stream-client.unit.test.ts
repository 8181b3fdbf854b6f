import { describe, expect, it } from '@jest/globals';
import { StreamClient, type StreamEvent, type StreamSink } from './stream-client.js';

/** A response whose reader takes only what it is told to. */
class SlowSink implements StreamSink {
  text = '';
  waiting = 0;
  ended = false;
  needsDrain = false;
  #drained: (() => void) | null = null;

  write(text: string): void {
    this.text += text;
    this.waiting += text.length;
    this.needsDrain = true;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.ended = true;
  }
  get writableLength(): number {
    return this.waiting;
  }
  onDrain(callback: () => void): void {
    this.#drained = callback;
  }
  drain(): void {
    this.waiting = 0;
    this.needsDrain = false;
    this.#drained?.();
  }
}

const event = (seq: number, size = 10): StreamEvent => ({
  book: 'es',
  seq,
  text: `event: decision\ndata: ${'x'.repeat(size)}\n\n`,
});

function client(bytesMax: number): { sink: SlowSink; client: StreamClient; dropped: string[] } {
  const sink = new SlowSink();
  const dropped: string[] = [];
  const made = new StreamClient(sink, new Map([['es', 0]]), bytesMax, (reason) => dropped.push(reason));
  return { sink, client: made, dropped };
}

const idsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^id: (.*)$/gm)].map((match) => match[1] ?? '');

describe('StreamClient', () => {
  it('sends what was missed before what is new, each once', () => {
    const { sink, client: reader } = client(10_000);
    reader.send(event(3));
    reader.replay(event(1));
    reader.send(event(4));
    reader.replay(event(2));
    reader.replay(event(3));
    expect(idsOf(sink.text)).toEqual(['es-1', 'es-2', 'es-3']);
    reader.caughtUp();
    reader.send(event(5));
    expect(idsOf(sink.text)).toEqual(['es-1', 'es-2', 'es-3', 'es-4', 'es-5']);
  });

  it('drops a reader that falls behind, and tells it why', () => {
    const { sink, client: reader, dropped } = client(200);
    reader.caughtUp();
    for (let seq = 1; seq <= 20; seq++) reader.send(event(seq));
    expect(dropped).toEqual(['too_slow']);
    expect(sink.ended).toBe(true);
    expect(sink.text.endsWith('event: closed\ndata: {"reason":"too_slow"}\n\n')).toBe(true);
    expect(idsOf(sink.text).length).toBeLessThan(10);
  });

  it('keeps a reader that takes one event larger than the limit', () => {
    const { sink, client: reader, dropped } = client(200);
    reader.caughtUp();
    for (let seq = 1; seq <= 5; seq++) {
      reader.send(event(seq, 1_000));
      sink.drain();
    }
    expect(dropped).toEqual([]);
  });

  it('bounds what waits for a reader that is still catching up', () => {
    const { sink, client: reader, dropped } = client(200);
    for (let seq = 1; seq <= 20; seq++) reader.send(event(seq));
    expect(dropped).toEqual(['too_slow']);
    expect(sink.text).toBe('event: closed\ndata: {"reason":"too_slow"}\n\n');
  });

  it('waits for room while catching up, and not for ever', async () => {
    const { sink, client: reader } = client(100);
    reader.replay(event(1, 80));
    expect(await reader.room(1)).toBe(false);
    const room = reader.room(10_000);
    sink.drain();
    expect(await room).toBe(true);
  });

  it('writes nothing after the other side has gone', () => {
    const { sink, client: reader, dropped } = client(100);
    reader.gone();
    reader.send(event(1));
    reader.caughtUp();
    reader.heartbeat();
    reader.drop('closing');
    expect(sink.text).toBe('');
    expect(dropped).toEqual([]);
  });
});
