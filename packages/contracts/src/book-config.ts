import { z } from 'zod';
import {
  PROFILE_NAMES,
  accountOverrides,
  accountProfileOf,
  namedProfile,
  ownLimits,
  type ProfileFile,
} from './account-profile.js';
import { centsOf, minuteOfTradeDate, usd } from './book-units.js';
import { BellwetherError, type Problem } from './codes.js';
import { evidenceSchema, overriddenNames } from './evidence-names.js';
import { strategyParameterList } from './strategy-parameters.js';
import { strategiesSchema } from './strategy-schemas.js';
import { modelsConfigOf, modelsSchema } from './models-config.js';
import { streamsConfigOf, streamsSchema } from './streams-config.js';
import { BOOK_NAME } from './subjects.js';
import {
  ExecutionMode,
  Policy,
  Selection,
  type BanditConfig,
  type BookConfig,
  type ManagementConfig,
  type SymbolConfig,
} from './generated/messages.js';

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

const symbolSchema = z.strictObject({
  symbol: z.enum(SYMBOLS),
  /** Ticks that a market or stop order is filled worse, each side. Default by symbol. */
  slippage_ticks: z.int().min(0).max(100).optional(),
  /** Default by symbol. */
  fee_per_side_usd: usd(0).optional(),
});

const limitsSchema = z.strictObject({
  /** The account profile (config/profiles): its rules, and the limits that are not set here. */
  profile: z
    .string()
    .refine((name) => PROFILE_NAMES.includes(name), {
      error: `Expected a profile of config/profiles: ${PROFILE_NAMES.join(', ')}`,
    })
    .default('topstep-50k'),
  ...z.strictObject(ownLimits).partial().shape,
});

type Limits = ProfileFile['limits'];

/** What contradicts itself, or is looser than the firm allows. */
function limitProblems(limits: Limits, { account }: ProfileFile): readonly [keyof Limits, string][] {
  const problems: [keyof Limits, string][] = [];
  const require = (holds: boolean, key: keyof Limits, message: string): void => {
    if (!holds) problems.push([key, message]);
  };
  const { max_total, max_es, max_nq, last_entry, flat_by } = limits;
  require(limits.daily_soft_loss_usd <=
    limits.kill_loss_usd, 'daily_soft_loss_usd', 'Expected at most kill_loss_usd');
  const last = minuteOfTradeDate(last_entry);
  require(last < minuteOfTradeDate(flat_by), 'last_entry', 'Expected a time before flat_by');
  require(max_es <= max_total, 'max_es', 'Expected at most max_total');
  require(max_nq <= max_total, 'max_nq', 'Expected at most max_total');
  const { max_position_minis, must_be_flat_by } = account;
  require(max_total <=
    max_position_minis, 'max_total', `Expected at most the ${max_position_minis} minis of the profile`);
  require(minuteOfTradeDate(flat_by) <
    minuteOfTradeDate(
      must_be_flat_by,
    ), 'flat_by', `Expected a time before ${must_be_flat_by}, when the firm wants the account flat`);
  require(limits.heat_reduce <= limits.heat_block, 'heat_reduce', 'Expected at most heat_block');
  return problems;
}

const SELECTIONS = {
  ucb1: Selection.UCB1,
  regime_map: Selection.REGIME_MAP,
  linucb: Selection.LINUCB,
  uniform: Selection.UNIFORM,
  neural_linear: Selection.NEURAL_LINEAR,
  epsilon_greedy: Selection.EPSILON_GREEDY,
} as const;

const banditSchema = z.strictObject({
  /**
   * ucb1, linucb: what earned more, with room for what is little known. regime_map: the one of the regime. uniform: chance.
   * neural_linear: over what the model strategy_selection sees. epsilon_greedy: what earned more, and chance.
   */
  selection: z
    .enum(['ucb1', 'regime_map', 'linucb', 'uniform', 'neural_linear', 'epsilon_greedy'])
    .default('ucb1'),
  /** Weight of the uncertainty in the upper confidence bound. */
  ucb_c: z.number().min(0).max(100).default(2),
  /** An arm with fewer closed trades goes first. */
  min_count: z.int().min(0).max(100_000).default(20),
  /** Smallest probability of a permitted arm. Twelve arms at this floor must leave a choice. */
  probability_floor: z.number().min(0).max(0.08).default(0.05),
  /** Weight of the uncertainty in LinUCB, and the ridge that its regressions begin with. */
  linucb_alpha: z.number().min(0).max(100).default(0.3),
  linucb_ridge: z.number().min(0.001).max(1_000).default(1),
  /** Share of what LinUCB knows that one more reward leaves: 0.99 remembers some 100 trades, 1 all. */
  linucb_kept: z.number().min(0.9).max(1).default(0.99),
  /** The same of ucb1 and epsilon_greedy. 1: the seed's formula, which follows no edge that moves. */
  record_kept: z.number().min(0.9).max(1).default(1),
  /** The same of neural_linear. */
  neural_alpha: z.number().min(0).max(100).default(0.3),
  neural_ridge: z.number().min(0.001).max(1_000).default(100),
  /** Share of what is known that one more reward leaves: 0.99 remembers some 100 trades. */
  neural_kept: z.number().min(0.9).max(1).default(0.99),
  /** Share of the choices that chance makes under epsilon_greedy. */
  epsilon: z.number().min(0).max(1).default(0.1),
});

