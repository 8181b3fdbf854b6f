import {
  IntentKind,
  OrderType,
  Side,
  SYMBOL_COST_DEFAULTS,
  type Frame,
  type RegimeState,
  type Setup,
} from '@bellwether/contracts';
import { decisionId, present } from '@bellwether/kernel';
import { instrumentOf } from '@bellwether/market';
import type { PlannedEnd, World } from '@bellwether/testkit';

const MINUTE_US = 60_000_000;
/** One of two contracts is taken off at the first target. */
const PARTIAL_SHARE = 0.5;

interface Chosen {
  readonly decision_id: string;
  readonly setup: Setup;
  readonly regime: RegimeState;
  readonly partial_share: number;
  readonly planned: PlannedEnd | null;
}

/** What a trade earns by what is seen where it is chosen; null: its end is nobody's. */
export type Pays = (frame: Frame, setup: Setup) => PlannedEnd | null;

/**
 * Tells a world of the trades of one book: of an entry at the market as it is chosen, for it fills at the next open; of a
 * stop or limit entry once it is filled, for nobody knows before whether it will be.
 */
export class EdgeFollower {
  #waiting: Chosen | null = null;
  readonly #slippage_ticks: number;
  readonly #fee_ticks: number;

  /**
   * Costs are those of a book that names no others.
   *
   * @param pays in the place of the edge that the world was given
   */
  constructor(
    private readonly world: World,
    symbol: keyof typeof SYMBOL_COST_DEFAULTS,
    private readonly pays: Pays | null = null,
  ) {
    const { slippage_ticks, fee_per_side_usd } = SYMBOL_COST_DEFAULTS[symbol];
    const { tick_value_cents } = present(instrumentOf(symbol), symbol);
    this.#slippage_ticks = slippage_ticks;
    this.#fee_ticks = (2 * 100 * fee_per_side_usd) / tick_value_cents;
  }

  /** The decision on a bar. */
  next(frame: Frame): void {
    const { entry, portfolio, seq } = frame;
    if ((portfolio?.closed ?? []).length > 0) this.world.release();
    const bar = entry?.bar ?? null;
    if (bar === null || entry === null) return;
    this.#followFilled(frame);
    const chosen = chosenIn(frame, decisionId(entry.book, seq), this.pays);
    if (chosen === null) return;
    if (chosen.setup.order_type === OrderType.MARKET) {
      const sign = chosen.setup.side === Side.SHORT ? -1 : 1;
      this.#follow(chosen, bar.close_ticks + sign * this.#slippage_ticks);
    } else {
      this.#waiting = chosen;
    }
  }

  #followFilled({ portfolio }: Frame): void {
    const waiting = this.#waiting;
    const position = portfolio?.positions.find(({ decision_id }) => decision_id === waiting?.decision_id);
    if (waiting === null || position === undefined) return;
    this.#waiting = null;
    this.#follow(waiting, position.cost_ticks / position.quantity);
  }

  #follow({ setup, regime, partial_share, planned }: Chosen, entry_ticks: number): void {
    if (this.pays !== null && planned === null) return;
    const hasPartial = setup.tp1_r !== null && partial_share > 0;
    const trade = {
      strategy: setup.strategy,
      regime,
      side: setup.side,
      entry_ticks,
      stop_ticks: setup.stop_ticks,
      target_ticks: setup.target_ticks,
      partial: hasPartial ? { at_r: setup.tp1_r, share: partial_share } : null,
      fee_ticks: this.#fee_ticks,
      slippage_ticks: this.#slippage_ticks,
      time_stop_minutes: setup.time_stop_us === null ? null : setup.time_stop_us / MINUTE_US,
    };
    this.world.follow(trade, planned);
  }
}

function chosenIn(frame: Frame, decision_id: string, pays: Pays | null): Chosen | null {
  const { risk, bandit, regime } = frame;
  const intent = (risk?.intents ?? []).find(({ kind }) => kind === IntentKind.ENTER);
  const setup = bandit?.candidates[bandit.chosen ?? -1]?.setup ?? null;
  if (intent === undefined || setup === null || regime === null) return null;
  const known = { decision_id, setup, regime: regime.state };
  if (pays === null) return { ...known, partial_share: PARTIAL_SHARE, planned: null };
  // A single contract has no part to take off.
  const partial_share = (intent.tp1_quantity ?? 0) / intent.quantity;
  return { ...known, partial_share, planned: pays(frame, setup) };
}
