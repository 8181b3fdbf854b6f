import type { Frame, StageName } from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, frameHead, openFrame, withPart, type Stage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { SAMPLE, aBarEntry, aReleaseEntry, sampleBars } from '@bellwether/testkit';
import { bookOf } from './world.js';

/** Microseconds that a stage takes for a bar, and its share of the whole line. */
export interface StageCost {
  readonly stage: StageName;
  readonly us_per_bar: number;
  readonly share: number;
}

/**
 * Runs bars of the sample through the whole line in this process and says what each stage costs. `nowMs` is a clock that
 * only goes forward.
 */
export function stageCosts(bars: number, nowMs: () => number): readonly StageCost[] {
  const states: unknown[] = LINE.map((stage) => stage.initialState());
  const spent: number[] = LINE.map(() => 0);
  let head = FIRST_FRAME_HEAD;
  let done = 0;
  const run = (entry: Parameters<typeof openFrame>[1]): void => {
    let frame: Frame = openFrame(head, entry);
    head = frameHead(frame);
    LINE.forEach((stage: Stage, i) => {
      const started = nowMs();
      const applied = stage.apply(states[i], frame, []);
      spent[i] = (spent[i] ?? 0) + nowMs() - started;
      states[i] = applied.state;
      frame = withPart(frame, stage.name, applied.part);
    });
  };
  run(aReleaseEntry(bookOf({ decide_on_bar_close: true })));
  for (const bar of sampleBars()) {
    if (done >= bars) break;
    run(aBarEntry({ ...bar, symbol: SAMPLE.symbol }));
    done += 1;
  }
  const all = spent.reduce((sum, ms) => sum + ms, 0);
  return LINE.map(({ name }, i) => ({
    stage: name,
    us_per_bar: (1_000 * (spent[i] ?? 0)) / Math.max(1, done),
    share: (spent[i] ?? 0) / all,
  }));
}
