import { chicagoText, civilOf, sessionAfter, sessionAt, sessionOf } from '@bellwether/market';
import {
  MONTHS,
  calendar,
  dateText,
  html,
  legend,
  table,
  type CalendarDay,
  type Section,
} from '@bellwether/report';
import type { DateCoverage } from '@bellwether/verdict';
import type { RawColumns } from './raw-columns.js';

/** Share of its bars that a day needs to be called whole. */
const WHOLE = 0.98;
const GAPS_SHOWN = 12;
const DAY_US = 86_400_000_000;
const MINUTE_US = 60_000_000;

/** Every trade date between the first and the last, also those without a bar. */
function allDates(dates: readonly DateCoverage[]): readonly DateCoverage[] {
  const [first] = dates;
  const last = dates.at(-1);
  if (first === undefined || last === undefined) return [];
  const known = new Map(dates.map((date) => [date.trade_date, date]));
  const found: DateCoverage[] = [];
  let session = sessionOf(first.trade_date);
  while (session !== null && session.trade_date <= last.trade_date) {
    const { trade_date, full_day } = session;
    found.push(known.get(trade_date) ?? { trade_date, bars: 0, expected: 1, full_day });
    session = sessionAfter(session.open_us);
  }
  return found;
}

function cellOf({ trade_date, bars, expected, full_day }: DateCoverage): CalendarDay {
  const share = expected === 0 ? 1 : Math.min(1, bars / expected);
  const tone = bars === 0 ? 'bad' : share >= WHOLE ? (full_day ? 'good' : 'main') : 'warn';
  const what = bars === 0 ? 'no bar' : `${bars} of ${Math.round(expected)} bars`;
  return {
    date: trade_date,
    tone,
    strength: bars === 0 ? 0.55 : share >= WHOLE ? 0.85 : Math.max(0.35, share),
    label: `${dateText(trade_date)}: ${what}${full_day ? '' : ', short day'}`,
  };
}

export function calendarSection(dates: readonly DateCoverage[]): Section {
  const all = allDates(dates);
  const empty = html`<p>The trading calendar (2013 to 2027) does not cover these bars.</p>`;
  return {
    title: 'Sessions',
    lead: 'Each square is a trade date of the exchange calendar; the more bars of it are there, the stronger its colour.',
    body:
      all.length === 0
        ? empty
        : html`${calendar('Trade dates', all.map(cellOf))}${legend([
            { text: 'whole day', tone: 'good' },
            { text: 'whole short day', tone: 'main' },
            { text: 'bars missing', tone: 'warn' },
            { text: 'no bar', tone: 'bad' },
          ])}`,
  };
}

interface Gap {
  readonly from_us: number;
  readonly minutes: number;
}

/** Holes inside sessions, the longest first. */
function gapsOf(bars: RawColumns, interval_us: number): readonly Gap[] {
  const found: Gap[] = [];
  for (let i = 1; i < bars.length; i++) {
    const from_us = bars.openAt(i - 1) + interval_us;
    const hole_us = bars.openAt(i) - from_us;
    if (hole_us <= 0 || hole_us > DAY_US) continue;
    const session = sessionAt(from_us);
    const halt =
      session !== null && session.halt_from_us === from_us && session.halt_to_us === bars.openAt(i);
    if (session === null || halt || bars.openAt(i) >= session.close_us) continue;
    found.push({ from_us, minutes: hole_us / MINUTE_US });
  }
  return found.sort((a, b) => b.minutes - a.minutes || a.from_us - b.from_us);
}

export function gapsSection(bars: RawColumns, dates: readonly DateCoverage[], interval_us: number): Section {
  const gaps = gapsOf(bars, interval_us);
  const without = allDates(dates).filter((date) => date.bars === 0);
  const minutes = gaps.reduce((sum, gap) => sum + gap.minutes, 0);
  const rows = gaps
    .slice(0, GAPS_SHOWN)
    .map(({ from_us, minutes: long }) => [chicagoText(from_us), long.toLocaleString('en-US')]);
  const named = without.map(({ trade_date }) => dateText(trade_date)).join(', ');
  return {
    title: 'Gaps',
    lead:
      `${gaps.length.toLocaleString('en-US')} holes inside sessions, ${minutes.toLocaleString('en-US')} minutes together; ` +
      `${without.length} trade dates without a bar. A minute without a trade has no bar either.`,
    body: html`${rows.length === 0 ? html`<p>No hole inside a session.</p>` : table(['from', 'minutes'], rows, [1])}
    ${without.length === 0 ? null : html`<p class="legend">Without a bar: ${named}</p>`}`,
  };
}

/** For the axis of a chart over time. */
export function dayText(us: number): string {
  const { year, month, day } = civilOf(Math.floor(us / DAY_US));
  return `${day} ${MONTHS[month - 1] ?? ''} ${String(year).slice(2)}`;
}
