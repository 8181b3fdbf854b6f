import { describe, expect, test } from '@jest/globals';
import type { ResearchHistory, VariantHistory } from '@bellwether/research';
import { renderResearch } from './list-text.js';

const DATES = Array.from({ length: 20 }, (_, i) => 20_260_101 + i);

function ran(k: number, result: VariantHistory['result']): VariantHistory {
  return {
    ...{ variant_id: `${k}`.repeat(64), runs: k, first_us: 0, last_us: 1_770_000_000_000_000, result },
    variant: {
      kind: 'sweep',
      configuration: 'c',
      data: ['ES@1'],
      logic: [],
      parameters: [{ name: 'k', value: k }],
    },
  };
}

const netOf = (k: number): readonly number[] => DATES.map((_, day) => Math.round(10_000 * Math.cos(day * k)));

const history = (changes: Partial<ResearchHistory> = {}): ResearchHistory => ({
  counts: { runs: 6, variants: 3, configurations: 3 },
  unreadable: [],
  trials: 3,
  variants: [1, 2, 3].map((k) =>
    ran(k, k === 3 ? null : { trade_dates: [...DATES], net_cents: [...netOf(k)] }),
  ),
  ...changes,
});

describe('what was tried', () => {
  test('each variant stands in a line, and below them how many trials they are', () => {
    const text = renderResearch(history());
    expect(text).toMatch(/111111111111 +sweep +k=1 +ES@1 +1 +2026-02-02T02:40 +20/);
    expect(text).toMatch(/333333333333 .* no result/);
    expect(text).toContain('6 runs of 3 variants');
    expect(text).toContain('Trials to deflate a Sharpe ratio by: 3');
    expect(text).toMatch(/Independent trials among the 2 finished ones: 2 clusters, 1\.9/);
    expect(text).toMatch(/chance alone would show: 0\.\d{4}/);
    expect(text).not.toContain('torn');
  });

  test('torn lines are told and count', () => {
    const text = renderResearch(history({ unreadable: [4, 9], trials: 5 }));
    expect(text).toContain('2 lines are torn or changed and count as one trial each: 4, 9');
    expect(text).toContain('deflate a Sharpe ratio by: 5');
  });

  test('without results nothing is made up', () => {
    const text = renderResearch(history({ variants: [ran(3, null)] }));
    expect(text).toContain('Independent trials among the finished ones: too_few');
    expect(text).toContain('chance alone would show: too_few');
  });

  test('nothing was run yet', () => {
    expect(renderResearch(history({ variants: [] }))).toBe('No variant was run in this workspace yet.');
  });
});
