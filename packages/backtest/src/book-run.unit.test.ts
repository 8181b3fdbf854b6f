import { describe, expect, it } from '@jest/globals';
import {
  IntentKind,
  Side,
  decodeFrame,
  type Entry,
  type Frame,
  type OrderIntent,
} from '@bellwether/contracts';
import { StageDown, noModels, type Infer } from '@bellwether/host';
import type { AnyStage, InferenceOutput, Stage } from '@bellwether/kernel';
import {
  A_BOOK,
  aBarEntry,
  aBookConfig,
  aClockEntry,
  aForecastPart,
  aPortfolioPart,
  aReleaseEntry,
  aRiskPart,
  anOrderIntent,
  atMinute,
} from '@bellwether/testkit';
import { BookRun, type FrameReceiver } from './book-run.js';

const OPEN_TICKS = 26_400;

/** A bar from the minute before to this minute. */
const barAt = (minute: number): Entry =>
  aBarEntry(
    { open_us: atMinute(minute - 1), open_ticks: OPEN_TICKS, high_ticks: OPEN_TICKS + 2 },
    { id: `bar:${minute}`, event_us: atMinute(minute), known_us: atMinute(minute) },
  );

function releaseAt(minute: number, riskVersion = 1): Entry {
  const stages = [{ stage: 'risk', logic_version: riskVersion }];
  const times = { event_us: atMinute(minute), known_us: atMinute(minute) };
  return aReleaseEntry(aBookConfig(), { stages }, times);
}

/** The last stage of the line; it sends these orders on an entry. */
function risk(intentsOf: (frame: Frame) => readonly OrderIntent[]): AnyStage {
  const stage: Stage<number, 'risk'> = {
    name: 'risk',
    logicVersion: 1,
    onFault: 'stop',
    initialState: () => 0,
    apply: (state, frame) => ({ state: state + 1, part: aRiskPart({ intents: intentsOf(frame) }) }),
    faulted: (fault) => aRiskPart({ fault }),
  };
  return stage;
}

const nothing: AnyStage = risk(() => []);

const enter = (id: string): OrderIntent =>
  anOrderIntent({
    ...{ intent_id: id, kind: IntentKind.ENTER, side: Side.LONG, quantity: 1 },
    ...{ created_us: 0, expires_us: atMinute(1_300) },
  });

interface Recorded {
  readonly run: BookRun;
  readonly ids: string[];
}

function recorded(stages: readonly AnyStage[], infer: Infer = noModels, onFrame?: FrameReceiver): Recorded {
  const ids: string[] = [];
  const run = new BookRun(A_BOOK, stages, infer, (frame, bytes) => {
    ids.push(frame.entry?.id ?? '');
    return onFrame?.(frame, bytes);
  });
  return { run, ids };
}

async function feed(run: BookRun, inputs: readonly Entry[]): Promise<void> {
  for (const input of inputs) await run.accept(input);
}

