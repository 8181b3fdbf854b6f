import { afterEach, describe, expect, it } from '@jest/globals';
import {
  MemoryBus,
  OutcomeUnknown,
  type AppendOptions,
  type Bus,
  type ReadOptions,
  type StoredMessage,
} from '@bellwether/bus';
import {
  ServiceState,
  decodeFrame,
  decodeStatus,
  encodeEntry,
  encodeFrame,
  subjects,
  type Frame,
} from '@bellwether/contracts';
import { openFrame, type AnyStage, FIRST_FRAME_HEAD } from '@bellwether/kernel';
import { BookHost, InputGap, type BookHostOptions } from './book-host.js';
import { Diverged } from './divergence.js';
import { BOOK, clockEntry, featuresStage, forecastStage, regimeStage } from './fake-stages.js';
import { noMetrics } from './metrics.js';
import { pause } from './pause.js';
import { StageDown, noModels } from './stage-unit.js';

const FEATURES_OUT = subjects.line('features', BOOK);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const DEADLINE_MS = 10_000;

let running: { readonly stop: AbortController; readonly done: Promise<unknown> }[] = [];

afterEach(async () => {
  for (const run of running) run.stop.abort();
  await Promise.allSettled(running.map((run) => run.done));
  running = [];
});

/** Stores, and then loses the acknowledgement of three outputs. */
class LosingBus extends MemoryBus {
  left = 3;

  override async append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number> {
    const sequence = await super.append(subject, data, options);
    if (subject === FEATURES_OUT && sequence % 7 === 0 && this.left > 0) {
      this.left -= 1;
      throw new OutcomeUnknown('lost on purpose');
    }
    return sequence;
  }
}

/** Loses an acknowledgement every 30 outputs; the re-read of its own output after it comes up short once. */
class ForgetfulBus extends MemoryBus {
  rounds = 0;
  private short = false;

  override async append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number> {
    const sequence = await super.append(subject, data, options);
    if (subject === FEATURES_OUT && sequence % 30 === 0) {
      this.rounds += 1;
      this.short = true;
      throw new OutcomeUnknown('lost on purpose');
    }
    return sequence;
  }

  override read(filter: string, options: ReadOptions): AsyncIterable<StoredMessage> {
    const cut = filter === FEATURES_OUT && this.short;
    if (cut) this.short = false;
    return super.read(filter, cut ? { ...options, from: 1_000_000, follow: false } : options);
  }
}

/** Delivers journal entries again: some at once, some after newer ones, as a transport does that lost an answer. */
class RepeatingBus extends MemoryBus {
  repeats = 0;

  override read(filter: string, options: ReadOptions): AsyncIterable<StoredMessage> {
    const messages = super.read(filter, options);
    return filter === subjects.journalOf(BOOK) ? this.repeated(messages) : messages;
  }

  private async *repeated(messages: AsyncIterable<StoredMessage>): AsyncGenerator<StoredMessage> {
    let before: StoredMessage | null = null;
    for await (const message of messages) {
      yield message;
      const again = message.sequence % 5 === 0 ? message : message.sequence % 7 === 0 ? before : null;
      before = message;
      if (again === null) continue;
      this.repeats += 1;
      yield again;
    }
  }
}

/** Counts the readings that nobody has ended. */
class CountingBus extends LosingBus {
  readonly open = new Set<object>();

  override read(filter: string, options: ReadOptions): AsyncIterable<StoredMessage> {
    const messages = super.read(filter, options);
    return {
      [Symbol.asyncIterator]: () => {
        const reading = messages[Symbol.asyncIterator]();
        this.open.add(reading);
        const ended = (result: IteratorResult<StoredMessage, unknown>): typeof result => {
          if (result.done === true) this.open.delete(reading);
          return result;
        };
        return {
          next: async () => ended(await reading.next()),
          return: async () => ended((await reading.return?.()) ?? { done: true, value: undefined }),
        };
      },
    };
  }
}

interface Run {
  readonly done: Promise<unknown>;
  readonly host: BookHost;
  stop(): Promise<void>;
}

/** Starts a host. `done` resolves with the error that stopped it, or undefined. */
function start(bus: Bus, overrides: Partial<BookHostOptions> = {}): Run {
  const controller = new AbortController();
  const host = new BookHost({
    ...{ bus, book: BOOK, service: 'features', stages: [featuresStage()], infer: noModels, owner: 'one' },
    ...{ lease: false, snapshotEveryFrames: 10, log: silent, metrics: noMetrics },
    pause: (_ms, signal) => pause(1, signal),
    ...overrides,
  });
  const done = host.run(controller.signal).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  running.push({ stop: controller, done });
  return {
    host,
    done,
    stop: async () => {
      controller.abort();
      await done;
    },
  };
}

