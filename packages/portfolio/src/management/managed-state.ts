import type { Bar, ExitRequest, Frame, StopMove, TradeManagement } from '@bellwether/contracts';
import { tighterStop } from '../levels.js';
import { withManagement, type OpenPosition, type PortfolioState } from '../state.js';
import { manage, surroundingsOf, type ManagedTrade } from './manage.js';
import { withBar } from './swings.js';

/** What trade management says of an entry. */
export interface Management {
  readonly state: PortfolioState;
  readonly messages: readonly TradeManagement[];
  readonly exits: readonly ExitRequest[];
}

const NO_MESSAGES: readonly TradeManagement[] = [];
const NO_EXITS: readonly ExitRequest[] = [];
const NO_MOVES: readonly StopMove[] = [];
const NO_TRADES: readonly ManagedTrade[] = [];

/**
 * The state after a new bar of a symbol: its swings, and the trade that is open in it. `timed_out` are the exits that
 * time asks for. Any other entry passes the state on.
 */
export function managed(
  state: PortfolioState,
  frame: Frame,
  bar: Bar | null,
  timed_out: readonly ExitRequest[],
): Management {
  if (bar === null) return { state, messages: NO_MESSAGES, exits: NO_EXITS };
  const swings = withBar(state.management.swings, bar);
  const known = state.management.trades;
  const position = state.positions.find(({ symbol }) => symbol === bar.symbol) ?? null;
  if (position === null) {
    const flat = { swings, trades: known.length === 0 ? NO_TRADES : others(known, bar.symbol) };
    return { state: withManagement(state, state.positions, flat), messages: NO_MESSAGES, exits: NO_EXITS };
  }
  const before = known.find((item) => item.symbol === bar.symbol && isOf(item, position)) ?? null;
  const late = timed_out.some(({ symbol }) => symbol === bar.symbol);
  const own = swings.find(({ symbol }) => symbol === bar.symbol) ?? null;
  const around = surroundingsOf(frame, bar, frame.entry?.id ?? '', own, late);
  const { trade, message, stop_ticks, exit } = manage(
    position,
    before,
    around,
    state.config?.management ?? null,
  );
  const moved = withStop(position, stop_ticks);
  const positions =
    moved === position ? state.positions : state.positions.map((item) => (item === position ? moved : item));
  const trades = [...others(known, bar.symbol), trade];
  return {
    state: withManagement(state, positions, { swings, trades }),
    messages: [message],
    exits: exit === null ? NO_EXITS : [exit],
  };
}

/** A trade is that of its decision and its opening: contracts of another origin begin another one. */
function isOf(trade: ManagedTrade, position: OpenPosition): boolean {
  return trade.decision_id === position.decision_id;
}

function others(trades: readonly ManagedTrade[], symbol: string): readonly ManagedTrade[] {
  return trades.filter((item) => item.symbol !== symbol);
}

/** A stop never loosens: whatever asks for a new one, the nearer counts. */
function withStop(position: OpenPosition, wanted: number | null): OpenPosition {
  if (wanted === null) return position;
  const stop_ticks = tighterStop(position.side, position.stop_ticks, wanted);
  return stop_ticks === position.stop_ticks ? position : { ...position, stop_ticks };
}

/** Stops of the same trades that are elsewhere now. */
export function stopMoves(
  before: readonly OpenPosition[],
  after: readonly OpenPosition[],
): readonly StopMove[] {
  if (before === after || before.length === 0) return NO_MOVES;
  const moves: StopMove[] = [];
  for (const position of after) {
    const last = before.find((item) => item.symbol === position.symbol);
    if (last === undefined || position.stop_ticks === null || last.stop_ticks === position.stop_ticks)
      continue;
    if (last.side !== position.side || last.decision_id !== position.decision_id) continue;
    const { symbol, decision_id, stop_ticks } = position;
    moves.push({ symbol, decision_id, from_ticks: last.stop_ticks, to_ticks: stop_ticks });
  }
  return moves;
}
