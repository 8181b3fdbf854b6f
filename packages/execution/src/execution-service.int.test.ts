import { describe, expect, it } from '@jest/globals';
import { BusRefused, MemoryBus, OutcomeUnknown, type AppendOptions, type Bus } from '@bellwether/bus';
import {
  DataOrigin,
  EntryKind,
  EntryKindName,
  ExecutionMode,
  FillLeg,
  OrderOutcome,
  ServiceStateName,
  decodeEntry,
  decodeStatus,
  encodeEntry,
  subjects,
  type Entry,
} from '@bellwether/contracts';
import { closeEntryId, makeEntry } from '@bellwether/kernel';
import { noMetrics, type HostLog, type HostMetrics } from '@bellwether/host';
import { A_BOOK, aClockEntry, aReleaseEntry, aSignalEntry, atMinute } from '@bellwether/testkit';
import { runExecution, type ExecutionOptions } from './execution-service.js';
import { ScriptedBook } from './scripted-book.js';
import { historyOf, scriptOf } from './scripted-history.js';
import { runScriptedLine } from './scripted-line-service.js';
import { aPaperConfig, atMarket, barOf, type Script } from './scripted-line.js';

const BARS = 60;
const DEADLINE_MS = 20_000;

/** Lets everything that is ready go on, and waits until the condition holds. */
async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('Expected it to happen in time');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function readAll(bus: Bus, filter: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const message of bus.read(filter, { from: 1, follow: false }))
    entries.push(decodeEntry(message.data));
  return entries;
}

const journalOf = (bus: Bus): Promise<Entry[]> => readAll(bus, subjects.journalOf(A_BOOK));

async function publishInput(bus: Bus, entry: Entry): Promise<void> {
  const subject = subjects.input(A_BOOK, EntryKindName[entry.kind], entry.id);
  await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
}

async function journal(bus: Bus, entry: Entry): Promise<void> {
  const subject = subjects.journal(A_BOOK, EntryKindName[entry.kind], entry.id);
  await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
}

async function* given(entries: readonly Entry[]): AsyncGenerator<Entry> {
  for (const entry of entries) yield await Promise.resolve(entry);
}

const silent: HostLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function optionsFor(bus: Bus, overrides: Partial<ExecutionOptions> = {}): ExecutionOptions {
  return {
    ...{ bus, book: A_BOOK, inputs: null, signal: new AbortController().signal, owner: 'one', lease: false },
    ...{ snapshotEveryDecisions: 0, durable: false, log: silent, metrics: noMetrics, pause: nextTurn },
    audit: { mode: 'off' },
    ...overrides,
  };
}

/** A bus on which some appends go wrong. Everything else is that of the bus it stands before. */
class FaultyBus implements Bus {
  appends = 0;
  looks = 0;
  constructor(
    private readonly bus: Bus,
    private readonly fault: (n: number, subject: string) => 'none' | 'crash' | 'refused' | 'stored' | 'lost',
  ) {}

  async append(subject: string, data: Uint8Array, options: AppendOptions): Promise<number> {
    this.appends += 1;
    const fault = this.fault(this.appends, subject);
    if (fault === 'crash') throw new Error('The process died');
    if (fault === 'refused') throw new BusRefused('The stream is full');
    if (fault === 'lost') throw new OutcomeUnknown('The connection broke before it was stored');
    const sequence = await this.bus.append(subject, data, options);
    if (fault === 'stored') throw new OutcomeUnknown('The connection broke after it was stored');
    return sequence;
  }

  last: Bus['last'] = (filter) => {
    this.looks += 1;
    return this.bus.last(filter);
  };
  get: Bus['get'] = (filter, sequence) => this.bus.get(filter, sequence);
  read: Bus['read'] = (filter, options) => this.bus.read(filter, options);
  subscribe: Bus['subscribe'] = (filter, onMessage) => this.bus.subscribe(filter, onMessage);
  publish: Bus['publish'] = (subject, data) => this.bus.publish(subject, data);
  request: Bus['request'] = (subject, data, timeoutMs) => this.bus.request(subject, data, timeoutMs);
  respond: Bus['respond'] = (subject, answer) => this.bus.respond(subject, answer);
  close: Bus['close'] = () => this.bus.close();
  get leases(): Bus['leases'] {
    return this.bus.leases;
  }
  get blobs(): Bus['blobs'] {
    return this.bus.blobs;
  }
  get connected(): boolean {
    return this.bus.connected;
  }
}

