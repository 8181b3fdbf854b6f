import fs from 'node:fs/promises';
import { BellwetherError, type Problem } from '@bellwether/contracts';
import { readCheckedRows, type CsvOptions, type CsvRow } from '@bellwether/ingestion';
import { assert, present } from '@bellwether/kernel';
import { tradeDateAt, type ContractMonth, type Instrument } from '@bellwether/market';
import { detectInterval } from './bar-interval.js';
import {
  DataVerdict,
  FINDING_CODES,
  subjectOf,
  type FindingCode,
  type Verdict,
  type VerdictFinding,
} from '@bellwether/verdict';
import type { ForeignRows, NumberedRow } from './foreign-rows.js';
import { Duckdb } from './duckdb.js';
import { judgeFile, rawBarOf } from './file-verdict.js';
import { ImportProblems } from './import-problems.js';
import type { Finding, ImportVerdict, ImportedDate } from './manifest.js';
import type { IntervalName } from './places.js';
import { StagedDates } from './staged-dates.js';
import { TradeDateBuilder } from './trade-date-rows.js';

/** Rows that the length of the bars is told by. */
const HEAD_ROWS = 5_000;
/** Bad lines shown beside a verdict that refuses the file as a whole. */
const LINES_SHOWN = 3;

export interface StageOptions extends CsvOptions {
  readonly file: string;
  readonly symbol: string;
  readonly name: string;
  readonly sha256: string;
  readonly origin: 'market' | 'synthetic';
  readonly instrument: Instrument;
  readonly contract: ContractMonth | null;
  readonly trustTimes: boolean;
  /** Take the file although its verdict is refuse. */
  readonly acceptVerdict?: boolean;
  /** The rows, where the file is not of our own layout. */
  readonly foreign: ForeignRows | null;
  /** Where the files are written; made anew. */
  readonly folder: string;
  readonly idOf: (interval: IntervalName) => string;
}

export interface StagedBars {
  readonly import_id: string;
  readonly interval: IntervalName;
  readonly rows: number;
  readonly has_volume: boolean;
  readonly findings: readonly Finding[];
  readonly verdict: ImportVerdict;
  /** In order. */
  readonly trade_dates: readonly ImportedDate[];
}

/** The first rows, read ahead to see how long the bars are, and then all rows in order. */
async function* withHead<Row extends CsvRow>(
  batches: AsyncIterable<readonly Row[]>,
  onHead: (head: readonly Row[]) => void,
): AsyncGenerator<readonly Row[], void, undefined> {
  const held: (readonly Row[])[] = [];
  let count = 0;
  for await (const batch of batches) {
    if (count >= HEAD_ROWS) {
      yield batch;
      continue;
    }
    held.push(batch);
    count += batch.length;
    if (count < HEAD_ROWS) continue;
    onHead(held.flat());
    yield* held.splice(0);
  }
  if (count > 0 && count < HEAD_ROWS) {
    onHead(held.flat());
    yield* held;
  }
}

/** Whether the file has volume is known at its end; until the first one is seen, trade dates are written without. */
type Attempt = StagedBars | 'has_volume_after_all';

/**
 * Reads a bar file, checks all of it, and writes one Parquet file for each trade date into a folder of its own.
 *
 * @throws BellwetherError `data_unreadable` with all problems, `data_empty`, `interval_unsupported`
 */
export async function stageBars(options: StageOptions): Promise<StagedBars> {
  const first = await attempt(options, false);
  if (first !== 'has_volume_after_all') return first;
  const second = await attempt(options, true);
  assert(second !== 'has_volume_after_all', 'Expected the volume to be known by now');
  return second;
}

async function attempt(options: StageOptions, hasVolume: boolean): Promise<Attempt> {
  await fs.rm(options.folder, { recursive: true, force: true });
  await fs.mkdir(options.folder, { recursive: true });
  const duckdb = await Duckdb.open();
  const staging = new Staging(options, duckdb, hasVolume);
  try {
    return await staging.run();
  } finally {
    await staging.abandon();
    duckdb.close();
  }
}

/** Bars that have no place in the catalog, whatever the user says. */
const NEVER_ACCEPTED: ReadonlySet<string> = new Set<FindingCode>([
  'outside_calendar',
  'off_interval_grid',
  'off_tick_grid',
]);

/** A reason that is more than bad lines. */
function speaksAgainstAll({ code, level }: VerdictFinding): boolean {
  return level === 'refuse' && FINDING_CODES[code].group !== 'form';
}

function refusalsOf({ findings }: Verdict): readonly Problem[] {
  const refusals = findings.filter(({ level }) => level === 'refuse');
  return refusals.map(({ code, message }) => ({ path: code, message }));
}

function refused(name: string, verdict: Verdict, lines: readonly Problem[]): BellwetherError {
  const problems = refusalsOf(verdict);
  const reasons = problems.length === 1 ? 'one reason' : `${problems.length} reasons`;
  return new BellwetherError(
    'data_refused',
    `${name}: The verdict is refuse, for ${reasons}. Nothing was imported`,
    [
      ...problems.map(({ path, message }) => ({ path: `${name} ${path}`, message })),
      ...lines.slice(0, LINES_SHOWN),
    ],
  );
}

