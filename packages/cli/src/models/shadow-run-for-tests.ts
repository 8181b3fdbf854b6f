import type { Bar, Frame } from '@bellwether/contracts';
import type { Infer } from '@bellwether/host';
import { present, uniformOf } from '@bellwether/kernel';
import { filePlan, type DataOptions } from '../data/data-plan.js';
import { replayInMemory } from '../replay/memory-replay.js';
import { shadowReplay, type ShadowReplay } from './shadow-replay.js';

const HORIZON_US = 900_000_000;

/** A run with all of its decisions. */
export interface ShadowRun {
  readonly digest: string;
  readonly frames: readonly Frame[];
  readonly bytes: readonly Uint8Array[];
  readonly shadow: ShadowReplay | null;
}

/** Bars of a file through the whole line, with whoever challenges beside it; `framesMax` ends it earlier. */
export async function shadowRun(options: DataOptions, framesMax = Number.POSITIVE_INFINITY): Promise<ShadowRun> {
  const plan = await filePlan(options);
  const frames: Frame[] = [];
  const bytes: Uint8Array[] = [];
  const stop = new AbortController();
  const shadow = await shadowReplay(plan.models);
  const { digest } = await replayInMemory(
    plan,
    () => undefined,
    (frame, encoded) => {
      frames.push(frame);
      bytes.push(encoded.slice());
      if (frames.length >= framesMax) stop.abort();
      return shadow?.next(frame);
    },
    undefined,
    stop.signal,
  );
  return { digest, frames, bytes, shadow };
}

/** Decisions once more, with somebody who knows in the place of the challenger. */
export async function shadowed(
  options: DataOptions,
  frames: readonly Frame[],
  knows: (frame: () => Frame) => Infer,
): Promise<ShadowReplay> {
  let asked: Frame | null = null;
  const { models } = await filePlan(options);
  const shadowInfer = knows(() => present(asked, 'a frame that is asked about'));
  const shadow = present(await shadowReplay({ ...models, shadowInfer }), 'a challenger');
  for (asked of frames) await shadow.next(asked);
  return shadow;
}

/** Whether the price is higher 15 minutes after a bar; null where it is equal or not known. */
function comes(bars: readonly Bar[], bar: Bar): boolean | null {
  const later = bars.find(({ open_us }) => open_us === bar.open_us + HORIZON_US);
  return later === undefined || later.close_ticks === bar.close_ticks ? null : later.close_ticks > bar.close_ticks;
}

/** Has a hint that is right three times in four, and says what follows from it and from how often prices rise here. */
export function oracle(bars: readonly Bar[], frame: () => Frame): Infer {
  const known = bars.map((bar) => comes(bars, bar)).filter((one) => one !== null);
  const rises = known.filter((one) => one).length / known.length;
  const given = (hint: boolean): number => {
    const [up, down] = hint ? [0.75 * rises, 0.25 * (1 - rises)] : [0.25 * rises, 0.75 * (1 - rises)];
    return up / (up + down);
  };
  return (requests) => {
    const bar = present(frame().entry?.bar ?? null, 'a bar that is asked about');
    const right = uniformOf(`hint ${bar.open_us}`) < 0.75;
    const outputs = [given((comes(bars, bar) ?? false) === right), 0];
    return Promise.resolve(requests.map(({ model, version, sha256 }) => ({ model, version, sha256, outputs })));
  };
}

