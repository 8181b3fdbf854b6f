import { describe, expect, test } from '@jest/globals';
import type { StudyOutcome } from '@bellwether/agents';
import { present } from '@bellwether/kernel';
import { STUDIES, judgeGroup, studyGroups, type StudyGroup } from './acceptance-groups.js';

const outcome = (holds: boolean, figures: StudyOutcome['figures'] = {}): StudyOutcome => ({
  holds,
  said: '',
  figures,
});
const group = (name: 'cart_pole' | 'closed_form' | 'fat_tailed', seeds = 5): StudyGroup =>
  present(studyGroups([name], seeds, 1)[0], name);
const holding = (count: number, of: number): StudyOutcome[] =>
  Array.from({ length: of }, (_, i) => outcome(i < count));

describe('the groups of the acceptance', () => {
  test('hold every study with seeds of its own, and twice as many pairs', () => {
    const groups = studyGroups(STUDIES, 5, 3);
    expect(new Set(groups.map(({ study }) => study))).toEqual(new Set(STUDIES));
    for (const { tasks, study } of groups) {
      const count = study === 'fat_tailed' ? 10 : 5;
      expect(tasks.map(({ seed }) => seed)).toEqual(Array.from({ length: count }, (_, i) => String(i + 3)));
    }
    expect(studyGroups(['pendulum'], 1, 1)).toHaveLength(1);
  });

  test('a threshold may be missed by one seed of five, a formula by none', () => {
    expect(judgeGroup(group('cart_pole'), holding(4, 5)).holds).toBe(true);
    expect(judgeGroup(group('cart_pole'), holding(3, 5)).holds).toBe(false);
    expect(judgeGroup(group('closed_form'), holding(5, 5)).holds).toBe(true);
    expect(judgeGroup(group('closed_form'), holding(4, 5)).holds).toBe(false);
    expect(judgeGroup(group('closed_form'), holding(4, 4)).holds).toBe(false);
  });

  test('pairs are judged by the interval of their differences; what return is given up is only said', () => {
    const pair = (cvar: number, change: number): StudyOutcome =>
      outcome(true, {
        ...{ cvar, drawdown: -2, worst_drawdown: -3, return: change },
        ...{ plain_cvar: 12, plain_drawdown: 5, plain_worst_drawdown: 14, plain_return: 3 },
      });
    const pairs = (cvar: (i: number) => number): StudyOutcome[] =>
      Array.from({ length: 10 }, (_, i) => pair(cvar(i), -0.5));
    const clear = judgeGroup(
      group('fat_tailed'),
      pairs((i) => -4 - (i % 2)),
    );
    expect(clear.holds).toBe(true);
    expect(clear.lines.join('\n')).toContain('12.00 by PPO, -4.50');
    expect(clear.lines.join('\n')).toContain('-0.50 (-0.50 to -0.50) by CVaR-PPO');
    const unclear = judgeGroup(
      group('fat_tailed'),
      pairs((i) => (i % 2 === 0 ? -8 : 7)),
    );
    expect(unclear.holds).toBe(false);
  });
});
