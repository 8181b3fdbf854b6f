import { uniformSource } from '@bellwether/kernel';
import { FEATURE_COUNT } from '@bellwether/model-slots';
import { REGIME_CLASSES } from '../data-sets/market-rows.js';
import { dataSetOf, type DataRow, type DataSet } from '../data-sets/data-set.js';

const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;
const HORIZON = 30;

export interface MadeRows {
  readonly sessions: number;
  readonly rowsEach: number;
  /** True: the class follows from the first two features; false: from nothing. */
  readonly planted: boolean;
  readonly seed: string;
}

/** Rows of the regime classifier without a market: some features missing at times, one never there. */
export function regimeRowsForTests({ sessions, rowsEach, planted, seed }: MadeRows): DataSet {
  const uniform = uniformSource(seed);
  const rows: DataRow[] = [];
  for (let session = 0; session < sessions; session++) {
    for (let i = 0; i < rowsEach; i++) {
      const inputs = new Float32Array(2 * FEATURE_COUNT);
      for (let k = 0; k < FEATURE_COUNT - 1; k++) {
        if (uniform() < 0.1) continue;
        inputs[k] = 4 * uniform() - 2 + k;
        inputs[FEATURE_COUNT + k] = 1;
      }
      const told = (inputs[0]! > 0 ? 2 : 0) + (inputs[1]! > 1 ? 0 : 1);
      const label = planted && uniform() < 0.8 ? told : Math.floor(4 * uniform());
      const start_us = session * DAY_US + i * MINUTE_US;
      rows.push({
        ...{ symbol: 'ES', session: 20_250_101 + session, start_us, end_us: start_us + HORIZON * MINUTE_US },
        ...{ inputs, labels: [label], notes: [0.25, 0.25, 0.25, 0.25, NaN] },
      });
    }
  }
  return dataSetOf(
    {
      ...{ model: 'regime_classifier', input: { steps: null, columns: FEATURE_COUNT } },
      ...{ labels: ['regime'], notes: [...REGIME_CLASSES.map((name) => `rule_${name}`), 'regime_before'] },
      ...{ interval_us: MINUTE_US, schema_sha256: 'a'.repeat(64) },
    },
    rows,
  );
}
