import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EntryKind, decodeFrame, type Frame } from '@bellwether/contracts';
import { describeWithNats } from '@bellwether/testkit';
import { lineWith } from '../verify/recorded-book-for-tests.js';
import { verifyDay } from '../verify/verify-day.js';
import { Run } from './bw-run.js';
import { BOOK, LineOnNats } from './line-on-nats.js';

/** Starting ten processes and feeding the warm-up takes a while on two cores. */
const START_MS = 120_000;

describeWithNats('signals over NATS, with every service a process of its own', () => {
  let line: LineOnNats;
  let n = 0;

  beforeAll(async () => {
    line = await LineOnNats.start();
  }, START_MS);

  afterAll(async () => {
    await line.stop();
  }, START_MS);

  /** A signal that nobody has sent yet. The book is fed with the past, so it carries its own time. */
  const newSignal = (): Record<string, unknown> => {
    n += 1;
    return { signal_id: `e2e-${n}`, symbol: 'ES', ts: new Date(line.nowUs / 1_000 + n).toISOString() };
  };

  it('answers with the decision, and the same id again with the same answer', async () => {
    const signal = newSignal();
    const first = await line.post('/v1/signal', signal);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ final: true, synthetic: false, policy: 'rules' });
    const again = await line.post('/v1/signal', signal);
    expect(again.body['decision_id']).toBe(first.body['decision_id']);
    expect(await line.decisionOf(`signal:${String(signal['signal_id'])}`)).toHaveLength(1);
  });

  it('finds decisions in the audit log, also those of after audit was killed', async () => {
    const audited = async (): Promise<number> => {
      const signal = newSignal();
      let id = '';
      await line.until(async () => {
        const { body } = await line.post('/v1/signal', signal);
        id = String(body['decision_id']);
        return body['final'] === true;
      }, 'it is decided');
      let record = 0;
      await line.until(async () => {
        const found = await line.get(`/v1/decisions/${id}`);
        record = Number(found.body['audit_record'] ?? 0);
        return found.body['audited'] === true;
      }, 'it is audited');
      return record;
    };
    const before = await audited();
    expect(line.fleet.kill('audit')).toBe(true);
    expect(await audited()).toBeGreaterThan(before);
  });

  it('refuses an id that is reused with another payload', async () => {
    const signal = newSignal();
    await line.post('/v1/signal', signal);
    const reused = await line.post('/v1/signal', { ...signal, side: 'LONG', strategy_id: 'S2' });
    expect(reused.status).toBe(409);
    expect(reused.body).toMatchObject({ error: { code: 'id_reused' } });
  });

  it('times out with HOLD, journals the abandon, and gives the final answer to the same id later', async () => {
    const signal = newSignal();
    const id = String(signal['signal_id']);
    line.fleet.signal('risk', 'SIGSTOP');
    const late = await line.post('/v1/signal', signal);
    expect(late.status).toBe(200);
    expect(late.body).toMatchObject({ action: 'HOLD', reason: 'timeout', final: false });
    line.fleet.signal('risk', 'SIGCONT');
    await line.until(
      async () => (await line.decisionOf(`abandon:${id}`)).length === 1,
      'the abandon is decided',
    );
    const final = await line.post('/v1/signal', signal);
    expect(final.body).toMatchObject({ final: true, signal_id: id });
    expect(await line.decisionOf(`signal:${id}`)).toHaveLength(1);
    expect(await line.decisionOf(`abandon:${id}`)).toHaveLength(1);
  });

  it('says outcome_unknown while the bus is silent, and the same id gives the decision afterwards', async () => {
    const signal = newSignal();
    await line.server.kill('SIGSTOP');
    const unknown = await line.post('/v1/signal', signal).finally(() => line.server.kill('SIGCONT'));
    expect(unknown.status).toBe(503);
    expect(unknown.body).toMatchObject({ error: { code: 'outcome_unknown' } });
    await line.until(
      async () => (await line.post('/v1/signal', signal)).body['final'] === true,
      'the final answer',
    );
    expect(await line.decisionOf(`signal:${String(signal['signal_id'])}`)).toHaveLength(1);
  });

  it('computes again to the same bytes, and names the stage and field of a build with another number', async () => {
    const servers = line.server.url;
    const day = new Run(['verify', '--book', BOOK, '--day', '2025-04-11', '--nats', servers]);
    expect(await day.ended).toBe(0);
    expect(day.out).toContain('trade date 2025-04-11: zero differences');
    const changed = lineWith('risk', (part) => ({ ...part, decision_id: `${part.decision_id}0` }));
    const { signal } = new AbortController();
    const verdict = await verifyDay({
      bus: line.bus,
      book: BOOK,
      day: null,
      stages: changed,
      infer: null,
      signal,
    });
    expect(verdict.divergence?.difference).toMatchObject({ seq: 1, stage: 'risk', field: '.decision_id' });
  });

  it('never published a decision twice, and none is missing', async () => {
    const stored = await line.decisions();
    await line.until(() => line.published.length >= stored.length, 'every decision was published');
    expectEachOnce(line.published.map((message) => decodeFrame(message.data)));
    expectEachOnce(stored);
  });
});

describeWithNats('two owners of one book, started on purpose without leases', () => {
  let line: LineOnNats;

  beforeAll(async () => {
    line = await LineOnNats.start({ BW_LEASE: 'off' });
  }, START_MS);

  afterAll(async () => {
    await line.stop();
  }, START_MS);

  it(
    'write every decision once',
    async () => {
      for (const service of ['features', 'risk', 'execution'])
        line.startAnother(service, { BW_LEASE: 'off' });
      const before = (await line.decisions()).length;
      const signals = Array.from({ length: 60 }, (_, i) => ({
        signal_id: `two-${i}`,
        symbol: 'ES',
        ts: new Date(line.nowUs / 1_000 + 1 + i).toISOString(),
      }));
      for (const signal of signals) await line.post('/v1/signal', signal);
      for (const signal of signals) {
        await line.until(
          async () => (await line.post('/v1/signal', signal)).body['final'] === true,
          signal.signal_id,
        );
      }
      const decisions = await line.decisions();
      const asked = decisions.filter((frame) => frame.entry?.kind === EntryKind.SIGNAL);
      expect(asked).toHaveLength(signals.length);
      expect(decisions.length).toBeGreaterThanOrEqual(before + signals.length);
      expectEachOnce(decisions);
      await line.until(() => line.published.length >= decisions.length, 'every decision was published');
      expectEachOnce(line.published.map((message) => decodeFrame(message.data)));
    },
    START_MS,
  );
});

/** 1, 2, 3 … with no entry decided twice. */
function expectEachOnce(frames: readonly Frame[]): void {
  expect(frames.map((frame) => frame.seq)).toEqual(frames.map((_, i) => i + 1));
  expect(new Set(frames.map((frame) => frame.entry?.id)).size).toBe(frames.length);
}
