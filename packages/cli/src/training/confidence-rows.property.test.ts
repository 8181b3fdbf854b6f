// Goal: a trade's row holds nothing of what comes after the trade, and its label is the trade's own. Method: five-minute sessions, whole and cut.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DataOrigin, bookConfigOf, type Bar, type Entry } from '@bellwether/contracts';
import { barEntry, nextRelease, releaseEntry } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import { stageVersions } from '@bellwether/line';
import { CONFIDENCE_COUNT } from '@bellwether/model-slots';
import { generateSessions } from '@bellwether/testkit';
import { columnNamed, type DataSet } from '@bellwether/training';
import { tradeRows } from './plan-rows.js';

const TIMEOUT_MS = 120_000;
const SESSIONS = 26;
const { config } = bookConfigOf({ book: 'rows', symbols: [{ symbol: 'ES' }], bar_interval: '5m' });
const stamp = { source: 'rows', origin: DataOrigin.SYNTHETIC };

async function rowsOf(bars: readonly Bar[]): Promise<DataSet> {
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a release');
  const first: Entry = releaseEntry(config.book, release, bars[0]!.open_us, stamp.origin);
  const entries = [first, ...bars.map((bar) => barEntry(config.book, bar, stamp))];
  // Half of the bars were forecast.
  const forecastAt = (_: string, at_us: number): number | null =>
    (at_us / 300_000_000) % 2 === 0 ? 0.6 : null;
  return (await tradeRows([entries], config, forecastAt, () => undefined)).confidence();
}

const inputsOf = (set: DataSet, row: number): readonly number[] =>
  [set.features, set.mask].flatMap((part) =>
    Array.from(part.subarray(row * CONFIDENCE_COUNT, (row + 1) * CONFIDENCE_COUNT)),
  );

describe('rows of trades', () => {
  let bars: readonly Bar[];
  let whole: DataSet;

  beforeAll(async () => {
    const options = { seed: 'trades', symbol: 'ES', firstTradeDate: 20_250_303, interval: '5m' } as const;
    bars = [...generateSessions({ ...options, sessions: SESSIONS })];
    whole = await rowsOf(bars);
  }, TIMEOUT_MS);

  it(
    'do not change when what comes after them is cut',
    async () => {
      const kept = bars.length - 400;
      const last = bars[kept - 1]!;
      const part = await rowsOf(bars.slice(0, kept));
      expect(part.rows).toBeGreaterThan(3);
      expect(part.rows).toBeLessThan(whole.rows);
      for (let row = 0; row < part.rows; row++) {
        expect(part.end_us[row]).toBeLessThanOrEqual(last.open_us + last.interval_us);
        const same = Array.from(whole.start_us.keys()).find(
          (other) =>
            whole.start_us[other] === part.start_us[row] &&
            columnNamed(whole.noteColumns, 'arm')[other] === columnNamed(part.noteColumns, 'arm')[row],
        );
        expect(same).toBeDefined();
        expect(inputsOf(whole, same ?? 0)).toEqual(inputsOf(part, row));
        expect(whole.labelColumns[0]?.values[same ?? 0]).toBe(part.labelColumns[0]?.values[row]);
      }
    },
    TIMEOUT_MS,
  );

  it('hold the forecast where there was one, and a mask where there was none', () => {
    const p_up = columnNamed(whole.noteColumns, 'p_up');
    const place = CONFIDENCE_COUNT - 2;
    for (let row = 0; row < whole.rows; row++) {
      const told = Number.isFinite(p_up[row]!);
      expect(whole.mask[row * CONFIDENCE_COUNT + place]).toBe(told ? 1 : 0);
      expect(Math.abs(whole.features[row * CONFIDENCE_COUNT + place]!)).toBeCloseTo(told ? 0.1 : 0, 6);
    }
  });
});