async function journal(bus: Bus, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) {
    const entry = clockEntry(n);
    await bus.append(subjects.journal(BOOK, 'clock', entry.id), encodeEntry(entry), {
      expectedLastSequence: 0,
    });
  }
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${DEADLINE_MS} ms: ${what}`);
    await pause(2, new AbortController().signal);
  }
}

async function stored(bus: Bus, subject = FEATURES_OUT): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const message of bus.read(subject, { from: 1, follow: false }))
    frames.push(decodeFrame(message.data));
  return frames;
}

const storedSeq = async (bus: Bus): Promise<number> => (await stored(bus)).at(-1)?.seq ?? 0;
const reached = (bus: Bus, seq: number): Promise<void> =>
  until(async () => (await storedSeq(bus)) >= seq, `frame ${seq}`);

/** 1, 2, 3 … in sequence and in the counter that the stage keeps: no frame lost, doubled or computed twice. */
function expectUnbroken(frames: readonly Frame[], count: number): void {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  expect(frames.map((frame) => frame.seq)).toEqual(numbers);
  expect(frames.map((frame) => frame.features?.last_close_ticks)).toEqual(numbers);
}

describe('BookHost', () => {
  it('gives every journal entry one frame, in order, and follows new ones', async () => {
    const bus = new MemoryBus();
    await journal(bus, 1, 25);
    start(bus);
    await reached(bus, 25);
    await journal(bus, 26, 30);
    await reached(bus, 30);
    expectUnbroken(await stored(bus), 30);
  });

  it('goes on from its snapshot after a stop, and from the journal without one', async () => {
    for (const snapshotEveryFrames of [10, 100_000]) {
      const bus = new MemoryBus();
      await journal(bus, 1, 25);
      const first = start(bus, { snapshotEveryFrames });
      await reached(bus, 25);
      await first.stop();
      await journal(bus, 26, 40);
      start(bus, { snapshotEveryFrames });
      await reached(bus, 40);
      expectUnbroken(await stored(bus), 40);
    }
  });

  it('uses the older snapshot when the newer one is torn', async () => {
    const bus = new MemoryBus();
    await journal(bus, 1, 25);
    const first = start(bus);
    await reached(bus, 25);
    await first.stop();
    const newest = await bus.blobs.get(`snapshot/${BOOK}/features/0`);
    await bus.blobs.put(`snapshot/${BOOK}/features/0`, (newest as Uint8Array).slice(0, 60));
    let corrupt = 0;
    start(bus, { metrics: { ...noMetrics, snapshotCorrupt: () => (corrupt += 1) } });
    await journal(bus, 26, 28);
    await reached(bus, 28);
    expect(corrupt).toBe(1);
    expectUnbroken(await stored(bus), 28);
  });

  it('stops the book when replay gives other bytes, and names the stage and the field', async () => {
    const bus = new MemoryBus();
    await journal(bus, 1, 5);
    const first = start(bus, { snapshotEveryFrames: 100_000 });
    await reached(bus, 5);
    await first.stop();
    // What the first run saved when it stopped would hide the difference, so the second starts from the journal.
    await bus.blobs.put(`snapshot/${BOOK}/features/0`, new Uint8Array(0));
    const changed: AnyStage = {
      ...featuresStage(),
      apply: (state, frame, outputs) => {
        const { part } = featuresStage().apply(state as number, frame, outputs);
        return {
          state: (state as number) + 1,
          part: { ...part, symbol: frame.seq === 4 ? 'NQ' : part.symbol },
        };
      },
    };
    const cause = await start(bus, { stages: [changed] }).done;
    expect(cause).toBeInstanceOf(Diverged);
    expect((cause as Diverged).difference).toEqual({
      ...{ seq: 4, stage: 'features', field: '.symbol', stored: '"ES"', computed: '"NQ"' },
    });
  });

  it('publishes that it diverged', async () => {
    const bus = new MemoryBus();
    const states: ServiceState[] = [];
    await bus.subscribe(subjects.status('features', BOOK), (message) => {
      states.push(decodeStatus(message.data).state);
    });
    await journal(bus, 1, 3);
    const first = start(bus, { snapshotEveryFrames: 100_000 });
    await reached(bus, 3);
    await first.stop();
    await bus.blobs.put(`snapshot/${BOOK}/features/0`, new Uint8Array(0));
    await start(bus, { stages: [featuresStage(2)] }).done;
    expect(states.at(-1)).toBe(ServiceState.DIVERGED);
    expect(states).toContain(ServiceState.RUNNING);
  });

  it('two owners without a lease write every frame once', async () => {
    const bus = new MemoryBus();
    await journal(bus, 1, 50);
    let conflicts = 0;
    const metrics = { ...noMetrics, conflict: () => (conflicts += 1) };
    start(bus, { owner: 'one', metrics });
    start(bus, { owner: 'two', metrics });
    for (let n = 51; n <= 200; n++) {
      await journal(bus, n, n);
      if (n % 10 === 0) await reached(bus, n);
    }
    await reached(bus, 200);
    expectUnbroken(await stored(bus), 200);
    expect(conflicts).toBeGreaterThan(0);
  });

  it('a standby waits for the lease and takes over without a gap', async () => {
    const bus = new MemoryBus({ leaseTtlMs: 50 });
    const states: string[] = [];
    await bus.subscribe(subjects.status('features', BOOK), (message) => {
      const status = decodeStatus(message.data);
      states.push(`${status.owner} ${status.state}`);
    });
    await journal(bus, 1, 20);
    const first = start(bus, { owner: 'one', lease: true });
    await reached(bus, 20);
    start(bus, { owner: 'two', lease: true });
    await until(() => states.includes(`two ${ServiceState.STANDBY}`), 'the second stands by');
    await first.stop();
    await journal(bus, 21, 40);
    await reached(bus, 40);
    expectUnbroken(await stored(bus), 40);
    expect(states).toContain(`two ${ServiceState.RUNNING}`);
  });

  it('finds its output stored when only the acknowledgement was lost', async () => {
    const bus = new LosingBus();
    await journal(bus, 1, 40);
    start(bus);
    await reached(bus, 40);
    expectUnbroken(await stored(bus), 40);
    expect(bus.left).toBe(0);
  });

  it('goes on after any number of gaps, as long as something is stored between them', async () => {
    const bus = new ForgetfulBus();
    await journal(bus, 1, 295);
    start(bus, { snapshotEveryFrames: 100_000 });
    await until(async () => (await bus.last(FEATURES_OUT))?.sequence === 295, 'all frames');
    expect(bus.rounds).toBeGreaterThan(6);
    expectUnbroken(await stored(bus), 295);
  });

  it('ignores a repeated input frame and never guesses over a missing one', async () => {
    const bus = new MemoryBus();
    const put = async (seq: number): Promise<void> => {
      const { part } = featuresStage().apply(seq - 1, openFrame(FIRST_FRAME_HEAD, clockEntry(seq)), []);
      const frame = { ...openFrame({ ...FIRST_FRAME_HEAD, seq: seq - 1 }, clockEntry(seq)), features: part };
      const last = await bus.last(FEATURES_OUT);
      await bus.append(FEATURES_OUT, encodeFrame(frame), { expectedLastSequence: last?.sequence ?? 0 });
    };
    for (const seq of [1, 2, 2, 3]) await put(seq);
    const run = start(bus, { service: 'regime', stages: [regimeStage()] });
    const out = subjects.line('regime', BOOK);
    await until(async () => (await stored(bus, out)).length === 3, 'three frames');
    expect((await stored(bus, out)).map((frame) => frame.regime?.state_since_us)).toEqual([1, 2, 3]);
    await put(5);
    expect(await run.done).toBeInstanceOf(InputGap);
    expect(await stored(bus, out)).toHaveLength(3);
  });

  it('decides an entry once that is delivered more than once', async () => {
    const bus = new RepeatingBus();
    await journal(bus, 1, 40);
    start(bus);
    await reached(bus, 40);
    expect(bus.repeats).toBeGreaterThan(10);
    expectUnbroken(await stored(bus), 40);
  });

  it('leaves no reading open behind its restarts', async () => {
    const bus = new CountingBus();
    await journal(bus, 1, 40);
    start(bus, { snapshotEveryFrames: 100_000 });
    await reached(bus, 40);
    expect(bus.left).toBe(0);
    // What is left is the input that it follows; a reading of before may take a moment to end.
    await until(async () => bus.open.size === 1, 'one open reading');
  });

  it('one host with consecutive stages stores the same frames as one host per stage', async () => {
    const apart = new MemoryBus();
    const together = new MemoryBus();
    await journal(apart, 1, 12);
    await journal(together, 1, 12);
    start(apart, { service: 'features', stages: [featuresStage()] });
    start(apart, { service: 'regime', stages: [regimeStage()] });
    start(apart, { service: 'forecast', stages: [forecastStage()] });
    start(together, { service: 'line', stages: [featuresStage(), regimeStage(), forecastStage()] });
    const out = subjects.line('forecast', BOOK);
    for (const bus of [apart, together])
      await until(async () => (await stored(bus, out)).length === 12, 'all frames');
    const bytes = async (bus: Bus): Promise<string[]> =>
      (await stored(bus, out)).map((frame) => Buffer.from(encodeFrame(frame)).toString('hex'));
    expect(await bytes(together)).toEqual(await bytes(apart));
  });

  it('refuses stages that do not follow one another', () => {
    expect(() => start(new MemoryBus(), { stages: [featuresStage(), forecastStage()] })).toThrow(
      'do not follow',
    );
  });

  it('stops the book on an exception in a stage that may not fail', async () => {
    const bus = new MemoryBus();
    await journal(bus, 1, 3);
    const broken: AnyStage = {
      ...featuresStage(),
      onFault: 'stop',
      apply: () => {
        throw new Error('broken on purpose');
      },
    };
    expect(await start(bus, { stages: [broken] }).done).toBeInstanceOf(StageDown);
    expect(await stored(bus)).toHaveLength(0);
  });
});
