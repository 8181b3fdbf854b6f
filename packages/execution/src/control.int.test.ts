import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openBus, type Bus } from '@bellwether/bus';
import {
  EntryKindName,
  OperatorAction,
  Side,
  decodeEntry,
  decodeFrame,
  encodeEntry,
  subjects,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { noMetrics } from '@bellwether/host';
import {
  A_BOOK,
  aFillEntry,
  aReleaseEntry,
  anOperatorEntry,
  atMinute,
  describeWithNats,
  startNatsServer,
  type NatsServer,
} from '@bellwether/testkit';
import { runExecution } from './execution-service.js';
import { runScriptedLine } from './scripted-line-service.js';
import { aPaperConfig, atMarket, barOf } from './scripted-line.js';

const FLAT = [24_000, 24_001, 23_999, 24_000] as const;
const DEADLINE_MS = 30_000;
const ASK_MS = 5_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const first = barOf(990, FLAT);

function command(command_id: string, action: OperatorAction, minute: number): Entry {
  const at = atMinute(minute);
  return anOperatorEntry({ command_id, action }, { event_us: at, known_us: at });
}

const nothing = (): void => undefined;

describeWithNats('A command that goes straight to execution, over NATS', () => {
  let server: NatsServer;
  let bus: Bus;
  let stop: AbortController;
  let stopExecution: AbortController;
  let execution: Promise<unknown>;
  let line: Promise<unknown>;
  /** While it is shut no stage decides anything. */
  let stages: Promise<void>;
  let resume: () => void;

  function startLine(): Promise<unknown> {
    const script = ({ id }: Entry) => (id === first.id ? { setup: atMarket(), contracts: 2 } : null);
    return runScriptedLine(bus, A_BOOK, script, stop.signal, () => stages);
  }

  function startExecution(): void {
    stopExecution = new AbortController();
    const { signal } = stopExecution;
    execution = runExecution({
      ...{ bus, book: A_BOOK, inputs: null, signal, owner: 'one', lease: false, snapshotEveryDecisions: 2 },
      ...{ durable: false, log: silent, metrics: noMetrics, pause: () => Promise.resolve() },
      audit: { mode: 'off' },
    });
  }

  async function endExecution(): Promise<void> {
    stopExecution.abort();
    await execution;
  }

  beforeEach(async () => {
    server = await startNatsServer();
    bus = await openBus({ kind: 'nats', name: 'control', servers: [server.url] });
    stages = Promise.resolve();
    resume = nothing;
    stop = new AbortController();
    line = startLine();
    startExecution();
    for (const entry of [aReleaseEntry(aPaperConfig()), first, barOf(991, FLAT)]) await input(entry);
    await until(async () => (await frames()).at(-1)?.entry?.id === barOf(991, FLAT).id, 'the book is up');
    expect((await frames()).at(-1)?.portfolio?.positions).toMatchObject([{ quantity: 2 }]);
  });

  afterEach(async () => {
    resume();
    await endExecution();
    stop.abort();
    await line;
    await bus.close();
    await server.stop();
  });

  async function input(entry: Entry): Promise<void> {
    const subject = subjects.input(A_BOOK, EntryKindName[entry.kind], entry.id);
    await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
  }

  async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
    const end = Date.now() + DEADLINE_MS;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async function frames(): Promise<readonly Frame[]> {
    const found: Frame[] = [];
    for await (const message of bus.read(subjects.line('risk', A_BOOK), { from: 1, follow: false })) {
      found.push(decodeFrame(message.data));
    }
    return found;
  }

  async function journal(): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const message of bus.read(subjects.journalOf(A_BOOK), { from: 1, follow: false })) {
      ids.push(decodeEntry(message.data).id);
    }
    return ids;
  }

  const ask = (entry: Entry): Promise<Uint8Array> =>
    bus.request(subjects.control(A_BOOK), encodeEntry(entry), ASK_MS);

  function stagesDown(): void {
    stages = new Promise((resolve) => {
      resume = resolve;
    });
  }

  it('closes the book while the stages are down, and journals the command behind the fill, once', async () => {
    stagesDown();
    await input(barOf(992, [24_000, 24_004, 23_994, 24_000]));
    await until(async () => (await journal()).at(-1)?.startsWith('bar:') === true, 'the bar is journaled');
    const flatten = command('flat-1', OperatorAction.FLATTEN, 993);
    await ask(flatten);
    await ask(flatten);
    expect((await journal()).slice(-2)).toEqual(['fill:control:flat-1:ES', 'operator:flat-1']);
    expect((await frames()).at(-1)?.portfolio?.positions).toHaveLength(1);
    resume();
    await until(async () => (await frames()).at(-1)?.entry?.id === 'operator:flat-1', 'it is decided');
    const last = (await frames()).at(-1);
    expect(last?.portfolio?.positions).toEqual([]);
    expect(last?.risk?.intents).toEqual([]);
    await ask(flatten);
    expect((await journal()).filter((id) => id.includes('flat-1'))).toHaveLength(2);
    const [trade] = (await frames()).flatMap((frame) => frame.portfolio?.closed ?? []);
    // Entered at 24,001; sold at the low of the last bar, 23,994, less a tick.
    expect(trade).toMatchObject({ quantity: 2, gross_cents: -20_000, fees_cents: 560 });
  });

  it('survives the end of execution between the fill and the command: asked again, it sells nothing twice', async () => {
    stagesDown();
    await endExecution();
    const kill = command('kill-1', OperatorAction.KILL, 993);
    const sold = aFillEntry(
      { fill_id: 'control:kill-1:ES', decision_id: null, intent_id: null, side: Side.SHORT, quantity: 2 },
      { event_us: atMinute(993), known_us: atMinute(993) },
    );
    const subject = subjects.journal(A_BOOK, EntryKindName[sold.kind], sold.id);
    await bus.append(subject, encodeEntry(sold), { expectedLastSequence: 0 });
    startExecution();
    await until(() => ask(kill).then(Boolean, () => false), 'the next owner answers');
    expect((await journal()).slice(-2)).toEqual(['fill:control:kill-1:ES', 'operator:kill-1']);
    resume();
    await until(async () => (await frames()).at(-1)?.entry?.id === 'operator:kill-1', 'it is decided');
    const latched = (await frames()).at(-1)?.risk;
    expect(latched).toMatchObject({ dry_run: true, latches: { kill_trade_date: 20_250_915 } });
    await input(barOf(993, FLAT));
    await until(async () => (await frames()).at(-1)?.entry?.bar !== null, 'the market goes on');
    expect((await frames()).at(-1)?.portfolio?.positions).toEqual([]);
  });

  it('refuses what does not close, what is of another book, and an id that is taken by another command', async () => {
    await expect(ask(command('r', OperatorAction.RESUME, 993))).rejects.toMatchObject({
      code: 'bus_refused',
    });
    const foreign = { ...command('f', OperatorAction.FLATTEN, 993), book: 'another' };
    await expect(ask(foreign)).rejects.toMatchObject({ code: 'bus_refused' });
    await ask(command('same', OperatorAction.FLATTEN, 993));
    await expect(ask(command('same', OperatorAction.KILL, 993))).rejects.toMatchObject({
      code: 'bus_refused',
    });
  });
});