function executionOf({ execution }: Pick<BookFile, 'execution'>): ExecutionMode {
  return execution === 'external' ? ExecutionMode.EXTERNAL : ExecutionMode.PAPER;
}

/** Numbers of the newer selections. A book under another one says nothing of them, so that its releases keep their bytes. */
function ownOfSelection(
  bandit: z.infer<typeof banditSchema>,
  execution: ExecutionMode,
): Pick<
  BanditConfig,
  'neural_alpha' | 'neural_ridge' | 'neural_kept' | 'epsilon' | 'linucb_kept' | 'record_kept' | 'no_trials'
> {
  const neural = bandit.selection === 'neural_linear';
  return {
    neural_alpha: neural ? bandit.neural_alpha : 0,
    neural_ridge: neural ? bandit.neural_ridge : 0,
    neural_kept: neural ? bandit.neural_kept : 0,
    epsilon: bandit.selection === 'epsilon_greedy' ? bandit.epsilon : 0,
    // LinUCB also stands in for a trunk.
    linucb_kept: (bandit.selection === 'linucb' || neural) && bandit.linucb_kept < 1 ? bandit.linucb_kept : 0,
    record_kept: bandit.record_kept < 1 ? bandit.record_kept : 0,
    no_trials: execution === ExecutionMode.EXTERNAL,
  };
}

/** Distances of the ATR trail are held in this range (domain.md 8.2, rule 4). */
const trailFactor = z.number().min(1.5).max(2.5);
const inR = z.number().min(0).max(20);

const managementSchema = z.strictObject({
  /** hold: the plan and its ladder only. rules: the policy of packages/portfolio/README.md manages open trades. */
  policy: z.enum(['rules', 'hold']).default('rules'),
  /** Distance of the trailing stop in 5-minute ATR, by regime. */
  trail_atr_calm: trailFactor.default(1.5),
  trail_atr_highvol_chop: trailFactor.default(2),
  trail_atr_highvol_trend: trailFactor.default(2.5),
  /** In R: a quarter is sold from here on; the stop trails from here on; a gain of this size is not given back. */
  take_partial_r: inR.default(1.5),
  trail_from_r: inR.default(1),
  tighten_from_r: inR.default(0.6),
  /** Share of its best profit that a trade may be left with before its stop is tightened. */
  tighten_kept_share: z.number().min(0).max(1).default(0.4),
  /** A trade whose regime has gone is closed at this profit or below, in R. */
  close_regime_left_r: z.number().min(-20).max(20).default(-0.25),
});

const LATENCY_MS_MAX = 600_000;

const paperSchema = z.strictObject({
  /** From the decision to the order's arrival in the market: network 250 ms and a decision's budget of 120 ms. */
  latency_ms: z.int().min(0).max(LATENCY_MS_MAX).default(370),
  /** Slippage is multiplied by it outside RTH, in its first minute and after a bar of unusual range. */
  thin_slippage_factor: z.int().min(1).max(20).default(2),
  /** Ticks that a price must trade through a profit or limit order before it fills. */
  limit_through_ticks: z.int().min(0).max(20).default(1),
  /** Largest share of the bar's volume that an entry may take, in per cent; 0 for no bound. */
  volume_share_pct: z.number().min(0).max(100).default(1),
});