/** What is known once the first rows were seen. */
interface Judged {
  readonly interval: IntervalName;
  readonly import_id: string;
  readonly verdict: DataVerdict;
  readonly dates: StagedDates;
}

class Staging {
  readonly #problems: ImportProblems;
  #judged: Judged | null = null;
  #builder: TradeDateBuilder | null = null;
  #rows = 0;
  #wroteWithout = false;
  #volume = false;

  constructor(
    private readonly options: StageOptions,
    private readonly duckdb: Duckdb,
    private readonly hasVolume: boolean,
  ) {
    this.#problems = new ImportProblems(options.name);
  }

  async run(): Promise<Attempt> {
    const { file, symbol, name, foreign } = this.options;
    const onProblem = this.#problems.add;
    const batches: AsyncIterable<readonly (CsvRow | NumberedRow)[]> =
      foreign === null
        ? readCheckedRows(file, symbol, { ...this.options, onProblem })
        : foreign.rows(onProblem);
    // The header is line 1.
    let line = 1;
    for await (const rows of withHead(batches, (head) => this.#begin(head))) {
      for (const row of rows) {
        line = 'line' in row ? row.line : this.#problems.lineAfter(line);
        this.#rows++;
        this.#judge(row, line);
        const trade_date = tradeDateAt(row.open_us);
        if (this.#builder?.trade_date !== trade_date) {
          if (!(await this.#flush())) return 'has_volume_after_all';
          this.#builder = new TradeDateBuilder(trade_date);
        }
        this.#builder.add(row);
      }
    }
    const judged = this.#judged?.verdict.result() ?? null;
    await this.#refuse(judged);
    if (this.#rows === 0) throw new BellwetherError('data_empty', `${name}: The file holds no bars`);
    if (!(await this.#flush())) return 'has_volume_after_all';
    const { interval, import_id, dates } = present(this.#judged, 'what the first rows told');
    const verdict = present(judged, 'a verdict');
    const { has_volume, version, result } = verdict;
    return {
      ...{ import_id, interval, rows: this.#rows, has_volume },
      findings: verdict.findings.map(({ code, level, message, evidence }) => ({
        ...{ code, level, message, evidence },
      })),
      verdict: { version, result, accepted: result === 'refuse' },
      trade_dates: await dates.done(),
    };
  }

  #judge(row: CsvRow, line: number): void {
    this.#volume ||= row.volume > 0;
    this.#judged?.verdict.add(rawBarOf(row, this.options.instrument.tick_size_e4), line);
  }

  /**
   * Refuses the file for its lines, or for its verdict where the user has not accepted that.
   *
   * @throws BellwetherError `data_unreadable`, `data_refused`
   */
  async #refuse(judged: Verdict | null): Promise<void> {
    const { name, file, symbol, origin, trustTimes, foreign } = this.options;
    // Where many lines are bad, the file itself may be: its rows are judged as they are written. Of other layouts only rows
    // that could be read are rows.
    if (this.#problems.many && foreign === null) {
      const raw = (await judgeFile({ file, symbol, contract: null, origin, trustTimes })).result();
      if (raw.findings.some(speaksAgainstAll)) throw refused(name, raw, this.#problems.listed);
    }
    const refusals = judged === null || judged.result !== 'refuse' ? [] : refusalsOf(judged);
    if (this.#problems.any) this.#problems.refuse(refusals);
    if (judged === null || refusals.length === 0) return;
    if (this.options.acceptVerdict !== true || judged.findings.some(({ code }) => NEVER_ACCEPTED.has(code))) {
      throw refused(name, judged, []);
    }
  }

  async abandon(): Promise<void> {
    await this.#judged?.dates.abandon();
  }

  #begin(head: readonly CsvRow[]): void {
    const { folder, symbol, name, sha256, origin, instrument, contract, trustTimes, idOf } = this.options;
    let interval: IntervalName;
    try {
      interval = detectInterval(
        name,
        head.map(({ open_us }) => open_us),
      );
    } catch (error) {
      // With lines left out, the distances between the others tell nothing; the problems of those lines do.
      if (this.#problems.any) return;
      throw error;
    }
    const import_id = idOf(interval);
    const { tick_size_e4 } = instrument;
    this.#judged = {
      ...{ interval, import_id },
      verdict: new DataVerdict({
        subject: { ...present(subjectOf(symbol), 'a subject'), contract },
        ...{ origin, trustTimes },
      }),
      dates: new StagedDates(this.duckdb, {
        ...{ folder, symbol, interval, import_id, tick_size_e4, origin, source: name, source_sha256: sha256 },
      }),
    };
  }

  /** Hands on the trade date that has ended. False where the file has volume, and trade dates were written without. */
  async #flush(): Promise<boolean> {
    const builder = this.#builder;
    const judged = this.#judged;
    this.#builder = null;
    if (builder === null || builder.rows === 0) return true;
    // A file that will be refused is read on for its problems alone; bars outside the calendar (trade date 0) are one.
    if (judged === null || this.#problems.any || builder.trade_date === 0) return true;
    const volume = this.hasVolume || this.#volume;
    if (volume && this.#wroteWithout) return false;
    this.#wroteWithout ||= !volume;
    await judged.dates.add(builder.done(volume));
    return true;
  }
}
