/**
 * Goal: an audit log that falls behind closes the gate in a live book, and holds the inputs of a book in event time.
 * Method: the execution service and a line with the real risk stage on a bus, beside an audit log that a test can stop.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryBus, type Bus } from '@bellwether/bus';
import {
  Action,
  EntryKind,
  EntryKindName,
  ReasonCode,
  decodeEntry,
  decodeFrame,
  decodeStatus,
  encodeAuditAnswer,
  encodeAuditHead,
  encodeEntry,
  subjects,
  type AuditHead,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { noMetrics, type HostLog } from '@bellwether/host';
import { A_BOOK, aReleaseEntry } from '@bellwether/testkit';
import type { AuditWatchOptions } from './audit-watch.js';
import { runExecution, type ExecutionOptions } from './execution-service.js';
import { runScriptedLine } from './scripted-line-service.js';
import { aPaperConfig, atMarket, barOf, type Script } from './scripted-line.js';

const BEHIND_FRAMES = 5;
const BEHIND_MS = 1_000;
const DEADLINE_MS = 20_000;
const NOW_US = 1_757_943_000_000_000;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Ticks of the watch, short. */
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
const silent: HostLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Expected in time: ${what}`);
    await nextTurn();
  }
}

async function turns(count = 200): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
}

/** An audit log as execution sees it: heads, and answers to questions. */
class ScriptedAudit {
  /** Stopped, it takes nothing in and says nothing. */
  stopped = false;
  publishes = true;
  answers = true;
  #seq = 0;
  readonly #ends: (() => void)[] = [];

  constructor(private readonly bus: Bus) {}

  async start(): Promise<void> {
    this.#ends.push(await this.bus.subscribe(subjects.decision(A_BOOK), () => this.catchUp()));
    this.#ends.push(
      await this.bus.respond(subjects.auditQuery(A_BOOK), async () => {
        if (this.stopped || !this.answers) throw new Error('The audit log is stopped');
        const answer = { frames: [], next_before_seq: null, error: '', detail: '' };
        return encodeAuditAnswer({ ...answer, head: this.#seq === 0 ? null : this.head() });
      }),
    );
  }

  /** Takes in all there is. */
  catchUp(): void {
    if (this.stopped) return;
    void this.bus.last(subjects.line('risk', A_BOOK)).then((message) => {
      if (message === null || this.stopped) return undefined;
      this.#seq = decodeFrame(message.data).seq;
      if (this.publishes) return this.publish(this.head());
      return undefined;
    });
  }

  goOn(): void {
    this.stopped = false;
    this.catchUp();
  }

  head(): AuditHead {
    const seq = this.#seq;
    const unsigned = { hash: '', signed_us: NOW_US, key_id: '', signature: '' };
    return { book: A_BOOK, record: seq, seq, ...unsigned };
  }

  publish(head: AuditHead): Promise<void> {
    return this.bus.publish(subjects.audit(A_BOOK), encodeAuditHead(head));
  }

  end(): void {
    for (const end of this.#ends) end();
  }
}

let bus: MemoryBus;
let stop: AbortController;
let line: Promise<void>;
let audit: ScriptedAudit;
let nowMs: number;
let running: { readonly end: AbortController; readonly ended: Promise<unknown> }[];
let details: string[];
let script: Script;

beforeEach(async () => {
  bus = new MemoryBus();
  stop = new AbortController();
  nowMs = 0;
  running = [];
  details = [];
  script = () => null;
  line = runScriptedLine(bus, A_BOOK, (entry) => script(entry), stop.signal);
  audit = new ScriptedAudit(bus);
  await audit.start();
  await bus.subscribe(subjects.status('execution', A_BOOK), ({ data }) => {
    details.push(decodeStatus(data).detail);
  });
});

afterEach(async () => {
  for (const { end } of running) end.abort();
  await Promise.all(running.map(({ ended }) => ended));
  audit.end();
  stop.abort();
  await line;
  await bus.close();
});

function watch(mode: 'journal' | 'hold'): AuditWatchOptions {
  return {
    ...{ mode, behindFrames: BEHIND_FRAMES, behindMs: BEHIND_MS },
    ...{ nowUs: () => NOW_US + nowMs * 1_000, elapsedMs: () => nowMs },
  };
}

function execute(
  watching: AuditWatchOptions,
  overrides: Partial<ExecutionOptions> = {},
): () => Promise<void> {
  const end = new AbortController();
  const ended = runExecution({
    ...{ bus, book: A_BOOK, inputs: null, signal: end.signal, owner: 'one', lease: false, audit: watching },
    ...{ snapshotEveryDecisions: 3, durable: false, log: silent, metrics: noMetrics, pause: tick },
    ...overrides,
  });
  running.push({ end, ended });
  return async () => {
    end.abort();
    await ended;
  };
}

async function entries(): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const { data } of bus.read(subjects.journalOf(A_BOOK), { from: 1, follow: false }))
    all.push(decodeEntry(data));
  return all;
}

const audits = async (): Promise<readonly Entry[]> =>
  (await entries()).filter((entry) => entry.audit !== null);
const states = async (): Promise<readonly (boolean | undefined)[]> =>
  (await audits()).map((entry) => entry.audit?.behind);

async function decided(): Promise<readonly Frame[]> {
  const all: Frame[] = [];
  for await (const { data } of bus.read(subjects.line('risk', A_BOOK), { from: 1, follow: false }))
    all.push(decodeFrame(data));
  return all;
}

async function input(entry: Entry): Promise<void> {
  const subject = subjects.input(A_BOOK, EntryKindName[entry.kind], entry.id);
  await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
}

const bar = (minute: number): Entry => barOf(minute, [24_000, 24_001, 23_999, 24_000]);

async function decisionOf(entry: Entry): Promise<Frame> {
  let found: Frame | undefined;
  await eventually(`the decision of ${entry.id}`, async () => {
    found = (await decided()).find((frame) => frame.entry?.id === entry.id);
    return found !== undefined;
  });
  if (found === undefined) throw new Error('unreachable');
  return found;
}

describe('A live book', () => {
  const release = aReleaseEntry(aPaperConfig());

  it('takes no new risk while the log stands still, and takes it again when the log has caught up', async () => {
    script = (entry) => (entry.kind === EntryKind.BAR ? { setup: atMarket(), contracts: 1 } : null);
    execute(watch('journal'));
    await input(release);
    await decisionOf(release);
    audit.stopped = true;
    await input(bar(991));
    expect((await decisionOf(bar(991))).risk).toMatchObject({ action: Action.BUY });
    nowMs += BEHIND_MS + 1;
    await eventually('the gate closes', async () => (await states()).length === 1);
    await input(bar(992));
    const held = await decisionOf(bar(992));
    expect(held.risk).toMatchObject({ action: Action.HOLD, reason: ReasonCode.AUDIT_BEHIND });
    await turns();
    expect(await states()).toEqual([true]);

    audit.goOn();
    await eventually('the gate opens', async () => (await states()).length === 2);
    await input(bar(993));
    const again = await decisionOf(bar(993));
    expect(again.risk?.reason).not.toBe(ReasonCode.AUDIT_BEHIND);
    expect(again.risk?.checks.find(({ code }) => code === ReasonCode.AUDIT_BEHIND)?.passed ?? true).toBe(
      true,
    );
    const found = await audits();
    expect(found.map(({ audit: said }) => said?.behind)).toEqual([true, false]);
    for (const { id, audit: said, known_us } of found) {
      expect(id).toBe(`audit:${said?.decided_seq}`);
      expect(known_us).toBe(NOW_US + nowMs * 1_000);
    }
    expect(found[0]?.audit?.audited_seq).toBe(1);
    expect(details.some((text) => text.startsWith('waiting for the audit log: decided '))).toBe(true);
    await eventually('the status says that it is over', () => details.at(-1) === '');
  });

  it('counts frames too: one more than the bound, without any time passing', async () => {
    execute(watch('journal'));
    await input(release);
    await eventually('the first head', async () => (await decided()).length === 1);
    await turns();
    audit.stopped = true;
    for (let minute = 1; minute <= BEHIND_FRAMES; minute++) {
      await input(bar(990 + minute));
      await decisionOf(bar(990 + minute));
    }
    await turns();
    expect(await states()).toEqual([]);
    await input(bar(990 + BEHIND_FRAMES + 1));
    await eventually('the gate closes', async () => (await states()).length === 1);
    expect((await audits())[0]?.audit).toMatchObject({ behind: true, decided_seq: 7, audited_seq: 1 });
  });

  it('says it once over restarts, and says the end of it though it ended while nobody ran', async () => {
    const end = execute(watch('journal'));
    await input(release);
    await decisionOf(release);
    audit.stopped = true;
    await input(bar(991));
    await decisionOf(bar(991));
    nowMs += BEHIND_MS + 1;
    await eventually('the gate closes', async () => (await states()).length === 1);
    await turns();
    await end();
    const second = execute(watch('journal'));
    nowMs += 10 * BEHIND_MS;
    await turns();
    expect(await states()).toEqual([true]);
    await second();
    audit.goOn();
    await turns();
    execute(watch('journal'));
    await eventually('the gate opens', async () => (await states()).length === 2);
    await turns();
    expect(await states()).toEqual([true, false]);
  });

  it('says it once with two owners', async () => {
    audit.stopped = true;
    for (const owner of ['one', 'two']) execute(watch('journal'), { owner });
    await input(release);
    await decisionOf(release);
    nowMs += BEHIND_MS + 1;
    await eventually('the gate closes', async () => (await states()).length > 0);
    await turns();
    expect(await states()).toEqual([true]);
    audit.goOn();
    await eventually('the gate opens', async () => (await states()).length > 1);
    await turns();
    expect(await states()).toEqual([true, false]);
  });

  it('gives a log that has just been started its time, whatever the book holds already', async () => {
    const end = execute(watch('journal'));
    await input(release);
    for (let minute = 1; minute <= 4 * BEHIND_FRAMES; minute++) await input(bar(990 + minute));
    await decisionOf(bar(990 + 4 * BEHIND_FRAMES));
    await end();
    audit.stopped = true;
    execute(watch('journal'));
    await turns();
    nowMs += BEHIND_MS;
    await turns();
    expect(await states()).toEqual([]);
    nowMs += 1;
    await eventually('the gate closes', async () => (await states()).length === 1);
  });

  it('asks where no head comes: one that was lost on the way closes no gate', async () => {
    audit.publishes = false;
    execute(watch('journal'));
    await input(release);
    await decisionOf(release);
    await turns();
    nowMs += BEHIND_MS + 1;
    await turns();
    expect(await states()).toEqual([]);
  });

  it.each([
    ['of another book', (head: AuditHead) => ({ ...head, book: 'another' })],
    ['without a record', (head: AuditHead) => ({ ...head, record: 0 })],
    ['without a frame', (head: AuditHead) => ({ ...head, seq: 0 })],
  ])('does not believe a head %s', async (_what, damage) => {
    execute(watch('journal'));
    audit.answers = false;
    await input(release);
    await decisionOf(release);
    await turns();
    audit.stopped = true;
    await input(bar(991));
    await decisionOf(bar(991));
    const lie = damage({ ...audit.head(), record: 1_000, seq: 1_000 });
    await audit.publish(lie);
    await bus.publish(subjects.audit(A_BOOK), new Uint8Array([1, 2, 3]));
    nowMs += BEHIND_MS + 1;
    await eventually('the gate closes', async () => (await states()).length === 1);
  });
});

describe('A book in event time', () => {
  const raw = [aReleaseEntry(aPaperConfig()), ...Array.from({ length: 20 }, (_, i) => bar(991 + i))];

  it('waits with its next input, makes no entry, says so, and goes on', async () => {
    audit.stopped = true;
    execute(watch('hold'));
    for (const entry of raw) await input(entry);
    await eventually('it waits', () => details.at(-1)?.startsWith('waiting for the audit log') === true);
    await turns();
    expect(await entries()).toHaveLength(BEHIND_FRAMES + 1);
    nowMs += 100 * BEHIND_MS;
    await turns();
    expect(await entries()).toHaveLength(BEHIND_FRAMES + 1);
    audit.goOn();
    await decisionOf(raw.at(-1)!);
    expect((await entries()).map(({ id }) => id)).toEqual(raw.map(({ id }) => id));
    expect(details.at(-1)).toBe('');
  });

  it('loses nothing at a restart while it waits', async () => {
    audit.stopped = true;
    const end = execute(watch('hold'));
    for (const entry of raw) await input(entry);
    await eventually('it waits', async () => (await entries()).length === BEHIND_FRAMES + 1);
    await turns();
    await end();
    execute(watch('hold'));
    await turns();
    expect(await entries()).toHaveLength(BEHIND_FRAMES + 1);
    audit.goOn();
    await decisionOf(raw.at(-1)!);
    expect((await entries()).map(({ id }) => id)).toEqual(raw.map(({ id }) => id));
  });

  it('ends given inputs only when the last of them is in the journal', async () => {
    audit.stopped = true;
    async function* inputs(): AsyncGenerator<Entry> {
      yield* raw;
    }
    const ended = runExecution({
      ...{ bus, book: A_BOOK, inputs: inputs(), signal: stop.signal, owner: 'one', lease: false },
      ...{ snapshotEveryDecisions: 0, durable: false, log: silent, metrics: noMetrics, pause: tick },
      audit: watch('hold'),
    });
    await eventually('it waits', async () => (await entries()).length === BEHIND_FRAMES + 1);
    await turns();
    audit.goOn();
    expect(await ended).toMatchObject({ journaled: raw.length });
  });

  it('asks where no head comes', async () => {
    audit.publishes = false;
    execute(watch('hold'));
    for (const entry of raw) await input(entry);
    await decisionOf(raw.at(-1)!);
  });
});

describe('A book without an audit log', () => {
  it('neither waits nor says anything', async () => {
    audit.stopped = true;
    const raw = [aReleaseEntry(aPaperConfig()), ...Array.from({ length: 20 }, (_, i) => bar(991 + i))];
    execute({ mode: 'off' });
    for (const entry of raw) await input(entry);
    await decisionOf(raw.at(-1)!);
    expect(await states()).toEqual([]);
  });
});
