/**
 * Goal: every file that the shared data folder calls genuine passes, or is warned of with a reason, by its own kind; no piece of one
 * is taken for a generator's; the same files with one fault are refused.
 * Method: every bar file there. Nothing of it is kept.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { DataVerdict, subjectOf, type RawBar, type Verdict } from '@bellwether/verdict';
import { judgeFile } from './file-verdict.js';
import { readRawRows } from './raw-rows.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const FOLDER = process.env['BW_DATA_DIR'] ?? path.join(ROOT, '../shared/data');
const HOUR_US = 3_600_000_000;
const PIECE = 5_000;

/** What each file is warned of; none is refused. */
const FILES: readonly (readonly [string, string, Verdict['result'], readonly string[]])[] = [
  ['ES_1m_201909_quantcs109.csv.gz', 'ES', 'pass', []],
  ['ES_1m_2020_spawnaga-ibkr.csv.gz', 'ES', 'warn', ['missing_sessions', 'missing_bars']],
  ['ES_1m_2025_quotrading-topstepx.csv.gz', 'ES', 'pass', []],
  ['ES_1m_lean-algoseek.csv.gz', 'ES', 'warn', ['missing_sessions', 'missing_bars']],
  ['ES_5m_202305_desoxyribon-tradingview.csv.gz', 'ES', 'warn', ['no_volume']],
  ['ES_5m_2026_yahoo.csv.gz', 'ES', 'pass', []],
  ['ES_tickbar2800_hudsonthames.csv.gz', 'ES', 'warn', ['event_bars']],
  ['MNQ_1m_202509_cloudspider.csv.gz', 'MNQ', 'pass', []],
  ['NDX_1m_2026_sk28.csv.gz', 'NDX', 'warn', ['not_tradable', 'no_volume']],
  ['NQ_5m_2019_0liu.csv.gz', 'NQ', 'warn', ['no_volume']],
  ['NQ_5m_202303_spawnaga-tradingview.csv.gz', 'NQ', 'pass', []],
  ['NQ_5m_2026_yahoo.csv.gz', 'NQ', 'warn', ['missing_sessions', 'missing_bars']],
  ['SPY_1h_lean.csv.gz', 'SPY', 'warn', ['hourly_bars', 'not_tradable']],
];

const there = fs.existsSync(path.join(FOLDER, FILES[0]![0]));
if (!there)
  console.warn(`SKIPPED: real bars are not here (${FOLDER}). Set BW_DATA_DIR to the folder that has them.`);

/** Bars of a fault: about two weeks of minutes show each of them. */
const FAULTY = 20_000;
/** Each file is read once for all tests. */
const read = new Map<string, Promise<readonly RawBar[]>>();

async function readBars(name: string): Promise<readonly RawBar[]> {
  const bars: RawBar[] = [];
  for await (const rows of readRawRows(path.join(FOLDER, name))) for (const { bar } of rows) bars.push(bar);
  return bars;
}

async function barsOf(name: string): Promise<readonly RawBar[]> {
  const bars = read.get(name) ?? readBars(name);
  read.set(name, bars);
  return bars;
}

function judge(bars: readonly RawBar[], symbol: string): Verdict {
  const subject = subjectOf(symbol);
  if (subject === null) throw new Error(`Expected a known symbol, was ${symbol}`);
  const verdict = new DataVerdict({ subject, origin: 'market', trustTimes: false });
  bars.forEach((bar, i) => {
    verdict.add(bar, i + 2);
  });
  return verdict.result();
}

const refusalsOf = ({ findings }: Verdict): readonly string[] =>
  findings.filter(({ level }) => level === 'refuse').map(({ code }) => code);

(there ? describe : describe.skip)('genuine files', () => {
  const table: string[] = [];

  test.each(FILES)('%s as %s: %s', async (name, symbol, result, warned) => {
    const options = { symbol, contract: null, origin: 'market', trustTimes: false } as const;
    const verdict = (await judgeFile({ file: path.join(FOLDER, name), ...options })).result();
    const warnings = verdict.findings.filter(({ level }) => level === 'warn').map(({ code }) => code);
    table.push(
      `${name.padEnd(46)} ${symbol.padEnd(4)} ${verdict.kind.padEnd(11)} ${verdict.result} ${warnings.join(', ')}`,
    );
    expect([verdict.result, [...warnings].sort(), refusalsOf(verdict)]).toEqual([
      result,
      [...warned].sort(),
      [],
    ]);
  });

  test.each(FILES)('no piece of %s is refused', async (name, symbol) => {
    const bars = await barsOf(name);
    for (let from = 0; from + PIECE <= bars.length; from += PIECE) {
      expect([from, refusalsOf(judge(bars.slice(from, from + PIECE), symbol))]).toEqual([from, []]);
    }
  });

  // Of files with and without volume, of both lengths.
  it.each(['ES_1m_2025_quotrading-topstepx.csv.gz', 'NQ_5m_2019_0liu.csv.gz', 'ES_5m_2026_yahoo.csv.gz'])(
    '%s with one fault is refused',
    async (name) => {
      const symbol = name.slice(0, 2);
      const bars = (await barsOf(name)).slice(0, FAULTY);
      const late = bars.map((bar) => ({ ...bar, open_us: bar.open_us + HOUR_US }));
      expect(refusalsOf(judge(late, symbol))).toContain('time_zone_doubtful');
      const local = bars.map((bar) => ({ ...bar, open_us: bar.open_us - 5 * HOUR_US }));
      expect(refusalsOf(judge(local, symbol))).toContain('time_zone_doubtful');
      const wrong = symbol === 'ES' ? 'NQ' : 'ES';
      expect(refusalsOf(judge(bars, wrong))).toEqual(['level_implausible']);
      const copied = [
        ...bars.slice(0, 2_000),
        ...bars.slice(1_000, 1_600).map((bar, i) => ({ ...bar, open_us: bars[2_000 + i]?.open_us ?? 0 })),
        ...bars.slice(2_600),
      ];
      expect(refusalsOf(judge(copied, symbol))).toContain('repeated_blocks');
    },
  );

  afterAll(() => {
    read.clear();
    process.stdout.write(`${table.join('\n')}\n`);
  });
});