describe('a book in one process', () => {
  it('decides its inputs in order, without a promise', () => {
    const { run, ids } = recorded([nothing]);
    const inputs = [barAt(991), aClockEntry({ boundary_us: atMinute(992) }), barAt(993)];
    for (const input of inputs) expect(run.accept(input)).toBeNull();
    expect(ids).toEqual(inputs.map(({ id }) => id));
    expect(run.frames).toBe(3);
  });

  it('gives each frame with its canonical bytes', async () => {
    const seen: Frame[] = [];
    const { run } = recorded([nothing], noModels, (frame, bytes) => {
      expect(decodeFrame(bytes)).toEqual(frame);
      seen.push(frame);
    });
    await run.accept(barAt(991));
    await run.accept(barAt(992));
    expect(seen.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('journals what a decision demands before the next input, and what a bar fills before the bar', async () => {
    const orders = risk(({ entry }) => (entry?.id === 'bar:991' ? [enter('order-1')] : []));
    const { run, ids } = recorded([orders]);
    await feed(run, [releaseAt(990), barAt(991), barAt(992)]);
    expect(ids).toEqual(['release:1', 'bar:991', 'order:order-1', 'fill:paper:order-1:1', 'bar:992']);
  });

  it('leaves what the last decision demands to the input after it', async () => {
    const orders = risk(({ entry }) => (entry?.id === 'bar:991' ? [enter('order-1')] : []));
    const { run, ids } = recorded([orders]);
    await feed(run, [releaseAt(990), barAt(991)]);
    expect(ids).toEqual(['release:1', 'bar:991']);
  });

  it('has the digest of the bytes, whatever their number', async () => {
    const { run } = recorded([nothing]);
    const empty = run.digest();
    await run.accept(barAt(991));
    const one = run.digest();
    const again = recorded([nothing]).run;
    await again.accept(barAt(991));
    expect(again.digest()).toBe(one);
    await run.accept(barAt(992));
    expect(new Set([empty, one, run.digest()]).size).toBe(3);
  });
});

describe('a book that has to wait', () => {
  const OUTPUT: InferenceOutput = { model: 'm', version: '1', sha256: 'ab', outputs: [0.5] };
  const asking: Stage<number, 'forecast'> = {
    name: 'forecast',
    logicVersion: 1,
    onFault: 'mark',
    initialState: () => 0,
    prepare: () => [{ model: 'm', version: '1', sha256: 'aa', inputs: new Float32Array([1]) }],
    apply: (state, _frame, outputs) => ({
      state: state + 1,
      part: aForecastPart({ p_cloud: outputs[0]?.outputs[0] ?? null }),
    }),
    faulted: (fault) => aForecastPart({ fault }),
  };
  const portfolio: Stage<number, 'portfolio'> = {
    name: 'portfolio',
    logicVersion: 1,
    onFault: 'stop',
    initialState: () => 0,
    apply: (state) => ({ state: state + 1, part: aPortfolioPart() }),
    faulted: (fault) => aPortfolioPart({ fault }),
  };

  it('waits for a model, and has the bytes of the frame all the same', async () => {
    const frames: Frame[] = [];
    const { run } = recorded(
      [asking, portfolio],
      () => Promise.resolve([OUTPUT]),
      (frame, bytes) => {
        expect(decodeFrame(bytes)).toEqual(frame);
        frames.push(frame);
      },
    );
    const first = run.accept(barAt(991));
    expect(first).toBeInstanceOf(Promise);
    expect(() => run.accept(barAt(992))).toThrow('One input at a time');
    await first;
    await run.accept(barAt(992));
    expect(frames.map((frame) => frame.forecast?.p_cloud)).toEqual([0.5, 0.5]);
    expect(frames[0]?.inferences).toEqual([{ stage: 'forecast', ...OUTPUT }]);
  });

  it('waits for the receiver of its frames, entry by entry', async () => {
    const orders = risk(({ entry }) => (entry?.id === 'bar:991' ? [enter('order-1')] : []));
    let taken = 0;
    const { run, ids } = recorded([orders], noModels, async () => {
      await Promise.resolve();
      taken += 1;
    });
    await feed(run, [releaseAt(990), barAt(991), barAt(992)]);
    expect(ids).toEqual(['release:1', 'bar:991', 'order:order-1', 'fill:paper:order-1:1', 'bar:992']);
    expect(taken).toBe(5);
  });
});

describe('a book refuses', () => {
  it('an input of another book', () => {
    const { run } = recorded([nothing]);
    expect(() => run.accept({ ...barAt(991), book: 'other' })).toThrow(`Expected book ${A_BOOK}, was other`);
  });

  it('an id that is taken', async () => {
    const { run } = recorded([nothing]);
    await run.accept(barAt(991));
    expect(() => run.accept(barAt(991))).toThrow(expect.objectContaining({ code: 'id_reused' }));
  });

  it('inputs out of order', async () => {
    const { run } = recorded([nothing]);
    await run.accept(barAt(992));
    expect(() => run.accept(barAt(991))).toThrow('Input bar:991 stands behind bar:992');
  });

  it('a release for stages of another version', () => {
    const { run } = recorded([nothing]);
    expect(() => run.accept(releaseAt(990, 9))).toThrow(StageDown);
  });

  it('orders that lead to ever more orders', async () => {
    const { run } = recorded([risk(({ seq }) => [enter(`order-${seq}`)])]);
    await run.accept(releaseAt(990));
    expect(() => run.accept(barAt(991))).toThrow('lead to ever more entries');
    expect(() => run.accept(barAt(992))).toThrow('none after a failure');
  });
});
