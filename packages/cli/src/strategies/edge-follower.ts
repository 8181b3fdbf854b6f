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
import type { World } from '@bellwether/testkit';

const MINUTE_US = 60_000_000;
/** One of two contracts is taken off at the first target. */
const PARTIAL_SHARE = 0.5;

interface Chosen {
  readonly decision_id: string;
  readonly setup: Setup;
  readonly regime: RegimeState;
}

/**
 * Tells a world of the trades of one book: of an entry at the market as it is chosen, for it fills at the next open; of a
 * stop or limit entry once it is filled, for nobody knows before whether it will be.
 */
export class EdgeFollower {
  #waiting: Chosen | null = null;
  readonly #slippage_ticks: number;
  readonly #fee_ticks: number;

  /** Costs are those of a book that names no others. */
  constructor(
    private readonly world: World,
    symbol: keyof typeof SYMBOL_COST_DEFAULTS,
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
    const chosen = chosenIn(frame, decisionId(entry.book, seq));
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

  #follow({ setup, regime }: Chosen, entry_ticks: number): void {
    this.world.follow({
      strategy: setup.strategy,
      regime,
      side: setup.side,
      entry_ticks,
      stop_ticks: setup.stop_ticks,
      target_ticks: setup.target_ticks,
      partial: setup.tp1_r === null ? null : { at_r: setup.tp1_r, share: PARTIAL_SHARE },
      fee_ticks: this.#fee_ticks,
      slippage_ticks: this.#slippage_ticks,
      time_stop_minutes: setup.time_stop_us === null ? null : setup.time_stop_us / MINUTE_US,
    });
  }
}

function chosenIn({ risk, bandit, regime }: Frame, decision_id: string): Chosen | null {
  if (!(risk?.intents ?? []).some(({ kind }) => kind === IntentKind.ENTER)) return null;
  const setup = bandit?.candidates[bandit.chosen ?? -1]?.setup ?? null;
  return setup === null || regime === null ? null : { decision_id, setup, regime: regime.state };
}
