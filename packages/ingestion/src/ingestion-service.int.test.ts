/** Goal: a feed that dies and starts again appends nothing twice and skips nothing. Method: a bus that fails on demand. */
import { describe, expect, it } from '@jest/globals';
import {
  BusRefused,
  MemoryBus,
  OutcomeUnknown,
  type AppendOptions,
  type Bus,
  type StoredMessage,
} from '@bellwether/bus';
import {
  BellwetherError,
  DataOrigin,
  decodeEntry,
  encodeEntry,
  subjects,
  type Entry,
} from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { aBook, barsOf } from './bars-for-tests.js';
import { runIngestion, type IngestionOptions, type IngestionProgress } from './ingestion-service.js';
import { bookInputs } from './inputs.js';
import { barEntry } from './market-entries.js';
import { latestRelease, nextRelease, releaseEntry } from './release.js';

const config = aBook();
const source = { source: 'es.csv', origin: DataOrigin.MARKET };
const stages = [{ stage: 'features', logic_version: 1 }];
const release = nextRelease({ config, stages, latest: null });
const never = new AbortController().signal;

const inputs = (): AsyncIterable<Entry> =>
  bookInputs({
    config,
    series: [{ symbol: 'ES', bars: barsOf([20250915]), ...source }],
    release,
    from: null,
    to: null,
  });

async function listOf(entries: AsyncIterable<Entry>): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

async function stored(bus: Bus): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const { data } of bus.read(subjects.inputOf('test'), { from: 1, follow: false }))
    all.push(decodeEntry(data));
  return all;
}

/** A bus whose appends go through a given function. */
function withAppend(bus: Bus, append: (next: () => Promise<number>) => Promise<number>): Bus {
  const through = (subject: string, data: Uint8Array, options: AppendOptions): Promise<number> =>
    append(() => bus.append(subject, data, options));
  return {
    append: through,
    last: (filter) => bus.last(filter),
    get: (filter, sequence) => bus.get(filter, sequence),
    read: (filter, options) => bus.read(filter, options),
    subscribe: (filter, onMessage) => bus.subscribe(filter, onMessage),
    publish: (subject, data) => bus.publish(subject, data),
    request: (subject, data, timeoutMs) => bus.request(subject, data, timeoutMs),
    respond: (subject, answer) => bus.respond(subject, answer),
    leases: bus.leases,
    blobs: bus.blobs,
    connected: true,
    close: () => bus.close(),
  };
}

const run = (bus: Bus, overrides: Partial<IngestionOptions> = {}): ReturnType<typeof runIngestion> =>
  runIngestion({
    bus,
    book: 'test',
    inputs: inputs(),
    signal: never,
    wait: () => Promise.resolve(),
    ...overrides,
  });

