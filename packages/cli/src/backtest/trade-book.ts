import {
  ExecutionMode,
  FillLeg,
  OrderType,
  type BookConfig,
  type ClosedTrade,
  type Entry,
  type Fill,
  type Frame,
} from '@bellwether/contracts';
import { PAPER_SOURCE, lastBar, slippageTicks, type LastBar } from '@bellwether/execution';
import { instrumentOf } from '@bellwether/market';
import { NO_CALENDAR, withCalendar, type Calendar } from '@bellwether/streams';

/** A closed trade with what its fills tell. */
export interface TradeRow {
  readonly trade: ClosedTrade;
  readonly trade_date: number;
  /** Averages over the fills, in points; null where none named the decision. */
  readonly entry_price: number | null;
  readonly exit_price: number | null;
  /** What the assumed slippage took, in cents; null where a fill came from outside. */
  readonly slippage_cents: number | null;
}

interface Fills {
  entered: number;
  entry_sum: number;
  left: number;
  exit_sum: number;
  slippage_cents: number;
  outside: boolean;
}

const KEPT_ORDERS = 64;
/** Places of the bar's length and opening time in its entry id (architecture.md 4). */
const INTERVAL_PLACE = 2;
const OPEN_PLACE = 3;

/** Pairs fills with the trades that they made. What it keeps besides closed trades does not grow. */
export class TradeBook {
  readonly trades: TradeRow[] = [];
  fills = 0;
  ambiguous = 0;
  readonly #open = new Map<string, Fills>();
  readonly #orderTypes = new Map<string, OrderType>();
  readonly #bars = new Map<string, LastBar>();
  #config: BookConfig | null = null;
  /** Releases as the broker knows them: they widen slippage. */
  #calendar: Calendar = NO_CALENDAR;

  add({ entry, portfolio }: Frame): void {
    if (entry === null) return;
    this.#config = entry.release?.config ?? this.#config;
    const economic = entry.aux?.economic ?? null;
    if (economic !== null) this.#calendar = withCalendar(this.#calendar, economic, entry.known_us);
    if (entry.order !== null) this.#ordered(entry.order.intent_id, entry.order.order_type);
    if (entry.fill !== null) this.#filled(entry, entry.fill);
    if (entry.bar !== null) {
      const { symbol } = entry.bar;
      this.#bars.set(symbol, lastBar(entry.bar, this.#bars.get(symbol) ?? null));
    }
    for (const trade of portfolio?.closed ?? []) this.#closed(trade, portfolio?.day?.trade_date ?? 0);
  }

  #ordered(intent_id: string, type: OrderType): void {
    this.#orderTypes.set(intent_id, type);
    const [oldest] = this.#orderTypes.keys();
    if (this.#orderTypes.size > KEPT_ORDERS && oldest !== undefined) this.#orderTypes.delete(oldest);
  }

  #filled(entry: Entry, fill: Fill): void {
    this.fills += 1;
    if (fill.ambiguous) this.ambiguous += 1;
    if (fill.decision_id === null) return;
    const key = `${fill.decision_id} ${fill.symbol}`;
    const fills = this.#open.get(key) ?? {
      ...{ entered: 0, entry_sum: 0, left: 0, exit_sum: 0, slippage_cents: 0, outside: false },
    };
    if (fill.leg === FillLeg.ENTRY) {
      fills.entered += fill.quantity;
      fills.entry_sum += fill.quantity * fill.price_ticks;
    } else {
      fills.left += fill.quantity;
      fills.exit_sum += fill.quantity * fill.price_ticks;
    }
    const slippage = this.#slippage(entry, fill);
    if (slippage === null) fills.outside = true;
    else fills.slippage_cents += slippage;
    this.#open.set(key, fills);
  }

  /** What the broker took for slippage, by its own rule; null where the fill is not of the paper broker. */
  #slippage(entry: Entry, fill: Fill): number | null {
    const config = this.#config;
    const instrument = instrumentOf(fill.symbol);
    if (config?.execution !== ExecutionMode.PAPER || instrument === null || entry.source !== PAPER_SOURCE) {
      return null;
    }
    const profit = fill.leg === FillLeg.TP1 || fill.leg === FillLeg.TARGET;
    const limit =
      fill.leg === FillLeg.ENTRY && this.#orderTypes.get(fill.intent_id ?? '') === OrderType.LIMIT;
    if (profit || limit) return 0;
    const parts = fill.cause_id.split(':');
    const bar = { open_us: Number(parts[OPEN_PLACE]), interval_us: Number(parts[INTERVAL_PLACE]) };
    if (!Number.isSafeInteger(bar.open_us) || !Number.isSafeInteger(bar.interval_us)) return null;
    const last = this.#bars.get(fill.symbol) ?? null;
    const ticks = slippageTicks(config, instrument, bar, { last, calendar: this.#calendar });
    return ticks * fill.quantity * instrument.tick_value_cents;
  }

  #closed(trade: ClosedTrade, trade_date: number): void {
    const key = `${trade.decision_id} ${trade.symbol}`;
    const fills = this.#open.get(key);
    this.#open.delete(key);
    const tick = (instrumentOf(trade.symbol)?.tick_size_e4 ?? 0) / 10_000;
    const average = (sum: number, count: number): number | null =>
      count === 0 ? null : (sum / count) * tick;
    this.trades.push({
      trade,
      trade_date,
      entry_price: fills === undefined ? null : average(fills.entry_sum, fills.entered),
      exit_price: fills === undefined ? null : average(fills.exit_sum, fills.left),
      slippage_cents: fills === undefined || fills.outside ? null : fills.slippage_cents,
    });
  }
}
