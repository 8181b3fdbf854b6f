import { z } from 'zod';
import { BellwetherError, type Problem } from './codes.js';
import { BOOK_NAME } from './subjects.js';
import { ExecutionMode, Policy, type BookConfig, type SymbolConfig } from './generated/messages.js';

/**
 * The book file: one account and the symbols it trades, in the units people use. `bookConfigOf` turns it into the
 * exact units of the messages.
 */

/** Symbols a book can trade, with the costs that stand in where the file names none (domain.md 2.4 and 9.2). */
export const SYMBOL_COST_DEFAULTS = {
  ES: { slippage_ticks: 1, fee_per_side_usd: 1.4 },
  NQ: { slippage_ticks: 2, fee_per_side_usd: 1.4 },
  MES: { slippage_ticks: 1, fee_per_side_usd: 0.37 },
  MNQ: { slippage_ticks: 2, fee_per_side_usd: 0.37 },
} as const;

const SYMBOLS = ['ES', 'NQ', 'MES', 'MNQ'] as const;

/** Largest amount of money in a book file; a larger one is a slip of the hand. */
const USD_MAX = 1_000_000;

function centsOf(usd: number): number {
  return Math.round(usd * 100);
}

/** An amount in US dollars with at most two decimals. */
function usd(min: number): z.ZodNumber {
  return z
    .number()
    .min(min)
    .max(USD_MAX)
    .refine((amount) => Math.abs(amount * 100 - centsOf(amount)) < 1e-6, {
      error: 'Expected whole cents: at most two decimals',
    });
}

const CLOCK_TIME = /^([01][0-9]|2[0-3]):([0-5][0-9])$/;
const SESSION_OPEN_MINUTE = 17 * 60;
const DAY_MINUTES = 24 * 60;
/** A full session ends at 16:00 Chicago: 1,380 minutes after it opened. */
const SESSION_MINUTES = 23 * 60;

/** Minutes from 17:00 Chicago, where the trade date begins, to this time of day. */
function minuteOfTradeDate(clockTime: string): number {
  const minute = Number(clockTime.slice(0, 2)) * 60 + Number(clockTime.slice(3, 5));
  return (minute - SESSION_OPEN_MINUTE + DAY_MINUTES) % DAY_MINUTES;
}

const clockTime = z
  .string()
  .regex(CLOCK_TIME, { error: "Expected a time of day in Chicago in quotes, such as '15:05'", abort: true })
  .refine((time) => minuteOfTradeDate(time) < SESSION_MINUTES, {
    error: 'Expected a time outside the break 16:00 to 17:00',
  });

const contracts = z.int().min(0).max(100);

const symbolSchema = z.strictObject({
  symbol: z.enum(SYMBOLS),
  /** Ticks that a market or stop order is filled worse, each side. Default by symbol. */
  slippage_ticks: z.int().min(0).max(100).optional(),
  /** Default by symbol. */
  fee_per_side_usd: usd(0).optional(),
});

const limitsSchema = z
  .strictObject({
    /** Name of the rule set these limits follow; it goes into the record. */
    profile: z.string().min(1).max(64).default('topstep-50k'),
    /** Largest positions in minis, working orders included. */
    max_total: contracts.default(5),
    max_es: contracts.default(3),
    max_nq: contracts.default(2),
    /** Largest change of the position by one decision. */
    max_step: contracts.default(2),
    /** From this loss of the day on: no new risk. */
    daily_soft_loss_usd: usd(1).default(600),
    /** From this loss of the day on: everything is closed, and locked for the trade date. */
    kill_loss_usd: usd(1).default(900),
    /** Times of day in Chicago. */
    last_entry: clockTime.default('14:45'),
    flat_by: clockTime.default('15:05'),
  })
  .check((context) => {
    const limits = context.value;
    const refuse = (key: keyof typeof limits, message: string): void => {
      context.issues.push({ code: 'custom', path: [key], message, input: limits[key] });
    };
    if (limits.daily_soft_loss_usd > limits.kill_loss_usd) {
      refuse('daily_soft_loss_usd', 'Expected at most kill_loss_usd');
    }
    if (minuteOfTradeDate(limits.last_entry) >= minuteOfTradeDate(limits.flat_by)) {
      refuse('last_entry', 'Expected a time before flat_by');
    }
    if (limits.max_es > limits.max_total) refuse('max_es', 'Expected at most max_total');
    if (limits.max_nq > limits.max_total) refuse('max_nq', 'Expected at most max_total');
  });

const banditSchema = z.strictObject({
  /** Weight of the uncertainty in the upper confidence bound. */
  ucb_c: z.number().min(0).max(100).default(2),
  /** An arm with fewer closed trades goes first. */
  min_count: z.int().min(0).max(100_000).default(20),
  /** Smallest probability of a permitted arm. Twelve arms at this floor must leave a choice. */
  probability_floor: z.number().min(0).max(0.08).default(0.05),
});

