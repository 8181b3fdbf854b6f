import { barLength } from './bar-length.js';
import type { RawBar } from './bar.js';
import { BarJudge, type JudgedBars } from './bar-judge.js';
import { FINDING_CODES, finding, type FindingLevel, type VerdictFinding } from './codes.js';
import type { Subject } from './subject.js';

/** Raised when the same bars would be judged in another way. */
export const VERDICT_VERSION = 1;
/** Bars that are held back until their length is known. */
const HEAD_BARS = 5_000;

export type VerdictResult = 'pass' | 'warn' | 'refuse';

export interface VerdictOptions {
  readonly subject: Subject;
  /** What the user says the bars are. Bars marked synthetic are judged too, and never called market data. */
  readonly origin: 'market' | 'synthetic';
  /** The user vouches for the stamps: what speaks against them is told and refuses nothing. */
  readonly trustTimes: boolean;
}

/** What is to be thought of a bar file. */
export interface Verdict {
  readonly version: number;
  readonly result: VerdictResult;
  readonly origin: 'market' | 'synthetic';
  readonly symbol: string;
  readonly kind: Subject['kind'];
  readonly rows: number;
  /** Null for bars of no fixed length. */
  readonly interval_us: number | null;
  readonly has_volume: boolean;
  /** Refusals first, then warnings, then notes. */
  readonly findings: readonly VerdictFinding[];
}

const ORDER: Readonly<Record<FindingLevel, number>> = { refuse: 0, warn: 1, note: 2 };

/**
 * Says of bars whether they can be believed (domain.md 3.3 and seed-system.md 12.1): a state machine over bars as they come,
 * in bounded memory. The same bars in the same order give the same verdict.
 */
export class DataVerdict {
  #head: { readonly bar: RawBar; readonly line: number }[] | null = [];
  #judge: BarJudge | null = null;
  #rows = 0;
  readonly #unreadable = { count: 0, line: 0 };

  constructor(private readonly options: VerdictOptions) {}

  /** A line of the file that is no bar. */
  unreadable(line: number): void {
    if (this.#unreadable.count === 0) this.#unreadable.line = line;
    this.#unreadable.count++;
  }

  /** `line`: where the bar stands in its file, for messages. */
  add(bar: RawBar, line: number): void {
    this.#rows++;
    if (this.#judge !== null) {
      this.#judge.add(bar, line);
      return;
    }
    this.#head?.push({ bar, line });
    if (this.#head !== null && this.#head.length >= HEAD_BARS) this.#begin();
  }

  #begin(): BarJudge {
    const head = this.#head ?? [];
    const judge = new BarJudge(this.options.subject, barLength(head.map(({ bar }) => bar.open_us)));
    for (const { bar, line } of head) judge.add(bar, line);
    this.#head = null;
    this.#judge = judge;
    return judge;
  }

  /** What was counted, for pictures. */
  get judged(): JudgedBars {
    return (this.#judge ?? this.#begin()).judged;
  }

  result(): Verdict {
    const judge = this.#judge ?? this.#begin();
    const { subject, origin } = this.options;
    const found = judge.findings().map((one) => this.#softened(one));
    const { count, line } = this.#unreadable;
    if (count > 0) {
      const message = `Lines that are no rows of bars: ${count} (first: line ${line})`;
      found.push(finding('rows_unreadable', 'refuse', message, { lines: count }));
    }
    if (origin === 'synthetic') {
      found.push(finding('synthetic', 'warn', 'Made by a generator and marked so: not market data'));
    }
    const trusted = this.options.trustTimes && found.some(({ code }) => code === 'times_trusted');
    const findings = [...found].sort((a, b) => ORDER[a.level] - ORDER[b.level]);
    const worst = findings[0]?.level ?? 'note';
    return {
      version: VERDICT_VERSION,
      result: worst === 'refuse' ? 'refuse' : worst === 'warn' || trusted ? 'warn' : 'pass',
      origin,
      symbol: subject.symbol,
      kind: subject.kind,
      rows: this.#rows,
      interval_us: judge.interval_us,
      has_volume: judge.hasVolume,
      findings,
    };
  }

  /** Stamps that the user vouches for, and bars that he says are made up, are not refused for it. */
  #softened(one: VerdictFinding): VerdictFinding {
    if (one.level !== 'refuse') return one;
    const { group } = FINDING_CODES[one.code];
    if (this.options.trustTimes && group === 'time' && one.code !== 'outside_calendar') {
      return finding('times_trusted', 'warn', one.message, one.evidence);
    }
    const marked = this.options.origin === 'synthetic' && group === 'truth' && one.code !== 'off_tick_grid';
    return marked ? { ...one, level: 'warn' } : one;
  }
}
