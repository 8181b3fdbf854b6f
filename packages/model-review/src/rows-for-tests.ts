import { uniformSource } from '@bellwether/kernel';
import type { ModelInUse } from '@bellwether/model-slots';
import { IDENTITY } from '@bellwether/statistics';
import { newRecord, type ModelRecord, type ReviewRow } from './records.js';

export const HORIZON_US = 900_000_000;
export const PER_SESSION = 60;

export interface Drawn {
  /** How much of the truth is seen, 0 to 1. */
  readonly sees: number;
  readonly championSees: number;
  /** What is added to the probability that is said. */
  readonly loud?: number;
  readonly sessions?: number;
  readonly seed?: string;
}

const yes = (p: number): readonly number[] => [1 - p, p];

/** Outcomes of drawn truths; a predictor that sees half of one says half the distance from 1/2. */
export function drawnRows(drawn: Drawn): readonly ReviewRow[] {
  const { sees, championSees, loud = 0, sessions = 18, seed = 'rows' } = drawn;
  const uniform = uniformSource(seed);
  return Array.from({ length: sessions * PER_SESSION }, (_, i) => {
    const truth = 0.15 + 0.7 * uniform();
    const said = (share: number): number => 0.5 + share * (truth - 0.5);
    const session = 20_250_000 + Math.floor(i / PER_SESSION);
    return {
      ...{ session, start_us: i * HORIZON_US, end_us: (i + 1) * HORIZON_US },
      ...{ outcome: uniform() < truth ? 1 : 0, base: yes(0.5), decided: yes(said(championSees)) },
      said: yes(Math.min(0.99, Math.max(0.01, said(sees) + loud))),
    };
  });
}

export const MODEL: ModelInUse = {
  ...{ model: 'rl_model', regime: 0, version: '1', sha256: 'a'.repeat(64), schema_hash: 'b'.repeat(64) },
  ...{ inputs: 2, outputs: 2, synthetic: false, trained_until_us: 0, calibration: IDENTITY },
};

export function drawnRecord(rows: readonly ReviewRow[]): ModelRecord {
  return { ...newRecord('rl_model', MODEL, true), rows: [...rows] };
}
