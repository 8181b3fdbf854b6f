import {
  Action,
  ActionName,
  DataOrigin,
  EntryKind,
  ReasonCodeName,
  TradeActionName,
  type BookConfig,
  type ClosedTrade,
  type Frame,
  type PortfolioPart,
} from '@bellwether/contracts';

/** What a run did, counted from its decision frames alone. */
export interface RunSummary {
  readonly book: string;
  readonly synthetic: boolean;
  readonly frames: number;
  readonly bars: number;
  readonly sessions: number;
  /** Frames that were asked for a decision, by action and binding reason. */
  readonly decisions: readonly { readonly action: string; readonly reason: string; readonly count: number }[];
  readonly trades: readonly ClosedTrade[];
  readonly netCents: number;
  readonly feesCents: number;
  /** Share of decision bars with the regime gate closed, 0 to 1; null without any. */
  readonly gatedShare: number | null;
  readonly fills: number;
  readonly ambiguousFills: number;
  readonly openPositions: number;
  /** Of the last release; null before one. */
  readonly config: BookConfig | null;
  /** What trade management did at the bars of open trades: action and count. */
  readonly managed: readonly { readonly action: string; readonly count: number }[];
  readonly stopMoves: number;
}

/** Adds up frames in order. */
export class SummaryCollector {
  private frames = 0;
  private bars = 0;
  private asked = 0;
  private gated = 0;
  private fills = 0;
  private ambiguous = 0;
  private openPositions = 0;
  private synthetic = false;
  private book = '';
  private readonly sessions = new Set<number>();
  private readonly counts = new Map<string, number>();
  private readonly trades: ClosedTrade[] = [];
  private readonly actions = new Map<string, number>();
  private stopMoves = 0;
  private config: BookConfig | null = null;

  add(frame: Frame): void {
    this.frames += 1;
    this.book = frame.book;
    this.synthetic ||= frame.origin === DataOrigin.SYNTHETIC;
    const kind = frame.entry?.kind;
    if (kind === EntryKind.BAR) this.bars += 1;
    const tradeDate = frame.features?.clock?.trade_date ?? 0;
    if (kind === EntryKind.BAR && tradeDate !== 0) this.sessions.add(tradeDate);
    if (frame.entry?.fill) {
      this.fills += 1;
      if (frame.entry.fill.ambiguous) this.ambiguous += 1;
    }
    this.config = frame.entry?.release?.config ?? this.config;
    this.addManagement(frame.portfolio);
    this.trades.push(...(frame.portfolio?.closed ?? []));
    this.openPositions = frame.portfolio?.positions.length ?? this.openPositions;
    this.addDecision(frame);
  }

  private addManagement(part: PortfolioPart | null): void {
    if (part === null) return;
    this.stopMoves += part.stop_moves.length;
    for (const { action } of part.management) {
      const name = TradeActionName[action];
      this.actions.set(name, (this.actions.get(name) ?? 0) + 1);
    }
  }

  private addDecision(frame: Frame): void {
    const risk = frame.risk;
    if (risk === null || risk.action === Action.NONE) return;
    const key = `${ActionName[risk.action]} ${ReasonCodeName[risk.reason]}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    if (frame.entry?.kind !== EntryKind.BAR) return;
    this.asked += 1;
    if (frame.regime?.gate_open !== true) this.gated += 1;
  }

  summary(): RunSummary {
    const decisions = [...this.counts].map(([key, count]) => {
      const [action = '', reason = ''] = key.split(' ');
      return { action, reason, count };
    });
    decisions.sort((a, b) => a.action.localeCompare(b.action) || b.count - a.count);
    return {
      book: this.book,
      synthetic: this.synthetic,
      frames: this.frames,
      bars: this.bars,
      sessions: this.sessions.size,
      decisions,
      trades: this.trades,
      netCents: this.trades.reduce((sum, trade) => sum + trade.net_cents, 0),
      feesCents: this.trades.reduce((sum, trade) => sum + trade.fees_cents, 0),
      gatedShare: this.asked === 0 ? null : this.gated / this.asked,
      fills: this.fills,
      ambiguousFills: this.ambiguous,
      openPositions: this.openPositions,
      config: this.config,
      managed: [...this.actions]
        .map(([action, count]) => ({ action, count }))
        .sort((a, b) => b.count - a.count),
      stopMoves: this.stopMoves,
    };
  }
}
