/**
 * Goal: a row of a data set holds nothing of what comes after its label, and what goes in is what the stage would ask with.
 * Method: made-up five-minute sessions, whole and cut at random bars; every row that the cut leaves is the same to the bit.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CONTRACT_VERSION, DataOrigin, EntryKind, type Bar, type Entry } from '@bellwether/contracts';
import { barId, makeEntry, releaseId, uniformSource } from '@bellwether/kernel';
import { aBookConfig, generateSessions } from '@bellwether/testkit';
import { columnNamed, rowWidth, type DataSet } from './data-set.js';
import { MarketRun, isDecided, type HistoryBar, type MarketBar } from './market-run.js';
import { FORECAST_HORIZON_US, forecastDataSet, regimeDataSet } from './market-rows.js';

const SESSIONS = 24;
const CUTS = 2;
const head = { book: 'rows', source: 'rows', origin: DataOrigin.SYNTHETIC };

function releaseEntry(): Entry {
  const config = { ...aBookConfig(), bar_interval_us: 300_000_000 };
  const release = { number: 1, contract_version: CONTRACT_VERSION, stages: [], config };
  return makeEntry(
    { ...head, id: releaseId(1), kind: EntryKind.RELEASE, event_us: 0, known_us: 0 },
    { release },
  );
}

function barEntry(bar: Bar): Entry {
  const close_us = bar.open_us + bar.interval_us;
  const id = barId(bar.symbol, bar.interval_us, bar.open_us, 'rows', bar.revision);
  return makeEntry({ ...head, id, kind: EntryKind.BAR, event_us: close_us, known_us: close_us }, { bar });
}

function run(bars: readonly Bar[]): readonly (MarketBar | HistoryBar)[] {
  const market = new MarketRun(true);
  market.next(releaseEntry());
  return bars.flatMap((bar) => market.next(barEntry(bar)));
}

/** Everything of a row but its weight, which hangs on the labels that overlap with it. */
function rowOf(set: DataSet, row: number): readonly unknown[] {
  const width = rowWidth(set.input);
  const part = (numbers: Float32Array): readonly number[] =>
    Array.from(numbers.subarray(row * width, (row + 1) * width));
  const columns = [...set.labelColumns, ...set.noteColumns].map(({ values }) => values[row]);
  return [set.session[row], set.start_us[row], set.end_us[row], part(set.features), part(set.mask), columns];
}

describe('rows of the market', () => {
  let bars: readonly Bar[];
  let seen: readonly (MarketBar | HistoryBar)[];

  beforeAll(() => {
    const options = {
      seed: 'rows',
      symbol: 'ES',
      firstTradeDate: 20_250_303,
      sessions: SESSIONS,
      interval: '5m',
    } as const;
    bars = [...generateSessions(options)];
    seen = run(bars);
  });

  it('do not change when what comes after them is cut', () => {
    const uniform = uniformSource('cuts');
    for (let cut = 0; cut < CUTS; cut++) {
      const kept = Math.floor(bars.length * (0.9 + 0.1 * uniform()));
      const cutSeen = run(bars.slice(0, kept));
      const last = bars[kept - 1]!;
      for (const dataSet of [regimeDataSet, forecastDataSet]) {
        const [whole, part] = [dataSet(seen), dataSet(cutSeen)];
        const known = Array.from(whole.end_us).filter((us) => us <= last.open_us + last.interval_us).length;
        expect(part.rows).toBeGreaterThan(300);
        expect(part.rows).toBe(known);
        for (let row = 0; row < part.rows; row += 7) expect(rowOf(part, row)).toEqual(rowOf(whole, row));
      }
    }
  });

  it('hold what the forecast stage would ask with, and the price of 15 minutes later', () => {
    const set = forecastDataSet(seen);
    const byClose = new Map(seen.map((bar) => [bar.open_us + bar.interval_us, bar]));
    expect(set.rows).toBeGreaterThan(4_000);
    for (let row = 0; row < set.rows; row += 101) {
      const now = byClose.get(set.start_us[row]!);
      const later = byClose.get(set.start_us[row]! + FORECAST_HORIZON_US);
      if (now === undefined || later === undefined || !isDecided(now))
        throw new Error('a row without its bars');
      const width = rowWidth(set.input);
      expect(now.sequence?.subarray(0, width)).toEqual(set.features.slice(row * width, (row + 1) * width));
      const change = later.close_ticks - now.close_ticks;
      const up = change === 0 ? NaN : change > 0 ? 1 : 0;
      expect(columnNamed(set.labelColumns, 'up')[row]).toBe(up);
      expect(later.trade_date).toBe(now.trade_date);
    }
  });

  it('have one hash for the same bars, and another for others', () => {
    const few = bars.slice(0, 600);
    const changed = few.map((bar, i) => (i === 500 ? { ...bar, close_ticks: bar.close_ticks + 1 } : bar));
    const hashes = [few, few, changed].map((own) => forecastDataSet(run(own)).sha256);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });
});
