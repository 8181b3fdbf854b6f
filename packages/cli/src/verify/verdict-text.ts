import { tradeDateAt } from '@bellwether/market';
import { dateText } from '@bellwether/report';
import { number, timeText } from '../audit/verdict-report.js';
import type { DayVerdict } from './verify-day.js';

const LABEL = 12;

/** What a recomputation has found, for people. `models`: how their answers were had. */
export function renderDay(verdict: DayVerdict, models: 'asked again' | 'as recorded', ms: number): string {
  const { book, day, divergence } = verdict;
  const what =
    day === null ? `book ${book}, all that is recorded` : `book ${book}, trade date ${dateText(day)}`;
  const lines = [`${what}: ${divergence === null ? 'zero differences' : 'DIVERGED'}`];
  const tell = (name: string, text: string): void => {
    lines.push(`  ${name.padEnd(LABEL)} ${text}`);
  };
  if (verdict.synthetic) tell('data', 'SYNTHETIC');
  if (divergence !== null) {
    const { entry, book_time_us, difference } = divergence;
    const date = tradeDateAt(book_time_us);
    const before = day !== null && date < day ? ', BEFORE the day, whose states rest on it' : '';
    tell(
      'first',
      `frame ${number(difference.seq)}, trade date ${date === 0 ? '-' : dateText(date)}${before}`,
    );
    tell('entry', `${entry.id} of ${timeText(entry.known_us)}`);
    tell('stage', difference.stage);
    tell('field', difference.field === '' ? '(the part itself)' : difference.field.replace(/^\./, ''));
    tell('recorded', difference.stored);
    tell('computed', difference.computed);
    tell('same so far', `${number(verdict.before + verdict.entries)} frames`);
    return lines.join('\n');
  }
  const rate =
    ms > 0 ? `, ${number(Math.round((1_000 * (verdict.before + verdict.entries)) / ms))} a second` : '';
  const early =
    verdict.before === 0 ? '' : `, behind ${number(verdict.before)} before it, which are the same too`;
  tell('entries', `${number(verdict.entries)} computed again and compared${early}${rate}`);
  tell('decisions', `${number(verdict.decisions)} in their frames`);
  tell('models', `${number(verdict.answers)} answers, ${models}`);
  if (day === null && verdict.first_date !== null && verdict.last_date !== null) {
    tell('trade dates', `${dateText(verdict.first_date)} to ${dateText(verdict.last_date)}`);
  }
  tell('digest', verdict.digest);
  return lines.join('\n');
}
