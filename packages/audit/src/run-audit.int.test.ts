import { describe, expect, it } from '@jest/globals';
import { MemoryBus, type ReadOptions, type StoredMessage } from '@bellwether/bus';
import {
  Action,
  decodeAuditAnswer,
  decodeAuditHead,
  decodeStatus,
  encodeAuditQuery,
  encodeFrame,
  ServiceState,
  subjects,
  type AuditAnswer,
  type AuditQuery,
} from '@bellwether/contracts';
import { InputGap, pause } from '@bellwether/host';
import { present } from '@bellwether/kernel';
import {
  BOOK,
  auditOptions,
  auditUntil,
  barFrame,
  decide,
  idleFrame,
  signalFrame,
  someFrames,
  writeLog,
} from './audit-fixtures.js';
import { memoryAuditFiles, type MemoryAuditFiles } from './memory-files.js';
import { runAudit } from './run-audit.js';
import { verifyAudit } from './verify.js';

const never = new AbortController().signal;

function aQuery(given: Partial<AuditQuery>): AuditQuery {
  return {
    ...{ book: BOOK, seq: null, entry_id: null, before_seq: null, from_us: null, to_us: null },
    ...{ action: null, reason: null, symbol: null, strategy: null, asked_only: false, limit: 10 },
    ...given,
  };
}

/** Runs an audit over frames and asks it once they are signed. */
async function askAudit(
  frames: readonly Uint8Array[],
  queries: readonly Partial<AuditQuery>[],
): Promise<AuditAnswer[]> {
  const bus = new MemoryBus();
  await decide(bus, frames);
  const stop = new AbortController();
  const answers: AuditAnswer[] = [];
  const ask = async (): Promise<void> => {
    for (const query of queries) {
      const bytes = await bus.request(subjects.auditQuery(BOOK), encodeAuditQuery(aQuery(query)), 5_000);
      answers.push(decodeAuditAnswer(bytes));
    }
    stop.abort();
  };
  const asking: Promise<void>[] = [];
  await runAudit({
    ...auditOptions({ bus, files: memoryAuditFiles(), signal: stop.signal }),
    onHead: ({ seq }) => {
      if (seq === frames.length && asking.length === 0) asking.push(ask());
    },
  });
  await Promise.all(asking);
  return answers;
}

const seqs = (answer: AuditAnswer | undefined): (number | undefined)[] | undefined =>
  answer?.frames.map(({ frame }) => frame?.seq);

/** Delivers decisions again: some at once, some after newer ones. */
class RepeatingBus extends MemoryBus {
  repeats = 0;

  override async *read(filter: string, options: ReadOptions): AsyncGenerator<StoredMessage> {
    let before: StoredMessage | null = null;
    for await (const message of super.read(filter, options)) {
      yield message;
      const again = message.sequence % 5 === 0 ? message : message.sequence % 7 === 0 ? before : null;
      before = message;
      if (again === null) continue;
      this.repeats += 1;
      yield again;
    }
  }
}

