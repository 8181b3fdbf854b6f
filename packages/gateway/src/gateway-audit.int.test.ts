/**
 * Goal: decisions are read from the audit log, what is not there yet from the gateway itself, and every answer says which.
 * Method: a gateway beside the real audit over a log in memory, which is held up, ended and started again.
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import { subjects, type Frame } from '@bellwether/contracts';
import type { z } from 'zod';
import { decisionDetailSchema, decisionPageSchema } from './schema/decision-answer.js';
import { featureAnswerSchema } from './schema/feature-answer.js';
import { buyingFrame, quietFrame, riskPart } from './test/frames.js';
import { World, barOf, until, type WorldOptions } from './test/harness.js';

let world: World | null = null;

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.start({ knownTime: 'event', ...options });
  world.line.script = mixed;
  return world;
}

afterEach(async () => {
  await world?.close();
  world = null;
});

/** Buys on each third frame; every fifth decides nothing. */
function mixed(frame: Frame): Frame {
  if (frame.seq % 3 === 0) return buyingFrame(frame);
  return frame.seq % 5 === 0 ? { ...quietFrame(frame), risk: riskPart(frame) } : quietFrame(frame);
}

/** Bars `from` to `to`, the n-th of which makes frame n. */
async function bars(opened: World, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) expect((await opened.post('/v1/tick', barOf(n - 1))).status).toBe(200);
  await until(async () => ((await opened.get('/v1/stats')).body['seq'] as number) >= to, `frame ${to}`);
}

type Page = z.output<typeof decisionPageSchema>;

async function page(opened: World, query: string): Promise<Page> {
  const answer = await opened.get(`/v1/decisions${query}`);
  expect(answer.status).toBe(200);
  return decisionPageSchema.parse(answer.body);
}

/** Every page of a question, in one list. */
async function pages(opened: World, query: string): Promise<Page['decisions']> {
  const all: Page['decisions'][number][] = [];
  let before = '';
  for (let n = 0; n < 50; n++) {
    const { decisions, next } = await page(opened, `?${query}${before}`);
    all.push(...decisions);
    if (next === null) return all;
    before = `&before=${next}`;
  }
  throw new Error('Expected an end');
}

const seqs = (decisions: Page['decisions']): readonly number[] => decisions.map(({ seq }) => seq);

/** The given numbers, downwards. */
const down = (from: number, to: number): readonly number[] =>
  Array.from({ length: from - to + 1 }, (_, i) => from - i);

