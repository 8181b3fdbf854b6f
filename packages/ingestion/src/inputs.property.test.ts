import { describe, expect, it } from '@jest/globals';
import {
  BellwetherError,
  ClockReason,
  ClockReasonName,
  DataOrigin,
  EntryKind,
  SYMBOL_COST_DEFAULTS,
  encodeEntry,
  type Bar,
  type Entry,
} from '@bellwether/contracts';
import { compareEntries, uniformSource } from '@bellwether/kernel';
import { instrumentOf, tradeDateAt } from '@bellwether/market';
import { MINUTE_US, aBar, aBook, barsOf, theSession } from './bars-for-tests.js';
import { bookInputBatches, bookInputs, type InputOptions } from './inputs.js';
import type { BarSource } from './market-entries.js';
import type { BarSeries } from './merge-bars.js';
import { nextRelease } from './release.js';

const config = aBook();
const release = nextRelease({ config, stages: [{ stage: 'features', logic_version: 1 }], latest: null });

function series(bars: BarSeries['bars'], overrides: Partial<BarSeries> = {}): BarSeries {
  return { symbol: 'ES', bars, source: 'es.csv', origin: DataOrigin.MARKET, ...overrides };
}

async function inputsOf(
  bars: readonly BarSeries[],
  overrides: Partial<InputOptions> = {},
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of bookInputs({
    config,
    series: bars,
    release,
    from: null,
    to: null,
    ...overrides,
  })) {
    entries.push(entry);
  }
  return entries;
}

const nqOf = (bars: readonly Bar[]): readonly Bar[] => bars.map((bar) => ({ ...bar, symbol: 'NQ' }));
const kinds = (entries: readonly Entry[], kind: EntryKind): readonly Entry[] =>
  entries.filter((e) => e.kind === kind);
const reasons = (entries: readonly Entry[]): readonly string[] =>
  kinds(entries, EntryKind.CLOCK).map((entry) => ClockReasonName[entry.clock?.reason ?? 0]);

describe('the inputs of whole sessions', () => {
  it('are the release, the bars, and the boundaries from the first open to the last close', async () => {
    const entries = await inputsOf([series(barsOf([20250915, 20250916]))]);
    expect(entries[0]).toMatchObject({ id: 'release:1', known_us: theSession(20250915).open_us });
    expect(kinds(entries, EntryKind.BAR).length).toBe(2 * 1_380);
    const day = ['session_open', 'rth_open', 'rth_close', 'flat_by', 'session_close'];
    expect(reasons(entries)).toEqual([...day, ...day]);
    expect(entries[1]).toMatchObject({ kind: EntryKind.CLOCK, id: `clock:${theSession(20250915).open_us}` });
    const last = entries[entries.length - 1];
    expect(last?.clock).toEqual({
      boundary_us: theSession(20250916).close_us,
      reason: ClockReason.SESSION_CLOSE,
    });
  });

  it('put a bar before the clock entry of its own close', async () => {
    const entries = await inputsOf([series(barsOf([20250915]))]);
    const at = theSession(20250915).rth_open_us;
    const there = entries.filter((entry) => entry.known_us === at).map((entry) => entry.kind);
    expect(there).toEqual([EntryKind.BAR, EntryKind.CLOCK]);
  });

  it('are known at the close of the bar, under the id of its source', async () => {
    const [bar] = kinds(await inputsOf([series(barsOf([20250915]))]), EntryKind.BAR);
    const { open_us } = theSession(20250915);
    expect(bar).toMatchObject({
      id: `bar:ES:60000000:${open_us}:es.csv:0`,
      event_us: open_us + MINUTE_US,
      known_us: open_us + MINUTE_US,
      source: 'es.csv',
      book: 'test',
    });
  });

  it('keep their order over the change of the clocks and a short day', async () => {
    for (const dates of [
      [20250307, 20250310],
      [20251126, 20251127, 20251128],
    ]) {
      const entries = await inputsOf([series(barsOf(dates))]);
      expect(reasons(entries).filter((reason) => reason === 'idle')).toEqual([]);
      expect(reasons(entries).filter((reason) => reason === 'session_close').length).toBe(dates.length);
    }
  });

  it('hold no boundary before the first bar or after the last one', async () => {
    const { rth_open_us } = theSession(20250915);
    const bars = [0, 1, 2].map((n) => aBar(rth_open_us + (n + 1) * MINUTE_US));
    expect(reasons(await inputsOf([series(bars)]))).toEqual([]);
    const until = [-3, -2, -1].map((n) => aBar(rth_open_us + n * MINUTE_US));
    expect(reasons(await inputsOf([series(until)]))).toEqual(['rth_open']);
  });

  it('tell of missing bars, at most for a while', async () => {
    const { rth_open_us } = theSession(20250915);
    const at = (minute: number): Bar => aBar(rth_open_us + minute * MINUTE_US);
    expect(reasons(await inputsOf([series([at(10), at(11), at(13), at(14)])]))).toEqual(['idle']);
    const gap = await inputsOf([series([at(10), at(200)])]);
    expect(reasons(gap)).toEqual(Array.from({ length: 60 }, () => 'idle'));
    expect(kinds(gap, EntryKind.CLOCK)[0]?.known_us).toBe(rth_open_us + 11 * MINUTE_US + 70_000_000);
  });
});