describe('runAudit', () => {
  it('signs a decision once that is delivered more than once', async () => {
    const bus = new RepeatingBus();
    const files = memoryAuditFiles();
    await decide(bus, someFrames(60));
    await auditUntil(auditOptions({ bus, files, signal: never }), 60);
    expect(bus.repeats).toBeGreaterThan(10);
    const verdict = await verifyAudit({ files, book: BOOK });
    expect(verdict).toMatchObject({ ok: true, first_seq: 1, last_seq: 60 });
    expect(verdict.frames + verdict.idle_frames).toBe(60);
  });

  it('signs every decision once, and goes on behind the last one after an end', async () => {
    const bus = new MemoryBus();
    const files = memoryAuditFiles();
    const frames = someFrames(300);
    await decide(bus, frames.slice(0, 120));
    await auditUntil(auditOptions({ bus, files, signal: never }), 120);
    await decide(bus, frames.slice(120));
    const head = await auditUntil(auditOptions({ bus, files, signal: never }), 300);

    expect(head?.seq).toBe(300);
    expect(
      await verifyAudit({ files, book: BOOK, head: present(head, 'a head'), frames: true }),
    ).toMatchObject({
      ok: true,
      last_seq: 300,
      unsigned_bytes: 0,
    });
  });

  it('publishes each head, and says how it does', async () => {
    const bus = new MemoryBus();
    const heads: number[] = [];
    const states: ServiceState[] = [];
    await bus.subscribe(subjects.audit(BOOK), ({ data }) => heads.push(decodeAuditHead(data).seq));
    await bus.subscribe(subjects.status('audit', BOOK), ({ data }) => states.push(decodeStatus(data).state));
    await decide(bus, someFrames(20));
    await auditUntil(auditOptions({ bus, files: memoryAuditFiles(), signal: never }), 20);
    expect(heads.at(-1)).toBe(20);
    expect(states).toEqual([ServiceState.RECOVERING, ServiceState.RUNNING, ServiceState.STOPPED]);
  });

  it('shares the stream with other books', async () => {
    const bus = new MemoryBus();
    const files = memoryAuditFiles();
    const own = someFrames(60);
    const others = someFrames(60, 'others', 'other');
    for (let i = 0; i < 60; i++) {
      await decide(bus, [others[i]!], 'other');
      await decide(bus, [own[i]!]);
      if (i === 30) await auditUntil(auditOptions({ bus, files, signal: never }), 31);
    }
    await auditUntil(auditOptions({ bus, files, signal: never }), 60);
    expect(await verifyAudit({ files, book: BOOK, frames: true })).toMatchObject({ ok: true, last_seq: 60 });
  });

  it('stops at a gap that stays', async () => {
    const bus = new MemoryBus();
    const frames = someFrames(10);
    await decide(bus, [...frames.slice(0, 4), ...frames.slice(5)]);
    const run = runAudit(
      auditOptions({ bus, files: memoryAuditFiles(), signal: never, pause: async () => undefined }),
    );
    await expect(run).rejects.toThrow(InputGap);
  });

  it('stops where the stream tells another story than the log', async () => {
    const files = memoryAuditFiles();
    const frames = someFrames(30);
    await writeLog(files, frames);
    const bus = new MemoryBus();
    await decide(bus, [...frames.slice(0, 29), encodeFrame(signalFrame(30))]);
    const run = runAudit(auditOptions({ bus, files, signal: never }));
    await expect(run).rejects.toThrow('diverged');
  });

  it('notices another idle frame than the one that was counted', async () => {
    const files = memoryAuditFiles();
    const frames = [1, 2, 3].map((seq) => encodeFrame(idleFrame(seq)));
    await writeLog(files, frames);
    const bus = new MemoryBus();
    const other = encodeFrame({ ...idleFrame(2), book_time_us: 1 });
    // Without a kept place reading begins at message 3, the earliest that frame 3 can be: here that is frame 1.
    await decide(bus, someFrames(2, 'others', 'other'), 'other');
    await decide(bus, [frames[0]!, other, frames[2]!]);
    const run = runAudit(auditOptions({ bus, files, signal: never }));
    await expect(run).rejects.toThrow('diverged');
  });
});

describe('An audit whose disk refuses', () => {
  it('goes on once there is room again, without loss', async () => {
    const bus = new MemoryBus();
    const frames = someFrames(100);
    await decide(bus, frames);
    let refusals = 0;
    const files = memoryAuditFiles(new Map(), {
      fault: (operation, name) => {
        if (operation !== 'append' || !name.endsWith('.seg') || refusals >= 3) return null;
        refusals += 1;
        return { done: 50, error: Object.assign(new Error('ENOSPC: no space left'), { syscall: 'write' }) };
      },
    });
    const states: ServiceState[] = [];
    await bus.subscribe(subjects.status('audit', BOOK), ({ data }) => states.push(decodeStatus(data).state));
    await auditUntil(
      auditOptions({ bus, files, signal: never, pause: (_ms, signal) => pause(1, signal) }),
      100,
    );
    expect(refusals).toBe(3);
    expect(states.filter((state) => state === ServiceState.BUS_DOWN)).toHaveLength(3);
    expect(await verifyAudit({ files, book: BOOK, frames: true })).toMatchObject({ ok: true, last_seq: 100 });
  });

  it('stops where the log is not what was signed, and changes nothing of it', async () => {
    const bus = new MemoryBus();
    const frames = someFrames(100);
    await decide(bus, frames);
    const files = memoryAuditFiles();
    await writeLog(files, frames.slice(0, 50));
    const contents = new Map(files.contents());
    const last = present([...contents.keys()].filter((name) => name.endsWith('.seg')).at(-1), 'a segment');
    present(contents.get(last), last)[300]! ^= 1;
    const damaged = memoryAuditFiles(contents);
    await expect(runAudit(auditOptions({ bus, files: damaged, signal: never }))).rejects.toThrow(
      'audit_corrupt',
    );
    expect(damaged.contents()).toEqual(contents);
  });
});