/** Runs the body beside a scripted line on a new bus, and ends the line after it. */
async function withLine(
  script: Script,
  body: (bus: MemoryBus, stop: AbortController) => Promise<void>,
  before?: (entry: Entry) => Promise<void>,
): Promise<void> {
  const bus = new MemoryBus();
  const stop = new AbortController();
  const line = runScriptedLine(bus, A_BOOK, script, stop.signal, before);
  try {
    await body(bus, stop);
  } finally {
    stop.abort();
    await line;
    await bus.close();
  }
}

function expectedJournal(seed: string, bars = BARS): readonly Entry[] {
  const book = new ScriptedBook(scriptOf(seed));
  book.feed(...historyOf(seed, bars).raw);
  return book.journal;
}

const bytesOf = (entries: readonly Entry[]): readonly string[] =>
  entries.map((entry) => Buffer.from(encodeEntry(entry)).toString('base64'));

describe('Inputs given in process', () => {
  it.each(['walk-1', 'walk-3'])(
    'become the journal that the pure broker gives, byte for byte: %s',
    async (seed) => {
      await withLine(scriptOf(seed), async (bus) => {
        const { raw } = historyOf(seed, BARS);
        const summary = await runExecution(optionsFor(bus, { inputs: given(raw) }));
        const entries = await journalOf(bus);
        expect(bytesOf(entries)).toEqual(bytesOf(expectedJournal(seed)));
        expect(entries.length).toBeGreaterThan(raw.length + 5);
        expect(summary).toEqual({ decisions: entries.length, journaled: entries.length, repeated: 0 });
      });
    },
  );

  it('have no second effect when they are given again', async () => {
    const seed = 'walk-1';
    await withLine(scriptOf(seed), async (bus) => {
      const { raw } = historyOf(seed, BARS);
      await runExecution(optionsFor(bus, { inputs: given(raw) }));
      const before = bytesOf(await journalOf(bus));
      const again = await runExecution(optionsFor(bus, { inputs: given(raw) }));
      expect(again).toMatchObject({ journaled: 0, repeated: raw.length });
      expect(bytesOf(await journalOf(bus))).toEqual(before);
    });
  });

  it('are refused with id_reused when an id comes with other content', async () => {
    await withLine(
      () => null,
      async (bus) => {
        const release = aReleaseEntry(aPaperConfig());
        const bar = barOf(992, [24_000, 24_001, 23_999, 24_000]);
        await runExecution(optionsFor(bus, { inputs: given([release, bar]) }));
        const changed = barOf(992, [24_000, 24_002, 23_999, 24_000]);
        const run = runExecution(optionsFor(bus, { inputs: given([release, changed]) }));
        await expect(run).rejects.toMatchObject({ code: 'id_reused' });
        const later = { ...bar, known_us: bar.known_us + 1 };
        await expect(runExecution(optionsFor(bus, { inputs: given([later]) }))).resolves.toMatchObject({
          repeated: 1,
        });
      },
    );
  });

  it('are of this book', async () => {
    await withLine(
      () => null,
      async (bus) => {
        const inputs = given([{ ...aReleaseEntry(), book: 'another' }]);
        await expect(runExecution(optionsFor(bus, { inputs }))).rejects.toMatchObject({
          code: 'invariant_broken',
        });
      },
    );
  });

  it('end the run with an error where the bus refuses, for they cannot be read twice', async () => {
    await withLine(
      () => null,
      async (bus) => {
        const faulty = new FaultyBus(bus, () => 'refused');
        const run = runExecution(optionsFor(faulty, { inputs: given([aReleaseEntry()]) }));
        await expect(run).rejects.toBeInstanceOf(BusRefused);
      },
    );
  });

  it('fill nothing in an external book', async () => {
    const decision = barOf(991, [24_000, 24_001, 23_999, 24_000]);
    const script: Script = (entry) => (entry.id === decision.id ? { setup: atMarket(), contracts: 1 } : null);
    await withLine(script, async (bus) => {
      const release = aReleaseEntry(aPaperConfig({ execution: ExecutionMode.EXTERNAL }));
      const next = barOf(992, [24_000, 24_001, 23_999, 24_000]);
      await runExecution(optionsFor(bus, { inputs: given([release, decision, next]) }));
      const kinds = (await journalOf(bus)).map(({ kind }) => kind);
      expect(kinds).toEqual([EntryKind.RELEASE, EntryKind.BAR, EntryKind.ORDER, EntryKind.BAR]);
    });
  });
});

