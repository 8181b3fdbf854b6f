import { afterEach, describe, expect, it } from '@jest/globals';
import { Action, EntryKind, IntentKind, ReasonCode, subjects, type Frame } from '@bellwether/contracts';
import { BusRefused, OutcomeUnknown, type AppendOptions, type Bus } from '@bellwether/bus';
import { intentId } from '@bellwether/kernel';
import { signalAnswerSchema } from './schema/signal-answer.js';
import { buyingFrame, intent, quietFrame, riskPart } from './test/frames.js';
import { World, barOf, until, type WorldOptions } from './test/harness.js';

let world: World | null = null;

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.start(options);
  return world;
}

afterEach(async () => {
  await world?.close();
  world = null;
});

const SIGNAL = { signal_id: 'late-1', symbol: 'ES' };

/** Buys on a signal; an abandon cancels the order of the frame before it. */
function buyThenCancel(frame: Frame): Frame {
  if (frame.entry?.kind === EntryKind.SIGNAL) return buyingFrame(frame);
  if (frame.entry?.kind !== EntryKind.ABANDON) return quietFrame(frame);
  const cancel = intent(frame, {
    kind: IntentKind.CANCEL,
    cancel_intent_id: intentId(`es-${frame.seq - 1}`, 1),
    reason: ReasonCode.ABANDONED,
  });
  const risk = riskPart(frame, { action: Action.EXIT, reason: ReasonCode.ABANDONED, intents: [cancel] });
  return { ...quietFrame(frame), risk };
}

describe('a signal that is not decided in time', () => {
  it('is answered with HOLD that is not final, and abandoned in the journal once', async () => {
    const opened = await open({ limits: { signalTimeoutMs: 30 } });
    const { line } = opened;
    line.script = buyThenCancel;
    line.beforeDecision.shut();
    const first = await opened.post('/v1/signal', SIGNAL);
    expect(first.status).toBe(200);
    const body = signalAnswerSchema.parse(first.body);
    expect(body).toMatchObject({ action: 'HOLD', size: 0, reason: 'timeout', final: false, gate: false });
    expect(body).toMatchObject({ abandoned: true, abandon_effect: 'pending', decision_id: null, risk: null });

    const again = signalAnswerSchema.parse((await opened.post('/v1/signal', SIGNAL)).body);
    expect(again).toMatchObject({ final: false, reason: 'timeout' });
    line.beforeDecision.open();
    await until(() => line.entries.length >= 2, 'the abandon entry');
    expect(line.entries.map((entry) => entry.id)).toEqual(['signal:late-1', 'abandon:late-1']);
    expect(line.entry('abandon:late-1').abandon).toEqual({ signal_id: 'late-1', reason: ReasonCode.TIMEOUT });
  });

  it('gives the final decision to the same id later, and says that its order is cancelled', async () => {
    const opened = await open({ limits: { signalTimeoutMs: 30 } });
    const { line } = opened;
    line.script = buyThenCancel;
    line.beforeDecision.shut();
    await opened.post('/v1/signal', SIGNAL);
    line.beforeDecision.open();
    await until(async () => (await opened.get('/v1/decisions/es-2')).status === 200, 'the abandon frame');
    const final = signalAnswerSchema.parse((await opened.post('/v1/signal', SIGNAL)).body);
    expect(final).toMatchObject({ action: 'BUY', size: 1, final: true, decision_id: 'es-1' });
    expect(final).toMatchObject({ abandoned: true, abandon_effect: 'cancel_requested' });
  });

  it('says so where there was nothing to cancel', async () => {
    const opened = await open({ limits: { signalTimeoutMs: 30 } });
    opened.line.beforeDecision.shut();
    await opened.post('/v1/signal', SIGNAL);
    opened.line.beforeDecision.open();
    await until(async () => (await opened.get('/v1/decisions/es-2')).status === 200, 'the abandon frame');
    const final = await opened.post('/v1/signal', SIGNAL);
    expect(final.body).toMatchObject({ final: true, abandoned: true, abandon_effect: 'nothing_to_cancel' });
  });

  it('is answered before the gateway closes', async () => {
    const opened = await open({ limits: { signalTimeoutMs: 50 } });
    opened.line.beforeDecision.shut();
    const call = opened.post('/v1/signal', SIGNAL);
    await until(() => opened.line.entries.length === 1, 'the entry');
    const closed = opened.gateway.close();
    expect((await call).body).toMatchObject({ action: 'HOLD', final: false, abandoned: true });
    await closed;
    opened.line.beforeDecision.open();
    await until(() => opened.line.entries.length === 2, 'the abandon entry');
  });

  it('is answered finally where the decision comes while a repeat waits', async () => {
    const opened = await open({ limits: { signalTimeoutMs: 3_000 } });
    opened.line.beforeDecision.shut();
    const first = opened.post('/v1/signal', SIGNAL);
    await until(() => opened.line.entries.length === 1, 'the entry');
    const second = opened.post('/v1/signal', SIGNAL);
    opened.line.beforeDecision.open();
    expect((await first).body).toMatchObject({ final: true });
    expect((await second).body).toMatchObject({ final: true, abandoned: false });
  });
});

