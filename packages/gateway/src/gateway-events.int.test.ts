import { afterEach, describe, expect, it } from '@jest/globals';
import { eventsAnswerSchema } from './schema/events.js';
import { quietFrame } from './test/frames.js';
import { World } from './test/harness.js';

let world: World | null = null;

afterEach(async () => {
  await world?.close();
  world = null;
});

async function open(): Promise<World> {
  world = await World.start({});
  world.line.script = quietFrame;
  return world;
}

const NEWS = {
  ...{ kind: 'news', source: 'wire', id: 'n-1', published: '2025-09-15T13:30:30Z' },
  headline: 'Fed signals rate cut\u001b[2J',
};
const CALENDAR = {
  ...{ kind: 'calendar', source: 'bls', from: '2025-10-01T00:00:00Z', to: '2025-11-01T00:00:00Z' },
  releases: [{ at: '2025-10-15T12:30:00Z', name: 'CPI', tier: 1 }],
};

describe('POST /v1/events', () => {
  it('gives every event to the book, once, and names what was decided', async () => {
    const opened = await open();
    const answer = await opened.post('/v1/events', { events: [NEWS, CALENDAR] });
    expect(answer.status).toBe(200);
    const { events } = eventsAnswerSchema.parse(answer.body);
    expect(events[0]).toMatchObject({
      entry_id: 'aux:news:wire:n-1',
      repeated: false,
      score: expect.any(Number),
    });
    expect(events.map(({ decision_id }) => decision_id)).not.toContain(null);
    const entry = opened.line.entry('aux:news:wire:n-1');
    expect(entry.aux?.news?.headline).toBe('Fed signals rate cut [2J');
    expect(entry.known_us).toBeGreaterThanOrEqual(entry.event_us);
    const again = await opened.post('/v1/events', { events: [NEWS, CALENDAR] });
    expect(eventsAnswerSchema.parse(again.body).events.map(({ repeated }) => repeated)).toEqual([true, true]);
    expect(opened.line.entries).toHaveLength(2);
  });

  it('takes none where one is wrong, and names every problem', async () => {
    const opened = await open();
    const late = { ...NEWS, id: 'n-2', published: '2099-01-01T00:00:00Z' };
    const answer = await opened.post('/v1/events', {
      events: [NEWS, { ...NEWS, id: 'n-3', tier: 9, more: 1 }, late],
    });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
    expect(JSON.stringify(answer.body)).toMatch(
      /events\.1\.tier[^]*events\.1\.more|events\.1\.more[^]*events\.1\.tier/,
    );
    const ahead = await opened.post('/v1/events', { events: [NEWS, late] });
    expect(ahead).toMatchObject({ status: 400 });
    expect(JSON.stringify(ahead.body)).toMatch(/events\.1\.published/);
    expect(opened.line.entries).toHaveLength(0);
  });

  it('takes none where the id of one was used with other content', async () => {
    const opened = await open();
    await opened.post('/v1/events', { events: [NEWS] });
    const other = { ...NEWS, headline: 'Fed signals rate hike' };
    const answer = await opened.post('/v1/events', { events: [{ ...NEWS, id: 'n-9' }, other] });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'id_reused' } } });
    expect(opened.line.entries).toHaveLength(1);
  });
});
