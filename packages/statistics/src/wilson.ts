import { assert } from '@bellwether/kernel';
import type { Interval } from './bootstrap/intervals.js';
import { known, missing, type Measure } from './measure.js';
import { normalQuantile } from './normal.js';

/**
 * Interval of a share, such as a hit rate (Wilson 1927). It stays within 0 and 1 and holds up where the share is near them.
 * Takes the cases as independent, which trades of one day are not.
 */
export function wilsonInterval(hits: number, cases: number, level = 0.95): Measure<Interval> {
  assert(level > 0 && level < 1, 'A level lies between 0 and 1');
  if (cases === 0) return missing('too_few');
  if (!(hits >= 0 && cases > 0 && hits <= cases)) return missing('out_of_range');
  const z = normalQuantile(0.5 + level / 2);
  const share = hits / cases;
  const weight = (z * z) / cases;
  const centre = (share + weight / 2) / (1 + weight);
  const half = (z / (1 + weight)) * Math.sqrt((share * (1 - share)) / cases + weight / (4 * cases));
  // At the ends the bound is exactly 0 or 1; rounding would leave a crumb.
  return known({
    low: hits === 0 ? 0 : Math.max(0, centre - half),
    high: hits === cases ? 1 : Math.min(1, centre + half),
  });
}
