import { BookRun } from '@bellwether/backtest';
import {
  ActionName,
  ReasonCodeName,
  encodeFrame,
  type BookConfig,
  type Entry,
  type Frame,
  Policy,
} from '@bellwether/contracts';
import { noModels } from '@bellwether/host';
import { compareEntries, present } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { samplePlan } from '../data/data-plan.js';

/** For tests: a day of the made-up sample with their warm-up, and what a book decides on them. */

/** 25 sessions: time-of-day profiles, and every weekday seen several times. */
const PLAN = { data: [], symbol: [], from: 20_250_408, to: 20_250_408, warmup: 25 };

export async function marketDays(): Promise<{
  readonly config: BookConfig;
  readonly inputs: readonly Entry[];
}> {
  const plan = await samplePlan(PLAN);
  const inputs: Entry[] = [];
  for await (const input of plan.inputs(null)) if (input.model === null) inputs.push(input);
  return { config: { ...plan.settings.config, policy: Policy.RULES }, inputs };
}

/** The frames of a book with this configuration; `events` come in between by the time at which they are known. */
export async function framesOf(
  inputs: readonly Entry[],
  config: BookConfig,
  events: readonly Entry[] = [],
): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  const run = new BookRun(config.book, LINE, noModels, (frame) => {
    frames.push(frame);
  });
  const released = inputs.map((entry) =>
    entry.release === null ? entry : { ...entry, release: { ...entry.release, config } },
  );
  for (const input of merged(released, events)) {
    const pending = run.accept(input);
    if (pending !== null) await pending;
  }
  return frames;
}

/** The inputs keep their order: warm-up and release stand before what they are known after. */
function merged(inputs: readonly Entry[], events: readonly Entry[]): readonly Entry[] {
  const waiting = [...events].sort(compareEntries);
  const all: Entry[] = [];
  for (const input of inputs) {
    while (input.bar !== null && waiting.length > 0 && compareEntries(waiting[0]!, input) < 0) {
      all.push(present(waiting.shift(), 'an event'));
    }
    all.push(input);
  }
  return [...all, ...waiting];
}

/** What was decided on bars: one line each. */
export function decisionsOf(frames: readonly Frame[]): readonly string[] {
  return frames.flatMap(({ entry, risk }) =>
    entry?.bar === null || entry === null || risk === null
      ? []
      : [`${entry.id} ${ActionName[risk.action]} ${risk.size} ${ReasonCodeName[risk.reason]}`],
  );
}

export function bytesOf(frame: Frame): string {
  return Buffer.from(encodeFrame(frame)).toString('base64');
}
