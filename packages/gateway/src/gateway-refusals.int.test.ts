import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { ReasonCode } from '@bellwether/contracts';
import { errorAnswerSchema } from './schema/answer-fields.js';
import { BAD_REQUESTS } from './test/bad-requests.js';
import { portfolioPart, quietFrame } from './test/frames.js';
import { World, send } from './test/harness.js';

let world: World;

beforeAll(async () => {
  world = await World.start();
  world.line.script = (frame) => ({
    ...quietFrame(frame),
    portfolio: portfolioPart({
      fill_result: {
        matched: false,
        reason: ReasonCode.NO_POSITION,
        symbol: '',
        net_contracts: 0,
        realised_cents: null,
      },
    }),
  });
});

afterAll(async () => {
  await world.close();
});

describe('requests that are refused', () => {
  test.each(
    BAD_REQUESTS.map((request) => [`${request.name}: ${request.status} ${request.code}`, request] as const),
  )('%s', async (_name, request) => {
    const before = world.line.entries.length;
    const answer = await send(world.port, request);
    const { error } = errorAnswerSchema.parse(answer.body);
    expect({ status: answer.status, code: error.code }).toEqual({
      status: request.status,
      code: request.code,
    });
    if (request.problems !== undefined) {
      expect(error.problems.map((problem) => problem.path).sort()).toEqual([...request.problems].sort());
    }
    // A refusal has no effect: only a close of nothing is journaled, for the portfolio is who knows.
    if (request.code !== 'no_position') expect(world.line.entries).toHaveLength(before);
  });

  it('names the methods that a path has', async () => {
    const answer = await send(world.port, { method: 'DELETE', path: '/v1/decisions/es-1' });
    expect(answer.headers.allow).toBe('GET, HEAD');
  });

  it('lists at most a hundred problems and counts the rest', async () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`field${i}`, i]));
    const { error } = errorAnswerSchema.parse((await world.post('/v1/tick', body)).body);
    expect(error.problems).toHaveLength(101);
    expect(error.problems.at(-1)?.message).toBe('406 more problems');
  });

  it('logs no defect for any of them and sends security headers with each', async () => {
    for (const request of BAD_REQUESTS) {
      const answer = await send(world.port, request);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    }
    expect(world.logger.errors).toEqual([]);
  });

  it.each([
    ['bytes that are no request', 'NONSENSE\r\n\r\n', '400'],
    ['headers without end', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, '431'],
    [
      'two lengths',
      'POST /v1/signal HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
      '400',
    ],
  ])('answers %s in the same form and hangs up', async (_name, bytes, status) => {
    const text = await exchange(world.port, bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const body: unknown = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
    expect(errorAnswerSchema.parse(body).error.code).toBe('invalid_request');
  });
});

function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('utf8')));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