describe('A second owner', () => {
  it('waits for the lease, and takes over without loss', async () => {
    const bus = new MemoryBus({ leaseTtlMs: 30 });
    const files = memoryAuditFiles();
    const frames = someFrames(80);
    const first = new AbortController();
    const second = new AbortController();
    const options = auditOptions({ bus, files, signal: first.signal, lease: true, owner: 'one' });
    const one = runAudit(options);
    const two = runAudit({
      ...{ ...options, signal: second.signal, owner: 'two' },
      onHead: ({ seq }) => {
        if (seq === 80) second.abort();
      },
    });
    await decide(bus, frames.slice(0, 40));
    while ((await headSeq(files)) < 40) await pause(1, never);
    first.abort();
    await one;
    await decide(bus, frames.slice(40));
    await two;
    expect(await verifyAudit({ files, book: BOOK, frames: true })).toMatchObject({ ok: true, last_seq: 80 });
  });
});

describe('An audit that has lost its claim', () => {
  it('notices it also while nothing is decided, and waits', async () => {
    const bus = new MemoryBus();
    const files = memoryAuditFiles();
    const frames = someFrames(20);
    await decide(bus, frames);
    const stop = new AbortController();
    const states: ServiceState[] = [];
    await bus.subscribe(subjects.status('audit', BOOK), ({ data }) => states.push(decodeStatus(data).state));
    const run = runAudit(auditOptions({ bus, files, signal: stop.signal, repeatHeadMs: 1 }));
    while ((await headSeq(files)) < 20) await pause(1, never);
    // As after a standstill in which another machine has taken over.
    files.crash({ power: false });
    const theirs = await files.claim(BOOK);
    while (!states.includes(ServiceState.STANDBY)) await pause(1, never);
    await theirs.release();
    stop.abort();
    await run;
    expect(await verifyAudit({ files, book: BOOK })).toMatchObject({ ok: true, last_seq: 20 });
  });
});

async function headSeq(files: MemoryAuditFiles): Promise<number> {
  const text = files.contents().get(`${BOOK}/heads`)?.toString().trimEnd().split('\n').at(-1);
  return text === undefined ? 0 : (JSON.parse(text) as { seq: number }).seq;
}

describe('Questions to the audit', () => {
  const frames = [barFrame(1), signalFrame(2), idleFrame(3), barFrame(4), signalFrame(5), barFrame(6)].map(
    encodeFrame,
  );

  it('are answered newest first, in pages', async () => {
    const [one, two, three] = await askAudit(frames, [
      { limit: 2 },
      { limit: 2, before_seq: 5 },
      { limit: 2, before_seq: 2 },
    ]);
    expect(seqs(one)).toEqual([6, 5]);
    expect(one).toMatchObject({ next_before_seq: 5, error: '' });
    expect(one?.head?.seq).toBe(6);
    expect(seqs(two)).toEqual([4, 2]);
    expect(seqs(three)).toEqual([1]);
    expect(three?.next_before_seq).toBeNull();
  });

  it('are narrowed by every filter', async () => {
    const second = signalFrame(2);
    const answers = await askAudit(frames, [
      { seq: 4 },
      { entry_id: present(second.entry, 'an entry').id },
      { action: Action.BUY },
      { from_us: second.book_time_us, to_us: barFrame(4).book_time_us + 1 },
      { symbol: 'NQ' },
      { symbol: 'ES', asked_only: true, before_seq: 3 },
      {
        reason: present(second.risk, 'risk').reason,
        strategy: present(second.bandit?.candidates[0]?.setup, 'a setup').strategy,
        limit: 1,
      },
    ]);
    expect(answers.map(seqs)).toEqual([[4], [2], [5, 2], [4, 2], [], [2, 1], [6]]);
  });

  it('about an idle frame say that it was counted', async () => {
    const [idle, later] = await askAudit(frames, [{ seq: 3 }, { seq: 7 }]);
    expect(idle).toMatchObject({ frames: [], error: '' });
    expect(idle?.detail).toContain('idle clock entry');
    expect(later?.detail).toContain('not in the log yet');
  });

  it('that make no sense are told so', async () => {
    const answers = await askAudit(frames, [{ limit: 0 }, { limit: 501 }, { book: 'other' }]);
    expect(answers.map(({ error }) => error)).toEqual(Array(3).fill('invalid_request'));
  });
});
