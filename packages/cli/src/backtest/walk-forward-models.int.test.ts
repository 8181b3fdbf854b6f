// Goal: models that are trained before each fold count from the open of its first tested session on, in the order of the journal, and none
// that knows its test is taken. Method: the schedule over the sample, with the shipped models in the place of a training.
import { describe, expect, it } from '@jest/globals';
import { EntryKind, type Entry, type ModelPromotion } from '@bellwether/contracts';
import { compareEntries } from '@bellwether/kernel';
import { sessionOf } from '@bellwether/market';
import type { WalkForwardFold } from '@bellwether/statistics';
import { openRegistry } from '../data/plan-models.js';
import { modelsFolder } from '../folders.js';
import { walkedPlan, type TrainFold } from './walk-forward-models.js';

const SAMPLE = { data: [], symbol: [], warmup: 3 };
const WALK = { train: 24, test: 2, embargo: 1 };

const shipped = async (trained_until_us: number): Promise<readonly ModelPromotion[]> =>
  (await (await openRegistry({})).promotions()).map((one) => ({ ...one, trained_until_us }));

describe('models that are trained before each fold', () => {
  it('see its training sessions alone, and count from the open of its first tested session on', async () => {
    const asked: WalkForwardFold[] = [];
    const trainFold: TrainFold = (fold) => {
      asked.push(fold);
      return shipped(1);
    };
    const { plan, folds } = await walkedPlan(SAMPLE, WALK, modelsFolder(null), trainFold);
    expect(asked).toEqual(folds);
    expect(folds).toHaveLength(2);
    for (const { train, test } of folds) expect(train.at(-1)).toBeLessThan(test[0]!);
    const entries: Entry[] = [];
    for await (const batch of plan.batches()) entries.push(...batch);
    for (const [i, entry] of entries.entries())
      if (i > 0) expect(compareEntries(entries[i - 1]!, entry)).toBeLessThan(0);
    const opens = folds.map(({ test }) => sessionOf(test[0]!)?.open_us);
    const models = entries.filter(({ kind }) => kind === EntryKind.MODEL);
    const each = await shipped(1);
    expect(each.length).toBeGreaterThan(0);
    expect(models.map(({ known_us }) => known_us)).toEqual(opens.flatMap((open) => each.map(() => open)));
    expect(new Set(entries.map(({ book }) => book))).toEqual(new Set([plan.book]));
    const firstBar = entries.findIndex(({ kind }) => kind === EntryKind.BAR);
    expect(entries[firstBar]?.bar?.open_us).toBe(opens[0]);
    expect(entries.slice(0, firstBar).filter(({ kind }) => kind === EntryKind.MODEL)).toHaveLength(
      each.length,
    );
    expect(plan.models.promotions).toEqual([]);
  });

  it('are refused where they know their test, and need a schedule', async () => {
    const place = modelsFolder(null);
    const knows = walkedPlan(SAMPLE, WALK, place, () => shipped(Date.UTC(2030, 0, 1) * 1_000));
    await expect(knows).rejects.toMatchObject({ code: 'models_in_sample' });
    await expect(walkedPlan(SAMPLE, { embargo: 1 }, place)).rejects.toMatchObject({ code: 'usage' });
  });
});
