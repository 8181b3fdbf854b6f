import {
  Action,
  FillLeg,
  IntentKind,
  ReasonCode,
  Side,
  type BookConfig,
  type Entry,
  type Fill,
  type Frame,
  type OrderIntent,
  type PortfolioPart,
  type RiskPart,
  type Setup,
} from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, frameHead, openFrame, withPart, type FrameHead } from '@bellwether/kernel';
import { instrumentOf } from '@bellwether/market';
import { stage as portfolioStage } from '@bellwether/portfolio';
import { stage as riskStage } from '@bellwether/risk';
import { stage as sizingStage } from '@bellwether/sizing';
import {
  A_SESSION_OPEN_US,
  aBanditPart,
  aBookConfig,
  aCandidate,
  aFeaturesPart,
  aFillEntry,
  aForecastPart,
  aRegimePart,
  aReleaseEntry,
  anAccountProfile,
  restored,
} from '@bellwether/testkit';
import { replayed, type Happened, type OracleAccount } from './oracle.js';
import { SYMBOLS } from './steps.js';

const FEES: Readonly<Record<string, number>> = { ES: 140, NQ: 140, MES: 37 };

/** The book of all histories: real costs, and the rules of the 50K profile unless told otherwise. */
export function bookOf(changes: Partial<BookConfig> = {}): BookConfig {
  return aBookConfig({
    symbols: SYMBOLS.map((symbol) => ({
      symbol,
      slippage_ticks: 1,
      fee_per_side_cents: FEES[symbol] ?? 0,
    })),
    decide_on_bar_close: false,
    valid_for_us: 600_000_000,
    account: anAccountProfile(),
    management: null,
    ...changes,
  });
}

/** What is wrong with an account, in words. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function demand(holds: boolean, what: string, ...seen: readonly unknown[]): void {
  if (holds) return;
  throw new Violation(
    `${what}${seen.length === 0 ? '' : `: ${seen.map((item) => JSON.stringify(item)).join(', ')}`}`,
  );
}

/** What upstream says of the market at an entry that asks. */
export interface Proposed {
  readonly setup: Setup;
  readonly last_close_ticks: number;
  readonly last_close_us: number;
}

export interface Stepped {
  readonly frame: Frame;
  readonly portfolio: PortfolioPart;
  readonly risk: RiskPart;
}

/** The three stages of the account, their state, and the history that the oracle replays. */
export class Stages {
  #head: FrameHead = FIRST_FRAME_HEAD;
  #portfolio = portfolioStage.initialState();
  #sizing = sizingStage.initialState();
  #risk = riskStage.initialState();
  readonly history: Happened[] = [];

  constructor(
    readonly config: BookConfig,
    release_us = A_SESSION_OPEN_US,
  ) {
    this.apply(aReleaseEntry(config, {}, { event_us: release_us, known_us: release_us }), null);
  }

  /** The same stages at the same place, which go on by themselves. */
  copy(): Stages {
    const other = new Stages(this.config);
    other.#head = this.#head;
    other.#portfolio = this.#portfolio;
    other.#sizing = this.#sizing;
    other.#risk = this.#risk;
    other.history.push(...this.history);
    return other;
  }

  /** All state goes through a snapshot, as at a restart. */
  restart(): void {
    this.#portfolio = restored(this.#portfolio);
    this.#sizing = restored(this.#sizing);
    this.#risk = restored(this.#risk);
  }

  get portfolio(): ReturnType<typeof portfolioStage.initialState> {
    return this.#portfolio;
  }

  get risk(): ReturnType<typeof riskStage.initialState> {
    return this.#risk;
  }

  get seq(): number {
    return this.#head.seq;
  }

  apply(entry: Entry, proposed: Proposed | null): Stepped {
    let frame: Frame = openFrame(this.#head, entry);
    this.#head = frameHead(frame);
    const portfolio = portfolioStage.apply(this.#portfolio, frame, []);
    this.#portfolio = portfolio.state;
    frame = withUpstream(withPart(frame, 'portfolio', portfolio.part), proposed);
    const sizing = sizingStage.apply(this.#sizing, frame, []);
    this.#sizing = sizing.state;
    frame = withPart(frame, 'sizing', sizing.part);
    const risk = riskStage.apply(this.#risk, frame, []);
    this.#risk = risk.state;
    return { frame, portfolio: portfolio.part, risk: risk.part };
  }

  oracle(): OracleAccount {
    const { account, limits } = this.config;
    if (account === null || limits === null)
      throw new Violation('Expected a book with limits and an account');
    return replayed(this.history, { profile: account, limits, fee_per_side: (symbol) => FEES[symbol] ?? 0 });
  }
}

function withUpstream(frame: Frame, proposed: Proposed | null): Frame {
  const nothing = aBanditPart({ chosen: null, candidates: [], reason: ReasonCode.NO_SETUP });
  return {
    ...frame,
    features:
      proposed === null
        ? aFeaturesPart()
        : aFeaturesPart({
            symbol: proposed.setup.symbol,
            last_close_ticks: proposed.last_close_ticks,
            last_close_us: proposed.last_close_us,
          }),
    regime: aRegimePart(),
    forecast: aForecastPart(),
    bandit:
      proposed === null ? nothing : aBanditPart({ candidates: [aCandidate({ setup: proposed.setup })] }),
  };
}

/** Contracts of a family in micros, counted from what execution knows: positions and every order not ended. */
export function microsHeld(
  portfolio: PortfolioPart,
  orders: readonly LiveOrder[],
): { readonly ES: number; readonly NQ: number } {
  const sum = { ES: 0, NQ: 0 };
  const add = (symbol: string, quantity: number): void => {
    const instrument = instrumentOf(symbol);
    if (instrument !== null) sum[instrument.family] += instrument.mini_tenths * quantity;
  };
  for (const { symbol, quantity } of portfolio.positions) add(symbol, quantity);
  for (const { intent, remaining } of orders) {
    if (intent.kind === IntentKind.ENTER) add(intent.symbol, remaining);
  }
  return sum;
}

/** An order that execution knows of and has not ended. */
export interface LiveOrder {
  readonly intent: OrderIntent;
  readonly remaining: number;
  readonly taken: boolean;
  /** Last close of its symbol when it was decided. */
  readonly reference_ticks: number;
}

export function entryFill(
  order: LiveOrder,
  fill_id: string,
  quantity: number,
  slip: number,
  at: number,
): Fill {
  const { intent, reference_ticks } = order;
  const sign = intent.side === Side.LONG ? 1 : -1;
  return fillOf({
    ...{ fill_id, decision_id: intent.decision_id, intent_id: intent.intent_id, symbol: intent.symbol },
    ...{ side: intent.side, quantity, price_ticks: reference_ticks + sign * slip, fill_us: at },
    leg: FillLeg.ENTRY,
  });
}

export function fillOf(
  fill: Pick<
    Fill,
    | 'fill_id'
    | 'decision_id'
    | 'intent_id'
    | 'symbol'
    | 'side'
    | 'quantity'
    | 'price_ticks'
    | 'fill_us'
    | 'leg'
  >,
): Fill {
  const entry = aFillEntry({ ...fill, fee_cents: fill.quantity * (FEES[fill.symbol] ?? 0) });
  if (entry.fill === null) throw new Violation('Expected a fill');
  return entry.fill;
}

/** True for a decision that enters. */
export function enters({ action }: RiskPart): boolean {
  return action === Action.BUY || action === Action.SELL;
}
