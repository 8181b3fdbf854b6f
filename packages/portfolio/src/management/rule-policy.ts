import { ReasonCode, TradeAction, type ManagementConfig } from '@bellwether/contracts';
import { signOf } from '../levels.js';
import { atrCandidate, isKnown, rOf, structureCandidate, type TradeView } from './trade-view.js';

/** What a policy wants to do with a trade, and why. */
export interface Wish {
  readonly action: TradeAction;
  readonly reason: ReasonCode;
}

/** Chooses among the permitted actions. An agent that takes its place chooses from the same list. */
export type ManagementPolicy = (
  view: TradeView,
  permitted: readonly TradeAction[],
  config: ManagementConfig,
) => Wish;

const HOLD: Wish = { action: TradeAction.HOLD, reason: ReasonCode.OK };

/**
 * The rules, first that applies (the README of this package gives them in words): close what lost its regime and does
 * not pay; sell a quarter once; let the stop trail; tighten after a gain was given back; hold.
 */
export const rulePolicy: ManagementPolicy = (view, permitted, config) => {
  const r = rOf(view, view.close_ticks);
  const best_r = rOf(view, view.best_ticks);
  if (r === null || best_r === null) return { action: TradeAction.HOLD, reason: ReasonCode.NO_PLAN };
  const wishes = [
    regimeLeft(view, r, config) ? wish(TradeAction.CLOSE, ReasonCode.REGIME_LEFT) : null,
    !view.partial_taken && r >= config.take_partial_r
      ? wish(TradeAction.TAKE_PARTIAL_25, ReasonCode.PROFIT_TAKEN)
      : null,
    view.trail === TradeAction.HOLD && best_r >= config.trail_from_r ? trailWish(view, config) : null,
    givenBack(view, r, best_r, config) ? wish(TradeAction.TIGHTEN, ReasonCode.GAIN_GIVEN_BACK) : null,
  ];
  return wishes.find((item) => item !== null && permitted.includes(item.action)) ?? HOLD;
};

function wish(action: TradeAction, reason: ReasonCode): Wish {
  return { action, reason };
}

function regimeLeft(view: TradeView, r: number, config: ManagementConfig): boolean {
  const { regime, entry_regime } = view;
  return (
    isKnown(regime) && isKnown(entry_regime) && regime !== entry_regime && r <= config.close_regime_left_r
  );
}

/** The nearer of the two trails: the structure where the market left one inside the ATR's distance. */
function trailWish(view: TradeView, config: ManagementConfig): Wish {
  const byAtr = atrCandidate(view, config);
  const structure = structureCandidate(view);
  const nearer =
    structure !== null && (byAtr === null || signOf(view.side) * (structure.stop_ticks - byAtr) > 0);
  if (!nearer) return wish(TradeAction.TRAIL_ATR, ReasonCode.PROFIT_TRAILED);
  return wish(
    TradeAction.TRAIL_STRUCTURE,
    structure.by_zone ? ReasonCode.ZONE_FOLLOWED : ReasonCode.SWING_FOLLOWED,
  );
}

/** Once for each best price: the trade has to reach further before it is tightened again. */
function givenBack(view: TradeView, r: number, best_r: number, config: ManagementConfig): boolean {
  if (view.trail !== TradeAction.HOLD || view.tightened_best_ticks === view.best_ticks) return false;
  return best_r >= config.tighten_from_r && r <= config.tighten_kept_share * best_r;
}
