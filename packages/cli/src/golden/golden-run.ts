import { createHash } from 'node:crypto';
import { MemoryBus } from '@bellwether/bus';
import {
  Action,
  ActionName,
  ReasonCodeName,
  decodeFrame,
  encodeFrame,
  subjects,
  type BookConfig,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { DecisionDigest, StageUnit, createLogger, noMetrics, noModels } from '@bellwether/host';
import { FIRST_FRAME_HEAD, frameHead, openFrame, present } from '@bellwether/kernel';
import { LINE, stageVersions } from '@bellwether/line';
import { runDesk } from '../desk/desk.js';
import { SummaryCollector } from '../replay/summary.js';

/** What a recorded day comes to, as it is written down for people to compare. */
export interface DayResult {
  readonly frames: number;
  readonly digest: string;
  /** `action reason`: how often. */
  readonly decisions: Readonly<Record<string, number>>;
  /** Every fill, every latch that changes, every frame that entered or left, as one line each. */
  readonly events: readonly string[];
  /** First bytes of each frame's hash, in order: names the first frame that differs. */
  readonly frame_hashes: string;
}

/** A day's frames as canonical bytes. */
export type Frames = readonly Uint8Array[];

const HASH_CHARACTERS = 4;

/** The release of a recorded day, with the stages of this build: their versions are part of every decision. */
export function withTheseStages(inputs: readonly Entry[]): readonly Entry[] {
  return inputs.map((entry) =>
    entry.release === null ? entry : { ...entry, release: { ...entry.release, stages: stageVersions() } },
  );
}

export function configOf(inputs: readonly Entry[]): BookConfig {
  return present(
    inputs.find(({ release }) => release !== null)?.release?.config,
    'a release with its configuration',
  );
}

/** Takes the inputs through broker and line on a bus, as a book does. */
export async function runOnBus(inputs: readonly Entry[]): Promise<Frames> {
  const bus = new MemoryBus();
  const config = configOf(inputs);
  const stop = new AbortController();
  const log = createLogger('golden', 'error');
  const desk = runDesk(
    {
      ...{
        bus,
        config,
        stages: LINE,
        infer: noModels,
        inputs: inOrder(inputs),
        owner: 'golden',
        shared: false,
        log,
      },
      ...{ snapshotEveryFrames: Number.MAX_SAFE_INTEGER, metrics: noMetrics, audit: { mode: 'off' } },
    },
    stop.signal,
  );
  desk.catch(() => {
    stop.abort();
  });
  const last = inputs.at(-1)?.id;
  const frames: Uint8Array[] = [];
  const filter = subjects.line('risk', config.book);
  for await (const { data } of bus.read(filter, { from: 1, follow: true, signal: stop.signal })) {
    frames.push(data);
    if (decodeFrame(data).entry?.id === last) break;
  }
  stop.abort();
  await desk;
  await bus.close();
  return frames;
}

async function* inOrder(inputs: readonly Entry[]): AsyncGenerator<Entry> {
  yield* inputs;
}

/** Takes a journal, fills and orders included, through the stages alone. */
export async function recompute(journal: readonly Entry[]): Promise<Frames> {
  const unit = new StageUnit(LINE, noModels);
  let states = unit.initialStates();
  let head = FIRST_FRAME_HEAD;
  const frames: Uint8Array[] = [];
  for (const entry of journal) {
    const step = await unit.step(states, openFrame(head, entry), null);
    states = step.states;
    head = frameHead(step.frame);
    frames.push(encodeFrame(step.frame));
  }
  return frames;
}

export function journalOf(frames: Frames): readonly Entry[] {
  return frames.map((bytes) => present(decodeFrame(bytes).entry, 'an entry'));
}

export function resultOf(frames: Frames): DayResult {
  const digest = new DecisionDigest();
  const summary = new SummaryCollector();
  const events: string[] = [];
  let hashes = '';
  let before: Frame | null = null;
  for (const bytes of frames) {
    const frame = decodeFrame(bytes);
    digest.add(bytes);
    summary.add(frame);
    hashes += createHash('sha256').update(bytes).digest('hex').slice(0, HASH_CHARACTERS);
    events.push(...eventsOf(frame, before));
    before = frame;
  }
  const decisions: Record<string, number> = {};
  for (const { action, reason, count } of summary.summary().decisions)
    decisions[`${action} ${reason}`] = count;
  return { frames: frames.length, digest: digest.hex(), decisions, events, frame_hashes: hashes };
}

/** The first frame whose hash is not the one written down, counted from 1; null where all are. */
export function firstChanged(expected: DayResult, actual: DayResult): number | null {
  const [a, b] = [expected.frame_hashes, actual.frame_hashes];
  if (a === b) return null;
  let n = 0;
  while (a.slice(n, n + HASH_CHARACTERS) === b.slice(n, n + HASH_CHARACTERS)) n += HASH_CHARACTERS;
  return n / HASH_CHARACTERS + 1;
}

function eventsOf(frame: Frame, before: Frame | null): readonly string[] {
  const { seq, entry, risk, portfolio } = frame;
  const events: string[] = [];
  const fill = entry?.fill ?? null;
  if (fill !== null) {
    const day = portfolio?.day?.pnl_cents ?? 0;
    events.push(`${seq} fill ${fill.quantity} ${fill.symbol} at ${fill.price_ticks} ticks, day ${day} cents`);
  }
  for (const latch of ['soft_trade_date', 'kill_trade_date'] as const) {
    const set = risk?.latches?.[latch] ?? 0;
    if (set !== (before?.risk?.latches?.[latch] ?? 0)) events.push(`${seq} ${latch} ${set}`);
  }
  if (risk !== null && risk.action !== Action.NONE && risk.action !== Action.HOLD) {
    events.push(`${seq} ${ActionName[risk.action]} ${risk.size} ${ReasonCodeName[risk.reason]}`);
  }
  return events;
}
