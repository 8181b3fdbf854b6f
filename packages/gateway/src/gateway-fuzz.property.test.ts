import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import { accountForm } from './schema/account.js';
import { closeForm } from './schema/close.js';
import { fillForm } from './schema/fill.js';
import { signalForm } from './schema/signal.js';
import { tickForm } from './schema/tick.js';
import { World, barOf, postTo, send } from './test/harness.js';

let world: World;

beforeAll(async () => {
  world = await World.start({ limits: { tickTimeoutMs: 2_000, signalTimeoutMs: 2_000 } });
});

afterAll(async () => {
  await world.close();
});

const SEED = 'gateway-fuzz-1';
const ROUNDS = 1_500;

const VALID: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '/v1/tick': barOf(0),
  '/v1/signal': { signal_id: 'fuzz', symbol: 'ES' },
  '/v1/fill': {
    fill_id: 'fuzz',
    symbol: 'ES',
    side: 'LONG',
    contracts: 1,
    price: 6600,
    ts: '2025-09-15T13:31:00Z',
  },
  '/v1/order': { intent_id: 'es-1/1', status: 'expired', broker_order_id: 'b-1', ts: '2025-09-15T13:31:00Z' },
  '/v1/account': { snapshot_id: 'fuzz', ts: '2025-09-15T13:31:00Z', positions: [] },
  '/v1/close': { decision_id: 'es-1', exit_price: 6600, exit_ts: '2025-09-15T13:31:00Z' },
};

const KEYS = [tickForm, signalForm, fillForm, closeForm, accountForm].flatMap((form) => [
  ...Object.keys(form.schema.shape),
  ...Object.keys(form.aliases[''] ?? {}),
]);

const STRANGE: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 0.1, 1e-320, 1e300, 2 ** 53, -(2 ** 63), 6600, 6600.25],
  ...[
    '',
    ' ',
    'ES',
    'es',
    'LONG',
    'S2',
    '__proto__',
    'toString',
    '\u0000',
    '\ud800',
    '🙂',
    '2025-09-15T13:30:00Z',
  ],
  ...['x'.repeat(5_000), '1e400', 'NaN', '../..', '%00', "';--", '{{7*7}}', '2025-09-15T25:61:61Z'],
  ...[
    [],
    [[]],
    {},
    { p: 0.5 },
    { p: 0.5, sourceModelId: 'm' },
    { stopPoints: 3 },
    { toString: 1 },
    { length: -1 },
  ],
];

/** A random JSON value, a few levels deep. */
function anything(next: () => number, depth = 0): unknown {
  const pick = next();
  if (depth < 3 && pick < 0.1)
    return Array.from({ length: Math.floor(next() * 4) }, () => anything(next, depth + 1));
  if (depth < 3 && pick < 0.25) {
    const keys = Array.from(
      { length: Math.floor(next() * 6) },
      () => KEYS[Math.floor(next() * KEYS.length)] ?? 'x',
    );
    return Object.fromEntries(keys.map((key) => [key, anything(next, depth + 1)]));
  }
  return STRANGE[Math.floor(next() * STRANGE.length)];
}

/** A valid request with some fields taken away, spoilt or added. */
function spoilt(next: () => number, valid: Readonly<Record<string, unknown>>): unknown {
  const entries = Object.entries(valid).flatMap(([key, value]): [string, unknown][] => {
    const pick = next();
    if (pick < 0.1) return [];
    return [[key, pick < 0.3 ? anything(next) : value]];
  });
  while (next() < 0.4) entries.push([KEYS[Math.floor(next() * KEYS.length)] ?? 'x', anything(next)]);
  return Object.fromEntries(entries);
}

/** As a client would write it into a query; a lone surrogate becomes what UTF-8 puts in its place. */
function percent(text: string): string {
  return [...Buffer.from(text.slice(0, 200), 'utf8')]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('');
}

const EXPECTED: ReadonlySet<number> = new Set([200, 400, 404, 409]);

describe(`${ROUNDS} random bodies (seed ${SEED})`, () => {
  it('never make the gateway fail, whatever they hold', async () => {
    const next = uniformSource(SEED);
    const statuses = new Map<number, number>();
    const paths = Object.keys(VALID);
    for (let round = 0; round < ROUNDS; round++) {
      const path = paths[Math.floor(next() * paths.length)] ?? '/v1/tick';
      const body = next() < 0.3 ? anything(next) : spoilt(next, VALID[path] ?? {});
      const answer = await postTo(world.port, path, body);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (!EXPECTED.has(answer.status)) {
        throw new Error(
          `Round ${round}: ${answer.status} for ${path} ${JSON.stringify(body)}: ${answer.text}`,
        );
      }
    }
    expect(world.logger.errors).toEqual([]);
    // The bodies are near enough to valid ones that some get through; else the test would test little.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(10);
    expect(statuses.get(400) ?? 0).toBeGreaterThan(ROUNDS / 2);
  });

  it('never fail as bytes either', async () => {
    const next = uniformSource(`${SEED}-bytes`);
    const whole = Buffer.from(JSON.stringify(VALID['/v1/signal']));
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(whole);
      for (let change = 0; change < 3; change++) {
        bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
      }
      const cut = bytes.subarray(0, Math.floor(next() * (bytes.length + 1)));
      const headers = { 'content-type': 'application/json' };
      const answer = await send(world.port, { method: 'POST', path: '/v1/signal', headers, body: cut });
      expect(EXPECTED).toContain(answer.status);
    }
    expect(world.logger.errors).toEqual([]);
  });

  it('never make a read fail, whatever the query says', async () => {
    const next = uniformSource(`${SEED}-query`);
    const names = [
      'book',
      'action',
      'reason',
      'symbol',
      'from',
      'to',
      'from_us',
      'limit',
      'before',
      'asked',
      '__proto__',
    ];
    for (let round = 0; round < 300; round++) {
      const parts = Array.from({ length: Math.floor(next() * 4) }, () => {
        const name = names[Math.floor(next() * names.length)] ?? 'x';
        const value = JSON.stringify(STRANGE[Math.floor(next() * STRANGE.length)]).replaceAll('"', '');
        return `${name}=${percent(value)}`;
      });
      const route =
        ['/v1/decisions', '/v1/stats', '/v1/decisions/x', '/health'][Math.floor(next() * 4)] ?? '/';
      const answer = await send(world.port, { method: 'GET', path: `${route}?${parts.join('&')}` });
      expect([200, 400, 404]).toContain(answer.status);
    }
    expect(world.logger.errors).toEqual([]);
  });
});