describe('Order of writing', () => {
  it('stores an input that causes nothing with one call: the append itself asks whether it is there', async () => {
    const bars = Array.from({ length: 30 }, (_, i) => barOf(991 + i, [24_000, 24_001, 23_999, 24_000]));
    const inputs = [aReleaseEntry(aPaperConfig()), ...bars];
    await withLine(
      () => null,
      async (bus) => {
        const counted = new FaultyBus(bus, () => 'none');
        await runExecution(optionsFor(counted, { inputs: given(inputs) }));
        expect(await journalOf(bus)).toHaveLength(inputs.length);
        expect(counted.appends).toBe(inputs.length);
        // At the start, for the end of the decisions and of the journal.
        expect(counted.looks).toBe(2);
      },
    );
  });

  it('waits for the decision on an input before the next one', async () => {
    const waiting: (() => void)[] = [];
    const hold = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
    const inputs = [aReleaseEntry(aPaperConfig()), barOf(991, [1, 1, 1, 1]), barOf(992, [1, 1, 1, 1])];
    await withLine(
      () => null,
      async (bus) => {
        const run = runExecution(optionsFor(bus, { inputs: given(inputs) }));
        for (let n = 1; n <= inputs.length; n++) {
          await eventually(() => waiting.length === n);
          for (let turn = 0; turn < 20; turn++) await nextTurn();
          expect(await journalOf(bus)).toHaveLength(n);
          waiting[n - 1]?.();
        }
        await run;
      },
      hold,
    );
  });

  it('takes an order on as soon as it is decided, without waiting for a further bar', async () => {
    const signal = aSignalEntry({ ts_us: atMinute(992) });
    const script: Script = (entry) => (entry.id === signal.id ? { setup: atMarket(), contracts: 1 } : null);
    await withLine(script, async (bus, stop) => {
      const run = runExecution(optionsFor(bus, { signal: stop.signal }));
      await publishInput(bus, aReleaseEntry(aPaperConfig()));
      await publishInput(bus, barOf(991, [24_000, 24_001, 23_999, 24_000]));
      await eventually(async () => (await journalOf(bus)).length === 2);
      await journal(bus, signal);
      await eventually(async () => (await journalOf(bus)).at(-1)?.kind === EntryKind.ORDER);
      await publishInput(bus, barOf(992, [24_000, 24_001, 23_999, 24_000]));
      await eventually(async () => (await journalOf(bus)).length === 6);
      const kinds = (await journalOf(bus)).slice(4).map(({ kind }) => kind);
      expect(kinds).toEqual([EntryKind.FILL, EntryKind.BAR]);
      stop.abort();
      await expect(run).resolves.toMatchObject({ journaled: 5 });
    });
  });
});

describe('A process that dies at any append', () => {
  const seed = 'walk-3';
  const bars = 20;
  const { raw } = historyOf(seed, bars);
  const expected = bytesOf(expectedJournal(seed, bars));

  it.each(['before', 'after'])(
    'leaves a journal that the next one completes: %s it was stored',
    async (when) => {
      expect(expected.length).toBeGreaterThan(raw.length + 5);
      for (let n = 1; n <= expected.length; n++) {
        await withLine(scriptOf(seed), async (bus) => {
          const crash = when === 'before' ? n : n + 1;
          const faulty = new FaultyBus(bus, (append) => (append >= crash ? 'crash' : 'none'));
          const options = { inputs: given(raw), snapshotEveryDecisions: n % 3 };
          const first = runExecution(optionsFor(faulty, options)).then(
            () => 'ended',
            () => 'died',
          );
          expect(await first).toBe(crash > expected.length ? 'ended' : 'died');
          await runExecution(optionsFor(bus, { ...options, inputs: given(raw) }));
          expect(bytesOf(await journalOf(bus))).toEqual(expected);
        });
      }
    },
  );
});

