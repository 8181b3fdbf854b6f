import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { IntentKind, type Frame, type OrderIntent } from '@bellwether/contracts';
import { atMarket } from '@bellwether/execution/testing';
import { A_BOOK, describeWithNats } from '@bellwether/testkit';
import { followDecisions } from './decision-follower.js';
import { ExternalBook } from './external-book.js';
import { ExternalExecution } from './external-execution.js';
import { GatewayError } from './gateway-client.js';
import { RehearsalBroker } from './rehearsal-broker.js';

/** Proposes two contracts on the second bar, and again on the sixth. */
const script = (entry: {
  readonly id: string;
  readonly bar: unknown;
}): ReturnType<typeof proposal> | null => {
  if (entry.bar === null) return null;
  proposed += 1;
  return proposed === 2 || proposed === 6 ? proposal() : null;
};
const proposal = () => ({ setup: atMarket(), contracts: 2 });
let proposed = 0;

function enterOf(frame: Frame): OrderIntent {
  const intent = frame.risk?.intents.find(({ kind }) => kind === IntentKind.ENTER);
  if (intent === undefined) throw new Error('Expected an entry order');
  return intent;
}

describeWithNats('External execution on a real gateway and NATS', () => {
  let book: ExternalBook;
  let broker: RehearsalBroker;
  let desk: ExternalExecution;
  let nowUs: () => number;

  const newDesk = (): ExternalExecution =>
    new ExternalExecution({ gateway: book.client, broker, book: A_BOOK, nowUs });

  beforeEach(async () => {
    proposed = 0;
    book = await ExternalBook.start(script);
    nowUs = () => book.nowUs;
    broker = new RehearsalBroker(nowUs);
    desk = newDesk();
  });

  afterEach(() => book.stop());

  /** Two bars, the second of which orders an entry; the desk is in agreement and has seen both. */
  async function ordered(): Promise<OrderIntent> {
    await book.bar();
    expect(await desk.reconcile()).toMatchObject({ agreed: true, mismatches: [] });
    const frame = await book.bar();
    await book.decided((item) => item.entry?.order !== null, 'the order entry');
    await desk.decided(frame);
    return enterOf(frame);
  }

  it('acknowledges, reports a part, and gives the rest back when it is cancelled', async () => {
    const intent = await ordered();
    expect(broker.tickets).toMatchObject([
      { tag: intent.intent_id, contracts: 2, type: 'market', side: 'LONG', stop: 5_996 },
    ]);
    expect((await book.client.orders()).working).toMatchObject([
      { intent_id: intent.intent_id, quantity: 2, broker_order_id: 'b1' },
    ]);
    broker.executed(intent.intent_id, 1, 6_000.25);
    await desk.report();
    expect((await book.client.orders()).working).toMatchObject([{ quantity: 1 }]);
    broker.ended(intent.intent_id, 'cancelled');
    await desk.report();
    const after = await book.client.orders();
    expect(after.working).toEqual([]);
    expect(after.positions).toMatchObject([{ quantity: 1, decision_id: intent.decision_id }]);
  });

  it('counts a fill that wins the race against a cancel once, and a repeated report not at all', async () => {
    const intent = await ordered();
    await broker.cancel(intent.intent_id);
    broker.executed(intent.intent_id, 2, 6_000);
    await desk.report();
    await newDesk().report();
    await newDesk().report();
    const { positions, working } = await book.client.orders();
    expect(positions).toMatchObject([{ quantity: 2 }]);
    expect(working).toEqual([]);
    const fills = (await book.frames()).filter((frame) => frame.entry?.fill !== null);
    expect(fills).toHaveLength(1);
  });

  it('ends what the broker rejects, so that a later decision may enter', async () => {
    const intent = await ordered();
    broker.ended(intent.intent_id, 'rejected');
    await desk.report();
    expect((await book.client.orders()).working).toEqual([]);
    for (let i = 0; i < 3; i++) await book.bar();
    expect(enterOf(await book.bar()).quantity).toBe(2);
  });

  it('does not place a decision that came too late, and gives its contracts back', async () => {
    await book.bar();
    await desk.reconcile();
    const frame = await book.bar();
    nowUs = () => book.nowUs + 60_000_000;
    await newLate(frame);
    expect(broker.tickets).toEqual([]);
    expect((await book.client.orders()).working).toEqual([]);

    async function newLate(late: Frame): Promise<void> {
      await book.decided((item) => item.entry?.order !== null, 'the order entry');
      const slow = newDesk();
      await slow.reconcile();
      await slow.decided(late);
    }
  });

  it('finds everything again after a disconnect, and goes on without a gap', async () => {
    const intent = await ordered();
    const seen: number[] = [];
    const first = new AbortController();
    const cut = follow(0, first.signal, seen, 3);
    await cut;
    desk.disconnected();
    // While nobody listens the order fills, the market goes on, and the stop at the broker is hit.
    broker.executed(intent.intent_id, 2, 6_000.25);
    await book.bar();
    broker.executed(intent.intent_id, 2, 5_995.75, 'stop');
    await book.bar();
    desk = newDesk();
    const found = await desk.reconcile();
    expect(found).toMatchObject({ agreed: true, mismatches: [] });
    const { positions, working } = await book.client.orders();
    expect({ positions, working }).toEqual({ positions: [], working: [] });
    const closed = (await book.frames()).flatMap((frame) => frame.portfolio?.closed ?? []);
    expect(closed).toMatchObject([{ decision_id: intent.decision_id, quantity: 2, net_cents: -45_560 }]);
    const total = (await book.frames()).length;
    await follow(seen.at(-1) ?? 0, new AbortController().signal, seen, total - seen.length);
    expect(seen).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  });

  it('enters nothing while the two sides disagree, and says where', async () => {
    const intent = await ordered();
    broker.executed(intent.intent_id, 2, 6_000);
    // Someone trades by hand, and the broker does not say for which order.
    await desk.report();
    const hand = new RehearsalBroker(nowUs);
    const apart = new ExternalExecution({ gateway: book.client, broker: hand, book: A_BOOK, nowUs });
    const found = await apart.reconcile();
    expect(found).toMatchObject({
      agreed: false,
      mismatches: [{ symbol: 'ES', broker_contracts: 0, book_contracts: 2 }],
    });
    expect(apart.agreed).toBe(false);
    // The book itself takes no new risk, whoever asks, until a snapshot agrees again.
    const differing = (await book.frames()).at(-1);
    expect(differing?.entry?.account).toMatchObject({ positions: [] });
    expect(differing?.portfolio?.reconciliation).toMatchObject({
      matched: false,
      positions: [{ symbol: 'ES', our_contracts: 2, their_contracts: 0 }],
    });
    expect(await desk.reconcile()).toMatchObject({ agreed: true });
    expect((await book.frames()).at(-1)?.portfolio?.reconciliation?.matched).toBe(true);
  });

  it('keeps the broker’s name of an order that was acknowledged before execution took it on', async () => {
    await book.bar();
    await desk.reconcile();
    await book.executionDown();
    const frame = await book.journaledBar();
    await desk.decided(frame);
    expect((await book.frames()).at(-1)?.entry?.order_ack).toMatchObject({ broker_order_id: 'b1' });
    book.executionUp();
    await book.decided((item) => item.entry?.order !== null, 'the order entry');
    const { intent_id } = enterOf(frame);
    expect((await book.client.orders()).working).toMatchObject([{ intent_id, broker_order_id: 'b1' }]);
  });

  it('refuses an order that no decision has', async () => {
    await book.bar();
    const report = {
      intent_id: `${A_BOOK}-1/9`,
      status: 'expired',
      broker_order_id: 'b',
      ts: '2025-09-15T13:31:00Z',
    } as const;
    await expect(book.client.order(report)).rejects.toMatchObject({ status: 404, code: 'unknown_order' });
    await expect(book.client.order({ ...report, intent_id: 'nonsense' })).rejects.toBeInstanceOf(
      GatewayError,
    );
  });

  async function follow(after: number, signal: AbortSignal, into: number[], count: number): Promise<void> {
    if (count === 0) return;
    let left = count;
    for await (const frame of followDecisions({ bus: book.bus, book: A_BOOK, after, signal })) {
      into.push(frame.seq);
      if (--left === 0) return;
    }
  }
});
