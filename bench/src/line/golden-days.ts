import { BookRun } from '@bellwether/backtest';
import { noModels } from '@bellwether/host';
import type { AnyStage } from '@bellwether/kernel';
import { check } from '../bench.js';
import { goldenDays } from '../cases.js';

/** The recorded days must come to their digests: the line that is measured is the line that decides. Gives their number. */
export function checkGoldenDays(line: readonly AnyStage[]): number {
  const days = goldenDays();
  for (const { name, inputs, frames, digest } of days) {
    const run = new BookRun(inputs[0]?.book ?? '', line, noModels, () => undefined);
    for (const input of inputs) check(run.accept(input) === null, `${name}: Nothing is waited for`);
    check(run.frames === frames, `${name}: Expected ${frames} decisions, was ${run.frames}`);
    check(run.digest() === digest, `${name}: Expected the recorded digest, was ${run.digest()}`);
  }
  return days.length;
}
