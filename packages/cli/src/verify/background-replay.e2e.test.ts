// Goal: the audit service computes the newest decisions again over NATS, says nothing where they are the same, and raises `diverged` with
// stage and field where one number of one stage is another one; its log goes on. Method: real NATS, a recorded session, a changed line.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  auditKeyOf,
  memoryAuditFiles,
  memoryAuditIndex,
  newPrivatePem,
  noAuditMetrics,
  runAudit,
} from '@bellwether/audit';
import { openBus, type Bus } from '@bellwether/bus';
import { ServiceState, decodeStatus, subjects, type ServiceStatus } from '@bellwether/contracts';
import { pause } from '@bellwether/host';
import type { AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { describeWithNats, startNatsServer, type NatsServer } from '@bellwether/testkit';
import { samplePlan } from '../data/data-plan.js';
import { replayInMemory } from '../replay/memory-replay.js';
import { lineWith, writeBook, type RecordedFrame } from './recorded-book-for-tests.js';

const DAY = 20_250_410;
const FRAMES = 100;
const nothing = (): void => undefined;

describeWithNats('the replay of the audit service over NATS', () => {
  let server: NatsServer;
  let bus: Bus;
  let book: string;
  const frames: RecordedFrame[] = [];

  beforeAll(async () => {
    server = await startNatsServer();
    bus = await openBus({ kind: 'nats', name: 'test', servers: [server.url] });
    const plan = await samplePlan({ data: [], symbol: [], from: DAY, to: DAY, warmup: 60 });
    ({ book } = plan);
    const stop = new AbortController();
    const keep = (frame: RecordedFrame['frame'], bytes: Uint8Array): void => {
      if (frames.length < FRAMES) frames.push({ frame, bytes: bytes.slice() });
      else stop.abort();
    };
    await replayInMemory(plan, nothing, keep, LINE, stop.signal);
    await writeBook(bus, plan, frames);
  });

  afterAll(async () => {
    await bus.close();
    await server.stop();
  });

  /** Runs an audit until its log is whole and `done` is true of what was said and replayed. */
  async function audit(
    stages: readonly AnyStage[],
    done: (said: readonly ServiceStatus[], replayed: number) => boolean,
  ): Promise<{ said: readonly ServiceStatus[]; replayed: number; signed: number }> {
    const stop = new AbortController();
    const said: ServiceStatus[] = [];
    let [replayed, signed] = [0, 0];
    const look = (): void => {
      if (signed === FRAMES && done(said, replayed)) stop.abort();
    };
    const off = await bus.subscribe(subjects.status('audit', book), ({ data }) => {
      said.push(decodeStatus(data));
      look();
    });
    const files = memoryAuditFiles();
    await runAudit({
      ...{
        bus,
        book,
        files,
        key: auditKeyOf(newPrivatePem()),
        index: () => memoryAuditIndex({ files, book }),
      },
      ...{
        owner: 'test',
        lease: false,
        nowUs: () => 1,
        measureLatency: false,
        commitMs: 1,
        pause,
        signal: stop.signal,
      },
      log: { info: nothing, warn: nothing, error: nothing },
      metrics: {
        ...noAuditMetrics,
        replayed: (_book, seq) => {
          replayed = seq;
          look();
        },
      },
      onHead: (head) => {
        signed = head.seq;
        look();
      },
      replay: { stages, everyMs: 5, framesMax: 40 },
    });
    off();
    return { said, replayed, signed };
  }

  it('reaches the newest decision, so many frames a pass, and finds nothing', async () => {
    const { said, replayed } = await audit(LINE, (_said, seq) => seq === FRAMES);
    expect(replayed).toBe(FRAMES);
    expect(said.filter(({ state }) => state === ServiceState.DIVERGED)).toEqual([]);
  });

  it('raises diverged with stage and field, and goes on with the log', async () => {
    const line = lineWith('regime', (part) => ({
      ...part,
      state_since_us: part.state_since_us === null ? null : part.state_since_us + 1,
    }));
    const isDiverged = ({ state }: ServiceStatus): boolean => state === ServiceState.DIVERGED;
    const { said, signed, replayed } = await audit(line, (all) => all.some(isDiverged));
    expect(said.find(isDiverged)?.detail).toMatch(
      /^Frame \d+ \(.+\), regime\.state_since_us: recorded \d+, computed \d+$/,
    );
    expect(signed).toBe(FRAMES);
    expect(replayed).toBeLessThan(FRAMES);
  });
});
