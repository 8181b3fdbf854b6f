// Goal: the ablation puts an edge down to the part that carries it. Method: a made-up world that pays the trades of which a model is told, and
// says so only once it is calibrated; `npm run ablation-planted` plays ten worlds for each part.
import { describe, expect, it } from '@jest/globals';
import { calibrated, mapOfFlat } from '@bellwether/statistics';
import { ACTING } from './parts.js';
import { ablatePlanted } from './planted-ablation.js';
import { CONFIDENCE } from './planted-models.js';

const TIMEOUT_MS = 300_000;

describe('an ablation of a world in which the confidence carries the edge', () => {
  it(
    'puts it down to the confidence',
    () => {
      const asked = { part: 'confidence', seed: 'ablation-1', sessions: 20, parts: ['confidence'] } as const;
      const verdict = ablatePlanted(asked);
      expect(verdict.attributed).toBe('confidence');
      expect(verdict.comparisons.find(({ kind }) => kind === 'removed')).toMatchObject({ verdict: 'gain' });
    },
    TIMEOUT_MS,
  );

  it('needs the calibration: before it, what loses passes the bound too', () => {
    const map = mapOfFlat({ method: 'platt', parameters: CONFIDENCE.calibration.parameters });
    const masked = new Float32Array(CONFIDENCE.inputs).fill(0);
    masked.fill(1, CONFIDENCE.inputs / 2);
    const [loses = NaN] = CONFIDENCE.says(masked);
    const [wins = NaN] = CONFIDENCE.says(new Float32Array(CONFIDENCE.inputs).fill(1));
    expect(loses).toBeGreaterThan(ACTING.confidence_min);
    expect(map === null ? NaN : calibrated(map, loses)).toBeLessThan(ACTING.confidence_min);
    expect(map === null ? NaN : calibrated(map, wins)).toBeGreaterThan(ACTING.confidence_min);
  });
});