const degradedSchema = z
  .strictObject({
    /** The book counts as slow when the 99th percentile of its decisions is above this for `window_s`. */
    enter_p99_ms: z.int().min(1).max(60_000).default(120),
    leave_p99_ms: z.int().min(1).max(60_000).default(96),
    window_s: z.int().min(1).max(3_600).default(60),
    min_decisions: z.int().min(1).max(10_000).default(20),
  })
  .check((context) => {
    const { leave_p99_ms, enter_p99_ms } = context.value;
    if (leave_p99_ms <= enter_p99_ms) return;
    const message = 'Expected at most enter_p99_ms';
    context.issues.push({ code: 'custom', path: ['leave_p99_ms'], message, input: leave_p99_ms });
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
  /** What is different about this account from its profile. */
  account: accountOverrides,
  /** A size below one mini may be traded in micros of the same index; they have to be among the symbols. */
  micros: z.boolean().default(false),
  bandit: banditSchema.prefault({}),
  /** Parameters of S1 to S12: one set for each regime, or under `all` for every one. */
  strategies: strategiesSchema.prefault({}),
  /** What is done with open trades between entry and exit. */
  management: managementSchema.prefault({}),
  /** What a paper fill assumes. */
  paper: paperSchema.prefault({}),
  /** Inputs beside bars: which are read, and what they do to entries. */
  streams: streamsSchema.prefault({}),
  models: modelsSchema.prefault({}),
  /**
   * gate off: entries are also made while the regime is not known (then by the parameters of calm_trend, whose factors are 1) or while
   * another one qualifies. For looking at what the gate is worth.
   */
  regime: z.strictObject({ gate: z.boolean().default(true) }).prefault({}),
  /** Parts and arms that decide on market data whatever their evidence says; all for every one. */
  evidence: evidenceSchema.prefault({}),
  /** When decisions count as slow: then rules decide and sizes are halved. */
  degraded: degradedSchema.prefault({}),
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
  /** Parts and arms that decide on market data whatever their evidence says. */
  readonly overridden: readonly string[];
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

function managementOf(input: z.output<typeof managementSchema>): ManagementConfig | null {
  if (input.policy === 'hold') return null;
  return {
    trail_atr_calm: input.trail_atr_calm,
    trail_atr_highvol_chop: input.trail_atr_highvol_chop,
    trail_atr_highvol_trend: input.trail_atr_highvol_trend,
    take_partial_r: input.take_partial_r,
    trail_from_r: input.trail_from_r,
    tighten_from_r: input.tighten_from_r,
    tighten_kept_share: input.tighten_kept_share,
    close_regime_left_r: input.close_regime_left_r,
  };
}

/** Throws `config_invalid` where the limits of the book do not go together with each other or with the profile. */
function limitsOf(file: z.output<typeof bookSchema>): {
  readonly limits: Limits;
  readonly profile: ProfileFile;
} {
  const { profile: name, ...own } = file.limits;
  const profile = namedProfile(name);
  if (profile === null) throw new BellwetherError('config_invalid', `There is no account profile ${name}`);
  const set = Object.entries(own).filter(([, value]) => value !== undefined);
  const limits: Limits = { ...profile.limits, ...(Object.fromEntries(set) as Partial<Limits>) };
  const problems = limitProblems(limits, profile).map(([key, message]) => ({
    path: `limits.${key}`,
    message,
  }));
  if (problems.length === 0) return { limits, profile };
  throw new BellwetherError('config_invalid', `The book file has ${problems.length} problem(s)`, problems);
}

function configOf(file: z.output<typeof bookSchema>): BookConfig {
  const { bandit } = file;
  const { limits, profile } = limitsOf(file);
  return {
    book: file.book,
    symbols: file.symbols.map(symbolConfigOf),
    bar_interval_us: INTERVAL_US[file.bar_interval],
    policy: file.policy === 'learned' ? Policy.LEARNED : Policy.RULES,
    execution: executionOf(file),
    decide_on_bar_close: file.decide_on === 'bar_close',
    valid_for_us: file.valid_for_s * 1_000_000,
    risk_per_trade_cents: centsOf(file.risk_per_trade_usd),
    limits: {
      profile: profile.profile,
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
      selection: SELECTIONS[bandit.selection],
      linucb_alpha: bandit.linucb_alpha,
      linucb_ridge: bandit.linucb_ridge,
      ...ownOfSelection(bandit, executionOf(file)),
    },
    account: accountProfileOf(profile, limits, file.account),
    micros: file.micros,
    management: managementOf(file.management),
    paper: {
      latency_us: file.paper.latency_ms * 1_000,
      thin_slippage_factor: file.paper.thin_slippage_factor,
      limit_through_ticks: file.paper.limit_through_ticks,
      volume_share_e4: Math.round(file.paper.volume_share_pct * 100),
    },
    degraded: {
      enter_p99_us: file.degraded.enter_p99_ms * 1_000,
      leave_p99_us: file.degraded.leave_p99_ms * 1_000,
      window_us: file.degraded.window_s * 1_000_000,
      min_decisions: file.degraded.min_decisions,
    },
    strategies: strategyParameterList(file.strategies),
    streams: streamsConfigOf(file.streams),
    models: modelsConfigOf(file.models),
    // Missing where it says nothing, so that releases keep their bytes.
    regime: file.regime.gate ? null : { gate: false },
    // The gate that a feed puts up (packages/evidence); a run over the past has none.
    evidence: null,
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
  const { known_time, evidence } = parsed.data;
  return { config: configOf(parsed.data), known_time, overridden: overriddenNames(evidence) };
}
