import { chicagoText } from '@bellwether/market';
import {
  candleChart,
  dateText,
  html,
  legend,
  responsive,
  type AxisMark,
  type Candle,
  type Html,
  type RibbonPart,
  type Section,
  type TradeMark,
} from '@bellwether/report';
import type { BacktestReport, RegimeSpan, ReportCandles, ReportTrade } from '../report-model.js';
import { REGIME_LEGEND, plain, regimeName, regimeTone, toneOf, usd } from './figure-text.js';

/** On a phone several bars are drawn as one. */
const PHONE_BARS = 3;
const HOURS_A_MARK = 2;
/** More than a trade date has room for: a file whose bars lie years apart must not draw a mark for each hour of them. */
const HOUR_MARKS_MAX = 24;
const HOUR_US = 3_600_000_000;
/** Where a day has very many trades, the largest are drawn. */
const MARKS_MAX = 40;

type Bar = ReportCandles['bars'][number];

function joined(bars: readonly Bar[], size: number): readonly Bar[] {
  const found: Bar[] = [];
  for (let i = 0; i < bars.length; i += size) {
    const part = bars.slice(i, i + size);
    found.push({
      open_us: part[0]!.open_us,
      open: part[0]!.open,
      high: Math.max(...part.map(({ high }) => high)),
      low: Math.min(...part.map(({ low }) => low)),
      close: part.at(-1)!.close,
    });
  }
  return found;
}

/** `09:30` of Chicago. */
const clock = (us: number): string => chicagoText(us).slice(11, 16);

function hourMarks(bars: readonly Bar[]): readonly AxisMark[] {
  const first = bars[0]?.open_us ?? 0;
  const last = bars.at(-1)?.open_us ?? 0;
  const step = HOURS_A_MARK * HOUR_US;
  const from = Math.ceil(first / step) * step;
  const count = Math.max(0, Math.min(HOUR_MARKS_MAX, Math.floor((last - from) / step) + 1));
  return Array.from({ length: count }, (_, i) => from + i * step).map((at) => ({ at, label: clock(at) }));
}

export function tradeLabel(trade: ReportTrade): string {
  const r = trade.r === null ? 'R unknown' : `${plain(2)(trade.r)} R`;
  return `${trade.arm.toUpperCase()} ${trade.side} ${trade.quantity} ${trade.symbol}, ${regimeName(trade.regime)}, ${clock(trade.opened_us)} to ${clock(trade.closed_us)}: ${usd(trade.net_cents)}, ${r}, exit ${trade.exit_leg}`;
}

function marksOf(trades: readonly ReportTrade[]): readonly TradeMark[] {
  return [...trades]
    .sort((a, b) => Math.abs(b.net_cents) - Math.abs(a.net_cents))
    .slice(0, MARKS_MAX)
    .flatMap((trade) =>
      trade.entry_price === null || trade.exit_price === null
        ? []
        : [
            {
              long: trade.side === 'long',
              entry: [trade.opened_us, trade.entry_price] as const,
              exit: [trade.closed_us, trade.exit_price] as const,
              tone: toneOf(trade.net_cents),
              label: tradeLabel(trade),
            },
          ],
    );
}

function ribbonOf(spans: readonly RegimeSpan[]): readonly RibbonPart[] {
  return spans.map(({ from_us, to_us, regime }) => ({
    ...{ from: from_us, to: to_us, tone: regimeTone(regime) },
    label: `${regimeName(regime)}, ${clock(from_us)} to ${clock(to_us)}`,
  }));
}

function picture(day: ReportCandles, trades: readonly ReportTrade[], spans: readonly RegimeSpan[]): Html {
  const net = trades.reduce((sum, { net_cents }) => sum + net_cents, 0);
  const made = `${trades.length} ${trades.length === 1 ? 'trade' : 'trades'}, ${usd(net)}`;
  const title = `${day.symbol}, ${dateText(day.date)}: ${made}`;
  const parts = ribbonOf(spans);
  const marks = hourMarks(day.bars);
  const shown = marksOf(trades);
  const draw = responsive((width, phone) => {
    const size = phone ? PHONE_BARS : 1;
    const step = size * day.interval_us;
    const candles = joined(day.bars, size).map(({ open_us, ...prices }): Candle => ({
      at: open_us + step / 2,
      ...prices,
    }));
    const chart = { title, candles, step, trades: shown, parts, marks };
    return candleChart(chart, { width, height: phone ? 240 : 300 });
  });
  return html`<h3>${title}</h3>
    ${draw}`;
}

/** Days with trades as candles, each trade on them and the regimes under them. */
export function candleSection({ candles, trades, regimes }: BacktestReport): Section {
  const days = candles.filter(({ bars }) => bars.length > 0);
  const traded = new Set(trades.map(({ date, symbol }) => `${date} ${symbol}`)).size;
  const pictures = days.map((day) => {
    const from = day.bars[0]!.open_us;
    const to = day.bars.at(-1)!.open_us + day.interval_us;
    // A trade stands where it was opened.
    const own = trades.filter(
      ({ symbol, opened_us }) => symbol === day.symbol && opened_us >= from && opened_us < to,
    );
    const spans = regimes.filter(({ from_us, to_us }) => to_us > from && from_us < to);
    return picture(day, own, spans);
  });
  return {
    title: 'Trades on candles',
    lead: `${days.length} of ${traded} days with trades${days.length < traded ? ': the worst, the best and the latest' : ''}. Candles of 5 minutes (15 on a phone), hours of Chicago. A triangle is an entry and points its way, a ring is the exit; the ribbon below is the regime.`,
    body:
      days.length === 0
        ? html`<p class="missing">No day with trades is kept.</p>`
        : html`${pictures}${legend([
            { text: 'trade that gained', tone: 'good' },
            { text: 'trade that lost', tone: 'bad' },
          ])}
          ${legend(REGIME_LEGEND.map(({ text, tone }) => ({ text: `regime ${text}`, tone })))}`,
  };
}
