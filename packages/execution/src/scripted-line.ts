import {
  EntryKind,
  OrderType,
  Side,
  type BookConfig,
  type Entry,
  type Frame,
  type OrderIntent,
  type PortfolioPart,
  type Position,
  type Setup,
} from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, frameHead, openFrame, withPart, type FrameHead } from '@bellwether/kernel';
import { stage as portfolio } from '@bellwether/portfolio';
import { stage as risk } from '@bellwether/risk';
import {
  aBanditPart,
  aBarEntry,
  aBookConfig,
  aCandidate,
  aFeaturesPart,
  aForecastPart,
  aRegimePart,
  aSetup,
  aSizingPart,
  atMinute,
} from '@bellwether/testkit';

/**
 * For tests: a line whose portfolio and risk stages are the real ones and whose other stages say what a
 * script says.
 */

export interface Proposal {
  readonly setup: Partial<Setup>;
  readonly contracts: number;
}

/** What is proposed on an entry, by its id. Nothing elsewhere. */
export type Script = (entry: Entry) => Proposal | null;

export interface LineState {
  readonly head: FrameHead;
  readonly portfolio: ReturnType<typeof portfolio.initialState>;
  readonly risk: ReturnType<typeof risk.initialState>;
  readonly closes: Readonly<Record<string, { readonly ticks: number; readonly us: number }>>;
}

export function initialLine(): LineState {
  return {
    head: FIRST_FRAME_HEAD,
    portfolio: portfolio.initialState(),
    risk: risk.initialState(),
    closes: {},
  };
}

/** The decision on an entry, and the line after it. */
export function decide(line: LineState, entry: Entry, script: Script): { line: LineState; frame: Frame } {
  const opened = openFrame(line.head, entry);
  const { bar } = entry;
  const close = bar === null ? null : { ticks: bar.close_ticks, us: entry.event_us };
  const closes = bar === null || close === null ? line.closes : { ...line.closes, [bar.symbol]: close };
  const booked = portfolio.apply(line.portfolio, opened, []);
  const proposed = withProposal(withPart(opened, 'portfolio', booked.part), entry, closes, script);
  const decided = risk.apply(line.risk, proposed, []);
  const frame = withPart(proposed, 'risk', decided.part);
  return { line: { head: frameHead(frame), portfolio: booked.state, risk: decided.state, closes }, frame };
}

function withProposal(frame: Frame, entry: Entry, closes: LineState['closes'], script: Script): Frame {
  const proposal = script(entry);
  const symbol = proposal?.setup.symbol ?? entry.bar?.symbol ?? entry.signal?.symbol ?? 'ES';
  const last = closes[symbol] ?? null;
  const features = aFeaturesPart({
    symbol,
    last_close_ticks: last?.ticks ?? null,
    last_close_us: last?.us ?? null,
  });
  const setup = aSetup({ entry_ticks: last?.ticks ?? 0, target_ticks: null, ...proposal?.setup, symbol });
  const bandit =
    proposal === null
      ? aBanditPart({ chosen: null, candidates: [] })
      : aBanditPart({ candidates: [aCandidate({ setup })] });
  return {
    ...frame,
    features,
    regime: aRegimePart(),
    forecast: aForecastPart(),
    bandit,
    sizing: aSizingPart({ proposed_contracts: proposal?.contracts ?? 0 }),
  };
}

/** ES and NQ at the usual costs and limits; an entry may wait one minute. */
export function aPaperConfig(overrides: Partial<BookConfig> = {}): BookConfig {
  return aBookConfig({ valid_for_us: 60_000_000, ...overrides });
}

/** Open, high, low, close in ticks of a bar that opens at this minute of the session. */
export type Prices = readonly [open: number, high: number, low: number, close: number];

export function barOf(minute: number, prices: Prices, symbol = 'ES'): Entry {
  const [open_ticks, high_ticks, low_ticks, close_ticks] = prices;
  return aBarEntry({ symbol, open_us: atMinute(minute), open_ticks, high_ticks, low_ticks, close_ticks });
}

/** A setup at the market: long, stop 16 ticks below 24,000, first partial exit at 1 R, no target. */
export function atMarket(setup: Partial<Setup> = {}): Partial<Setup> {
  return {
    side: Side.LONG,
    order_type: OrderType.MARKET,
    stop_ticks: 23_984,
    target_ticks: null,
    tp1_r: 1,
    expires_us: atMinute(1_380),
    time_stop_us: null,
    ...setup,
  };
}

export function positionsOf(frame: Frame): readonly Position[] {
  return frame.portfolio?.positions ?? [];
}

export function portfolioOf(frame: Frame): PortfolioPart {
  if (frame.portfolio === null) throw new Error('Expected a portfolio part');
  return frame.portfolio;
}

export function intentsOf(frame: Frame): readonly OrderIntent[] {
  return frame.risk?.intents ?? [];
}

/** True for the entries that the broker makes. */
export function isMade(entry: Entry): boolean {
  return (
    entry.kind === EntryKind.ORDER || entry.kind === EntryKind.FILL || entry.kind === EntryKind.ORDER_END
  );
}
