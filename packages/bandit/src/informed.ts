import {
  EntryKind,
  ReasonCode,
  strategyParametersOf,
  type Bar,
  type ClosedTrade,
  type Frame,
  type Setup,
} from '@bellwether/contracts';
import { decisionId, present } from '@bellwether/kernel';
import { tradeDateAt } from '@bellwether/market';
import { afterPromotion, rulesAfter, type ModelSlots } from '@bellwether/model-slots';
import { afterTrades, nextDay } from './arm-days.js';
import { barsToRemember, stillOpen, tellsMarketTime } from './choices.js';
import { MODEL } from './confidence.js';
import { symbolOf } from './gates.js';
import { learnLinear, withContext } from './linucb.js';
import { NOTHING_LEARNED, withClosed, withWaiting } from './neural/neural-state.js';
import { TRUNK } from './neural/trunk.js';
import { learn } from './rewards.js';
import type { BanditStageState } from './state.js';

const NONE_CLOSED: readonly ClosedTrade[] = [];
const NO_TRUNKS: ModelSlots = [];

/** The state with all that the frame tells, before anything is chosen. */
export function informed(state: BanditStageState, frame: Frame): BanditStageState {
  const entry = present(frame.entry, 'the entry of a frame');
  const portfolio = frame.portfolio?.fault === null ? frame.portfolio : null;
  const today = tellsMarketTime(entry.kind) ? tradeDateAt(entry.event_us) : 0;
  const rolls = today > state.trade_date;
  const days = rolls ? nextDay(state.days) : state.days;
  const mayHaveTraded = entry.kind === EntryKind.FILL || entry.kind === EntryKind.CLOSE;
  const bar = newBar(frame);
  const closed = portfolio === null ? NONE_CLOSED : portfolio.closed;
  const config = entry.release === null ? state.config : entry.release.config;
  const { linucb_ridge = 0, linucb_kept = 0, record_kept = 0 } = config?.bandit ?? {};
  const learned = learn(state, closed, record_kept);
  return {
    config,
    parameters:
      entry.release === null
        ? state.parameters
        : strategyParametersOf(config === null ? [] : config.strategies),
    degraded: entry.mode === null ? state.degraded : entry.mode.degraded,
    arms: learned.arms,
    linear:
      closed.length === 0
        ? state.linear
        : learnLinear(state.linear, closed, { ridge: linucb_ridge, kept: linucb_kept }),
    neural: withClosed(state.neural ?? NOTHING_LEARNED, closed),
    rewarded: learned.rewarded,
    trade_date: rolls ? today : state.trade_date,
    days: mayHaveTraded && portfolio !== null ? afterTrades(days, portfolio) : days,
    bars: bar === null ? state.bars : withBar(state.bars, bar),
    choices: stillOpen(state.choices, entry, bar?.symbol ?? null),
    rules: rulesAfter(state.rules, entry),
    models: afterPromotion(state.models, entry, MODEL),
    trunks: afterPromotion(state.trunks ?? NO_TRUNKS, entry, TRUNK),
  };
}

/** The bar of the frame, where the features have taken it. */
function newBar({ entry, features }: Frame): Bar | null {
  const taken = features?.fault === null && features.reason === ReasonCode.OK;
  return taken ? (entry?.bar ?? null) : null;
}

function withBar(bars: readonly Bar[], bar: Bar): readonly Bar[] {
  if (bars.length === 1 && bars[0]!.symbol === bar.symbol) return [bar];
  return [...bars.filter((known) => known.symbol !== bar.symbol), bar];
}

/** The state with a choice that waits for its order and for its reward. */
export function remembering(
  state: BanditStageState,
  frame: Frame,
  setup: Setup,
  x: readonly number[] | null,
): BanditStageState {
  const entry = present(frame.entry, 'the entry of a frame');
  const { execution } = present(state.config, 'a configuration behind an open gate');
  const choice = {
    symbol: symbolOf(frame),
    decision_id: decisionId(frame.book, frame.seq),
    signal_id: entry.signal?.signal_id ?? '',
    expires_us: setup.expires_us,
    bars_left: barsToRemember(entry.kind, execution),
  };
  const { decision_id, symbol } = choice;
  const linear =
    x === null
      ? state.linear
      : withContext(state.linear, { symbol, decision_id, strategy: setup.strategy, x });
  const neural = withWaiting(
    state.neural ?? NOTHING_LEARNED,
    decision_id,
    setup.strategy,
    frame.features?.vector ?? null,
  );
  return { ...state, linear, neural, choices: [...state.choices, choice] };
}