/** A bus that does something else on some appends. */
function withAppend(
  bus: Bus,
  append: (subject: string, data: Uint8Array, options: AppendOptions) => Promise<number>,
): Bus {
  return {
    append,
    last: (filter) => bus.last(filter),
    get: (filter, sequence) => bus.get(filter, sequence),
    read: (filter, options) => bus.read(filter, options),
    subscribe: (filter, onMessage) => bus.subscribe(filter, onMessage),
    publish: (subject, data) => bus.publish(subject, data),
    request: (subject, data, timeoutMs) => bus.request(subject, data, timeoutMs),
    respond: (subject, answer) => bus.respond(subject, answer),
    leases: bus.leases,
    blobs: bus.blobs,
    get connected() {
      return bus.connected;
    },
    close: () => bus.close(),
  };
}

describe('a bus in trouble', () => {
  it(
    'stores the signal and loses the acknowledgement: 503, and the same id then gives' + ' its decision',
    async () => {
      let lose = true;
      const gatewayBus = (bus: Bus): Bus =>
        withAppend(bus, async (subject, data, options) => {
          const sequence = await bus.append(subject, data, options);
          if (!lose) return sequence;
          lose = false;
          throw new OutcomeUnknown(`${subject}: no acknowledgement`);
        });
      const opened = await open({ gatewayBus });
      const lost = await opened.post('/v1/signal', SIGNAL);
      expect(lost.status).toBe(503);
      expect(lost.headers['retry-after']).toBe('1');
      expect(lost.body).toMatchObject({ error: { code: 'outcome_unknown' } });
      expect(lost.text).not.toContain('bw.journal');
      const again = await opened.post('/v1/signal', SIGNAL);
      expect(again.body).toMatchObject({ final: true, decision_id: 'es-1' });
      expect(opened.line.entries).toHaveLength(1);
    },
  );

  it('never acknowledges: 503 at the deadline, and nothing is abandoned that may not exist', async () => {
    const gatewayBus = (bus: Bus): Bus => withAppend(bus, () => new Promise(() => undefined));
    const opened = await open({ gatewayBus, limits: { signalTimeoutMs: 30, tickTimeoutMs: 30 } });
    const answer = await opened.post('/v1/signal', SIGNAL);
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ error: { code: 'outcome_unknown' } });
    expect((await opened.post('/v1/tick', barOf(0))).status).toBe(503);
    expect(opened.line.entries).toHaveLength(0);
  });

  it('refuses: 503 with its code and nothing stored', async () => {
    const gatewayBus = (bus: Bus): Bus => withAppend(bus, async () => Promise.reject(new BusRefused('full')));
    const opened = await open({ gatewayBus });
    for (const [path, body] of [
      ['/v1/signal', SIGNAL],
      ['/v1/tick', barOf(0)],
    ] as const) {
      const answer = await opened.post(path, body);
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ error: { code: 'bus_refused' } });
    }
  });

  it('does not know whether the abandon entry is stored, says so, and goes on trying', async () => {
    let failures = 2;
    const gatewayBus = (bus: Bus): Bus =>
      withAppend(bus, async (subject, data, options) => {
        if (subject.startsWith(subjects.journal('es', 'abandon', '')) && failures > 0) {
          failures -= 1;
          throw new OutcomeUnknown('no acknowledgement');
        }
        return bus.append(subject, data, options);
      });
    const opened = await open({ gatewayBus, limits: { signalTimeoutMs: 20, abandonWaitMs: 10 } });
    opened.line.beforeDecision.shut();
    const answer = await opened.post('/v1/signal', SIGNAL);
    expect(answer.body).toMatchObject({ final: false, abandoned: null, abandon_effect: null });
    opened.line.beforeDecision.open();
    await until(
      () => opened.line.entries.some((entry) => entry.id === 'abandon:late-1'),
      'the abandon entry',
    );
    await until(
      () => opened.metrics.count('bw_gateway_abandoned_total', { book: 'es', outcome: 'journaled' }) === 1,
      'the count',
    );
  });

  it('takes no more calls than its limit', async () => {
    const opened = await open({ limits: { maxPending: 1 } });
    opened.line.beforeDecision.shut();
    const first = opened.post('/v1/signal', SIGNAL);
    await until(() => opened.line.entries.length === 1, 'the entry');
    const second = await opened.post('/v1/signal', { ...SIGNAL, signal_id: 'late-2' });
    expect(second.status).toBe(503);
    expect(second.headers['retry-after']).toBe('1');
    expect(second.body).toMatchObject({ error: { code: 'too_busy' } });
    opened.line.beforeDecision.open();
    expect((await first).status).toBe(200);
    expect((await opened.post('/v1/signal', { ...SIGNAL, signal_id: 'late-2' })).status).toBe(200);
  });
});
