import type { Indicators } from '@bellwether/contracts';
import type { TradeSession } from '@bellwether/market';
import type { EventCalendar } from '@bellwether/streams';
import type { SessionMemory, SymbolHistory } from './symbol-state.js';

/** What the features of one bar are computed from. */
export interface FeatureContext {
  readonly history: SymbolHistory;
  readonly memory: SessionMemory;
  readonly session: TradeSession;
  readonly indicators: Indicators;
  readonly events: EventCalendar | null;
}
