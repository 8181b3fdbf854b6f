import path from 'node:path';
import { runBacktest } from '@bellwether/backtest';
import {
  Action,
  EntryKind,
  FillLegName,
  ReasonCodeName,
  RegimeStateName,
  Side,
  StrategyName,
  type BookConfig,
  type ClosedTrade,
  type Fill,
  type Frame,
  bookConfigOf,
} from '@bellwether/contracts';
import { noModels, readBookFile } from '@bellwether/host';
import { bookInputBatches, nextRelease } from '@bellwether/ingestion';
import { LINE, stageVersions } from '@bellwether/line';
import { tradeDateAt } from '@bellwether/market';
import { SAMPLE, sampleBars } from '@bellwether/testkit';
import type { RegimeSpan, ReportCandles, ReportDay, ReportTrade } from './report-model.js';

const CANDLE_US = 300_000_000;
const TICKS_A_POINT = 4;
const BOOK_FILE = path.resolve(import.meta.dirname, '../../../config/books/sample.yaml');

interface Leg {
  sum: number;
  quantity: number;
}

/** What a run of the line over the sample came to, read off its frames. */
export class SampleRun {
  readonly trades: ReportTrade[] = [];
  readonly days: ReportDay[] = [];
  readonly regimes: RegimeSpan[] = [];
  readonly candles = new Map<number, ReportCandles['bars']>();
  readonly refusals = new Map<string, number>();
  readonly counts = { bars: 0, entries: 0, fills: 0, ambiguous: 0, asked: 0, buys: 0, exits: 0 };
  config: BookConfig | null = null;
  digest = '';
  readonly #legs = new Map<string, { readonly entry: Leg; readonly exit: Leg }>();

  static async overSample(): Promise<SampleRun> {
    const { bookFile } = await readBookFile(BOOK_FILE);
    // The report is told of decisions, whoever made them: rules need no model here.
    const settings = bookConfigOf({ ...bookFile, policy: 'rules' });
    const run = new SampleRun();
    run.config = settings.config;
    const series = {
      symbol: SAMPLE.symbol,
      bars: sampleBars(),
      source: SAMPLE.source,
      origin: SAMPLE.origin,
    };
    const { digest } = await runBacktest({
      book: settings.config.book,
      stages: LINE,
      infer: noModels,
      inputs: bookInputBatches({
        config: settings.config,
        series: [series],
        release: nextRelease({ config: settings.config, stages: stageVersions(), latest: null }),
        from: null,
        to: null,
      }),
      signal: new AbortController().signal,
      onFrame: (frame) => {
        run.add(frame);
      },
    });
    run.digest = digest;
    return run;
  }

  private add(frame: Frame): void {
    this.counts.entries += 1;
    const { entry } = frame;
    if (entry?.fill) this.addFill(entry.fill);
    if (entry?.kind === EntryKind.BAR) this.addBar(frame);
    for (const trade of frame.portfolio?.closed ?? []) this.addTrade(trade);
    this.addDay(frame);
    this.addDecision(frame);
  }

  private addFill({ decision_id, leg, price_ticks, quantity, ambiguous }: Fill): void {
    this.counts.fills += 1;
    if (ambiguous) this.counts.ambiguous += 1;
    const id = decision_id ?? '';
    const legs = this.#legs.get(id) ?? { entry: { sum: 0, quantity: 0 }, exit: { sum: 0, quantity: 0 } };
    this.#legs.set(id, legs);
    const own = FillLegName[leg] === 'entry' ? legs.entry : legs.exit;
    own.sum += price_ticks * quantity;
    own.quantity += quantity;
  }

  private addBar(frame: Frame): void {
    const bar = frame.entry?.bar;
    if (!bar) return;
    this.counts.bars += 1;
    const date = tradeDateAt(bar.open_us);
    const bars = this.candles.get(date) ?? [];
    this.candles.set(date, bars);
    const open_us = bar.open_us - (bar.open_us % CANDLE_US);
    const [open, high, low, close] = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map(
      (ticks) => ticks / TICKS_A_POINT,
    ) as [number, number, number, number];
    const last = bars.at(-1);
    if (last?.open_us === open_us) {
      last.high = Math.max(last.high, high);
      last.low = Math.min(last.low, low);
      last.close = close;
    } else bars.push({ open_us, open, high, low, close });
    if (frame.regime !== null) this.addRegime(RegimeStateName[frame.regime.state], bar.open_us, date);
  }