describe('a feed', () => {
  it('appends every input in order, each under its own subject', async () => {
    const bus = new MemoryBus();
    const all = await listOf(inputs());
    const result = await run(bus);
    expect(result).toEqual({
      appended: all.length,
      repeated: 0,
      known_us: all.at(-1)?.known_us,
      finished: true,
    });
    expect(await stored(bus)).toEqual(all);
    const first: StoredMessage | null = await bus.last(subjects.input('test', 'release', 'release:1'));
    expect(first?.sequence).toBe(1);
  });

  it('run again appends nothing', async () => {
    const bus = new MemoryBus();
    const first = await run(bus);
    expect(await run(bus)).toEqual({ ...first, appended: 0, repeated: first.appended });
    expect((await stored(bus)).length).toBe(first.appended);
  });

  it.each(['a', 'b', 'c'])('that dies at any append goes on where it was (seed %s)', async (seed) => {
    const memory = new MemoryBus();
    const random = uniformSource(seed);
    const all = await listOf(inputs());
    let written = 0;
    let dieAt = 0;
    const dying = withAppend(memory, async (next) => {
      const before = random() < 0.5;
      if (written >= dieAt && before) throw new Error('killed before the append');
      const sequence = await next();
      if (++written > dieAt) throw new Error('killed after the append');
      return sequence;
    });
    let deaths = 0;
    for (let finished = false; !finished;) {
      dieAt = deaths === 12 ? Infinity : written + Math.floor((random() * all.length) / 6);
      finished = await run(dying).then(
        () => true,
        (error: unknown) => {
          expect(String(error)).toContain('killed');
          deaths++;
          return false;
        },
      );
    }
    expect(deaths).toBeGreaterThan(5);
    expect(await stored(memory)).toEqual(all);
  });

  it('repeats an append whose acknowledgement was lost, written or not', async () => {
    const memory = new MemoryBus();
    const random = uniformSource('lost');
    const lossy = withAppend(memory, async (next) => {
      if (random() < 0.1) throw new OutcomeUnknown('lost before');
      const sequence = await next();
      if (random() < 0.1) throw new OutcomeUnknown('lost after');
      return sequence;
    });
    const all = await listOf(inputs());
    const result = await run(lossy);
    expect(result.appended + result.repeated).toBe(all.length);
    expect(result.repeated).toBeGreaterThan(10);
    expect(await stored(memory)).toEqual(all);
  });

  it('gives up after ten attempts, with growing pauses', async () => {
    const pauses: number[] = [];
    const deaf = withAppend(new MemoryBus(), () => Promise.reject(new OutcomeUnknown('no answer')));
    const wait = (ms: number): Promise<void> => {
      pauses.push(ms);
      return Promise.resolve();
    };
    await expect(run(deaf, { wait })).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
  });

  it('stops where an id is taken by another entry', async () => {
    const bus = new MemoryBus();
    const [bar] = barsOf([20250915]);
    if (bar === undefined) throw new Error('Expected a bar');
    const entry = barEntry('test', bar, source);
    await run(bus, { inputs: [entry] });
    const other = barEntry('test', { ...bar, close_ticks: bar.close_ticks + 1 }, source);
    await expect(run(bus, { inputs: [other] })).rejects.toThrow(BellwetherError);
    await expect(run(bus, { inputs: [other] })).rejects.toMatchObject({ code: 'id_reused' });
    expect(await stored(bus)).toEqual([entry]);
  });

  it('stops where the stream is full, and says what the bus said', async () => {
    const bus = new MemoryBus({ streamMessagesMax: 10 });
    await expect(run(bus)).rejects.toThrow(BusRefused);
    expect((await stored(bus)).length).toBe(10);
  });

  it('refuses the input of another book', async () => {
    await expect(run(new MemoryBus(), { book: 'other' })).rejects.toThrow('Expected an input of other');
  });

  it('ends with the signal, and tells that it did not finish', async () => {
    const stop = new AbortController();
    const memory = new MemoryBus();
    let appends = 0;
    const counting = withAppend(memory, (next) => {
      if (++appends === 100) stop.abort();
      return next();
    });
    const result = await run(counting, { signal: stop.signal });
    expect(result).toMatchObject({ appended: 100, finished: false });
    expect((await stored(memory)).length).toBe(100);
    const deaf = withAppend(memory, () => {
      stop.abort();
      return Promise.reject(new OutcomeUnknown('no answer'));
    });
    expect(await run(deaf, { signal: stop.signal })).toMatchObject({ appended: 0, finished: false });
  });

  it('tells of its progress', async () => {
    const seen: IngestionProgress[] = [];
    const result = await run(new MemoryBus(), { onProgress: (progress) => seen.push(progress) });
    expect(seen.map((progress) => progress.appended)).toEqual([500, 1_000, result.appended]);
    expect(seen[0]?.known_us).toBeGreaterThan(0);
  });
});

describe('a release', () => {
  it('is number 1 for a new book, and none where nothing changed', () => {
    expect(release?.number).toBe(1);
    expect(nextRelease({ config, stages, latest: release })).toBeNull();
    expect(nextRelease({ config: { ...config }, stages: [...stages], latest: release })).toBeNull();
  });

  it('is the next one where configuration, logic or contract changed', () => {
    const changed = nextRelease({ config: aBook({ valid_for_s: 61 }), stages, latest: release });
    expect(changed).toMatchObject({ number: 2, config: { valid_for_us: 61_000_000 } });
    const logic = [{ stage: 'features', logic_version: 2 }];
    expect(nextRelease({ config, stages: logic, latest: changed })?.number).toBe(3);
    const older = release === null ? null : { ...release, contract_version: 0 };
    expect(nextRelease({ config, stages, latest: older })?.number).toBe(2);
  });

  it('is found in the journal, and among the inputs that are not in it yet', async () => {
    const bus = new MemoryBus();
    expect(await latestRelease(bus, 'test')).toBeNull();
    await run(bus, { inputs: release === null ? [] : [releaseEntry('test', release, 5, DataOrigin.MARKET)] });
    expect(await latestRelease(bus, 'test')).toEqual(release);
    expect(await latestRelease(bus, 'other')).toBeNull();
    const second = nextRelease({ config: aBook({ valid_for_s: 61 }), stages, latest: release });
    if (second === null) throw new Error('Expected a release');
    const journaled = releaseEntry('test', second, 6, DataOrigin.MARKET);
    await bus.append(subjects.journal('test', 'release', journaled.id), encodeEntry(journaled), {
      expectedLastSequence: 0,
    });
    expect(await latestRelease(bus, 'test')).toEqual(second);
  });
});