describe('what the audit log holds', () => {
  it('is given with its record, and with the head to check it by', async () => {
    const opened = await open();
    await bars(opened, 1, 6);
    await opened.audited(6);
    const { head } = opened.audit;
    const shown = {
      ...{ record: 6, seq: 6, hash: head?.hash, signed_us: opened.now_us, key_id: head?.key_id },
    };
    const answer = await page(opened, '?asked=false');
    expect(seqs(answer.decisions)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(answer.decisions.map(({ audit_record }) => audit_record)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(answer.decisions.every(({ audited }) => audited)).toBe(true);
    expect(answer.audit_head).toEqual(shown);
    const detail = decisionDetailSchema.parse((await opened.get('/v1/decisions/es-4')).body);
    expect(detail).toMatchObject({ decision_id: 'es-4', audited: true, audit_record: 4, audit_head: shown });
    const features = featureAnswerSchema.parse((await opened.get('/v1/features/feat-es-4')).body);
    expect(features).toMatchObject({ seq: 4, audited: true, audit_record: 4, audit_head: shown });
  });

  it('is found past what the gateway keeps itself', async () => {
    const opened = await open({ limits: { indexEntries: 3 } });
    await bars(opened, 1, 12);
    await opened.audited(12);
    expect(seqs(await pages(opened, 'asked=false&limit=5'))).toEqual(down(12, 1));
    for (const n of [1, 7, 12]) {
      expect((await opened.get(`/v1/decisions/es-${n}`)).body).toMatchObject({ seq: n, audited: true });
    }
    expect((await opened.get('/v1/decisions/es-13')).status).toBe(404);
    expect((await opened.get('/v1/decisions/es-0')).status).toBe(404);
  });

  it('is that of the book that is asked for', async () => {
    const opened = await open({ books: ['es', 'nq'] });
    for (let n = 1; n <= 5; n++) {
      await opened.post('/v1/tick', barOf(n - 1, { book: 'es' }));
      await opened.post('/v1/tick', barOf(n - 1, { book: 'nq', symbol: 'NQ' }));
    }
    await until(async () => (await opened.get('/v1/decisions/nq-5')).body['audited'] === true, 'the last');
    const answer = await page(opened, '?book=nq&asked=false');
    expect(seqs(answer.decisions)).toEqual(down(5, 1));
    expect(new Set(answer.decisions.map(({ book, symbol }) => `${book} ${symbol}`))).toEqual(
      new Set(['nq NQ']),
    );
  });

  it('tells the latency of decisions from before the start of the gateway', async () => {
    const opened = await open({ knownTime: 'receive' });
    await bars(opened, 1, 1);
    await opened.audited(1);
    const again = await opened.restarted();
    const { port } = opened;
    opened.port = again.port;
    expect((await opened.get('/v1/decisions/es-1')).body).toMatchObject({ latency_ms: 0 });
    await again.gateway.close();
    opened.port = port;
  });
});

describe('what the audit log does not hold yet', () => {
  it('is given by the gateway, without gap or repeat at the seam, and says so', async () => {
    const opened = await open();
    await bars(opened, 1, 7);
    await opened.audited(7);
    opened.audit.beforeCommit.shut();
    await bars(opened, 8, 20);
    for (const limit of [1, 4, 7, 13, 50]) {
      const all = await pages(opened, `asked=false&limit=${limit}`);
      expect(seqs(all)).toEqual(down(20, 1));
      for (const { seq, audited, audit_record } of all) {
        expect([audited, audit_record]).toEqual(seq <= 7 ? [true, seq] : [false, null]);
      }
    }
    const detail = decisionDetailSchema.parse((await opened.get('/v1/decisions/es-12')).body);
    expect(detail).toMatchObject({ seq: 12, audited: false, audit_record: null, audit_head: { seq: 7 } });
    opened.audit.beforeCommit.open();
    await opened.audited(20);
    expect((await opened.get('/v1/decisions/es-12')).body).toMatchObject({ audited: true, audit_record: 12 });
  });

  it('is given also where it is signed while the log looks for the answer', async () => {
    const opened = await open({ limits: { auditTimeoutMs: 60_000 } });
    await bars(opened, 1, 5);
    await opened.audited(5);
    opened.audit.afterFind.shut();
    const asked = page(opened, '?asked=false');
    await until(() => opened.audit.finding > 0, 'the question');
    await bars(opened, 6, 8);
    await opened.audited(8);
    opened.audit.afterFind.open();
    const { decisions } = await asked;
    expect(seqs(decisions)).toEqual(down(8, 1));
    expect(decisions.filter(({ audited }) => audited)).toHaveLength(5);
  });

  it.each([
    'asked=true',
    'asked=false',
    'action=buy',
    'action=hold',
    'reason=cap_step',
    'reason=no_setup',
    'strategy=s2',
    'strategy=s3',
    'symbol=ES',
    'symbol=NQ',
    'from=2025-09-15T13:05:00Z',
    'to=2025-09-15T13:12:00Z',
    'from=2025-09-15T13:05:00Z&to=2025-09-15T13:12:00Z&action=buy',
  ])('is filtered as the log filters: %s', async (filter) => {
    const opened = await open();
    await bars(opened, 1, 9);
    await opened.audited(9);
    opened.audit.beforeCommit.shut();
    await bars(opened, 10, 20);
    const seam = seqs(await pages(opened, `${filter}&limit=3`));
    await opened.audit.stop();
    const own = seqs(await pages(opened, `${filter}&limit=3`));
    opened.audit.beforeCommit.open();
    opened.audit.start();
    await opened.audited(20);
    const log = seqs(await pages(opened, `${filter}&limit=3`));
    expect(seam).toEqual(log);
    expect(own).toEqual(log);
  });
});

describe('an audit log that does not answer', () => {
  it('leaves what the gateway keeps itself, and 503 for what is older', async () => {
    const opened = await open({ limits: { indexEntries: 5 } });
    await bars(opened, 1, 12);
    await opened.audited(12);
    await opened.audit.stop();
    const first = await page(opened, '?asked=false&limit=3');
    expect(seqs(first.decisions)).toEqual([12, 11, 10]);
    expect(first.decisions.every(({ audited }) => !audited)).toBe(true);
    expect(first.audit_head).toBeNull();
    const second = await page(opened, `?asked=false&limit=3&before=${first.next}`);
    expect(seqs(second.decisions)).toEqual([9, 8]);
    const third = await opened.get(`/v1/decisions?asked=false&before=${second.next}`);
    expect(third.status).toBe(503);
    expect(third.headers['retry-after']).toBe('1');
    expect(third.body).toMatchObject({ error: { code: 'audit_unavailable' } });
    expect((await opened.get('/v1/decisions/es-9')).body).toMatchObject({ seq: 9, audited: false });
    for (const path of ['/v1/decisions/es-7', '/v1/features/feat-es-7']) {
      const older = await opened.get(path);
      expect(older.status).toBe(503);
      expect(older.body).toMatchObject({ error: { code: 'audit_unavailable' } });
    }
    expect((await opened.get('/v1/decisions/es-13')).status).toBe(404);
  });

  it('is not needed where the gateway keeps the whole book', async () => {
    const opened = await open({ audited: false });
    await bars(opened, 1, 6);
    expect(seqs(await pages(opened, 'asked=false&limit=4'))).toEqual(down(6, 1));
  });

  it('is not needed for a page that ends before what only it holds', async () => {
    const opened = await open({ audited: false, limits: { indexEntries: 5 } });
    await bars(opened, 1, 12);
    const answer = await page(opened, '?asked=false&from=2025-09-15T13:10:00Z');
    expect(seqs(answer.decisions)).toEqual([12, 11, 10]);
    expect(answer.next).toBeNull();
  });

  it('that is older than what the gateway keeps leaves a gap that nobody is told to be empty', async () => {
    const opened = await open({ limits: { indexEntries: 3 } });
    await bars(opened, 1, 4);
    await opened.audited(4);
    opened.audit.beforeCommit.shut();
    await bars(opened, 5, 12);
    const first = await page(opened, '?asked=false');
    expect(seqs(first.decisions)).toEqual([12, 11, 10]);
    expect((await opened.get(`/v1/decisions?asked=false&before=${first.next}`)).status).toBe(503);
    expect((await opened.get('/v1/decisions/es-7')).status).toBe(503);
    expect(seqs((await page(opened, '?asked=false&before=es-5')).decisions)).toEqual(down(4, 1));
  });

  it('in time is not waited for longer than its limit, nor by more callers', async () => {
    const opened = await open({ audited: false, limits: { auditTimeoutMs: 50, auditQuestions: 2 } });
    await bars(opened, 1, 2);
    let asked = 0;
    const never = (): Promise<Uint8Array> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const end = await opened.bus.respond(subjects.auditQuery('es'), never);
    expect((await opened.get('/v1/decisions/es-1')).body).toMatchObject({ seq: 1, audited: false });
    const answers = await Promise.all(Array.from({ length: 12 }, () => opened.get('/v1/decisions/es-1')));
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).toBe(12 - (asked - 1));
    expect(busy.length).toBeGreaterThan(0);
    expect(busy[0]?.body).toMatchObject({ error: { code: 'too_busy' } });
    end();
  });

  it('in words that nobody understands has not answered', async () => {
    const opened = await open({ audited: false });
    await bars(opened, 1, 1);
    const end = await opened.bus.respond(subjects.auditQuery('es'), () =>
      Promise.resolve(new Uint8Array([1, 2, 3])),
    );
    expect((await opened.get('/v1/decisions/es-1')).body).toMatchObject({ seq: 1, audited: false });
    end();
  });
});

describe('an id of long ago', () => {
  const signal = { signal_id: 'long-ago', symbol: 'ES', ts: '2025-09-15T13:02:00Z' };

  async function longAgo(): Promise<World> {
    const opened = await open({ limits: { indexEntries: 3, signalTimeoutMs: 200 } });
    await bars(opened, 1, 2);
    expect((await opened.post('/v1/signal', signal)).body).toMatchObject({ decision_id: 'es-3' });
    for (let n = 4; n <= 12; n++) await opened.post('/v1/tick', barOf(n - 2));
    await opened.audited(12);
    return opened;
  }

  it('gets its decision again, from the audit log', async () => {
    const opened = await longAgo();
    expect((await opened.post('/v1/signal', signal)).body).toMatchObject({
      decision_id: 'es-3',
      final: true,
    });
    expect((await opened.post('/v1/tick', barOf(0))).body).toMatchObject({ seq: 1 });
    expect(opened.line.entries).toHaveLength(12);
  });

  it('gets 503 while the audit log does not answer, and nothing is given up', async () => {
    const opened = await longAgo();
    await opened.audit.stop();
    const answer = await opened.post('/v1/signal', signal);
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ error: { code: 'audit_unavailable' } });
    expect((await opened.post('/v1/tick', barOf(0))).status).toBe(503);
    expect(opened.line.entries).toHaveLength(12);
    // What is younger than what the gateway keeps needs no log.
    expect((await opened.post('/v1/tick', barOf(10))).body).toMatchObject({ seq: 12 });
  });
});