describe('random inputs of two symbols', () => {
  it.each(['a', 'b', 'c', 'd', 'e'])(
    'are in journal order, complete, and the same again (seed %s)',
    async (seed) => {
      const random = uniformSource(seed);
      const thin = (bars: readonly Bar[]): readonly Bar[] => bars.filter(() => random() < 0.6);
      const dates = [20251125, 20251126, 20251128, 20251201];
      const es = thin(barsOf(dates));
      const nq = thin(nqOf(barsOf(dates)));
      const run = (): Promise<readonly Entry[]> =>
        inputsOf([series(es), series(nq, { symbol: 'NQ', source: 'nq.csv' })], { from: 20251128 });
      const entries = await run();
      const sorted = [...entries].sort(compareEntries);
      expect(entries.map((entry) => entry.id)).toEqual(sorted.map((entry) => entry.id));
      expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length);
      const decided = [...es, ...nq].filter((bar) => tradeDateAt(bar.open_us) >= 20251128);
      expect(kinds(entries, EntryKind.BAR).length).toBe(decided.length);
      const bytes = (all: readonly Entry[]): string =>
        Buffer.concat(all.map((entry) => encodeEntry(entry))).toString('hex');
      expect(bytes(await run())).toBe(bytes(entries));
    },
  );

  it('do not depend on the order in which the series are named, or on whether they wait', async () => {
    const es = series(barsOf([20250915]));
    const nq = series(nqOf(barsOf([20250915])), { symbol: 'NQ', source: 'nq.csv' });
    async function* waiting(perBatch: number): AsyncGenerator<readonly Bar[], void, undefined> {
      const bars = barsOf([20250915]);
      for (let at = 0; at < bars.length; at += perBatch) {
        await Promise.resolve();
        yield bars.slice(at, at + perBatch);
        yield [];
      }
    }
    const entries = await inputsOf([es, nq]);
    expect(await inputsOf([nq, es])).toEqual(entries);
    for (const perBatch of [1, 7, 5_000]) {
      expect(await inputsOf([nq, { ...es, bars: waiting(perBatch) }])).toEqual(entries);
    }
  });

  it('are the same in batches', async () => {
    const es = series(barsOf([20250915, 20250916]));
    const nq = series(nqOf(barsOf([20250915])), { symbol: 'NQ', source: 'nq.csv' });
    const options = { config, series: [es, nq], release, from: null, to: 20250915 };
    const batched: Entry[] = [];
    for await (const batch of bookInputBatches(options)) batched.push(...batch);
    expect(batched).toEqual(await inputsOf(options.series, { to: 20250915 }));
  });
});