describe('A bus in trouble', () => {
  const seed = 'walk-1';
  const { raw } = historyOf(seed, BARS);

  it.each(['stored', 'lost'] as const)('writes once when an acknowledgement is lost: %s', async (kind) => {
    await withLine(scriptOf(seed), async (bus) => {
      const faulty = new FaultyBus(bus, (n) => (n % 3 === 0 ? kind : 'none'));
      await runExecution(optionsFor(faulty, { inputs: given(raw) }));
      expect(bytesOf(await journalOf(bus))).toEqual(bytesOf(expectedJournal(seed)));
    });
  });

  it('gives up on acknowledgements that stay away, after a bounded number of attempts', async () => {
    await withLine(
      () => null,
      async (bus) => {
        const faulty = new FaultyBus(bus, () => 'lost');
        const run = runExecution(optionsFor(faulty, { inputs: given(raw) }));
        await expect(run).rejects.toBeInstanceOf(OutcomeUnknown);
        expect(faulty.appends).toBe(5);
      },
    );
  });

  it('starts again by itself when it reads from the bus, and loses nothing', async () => {
    await withLine(scriptOf(seed), async (bus, stop) => {
      const faulty = new FaultyBus(bus, (n, subject) =>
        subject.startsWith('bw.journal') && n % 7 === 0 ? 'refused' : 'none',
      );
      for (const entry of raw) await publishInput(bus, entry);
      const run = runExecution(optionsFor(faulty, { signal: stop.signal, snapshotEveryDecisions: 10 }));
      const wanted = bytesOf(expectedJournal(seed));
      await eventually(async () => (await journalOf(bus)).length === wanted.length);
      expect(bytesOf(await journalOf(bus))).toEqual(wanted);
      stop.abort();
      await run;
    });
  });

  it('does not hang when the bus is closed under it', async () => {
    const bus = new MemoryBus();
    const stop = new AbortController();
    const run = runExecution(
      optionsFor(bus, {
        signal: stop.signal,
        pause: () => {
          stop.abort();
          return Promise.resolve();
        },
      }),
    );
    await nextTurn();
    await bus.close();
    await expect(run).resolves.toMatchObject({ journaled: 0 });
  });
});

describe('Two owners', () => {
  const seed = 'walk-3';
  const { raw } = historyOf(seed, BARS);

  it('write every entry once, also without a lease', async () => {
    await withLine(scriptOf(seed), async (bus, stop) => {
      for (const entry of raw) await publishInput(bus, entry);
      const runs = ['one', 'two'].map((owner) =>
        runExecution(optionsFor(bus, { owner, signal: stop.signal })),
      );
      const wanted = bytesOf(expectedJournal(seed));
      await eventually(async () => (await journalOf(bus)).length >= wanted.length);
      for (let turn = 0; turn < 50; turn++) await nextTurn();
      expect(bytesOf(await journalOf(bus))).toEqual(wanted);
      stop.abort();
      const summaries = await Promise.all(runs);
      expect(summaries.reduce((sum, { journaled }) => sum + journaled, 0)).toBe(wanted.length);
    });
  });

  it('take turns under a lease, and the second goes on where the first stopped', async () => {
    await withLine(scriptOf(seed), async (bus, stop) => {
      const states: string[] = [];
      await bus.subscribe(subjects.status('execution', A_BOOK), ({ data }) => {
        const { owner, state } = decodeStatus(data);
        states.push(`${owner} ${ServiceStateName[state]}`);
      });
      const first = new AbortController();
      const one = runExecution(optionsFor(bus, { lease: true, signal: first.signal }));
      await eventually(() => states.includes('one running'));
      const two = runExecution(optionsFor(bus, { lease: true, owner: 'two', signal: stop.signal }));
      await eventually(() => states.includes('two standby'));
      for (const entry of raw.slice(0, 20)) await publishInput(bus, entry);
      await eventually(async () => (await journalOf(bus)).some(({ id }) => id === raw[19]?.id));
      first.abort();
      await one;
      for (const entry of raw.slice(20)) await publishInput(bus, entry);
      const wanted = bytesOf(expectedJournal(seed));
      await eventually(async () => (await journalOf(bus)).length === wanted.length);
      expect(bytesOf(await journalOf(bus))).toEqual(wanted);
      expect(states.indexOf('one stopped')).toBeLessThan(states.indexOf('two running'));
      stop.abort();
      await two;
    });
  });
});

describe('Snapshots', () => {
  const seed = 'walk-1';
  const { raw } = historyOf(seed, BARS);

  async function twice(
    damage: (bus: MemoryBus) => Promise<void>,
  ): Promise<{ decisions: number; corrupt: number }> {
    let result = { decisions: 0, corrupt: 0 };
    await withLine(scriptOf(seed), async (bus) => {
      await runExecution(optionsFor(bus, { inputs: given(raw.slice(0, 50)), snapshotEveryDecisions: 20 }));
      await damage(bus);
      let corrupt = 0;
      const metrics: HostMetrics = { ...noMetrics, snapshotCorrupt: () => (corrupt += 1) };
      const options = { inputs: given(raw), snapshotEveryDecisions: 20, metrics };
      const { decisions } = await runExecution(optionsFor(bus, options));
      expect(bytesOf(await journalOf(bus))).toEqual(bytesOf(expectedJournal(seed)));
      result = { decisions, corrupt };
    });
    return result;
  }

  it('save the reading of earlier decisions', async () => {
    const all = expectedJournal(seed).length;
    const { decisions, corrupt } = await twice(() => Promise.resolve());
    expect(decisions).toBeLessThan(all / 2);
    expect(corrupt).toBe(0);
  });

  it('are not needed: a damaged one is refused and the decisions are read again', async () => {
    const { decisions, corrupt } = await twice(async (bus) => {
      for (const slot of [0, 1]) {
        const name = `snapshot/${A_BOOK}/execution/${slot}`;
        const bytes = await bus.blobs.get(name);
        if (bytes === null) throw new Error('Expected a snapshot');
        bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
        await bus.blobs.put(name, bytes);
      }
    });
    expect(corrupt).toBe(2);
    expect(decisions).toBe(expectedJournal(seed).length);
  });
});

