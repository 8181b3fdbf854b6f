// Goal: a run that has seen what came later is found; one that has not is never accused.
import { describe, expect, it } from '@jest/globals';
import type { Entry } from '@bellwether/contracts';
import { LINE } from '@bellwether/line';
import { samplePlan } from '../data/data-plan.js';
import { compareCuts, type CutSource } from './cut-check.js';

const TIMEOUT_MS = 300_000;
const OPTIONS = { data: [], symbol: [], from: 20_250_410, to: 20_250_410, warmup: 20 };
const CUTS = { cuts: 3, seed: 'a' };

/** Bars whose volume is that of the bar after them: a look-ahead as a careless join makes it. */
async function* peeking(batches: AsyncIterable<readonly Entry[]>): AsyncGenerator<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const batch of batches) all.push(...batch);
  const bars = all.filter(({ bar }) => bar !== null);
  const next = new Map(bars.map(({ id }, i) => [id, bars[i + 1]?.bar?.volume ?? null]));
  yield all.map((entry) =>
    entry.bar === null
      ? entry
      : { ...entry, bar: { ...entry.bar, volume: next.get(entry.id) ?? entry.bar.volume } },
  );
}

describe('cutting the data', () => {
  it(
    'changes no decision before the cut, and finds a planted look-ahead',
    async () => {
      const plan = await samplePlan(OPTIONS);
      const signal = new AbortController().signal;
      const inputs: CutSource['inputs'] = (cut_us) =>
        cut_us === null ? plan.batches() : plan.batches(cut_us);
      const honest = await compareCuts(
        { book: plan.book, stages: LINE, infer: plan.models.infer, inputs },
        CUTS,
        signal,
      );
      expect(honest).toMatchObject({ cuts: 3, differences: [] });
      expect(honest.decisions).toBeGreaterThan(1_000);
      const looking = await compareCuts(
        {
          book: plan.book,
          stages: LINE,
          infer: plan.models.infer,
          inputs: (cut_us) => peeking(inputs(cut_us)),
        },
        CUTS,
        signal,
      );
      expect(looking.differences.length).toBe(3);
    },
    TIMEOUT_MS,
  );
});