describe('warm-up', () => {
  const dates = [20250910, 20250911, 20250912, 20250915, 20250916];

  it('is one entry for each earlier date and symbol, before anything else but the release', async () => {
    const nq = series(nqOf(barsOf(dates)), { symbol: 'NQ', source: 'nq.csv' });
    const entries = await inputsOf([series(barsOf(dates)), nq], { from: 20250915, to: 20250915 });
    expect(entries.slice(0, 7).map((entry) => entry.id)).toEqual([
      'release:1',
      'warmup:ES:20250910:es.csv',
      'warmup:NQ:20250910:nq.csv',
      'warmup:ES:20250911:es.csv',
      'warmup:NQ:20250911:nq.csv',
      'warmup:ES:20250912:es.csv',
      'warmup:NQ:20250912:nq.csv',
    ]);
    expect(entries[7]?.clock?.reason).toBe(ClockReason.SESSION_OPEN);
    expect(kinds(entries, EntryKind.BAR).length).toBe(2 * 1_380);
    expect(entries[0]?.known_us).toBe(theSession(20250910).close_us);
  });

  it('holds the bars in columns', async () => {
    const entries = await inputsOf([series(barsOf(dates))], { from: 20250915 });
    const warmup = entries[1]?.warmup;
    expect(warmup).toMatchObject({
      symbol: 'ES',
      trade_date: 20250910,
      interval_us: MINUTE_US,
      volume_known: true,
    });
    expect(warmup?.open_us).toEqual(barsOf([20250910]).map((bar) => bar.open_us));
    for (const column of ['open_ticks', 'high_ticks', 'low_ticks', 'close_ticks', 'volume'] as const) {
      expect(warmup?.[column].length).toBe(1_380);
    }
    expect([warmup?.high_ticks[7], warmup?.volume[7]]).toEqual([24_002, 100]);
  });

  it('says when the volume is not known', async () => {
    const entries = await inputsOf([series(barsOf(dates, { volume: null }))], { from: 20250915 });
    expect(entries[1]?.warmup).toMatchObject({ volume_known: false, volume: [] });
  });

  it('is bounded to the latest sessions', async () => {
    const entries = await inputsOf([series(barsOf(dates))], { from: 20250915, warmupSessions: 2 });
    expect(kinds(entries, EntryKind.WARMUP).map((entry) => entry.warmup?.trade_date)).toEqual([
      20250911, 20250912,
    ]);
    const none = await inputsOf([series(barsOf(dates))], { from: 20250915, warmupSessions: 0 });
    expect(kinds(none, EntryKind.WARMUP)).toEqual([]);
    await expect(inputsOf([series(barsOf(dates))], { from: 20250915, warmupSessions: 61 })).rejects.toThrow(
      '60',
    );
  });

  it('leaves out bars that lie in no session', async () => {
    const { open_us, close_us } = theSession(20250912);
    const odd = [aBar(open_us), aBar(close_us), aBar(close_us + MINUTE_US), ...barsOf([20250915])];
    const entries = await inputsOf([series(odd)], { from: 20250915 });
    expect(entries[1]?.warmup?.open_us).toEqual([open_us]);
  });
});

describe('origin', () => {
  it('of one synthetic series marks release and clock entries too', async () => {
    const es = series(barsOf([20250915]));
    const made = series(nqOf(barsOf([20250915])), {
      symbol: 'NQ',
      source: 'made',
      origin: DataOrigin.SYNTHETIC,
    });
    const origins = new Map(
      (await inputsOf([es, made])).map((entry) => [`${entry.kind} ${entry.source}`, entry.origin]),
    );
    expect(origins).toEqual(
      new Map([
        [`${EntryKind.RELEASE} release`, DataOrigin.SYNTHETIC],
        [`${EntryKind.CLOCK} clock`, DataOrigin.SYNTHETIC],
        [`${EntryKind.BAR} es.csv`, DataOrigin.MARKET],
        [`${EntryKind.BAR} made`, DataOrigin.SYNTHETIC],
      ]),
    );
  });
});