const bookSchema = z.strictObject({
  book: z.string().regex(BOOK_NAME, {
    error: 'Expected a name of at most 32 lower-case letters, digits and dashes that starts with a letter',
  }),
  symbols: z
    .array(symbolSchema)
    .min(1)
    .max(SYMBOLS.length)
    .check((context) => {
      context.value.forEach(({ symbol }, i, all) => {
        if (all.findIndex((other) => other.symbol === symbol) === i) return;
        context.issues.push({
          code: 'custom',
          path: [i, 'symbol'],
          message: 'Expected each symbol once',
          input: symbol,
        });
      });
    }),
  bar_interval: z.enum(['1m', '5m']).default('1m'),
  /** learned: no new trade without a forecast; there is no model yet, so only a caller's own forecast opens it. */
  policy: z.enum(['rules', 'learned']).default('rules'),
  /** external: orders are published for a program on the trader's own device, and fills are reported back. */
  execution: z.enum(['paper', 'external']).default('paper'),
  /** bar_close: each completed bar asks for a decision. signal: only a caller does. */
  decide_on: z.enum(['bar_close', 'signal']).default('bar_close'),
  /** Seconds for which an entry decision may be acted on. */
  valid_for_s: z.int().min(1).max(3_600).default(60),
  /** Loss at the stop that one trade may plan with: 1 % of a 50,000 USD account. */
  risk_per_trade_usd: usd(1).default(500),
  limits: limitsSchema.prefault({}),
  bandit: banditSchema.prefault({}),
  /**
   * What the gateway takes as the time an input could be known. receive: its own clock, for live use. event: the time
   * in the input, for books that are fed with the past.
   */
  known_time: z.enum(['receive', 'event']).default('receive'),
});

/** What a book file may hold: every key but `book` and `symbols` has a default. */
export type BookFile = z.input<typeof bookSchema>;

export type KnownTime = z.output<typeof bookSchema>['known_time'];

export interface BookSettings {
  /** As it goes into the release entry. */
  readonly config: BookConfig;
  /** How the gateway stamps `known_us`; no stage sees it. */
  readonly known_time: KnownTime;
}

const INTERVAL_US = { '1m': 60_000_000, '5m': 300_000_000 } as const;

function problemsOf(error: z.ZodError): readonly Problem[] {
  return error.issues.map(({ path, message }) => ({ path: path.map(String).join('.') || '(file)', message }));
}

function symbolConfigOf(input: z.output<typeof symbolSchema>): SymbolConfig {
  const costs = SYMBOL_COST_DEFAULTS[input.symbol];
  return {
    symbol: input.symbol,
    slippage_ticks: input.slippage_ticks ?? costs.slippage_ticks,
    fee_per_side_cents: centsOf(input.fee_per_side_usd ?? costs.fee_per_side_usd),
  };
}

function configOf(file: z.output<typeof bookSchema>): BookConfig {
  const { limits, bandit } = file;
  return {
    book: file.book,
    symbols: file.symbols.map(symbolConfigOf),
    bar_interval_us: INTERVAL_US[file.bar_interval],
    policy: file.policy === 'learned' ? Policy.LEARNED : Policy.RULES,
    execution: file.execution === 'external' ? ExecutionMode.EXTERNAL : ExecutionMode.PAPER,
    decide_on_bar_close: file.decide_on === 'bar_close',
    valid_for_us: file.valid_for_s * 1_000_000,
    risk_per_trade_cents: centsOf(file.risk_per_trade_usd),
    limits: {
      profile: limits.profile,
      max_total_contracts: limits.max_total,
      max_es_contracts: limits.max_es,
      max_nq_contracts: limits.max_nq,
      max_step_contracts: limits.max_step,
      daily_soft_loss_cents: centsOf(limits.daily_soft_loss_usd),
      daily_kill_loss_cents: centsOf(limits.kill_loss_usd),
      last_entry_minute: minuteOfTradeDate(limits.last_entry),
      flat_by_minute: minuteOfTradeDate(limits.flat_by),
    },
    bandit: {
      ucb_c: bandit.ucb_c,
      min_count: bandit.min_count,
      probability_floor: bandit.probability_floor,
    },
  };
}

/**
 * The settings in a parsed book file (YAML or JSON). Throws `config_invalid` with every problem and its place: unknown
 * keys, wrong types, values out of range, fractions of a cent.
 */
export function bookConfigOf(input: unknown): BookSettings {
  const parsed = bookSchema.safeParse(input);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error);
    throw new BellwetherError('config_invalid', `The book file has ${problems.length} problem(s)`, problems);
  }
  return { config: configOf(parsed.data), known_time: parsed.data.known_time };
}
