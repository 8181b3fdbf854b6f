import { afterEach, describe, expect, it } from '@jest/globals';
import { decisionSummarySchema } from './schema/decision-answer.js';
import { buyingFrame, intent, quietFrame, riskPart } from './test/frames.js';
import { World, barOf, until, type WorldOptions } from './test/harness.js';
import { StreamReader } from './test/stream-reader.js';

let world: World | null = null;
const readers: StreamReader[] = [];

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.start(options);
  return world;
}

async function follow(opened: World, path = '/v1/stream', headers = {}): Promise<StreamReader> {
  const reader = await StreamReader.open(opened.port, path, headers);
  readers.push(reader);
  return reader;
}

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await world?.close();
  world = null;
});

async function bars(opened: World, from: number, to: number, changes = {}): Promise<void> {
  for (let i = from; i < to; i++) expect((await opened.post('/v1/tick', barOf(i, changes))).status).toBe(200);
}

const range = (book: string, from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${book}-${from + i}`);

describe('GET /v1/stream', () => {
  it('sends each decision once, as it comes, with its id', async () => {
    const opened = await open();
    opened.line.script = buyingFrame;
    const reader = await follow(opened);
    expect(reader.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(reader.headers['x-content-type-options']).toBe('nosniff');
    await bars(opened, 0, 3);
    await reader.waitFor(3);
    expect(reader.events.map((item) => item.event)).toEqual(['open', 'decision', 'decision', 'decision']);
    expect(reader.of('decision').map((item) => item.id)).toEqual(['es-1', 'es-2', 'es-3']);
    const first = decisionSummarySchema.parse(reader.of('decision')[0]?.data);
    expect(first).toMatchObject({ action: 'BUY', intents: [{ intent_id: 'es-1/1', stop_points: 6602.5 }] });
  });

  it('leaves out frames that decided nothing', async () => {
    const opened = await open();
    opened.line.script = (frame) =>
      frame.seq % 2 === 0 ? quietFrame(frame) : { ...quietFrame(frame), risk: riskPart(frame) };
    const reader = await follow(opened);
    await bars(opened, 0, 4);
    await reader.waitFor(2);
    expect(reader.decisions).toEqual(['es-2', 'es-4']);
  });

  it('goes on where a client was cut off, without gap or repeat', async () => {
    const opened = await open();
    const first = await follow(opened);
    await bars(opened, 0, 3);
    await first.waitFor(3);
    first.close();
    await bars(opened, 3, 8);
    const second = await follow(opened, '/v1/stream', { 'last-event-id': first.events.at(-1)?.id ?? '' });
    await bars(opened, 8, 10);
    await second.waitFor(7);
    expect(second.decisions).toEqual(range('es', 4, 10));
    const third = await follow(opened, '/v1/stream?last_event_id=es-9');
    await third.waitFor(1);
    expect(third.decisions).toEqual(['es-10']);
  });

  it('does not lose what comes while a client catches up', async () => {
    const opened = await open();
    await bars(opened, 0, 30);
    const [reader] = await Promise.all([
      follow(opened, '/v1/stream', { 'last-event-id': 'es-1' }),
      bars(opened, 30, 50),
    ]);
    await reader.waitFor(49);
    expect(reader.decisions).toEqual(range('es', 2, 50));
  });

  it('tells a client that comes back too late what it has missed', async () => {
    const opened = await open({ limits: { streamResumeFrames: 4 } });
    await bars(opened, 0, 10);
    await until(async () => (await opened.get('/v1/decisions/es-10')).status === 200, 'the last decision');
    const reader = await follow(opened, '/v1/stream', { 'last-event-id': 'es-2' });
    await bars(opened, 10, 11);
    await reader.waitFor(1);
    expect(reader.of('gap').map((item) => item.data)).toMatchObject([
      { book: 'es', after_seq: 2, up_to_seq: 10 },
    ]);
    expect(reader.decisions).toEqual(['es-11']);
  });

  it('tells a client that is ahead of the book, for the book was made anew', async () => {
    const opened = await open();
    await bars(opened, 0, 1);
    const reader = await follow(opened, '/v1/stream', { 'last-event-id': 'es-900' });
    await bars(opened, 1, 2);
    await reader.waitFor(1);
    expect(reader.of('gap')).toHaveLength(1);
    expect(reader.decisions).toEqual(['es-2']);
  });

  it('holds several books in one stream, and each resumes where it was', async () => {
    const opened = await open({ books: ['es', 'nq'] });
    const both = await follow(opened);
    const one = await follow(opened, '/v1/stream?book=nq');
    await bars(opened, 0, 2, { book: 'es' });
    await bars(opened, 0, 2, { book: 'nq', symbol: 'NQ' });
    await both.waitFor(4);
    await one.waitFor(2);
    expect(one.decisions).toEqual(['nq-1', 'nq-2']);
    expect(both.events.at(-1)?.id).toBe('es-2,nq-2');
    await bars(opened, 2, 3, { book: 'es' });
    await bars(opened, 2, 3, { book: 'nq', symbol: 'NQ' });
    const again = await follow(opened, '/v1/stream', { 'last-event-id': 'es-1,nq-2' });
    await again.waitFor(3);
    expect([...again.decisions].sort()).toEqual(['es-2', 'es-3', 'nq-3']);
  });

  it('shows that it is alive while nothing happens', async () => {
    const opened = await open({ limits: { streamHeartbeatMs: 10 } });
    const reader = await follow(opened);
    await until(() => reader.comments >= 2, 'two heartbeats');
  });

  it('disconnects a client that does not read, with the reason, and serves the others', async () => {
    const opened = await open({ knownTime: 'event', limits: { streamClientBytes: 1_000_000 } });
    // Wide events fill the buffers of the kernel soon.
    opened.line.script = (frame) => {
      const bought = buyingFrame(frame);
      const risk = riskPart(frame, {
        ...bought.risk,
        intents: Array.from({ length: 60 }, () => intent(frame)),
      });
      return { ...bought, risk };
    };
    const good = await follow(opened);
    const slow = await follow(opened);
    slow.pause();
    const dropped = (): number =>
      opened.metrics.count('bw_gateway_stream_dropped_total', { reason: 'too_slow' });
    let sent = 0;
    for (; dropped() === 0 && sent < 600; sent += 10) await bars(opened, sent, sent + 10);
    expect(dropped()).toBe(1);
    slow.resume();
    await until(() => slow.ended, 'the end of the slow client');
    expect(slow.of('closed').map((item) => item.data)).toEqual([{ reason: 'too_slow' }]);
    expect(slow.decisions.length).toBeLessThan(sent);
    await good.waitFor(sent);
    expect(good.ended).toBe(false);
  });

  it('takes a bounded number of clients', async () => {
    const opened = await open({ limits: { streamClients: 1 } });
    const first = await follow(opened);
    const refused = await opened.get('/v1/stream');
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ error: { code: 'too_busy' } });
    first.close();
    await until(
      async () =>
        follow(opened).then(
          () => true,
          () => false,
        ),
      'the place to be free again',
    );
  });

  it('says goodbye when the gateway closes', async () => {
    const opened = await open();
    const reader = await follow(opened);
    await opened.gateway.close();
    await until(() => reader.ended, 'the end');
    expect(reader.of('closed').map((item) => item.data)).toEqual([{ reason: 'closing' }]);
  });
});