describe('what is refused', () => {
  async function code(run: Promise<unknown>): Promise<string> {
    const error: unknown = await run.then(
      () => null,
      (reason: unknown) => reason,
    );
    return error instanceof BellwetherError ? `${error.code}: ${error.detail}` : String(error);
  }
  it('bars of another interval than the book decides on', async () => {
    const five = barsOf([20250915], { interval_us: 5 * MINUTE_US });
    expect(await code(inputsOf([series(five)]))).toMatch(
      /^interval_unsupported: es.csv holds 5-minute bars .* 1-minute bars: set bar_interval/,
    );
  });
  it('bars of dates that the calendar does not know', async () => {
    for (const year of [2012, 2028]) {
      const bar = aBar(Date.UTC(year, 4, 8, 15) * 1_000);
      expect(await code(inputsOf([series([bar])]))).toMatch(
        /^no_calendar: es.csv holds a bar of 20(12|28)-05-08/,
      );
    }
  });
  it('a symbol that the book does not trade', async () => {
    const mes = series([aBar(0, { symbol: 'MES' })], { symbol: 'MES' });
    expect(await code(inputsOf([mes]))).toMatch(/^unknown_symbol: .*ES, NQ.*MES/);
  });
  it('no bars, and no bars of the dates asked for', async () => {
    expect(await code(inputsOf([series([])]))).toMatch(/^data_empty: .*es.csv/);
    expect(await code(inputsOf([series(barsOf([20250915]))], { from: 20250916 }))).toMatch(
      /^data_empty: .*20250916 to the end.*cover 20250915 to 20250915/,
    );
    expect(await code(inputsOf([series(barsOf([20250915]))], { to: 20250912 }))).toMatch(/^data_empty: /);
  });
  it('bars out of order, of another symbol, and a symbol twice', async () => {
    const [first, second] = barsOf([20250915]);
    expect(await code(inputsOf([series([second ?? aBar(1), first ?? aBar(0)])]))).toContain(
      'in order of time',
    );
    expect(await code(inputsOf([series([aBar(0, { symbol: 'NQ' })])]))).toContain('Expected bars of ES');
    expect(await code(inputsOf([series([]), series([])]))).toContain('one series for each symbol');
  });
});

describe('a series of several sources', () => {
  it('gives each bar the source that is named for it', async () => {
    const bars = barsOf([20250915]).slice(0, 4);
    const sourceOf = ({ open_us }: Bar): BarSource => ({
      source: open_us > (bars[1]?.open_us ?? 0) ? 'b.csv' : 'a.csv',
      origin: DataOrigin.MARKET,
    });
    const entries: Entry[] = [];
    const all = [{ ...series(bars), sourceOf }];
    for await (const entry of bookInputs({ config, series: all, release, from: null, to: null }))
      entries.push(entry);
    const found = entries
      .filter(({ bar }) => bar !== null)
      .map(({ source, id }) => [source, id.includes(source)]);
    expect(found).toEqual([
      ['a.csv', true],
      ['a.csv', true],
      ['b.csv', true],
      ['b.csv', true],
    ]);
  });
});

describe('reading', () => {
  it('takes bars as they are asked for and frees the series when it ends early', async () => {
    let taken = 0;
    let freed = false;
    function* endless(): Generator<Bar, void, undefined> {
      try {
        for (const bar of barsOf([20250915])) {
          taken++;
          yield bar;
        }
      } finally {
        freed = true;
      }
    }
    const entries = bookInputs({ config, series: [series(endless())], release, from: null, to: null });
    for (let i = 0; i < 10; i++) await entries.next();
    expect(taken).toBeLessThan(15);
    await entries.return();
    expect(freed).toBe(true);
  });
});

describe('costs of a book file', () => {
  it('are those of the contract table', () => {
    for (const [symbol, costs] of Object.entries(SYMBOL_COST_DEFAULTS)) {
      const instrument = instrumentOf(symbol);
      expect(instrument?.slippage_ticks_default).toBe(costs.slippage_ticks);
      expect(instrument?.fee_per_side_cents_default).toBe(Math.round(costs.fee_per_side_usd * 100));
    }
  });
});
