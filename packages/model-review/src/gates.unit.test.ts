/** Goal: a challenger is promoted by evidence alone. Given/when/then on rows that were drawn with known truth. */
import { describe, expect, it } from '@jest/globals';
import { GATE_BOUNDS, GATE_NAMES, apart, reviewed, type GateName, type ReviewInput } from './gates.js';
import { HORIZON_US, drawnRows as rows, type Drawn } from './rows-for-tests.js';

const input = (drawn: Drawn, changes: Partial<ReviewInput> = {}): ReviewInput => ({
  ...{
    model: 'rl_model',
    rows: rows(drawn),
    champion: true,
    trained_on_synthetic: false,
    synthetic_data: false,
  },
  ...{ answered: 5_000, refused: 0, latencies: new Array<number>(500).fill(0.1) },
  ...changes,
});

const BETTER: Drawn = { sees: 1, championSees: 0.3 };

/** How one gate ends, and the whole. */
function ends(given: ReviewInput, name: GateName): readonly unknown[] {
  const { passed, gates } = reviewed(given, 'test');
  return [gates.find((gate) => gate.name === name)?.verdict, passed];
}

describe('the gates', () => {
  it('let a better and honest challenger through, with every number', () => {
    const { passed, gates } = reviewed(input(BETTER), 'test');
    expect(gates.map(({ name }) => name)).toEqual(GATE_NAMES);
    expect(gates.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(passed).toBe(true);
    const gain = gates.find(({ name }) => name === 'log_loss_against_champion');
    expect(gain?.low).toBeGreaterThan(0);
    expect(gain?.high).toBeGreaterThan(gain?.value ?? 0);
  });

  it('give the same verdict twice', () => {
    expect(reviewed(input(BETTER), 'test')).toEqual(reviewed(input(BETTER), 'test'));
  });

  it.each<[string, ReviewInput, GateName]>([
    ['a worse one', input({ sees: 0.3, championSees: 1 }), 'log_loss_against_champion'],
    ['one that is as good', input({ sees: 0.7, championSees: 0.7 }), 'brier_against_champion'],
    ['one that knows nothing', input({ sees: 0, championSees: 0 }), 'log_loss_against_base_rate'],
    ['one that says too much', input({ ...BETTER, loud: 0.12 }), 'calibration_error'],
    ['a slow one', input(BETTER, { latencies: new Array<number>(500).fill(60) }), 'latency_p99_ms'],
    ['one that does not answer', input(BETTER, { answered: 900, refused: 100 }), 'refusal_share'],
    ['one of synthetic data on a market', input(BETTER, { trained_on_synthetic: true }), 'origin'],
  ])('stop %s', (_, given, name) => {
    expect(ends(given, name)).toEqual(['fail', false]);
  });

  it('take synthetic models on synthetic data', () => {
    const own = input(BETTER, { trained_on_synthetic: true, synthetic_data: true });
    expect(ends(own, 'origin')).toEqual(['pass', true]);
  });

  it.each<[string, ReviewInput, GateName]>([
    ['rows', input({ ...BETTER, sessions: 3 }), 'rows'],
    [
      'sessions',
      input(BETTER, { rows: rows(BETTER).map((row) => ({ ...row, session: 20_250_101 })) }),
      'sessions',
    ],
    ['measured questions', input(BETTER, { latencies: [0.1] }), 'latency_p99_ms'],
    ['questions', input(BETTER, { answered: 3 }), 'refusal_share'],
    [
      'rows beside the champion',
      input(BETTER, { rows: rows(BETTER).map((row, i) => (i < 500 ? row : { ...row, decided: null })) }),
      'log_loss_against_champion',
    ],
  ])('say nothing of too few %s, and that is a no', (_, given, name) => {
    expect(ends(given, name)).toEqual(['too_few', false]);
  });

  it('ask nothing about a champion where there is none', () => {
    const { passed, gates } = reviewed(input(BETTER, { champion: false }), 'test');
    expect(gates.filter(({ verdict }) => verdict === 'not_asked')).toHaveLength(2);
    expect(passed).toBe(true);
  });

  it('refuse a model whose answers nothing can be compared with', () => {
    expect(reviewed(input(BETTER, { model: 'strategy_selection' }), 'test')).toEqual({
      passed: false,
      gates: [],
    });
  });

  it('judge calibration by rows that do not overlap', () => {
    const crowded = rows(BETTER).map((row, i) => ({
      ...row,
      start_us: i * 60_000_000,
      end_us: i * 60_000_000 + HORIZON_US,
    }));
    expect(apart(crowded)).toHaveLength(Math.ceil(crowded.length / 15));
    expect(GATE_BOUNDS.rl_model.rowsMin).toBeGreaterThan(100);
  });
});