  private addRegime(regime: string, open_us: number, date: number): void {
    const to_us = open_us + (this.config?.bar_interval_us ?? 0);
    const last = this.regimes.at(-1);
    if (last?.date === date && last.regime === regime) last.to_us = to_us;
    else this.regimes.push({ from_us: open_us, to_us, date, regime });
  }

  private addTrade(trade: ClosedTrade): void {
    const legs = this.#legs.get(trade.decision_id);
    const price = (leg: Leg | undefined): number | null =>
      leg === undefined || leg.quantity === 0 ? null : leg.sum / leg.quantity / TICKS_A_POINT;
    const before = this.trades.at(-1);
    const start = this.config?.account?.start_balance_cents ?? 0;
    const equity_cents = (before?.equity_cents ?? start) + trade.net_cents;
    const peak = Math.max(start, ...this.trades.map((one) => one.equity_cents), equity_cents);
    this.trades.push({
      id: trade.decision_id,
      symbol: trade.symbol,
      arm: StrategyName[trade.strategy],
      regime: RegimeStateName[trade.regime],
      side: trade.side === Side.LONG ? 'long' : 'short',
      quantity: trade.quantity,
      date: tradeDateAt(trade.opened_us),
      opened_us: trade.opened_us,
      closed_us: trade.closed_us,
      entry_price: price(legs?.entry),
      exit_price: price(legs?.exit),
      exit_leg: FillLegName[trade.exit_leg],
      gross_cents: trade.gross_cents,
      fees_cents: trade.fees_cents,
      // One tick a side, as the book says; thin hours take more.
      slippage_cents: 2 * 1_250 * trade.quantity,
      net_cents: trade.net_cents,
      risk_cents: trade.risk_cents,
      r: trade.net_r,
      mae_r: trade.mae_r,
      mfe_r: trade.mfe_r,
      ambiguous: trade.ambiguous,
      equity_cents,
      drawdown_cents: peak - equity_cents,
    });
  }

  private addDay(frame: Frame): void {
    const { day, account } = frame.portfolio ?? {};
    if (!day || !account || day.trade_date === 0 || frame.entry?.kind !== EntryKind.BAR) return;
    const before = this.days.at(-1);
    const last = before?.date === day.trade_date ? before : null;
    const previous = last === null ? before : this.days.at(-2);
    const start = account.start_balance_cents;
    const equity_cents = (previous?.equity_cents ?? start) + day.pnl_cents;
    const peak = Math.max(
      start,
      equity_cents,
      ...this.days.map((one) => (one === last ? 0 : one.equity_cents)),
    );
    const now: ReportDay = {
      date: day.trade_date,
      net_cents: day.pnl_cents,
      worst_cents: Math.min(0, last?.worst_cents ?? 0, account.worst_day_pnl_cents),
      best_cents: Math.max(0, last?.best_cents ?? 0, day.pnl_cents),
      fees_cents: day.fees_cents,
      trades: this.trades.filter(({ closed_us }) => tradeDateAt(closed_us) === day.trade_date).length,
      equity_cents,
      drawdown_cents: peak - equity_cents,
      headroom_cents: Math.min(last?.headroom_cents ?? Infinity, account.headroom_cents),
    };
    if (last === null) this.days.push(now);
    else this.days[this.days.length - 1] = now;
  }

  private addDecision({ risk }: Frame): void {
    if (risk === null || risk.action === Action.NONE) return;
    this.counts.asked += 1;
    if (risk.action === Action.BUY || risk.action === Action.SELL) this.counts.buys += 1;
    else if (risk.action === Action.EXIT) this.counts.exits += 1;
    else {
      const reason = ReasonCodeName[risk.reason];
      this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
    }
  }
}
