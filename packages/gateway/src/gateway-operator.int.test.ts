import { afterEach, describe, expect, it } from '@jest/globals';
import { OperatorAction, ReasonCode, type Frame } from '@bellwether/contracts';
import { operatorAnswerSchema } from './schema/operator.js';
import { riskPart } from './test/frames.js';
import { World, send } from './test/harness.js';

const TOKEN = 'a-token-of-the-operator';
const COMMAND = { command_id: 'kill-1', action: 'kill', note: 'test' };

let world: World | null = null;

afterEach(async () => {
  await world?.close();
  world = null;
});

async function open(operatorToken: string): Promise<World> {
  world = await World.start({ operatorToken });
  return world;
}

function command(opened: World, authorization?: string) {
  const headers = {
    'content-type': 'application/json',
    ...(authorization === undefined ? {} : { authorization }),
  };
  const body = JSON.stringify(COMMAND);
  return send(opened.port, { method: 'POST', path: '/v1/operator', headers, body });
}

function killed(frame: Frame): Frame {
  const operator = { action: OperatorAction.KILL, accepted: true, reason: ReasonCode.OK };
  return { ...frame, risk: riskPart(frame, { dry_run: true, operator }) };
}

describe('POST /v1/operator', () => {
  it('journals the command and says what became of it', async () => {
    const opened = await open(TOKEN);
    const line = [...opened.lines.values()][0];
    if (line === undefined) throw new Error('Expected a line');
    line.script = killed;
    const answer = await command(opened, `Bearer ${TOKEN}`);
    expect(answer.status).toBe(200);
    const seen = { action: 'kill', accepted: true, reason: 'ok', dry_run: true };
    expect(operatorAnswerSchema.parse(answer.body)).toMatchObject(seen);
    const { operator } = line.entry('operator:kill-1');
    expect(operator).toEqual({ command_id: 'kill-1', action: OperatorAction.KILL, note: 'test' });
  });

  it.each([
    ['no token', undefined],
    ['another token', 'Bearer of-somebody-else'],
    ['another scheme', `Basic ${TOKEN}`],
  ])('refuses %s, and journals nothing', async (_, authorization) => {
    const opened = await open(TOKEN);
    const answer = await command(opened, authorization);
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
    expect([...opened.lines.values()].flatMap(({ entries }) => entries)).toEqual([]);
  });

  it('is off where the gateway has no token', async () => {
    const answer = await command(await open(''), 'Bearer ');
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'operator_off' } } });
  });
});