it('rejects what a restart finds too old, and goes on', async () => {
  const decision = barOf(991, [24_000, 24_001, 23_999, 24_000]);
  const script: Script = (entry) => (entry.id === decision.id ? { setup: atMarket(), contracts: 1 } : null);
  await withLine(script, async (bus) => {
    const release = aReleaseEntry(aPaperConfig());
    const faulty = new FaultyBus(bus, (_, subject) => (subject.includes('.order.') ? 'crash' : 'none'));
    await expect(runExecution(optionsFor(faulty, { inputs: given([release, decision]) }))).rejects.toThrow(
      'died',
    );
    await journal(bus, aClockEntry({ boundary_us: atMinute(1_000) }));
    await runExecution(optionsFor(bus, { inputs: given([release, decision]) }));
    expect((await journalOf(bus)).at(-1)?.order_end).toMatchObject({ outcome: OrderOutcome.REJECTED });
  });
});

it('waits for what others wrote before it fills: a reported close in flight is not closed twice', async () => {
  const decision = barOf(991, [24_000, 24_001, 23_999, 24_000]);
  const script: Script = (entry) => (entry.id === decision.id ? { setup: atMarket(), contracts: 2 } : null);
  const close = {
    ...{ close_id: 'c', decision_id: `${A_BOOK}-2`, exit_us: atMinute(993), exit_price_ticks: 24_004 },
    ...{ tick_size_e4: 2_500, final_contracts: null },
  };
  const reported = makeEntry(
    {
      ...{ book: A_BOOK, id: closeEntryId('c'), kind: EntryKind.CLOSE, source: 'test' },
      ...{ event_us: atMinute(993), known_us: atMinute(993), origin: DataOrigin.SYNTHETIC },
    },
    { close },
  );
  const entered = barOf(992, [23_999, 24_001, 23_998, 24_000]);
  const stopped = barOf(993, [24_000, 24_002, 23_980, 23_990]);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const holding = (entry: Entry): Promise<void> => (entry.id === reported.id ? held : Promise.resolve());
  await withLine(
    script,
    async (bus, stop) => {
      const run = runExecution(optionsFor(bus, { signal: stop.signal }));
      for (const entry of [aReleaseEntry(aPaperConfig()), decision, entered]) await publishInput(bus, entry);
      await eventually(async () => (await journalOf(bus)).some(({ id }) => id === entered.id));
      await journal(bus, reported);
      await publishInput(bus, stopped);
      for (let turn = 0; turn < 50; turn++) await nextTurn();
      expect((await journalOf(bus)).at(-1)?.id).toBe(reported.id);
      release();
      await eventually(async () => (await journalOf(bus)).some(({ id }) => id === stopped.id));
      const fills = (await journalOf(bus)).filter(({ fill }) => fill !== null);
      expect(fills.map(({ fill }) => fill?.leg)).toEqual([FillLeg.ENTRY]);
      stop.abort();
      await run;
    },
    holding,
  );
});

it('stops at a gap in the decisions', async () => {
  const bus = new MemoryBus();
  const source = new MemoryBus();
  const stop = new AbortController();
  const line = runScriptedLine(source, A_BOOK, () => null, stop.signal);
  await runExecution(optionsFor(source, { inputs: given([aReleaseEntry(), barOf(991, [1, 1, 1, 1])]) }));
  const second = await source.get(subjects.line('risk', A_BOOK), 2);
  if (second === null) throw new Error('Expected a second decision');
  await bus.append(subjects.line('risk', A_BOOK), second.data, { expectedLastSequence: 0 });
  const run = runExecution(optionsFor(bus, { inputs: given([]) }));
  await expect(run).rejects.toMatchObject({ code: 'input_gap' });
  stop.abort();
  await line;
});
