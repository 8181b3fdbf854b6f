import {
  RegimeState,
  STRATEGY_KEYS,
  type BookConfig,
  type Entry,
  type Frame,
  type Strategy,
} from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, frameHead, openFrame, present, withPart, type AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { ArmBook, answersOf, type Answer, type MarketParts } from './arm-book.js';

/** An amount that no account here reaches: limits of money bind nowhere, so that each arm shows all of its trades. */
const UNBOUND_CENTS = 1_000_000_000_00;
/** Two contracts: the first partial exit closes one of them. */
const CONTRACTS = 2;

export const ALL_STRATEGIES: readonly Strategy[] = STRATEGY_KEYS.map((_, i) => (i + 1) as Strategy);

export const REGIMES: readonly RegimeState[] = [
  RegimeState.CALM_TREND,
  RegimeState.CALM_CHOP,
  RegimeState.HIGHVOL_TREND,
  RegimeState.HIGHVOL_CHOP,
];

/**
 * The book with this strategy alone, two contracts a trade and no limit of money: what an arm earns in R is a matter of its
 * trades, not of the account. Caps on the day, cool-down, windows and flat-by hold as they do in the book.
 */
export function armConfig(config: BookConfig, strategy: Strategy): BookConfig {
  const own = config.strategies.filter((one) => one.strategy === strategy);
  const off = ALL_STRATEGIES.filter((one) => one !== strategy).flatMap((one) =>
    REGIMES.map((regime) => ({ strategy: one, regime, name: 'on', value: 0 })),
  );
  return {
    ...config,
    strategies: [...own, ...off],
    micros: false,
    risk_per_trade_cents: UNBOUND_CENTS,
    limits: {
      ...present(config.limits, 'limits'),
      max_total_contracts: CONTRACTS,
      max_es_contracts: CONTRACTS,
      max_nq_contracts: CONTRACTS,
      max_step_contracts: CONTRACTS,
      daily_soft_loss_cents: UNBOUND_CENTS,
      daily_kill_loss_cents: UNBOUND_CENTS,
    },
    account: {
      ...present(config.account, 'an account profile'),
      start_balance_cents: 10 * UNBOUND_CENTS,
      max_loss_cents: 5 * UNBOUND_CENTS,
      floor_lock_cents: 5 * UNBOUND_CENTS,
      min_headroom_cents: 0,
      scaling: [],
      max_day_contracts: 1_000_000,
    },
  };
}

/** The same market without fees and slippage. */
export function withoutCosts(config: BookConfig): BookConfig {
  const symbols = config.symbols.map((symbol) => ({ ...symbol, slippage_ticks: 0, fee_per_side_cents: 0 }));
  return { ...config, symbols };
}

/** 07:00 and 15:15 in minutes since 17:00. */
const MORNING_MINUTE = 840;
const EVENING_MINUTE = 1_335;

function isNight({ features: { clock } }: MarketParts): boolean {
  return clock !== null && (clock.session_minute < MORNING_MINUTE || clock.session_minute > EVENING_MINUTE);
}

function stageNamed(name: string): AnyStage {
  return present(
    LINE.find((stage) => stage.name === name),
    `the stage ${name}`,
  );
}

/** Several books over one market: features and regime are worked out once for each input. */
export class ArmRun {
  readonly books: readonly ArmBook[];
  readonly #features = stageNamed('features');
  readonly #regime = stageNamed('regime');
  #featuresState: unknown = this.#features.initialState();
  #regimeState: unknown = this.#regime.initialState();
  #head = FIRST_FRAME_HEAD;

  /**
   * `restAtNight`: an idle book is not shown the bars from 15:15 to 07:00, in which no strategy enters. Its broker then knows
   * less of what ranges are usual, so that a fill in the first hour may slip otherwise; the trades begin and end the same.
   * `answer`: the models that learned books ask; without them nothing answers.
   */
  constructor(
    books: readonly { readonly strategy: Strategy; readonly config: BookConfig }[],
    private readonly restAtNight = false,
    private readonly answer: Answer | null = null,
  ) {
    const partsOf = (frame: Frame): MarketParts => this.#applied(frame, false);
    this.books = books.map(({ strategy, config }) => new ArmBook(strategy, config, partsOf, answer));
  }

  /** Takes the next input into all books; the decisions come back in their order, null of a book that rests. */
  accept(input: Entry): readonly (Frame | null)[] {
    // What the books say before this input rests on the market before it.
    const before = { features: this.#featuresState, regime: this.#regimeState };
    const frame = openFrame(this.#head, input);
    const parts = this.#applied(frame, true);
    const after = { features: this.#featuresState, regime: this.#regimeState };
    this.#head = frameHead(frame);
    this.#featuresState = before.features;
    this.#regimeState = before.regime;
    const night = this.restAtNight && input.bar !== null && isNight(parts);
    const frames = this.books.map((book) => (night && book.idle ? null : book.accept(input, parts)));
    this.#featuresState = after.features;
    this.#regimeState = after.regime;
    return frames;
  }

  #applied(frame: Frame, keep: boolean): MarketParts {
    const features = this.#features.apply(this.#featuresState, frame, []);
    const seen = withPart(frame, 'features', features.part);
    const outputs = answersOf(this.#regime, this.#regimeState, seen, this.answer);
    const regime = this.#regime.apply(this.#regimeState, seen, outputs);
    if (keep) {
      this.#featuresState = features.state;
      this.#regimeState = regime.state;
    }
    return {
      features: features.part as MarketParts['features'],
      regime: regime.part as MarketParts['regime'],
    };
  }
}
