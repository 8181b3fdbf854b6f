import { afterEach, describe, expect, it } from '@jest/globals';
import { OperatorAction, decodeEntry, subjects, type Frame } from '@bellwether/contracts';
import { accountAnswerSchema } from './schema/account.js';
import { portfolioPart, quietFrame } from './test/frames.js';
import { World, send } from './test/harness.js';

let world: World | null = null;

afterEach(async () => {
  await world?.close();
  world = null;
});

async function open(operatorToken = ''): Promise<World> {
  world = await World.start({ operatorToken });
  return world;
}

const SNAPSHOT = {
  snapshot_id: 'after-reconnect-1',
  ts: '2025-09-15T13:31:00Z',
  positions: [{ symbol: 'ES', net_contracts: 1 }],
  balance_usd: 50_120.4,
  can_trade: true,
};

/** The broker holds a contract that the book does not. */
function apart(frame: Frame): Frame {
  const reconciliation = {
    ...{ matched: false, snapshot_id: 'after-reconnect-1', as_of_us: frame.entry?.event_us ?? 0 },
    positions: [{ symbol: 'ES', our_contracts: 0, their_contracts: 1 }],
    ...{ our_balance_cents: 5_000_000, their_balance_cents: 5_012_040 },
  };
  return { ...quietFrame(frame), portfolio: portfolioPart({ reconciliation }) };
}

describe('POST /v1/account', () => {
  it('journals the snapshot, and shows both sides where they differ', async () => {
    const opened = await open();
    opened.line.script = apart;
    const answer = await opened.post('/v1/account', SNAPSHOT);
    expect(answer.status).toBe(200);
    expect(accountAnswerSchema.parse(answer.body)).toMatchObject({
      ...{ entry_id: 'account:after-reconnect-1', matched: false, reason: 'reconcile' },
      differences: [{ symbol: 'ES', our_contracts: 0, their_contracts: 1 }],
      ...{ our_balance_usd: 50_000, their_balance_usd: 50_120.4 },
    });
    expect(opened.line.entry('account:after-reconnect-1').account).toEqual({
      ...{ snapshot_id: 'after-reconnect-1', as_of_us: Date.UTC(2025, 8, 15, 13, 31) * 1_000 },
      ...{ positions: SNAPSHOT.positions, balance_cents: 5_012_040, can_trade: true },
    });
  });

  it('has no second effect when it is repeated, and refuses another one under its id', async () => {
    const opened = await open();
    opened.line.script = apart;
    const first = await opened.post('/v1/account', SNAPSHOT);
    expect((await opened.post('/v1/account', SNAPSHOT)).body).toEqual(first.body);
    expect(opened.line.entries).toHaveLength(1);
    const other = await opened.post('/v1/account', { ...SNAPSHOT, positions: [] });
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'id_reused' } } });
  });

  it('takes what is not said as unknown: no balance is compared, and the word on trading stays', async () => {
    const opened = await open();
    const { snapshot_id, ts } = SNAPSHOT;
    await opened.post('/v1/account', { snapshotId: snapshot_id, ts, positions: [] });
    expect(opened.line.entry('account:after-reconnect-1').account).toMatchObject({
      ...{ positions: [], balance_cents: null, can_trade: null },
    });
  });

  it('names every problem at once', async () => {
    const opened = await open();
    const answer = await opened.post('/v1/account', {
      ...SNAPSHOT,
      ts: '2025-09-15T14:30:00Z',
      balance_usd: 1.234,
      positions: [
        { symbol: 'ES', net_contracts: 1 },
        { symbol: 'ES', net_contracts: 0.5 },
      ],
      equity: 1,
    });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
    const { problems } = answer.body['error'] as { problems: readonly { path: string }[] };
    const paths = problems.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['ts', 'balance_usd', 'positions.1.net_contracts', 'equity']),
    );
  });
});

describe('POST /v1/fill with a correction', () => {
  const FILL = {
    ...{ fill_id: 'broker-2', corrects: 'broker-1', symbol: 'ES', side: 'LONG', contracts: 0 },
    ...{ price: 6605.75, ts: '2025-09-15T13:31:00Z' },
  };

  it('carries the fill that it takes the place of; no contracts take it back', async () => {
    const opened = await open();
    await opened.post('/v1/fill', FILL);
    expect(opened.line.entry('fill:broker-2').fill).toMatchObject({
      ...{ corrects_fill_id: 'broker-1', quantity: 0, fee_cents: 0 },
    });
  });

  it.each([
    ['no contracts without a fill that they take back', { corrects: undefined }, 'contracts'],
    ['a correction of itself', { corrects: 'broker-2' }, 'corrects'],
  ])('refuses %s', async (_, changes, path) => {
    const opened = await open();
    const answer = await opened.post('/v1/fill', { ...FILL, ...changes });
    expect(answer).toMatchObject({ status: 400, body: { error: { problems: [{ path }] } } });
  });
});

describe('POST /v1/operator and execution', () => {
  const TOKEN = 'a-token-of-the-operator';
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
  const command = (opened: World, action: string) =>
    send(opened.port, {
      ...{ method: 'POST', path: '/v1/operator', headers },
      body: JSON.stringify({ command_id: `c-${action}`, action }),
    });

  it('asks execution first for what closes everything, with the very entry that is journaled', async () => {
    const opened = await open(TOKEN);
    const asked: Uint8Array[] = [];
    await opened.bus.respond(subjects.control('es'), (data) => {
      asked.push(data);
      return Promise.resolve(data);
    });
    expect((await command(opened, 'flatten')).body).toMatchObject({ direct: true });
    expect((await command(opened, 'kill')).body).toMatchObject({ direct: true });
    expect((await command(opened, 'dry_run')).body).toMatchObject({ direct: false });
    const entries = asked.map((data) => decodeEntry(data));
    expect(entries.map(({ operator }) => operator?.action)).toEqual([
      OperatorAction.FLATTEN,
      OperatorAction.KILL,
    ]);
    expect(entries[0]).toEqual(opened.line.entry('operator:c-flatten'));
  });

  it('journals the command all the same where execution does not answer', async () => {
    const opened = await open(TOKEN);
    const answer = await command(opened, 'flatten');
    expect(answer).toMatchObject({ status: 200, body: { direct: false } });
    expect(opened.line.entry('operator:c-flatten').operator?.action).toBe(OperatorAction.FLATTEN);
  });
});
