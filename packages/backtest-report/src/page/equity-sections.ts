import {
  MONTHS,
  barChart,
  calendar,
  dateText,
  html,
  legend,
  lineChart,
  responsive,
  type AxisMark,
  type Html,
  type LineSeries,
  type Section,
} from '@bellwether/report';
import type { BacktestReport, ReportDay } from '../report-model.js';
import { toneOf, usd } from './figure-text.js';
import { thinned, type Point } from './thinned.js';

/** More points than a screen has columns are not seen. */
const POINTS_MAX = 500;
/** Bars narrower than a pixel are not seen either: then days are added up to weeks. */
const BARS_MAX = 300;
const DAYS_A_BAR = 5;

/** `first`: the place of the first day on the axis; `scale`: days at one place. */
function dayMarks(days: readonly ReportDay[], first = 0, scale = 1): readonly AxisMark[] {
  const marks: AxisMark[] = [];
  let month = 0;
  days.forEach(({ date }, i) => {
    const own = Math.floor(date / 100);
    if (own !== month) {
      const name = MONTHS[(own % 100) - 1] ?? '';
      marks.push({ at: first + i / scale, label: `${name} ${Math.floor(own / 100)}` });
    }
    month = own;
  });
  return marks;
}

const dollars = (cents: number): number => cents / 100;

function lines(
  title: string,
  series: readonly LineSeries[],
  marks: readonly AxisMark[],
  levels: readonly { readonly at: number; readonly tone: 'quiet' | 'bad'; readonly label: string }[],
): Html {
  return responsive((width, phone) =>
    lineChart({ title, series, marks, levels }, { width, height: phone ? 180 : 240 }),
  );
}

const empty = (text: string): Html => html`<p class="missing">${text}</p>`;

/** Equity at the end of each day and after each trade, and how far below its highest. */
export function equitySection({ days, trades, trades_total, account }: BacktestReport): Section {
  const start = dollars(account.start_balance_cents);
  const byDay: Point[] = [[0, start], ...days.map((day, i): Point => [i + 1, dollars(day.equity_cents)])];
  const fall: Point[] = [[0, 0], ...days.map((day, i): Point => [i + 1, -dollars(day.drawdown_cents)])];
  const byTrade: Point[] = [[0, start], ...trades.map((one, i): Point => [i + 1, dollars(one.equity_cents)])];
  const level = [{ at: start, tone: 'quiet' as const, label: 'start' }];
  const zero = [{ at: 0, tone: 'quiet' as const, label: '' }];
  const marks = dayMarks(days, 1);
  const numbers = [0.25, 0.5, 0.75].map((share) => {
    const at = Math.max(1, Math.round(share * trades.length));
    return { at, label: `trade ${at.toLocaleString('en-US')}` };
  });
  const cut = trades.length < trades_total ? `, the first ${trades.length.toLocaleString('en-US')}` : '';
  const line = (points: readonly Point[], tone: 'main' | 'bad' | 'second'): LineSeries => ({
    tone,
    points: thinned(points, POINTS_MAX),
  });
  return {
    title: 'Equity and drawdown',
    lead: 'US dollars, after all costs. Drawdown is from the highest end of a day so far, the start included.',
    body:
      days.length === 0
        ? empty('No day was decided on.')
        : html`<h3>Equity at the end of each day</h3>
            ${lines('Equity at the end of each day', [line(byDay, 'main')], marks, level)}
            <h3>Drawdown</h3>
            ${lines('Drawdown', [line(fall, 'bad')], marks, zero)}
            <h3>Equity after each trade${cut}</h3>
            ${trades.length === 0 ? empty('No trade was made.') : lines('Equity after each trade', [line(byTrade, 'second')], numbers, level)}`,
  };
}

interface DayBar {
  readonly net: number;
  readonly label: string;
}

function dayBars(days: readonly ReportDay[]): { readonly bars: readonly DayBar[]; readonly size: number } {
  const size = days.length > BARS_MAX ? DAYS_A_BAR : 1;
  const bars: DayBar[] = [];
  for (let i = 0; i < days.length; i += size) {
    const part = days.slice(i, i + size);
    const net = part.reduce((sum, { net_cents }) => sum + net_cents, 0);
    const [first, last] = [dateText(part[0]!.date), dateText(part.at(-1)!.date)];
    bars.push({ net: dollars(net), label: `${first === last ? first : `${first} to ${last}`}: ${usd(net)}` });
  }
  return { bars, size };
}

/** Net result of each day: a calendar, then bars. */
export function dailySection({ days }: BacktestReport): Section {
  const most = Math.max(1, ...days.map(({ net_cents }) => Math.abs(net_cents)));
  const cells = days.map(({ date, net_cents, trades }) => ({
    date,
    tone: toneOf(net_cents),
    // The root lets small days be told from none beside one very large.
    strength: net_cents === 0 ? 0.25 : 0.3 + 0.7 * Math.sqrt(Math.abs(net_cents) / most),
    label: `${dateText(date)}: ${usd(net_cents)}, ${trades} ${trades === 1 ? 'trade' : 'trades'}`,
  }));
  const { bars, size } = dayBars(days);
  const chart = {
    title: 'Net result',
    values: bars.map(({ net }) => net),
    labels: bars.map(({ label }) => label),
    tones: bars.map(({ net }) => toneOf(net)),
    marks: dayMarks(days, 0, size),
  };
  const what = size === 1 ? 'each day' : `every ${size} days`;
  return {
    title: 'Daily profit and loss',
    lead: 'Each square is a trade date; the larger the result, the stronger its colour.',
    body:
      days.length === 0
        ? empty('No day was decided on.')
        : html`${calendar('Daily results', cells)}${legend([
              { text: 'gain', tone: 'good' },
              { text: 'loss', tone: 'bad' },
              { text: 'no result', tone: 'quiet' },
            ])}
            <h3>Net result of ${what}, in US dollars</h3>
            ${responsive((width, phone) => barChart(chart, { width, height: phone ? 160 : 200 }))}`,
  };
}

/** How near each day came to the floor of the largest loss. */
export function headroomSection({ days, account }: BacktestReport): Section {
  const points = days.flatMap(({ headroom_cents }, i): Point[] =>
    headroom_cents === null ? [] : [[i + 1, dollars(headroom_cents)]],
  );
  const least = points.reduce((low, [, y]) => Math.min(low, y), Infinity);
  const levels = [{ at: 0, tone: 'bad' as const, label: 'the account is lost' }];
  return {
    title: 'Headroom to the maximum loss limit',
    lead:
      points.length === 0
        ? 'The worst equity of each day above the floor of the account.'
        : `The worst equity of each day above the floor of ${account.profile ?? 'the account'}, in US dollars; the least was ${usd(100 * least)}.`,
    body:
      points.length === 0
        ? empty('missing: the book has no account profile')
        : lines(
            'Headroom',
            [{ tone: 'main', points: thinned(points, POINTS_MAX) }],
            dayMarks(days, 1),
            levels,
          ),
  };
}
