import { markOf, type Verdict } from '@bellwether/verdict';
import { judgedData, type JudgedData, type JudgedDataOptions } from '../data/judged-data.js';
import { SYNTHETIC_LINE } from '../replay/report.js';

/** What a shell is told where the data cannot be believed. */
const REFUSED_EXIT = 2;
const KINDS: Readonly<Record<Verdict['kind'], string>> = {
  future: 'a future',
  cash_index: 'a cash index',
  etf: 'a fund',
};

const count = (value: number): string => value.toLocaleString('en-US');

export function lengthText(interval_us: number | null): string {
  if (interval_us === null) return 'of no fixed length';
  const minutes = interval_us / 60_000_000;
  return `of ${minutes} minute${minutes === 1 ? '' : 's'}`;
}

/** A verdict for people: the result first, then what it rests on, the worst first. */
export function renderVerdict({ title, elapsedMs }: JudgedData, verdict: Verdict): string {
  const { symbol, kind, rows, interval_us, result, origin, findings } = verdict;
  const speed = elapsedMs > 0 ? ` (${count(Math.round((1_000 * rows) / elapsedMs))} rows/s)` : '';
  const lines = [
    ...(origin === 'synthetic' ? [SYNTHETIC_LINE] : []),
    `${title}: ${count(rows)} bars ${lengthText(interval_us)}, judged as ${symbol}, ${KINDS[kind]}${speed}`,
    `verdict: ${result}`,
  ];
  for (const { level, code, message, next } of findings) {
    lines.push(`  ${level} ${code}: ${message}`);
    if (level !== 'note') lines.push(`    next: ${next}`);
  }
  return lines.join('\n');
}

/** `bw data verdict`: exit code 2 where the data cannot be believed. */
export async function dataVerdict(
  bars: string | undefined,
  options: JudgedDataOptions & { readonly json?: boolean },
): Promise<void> {
  const judged = await judgedData(bars, options);
  const verdict = judged.verdict.result();
  const { reason } = markOf(verdict, judged.title);
  const text =
    options.json === true
      ? JSON.stringify({ source: judged.title, ...verdict, reason }, null, 2)
      : renderVerdict(judged, verdict);
  process.stdout.write(`${text}\n`);
  if (verdict.result === 'refuse') process.exitCode = REFUSED_EXIT;
}
