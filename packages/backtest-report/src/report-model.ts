import { z } from 'zod';

/** Raised when a field of `report.json` changes its meaning or goes. New fields raise it too: the reader is strict. */
export const REPORT_FORMAT = 2;

/** Bounds of `report.json`: what is above them belongs into the Parquet files of the run. */
export const REPORT_LIMITS = {
  /** 15 years of trade dates. */
  days: 4_000,
  trades: 20_000,
  /** Days whose candles are kept: see {@link candleDays}. */
  candleDays: 12,
  /** A trade date of 23 hours has 276 bars of 5 minutes. */
  candlesPerDay: 300,
  regimeSpans: 40_000,
  groups: 64,
  refusals: 200,
  folds: 200,
  models: 100,
  findings: 60,
  text: 600,
} as const;

const text = z.string().max(REPORT_LIMITS.text);
/** A name of a fixed list of the contracts, such as `calm_trend` or `daily_loss_limit`. */
const name = z.string().regex(/^[a-z0-9_]{1,64}$/);
const count = z.int().nonnegative();
const cents = z.int();
const date = z.int().min(19_000_101).max(29_991_231);
/** Before the year 2100. */
const us = z.int().min(0).max(4_102_444_800_000_000);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Why a figure is missing: those of `packages/statistics`, and those of a run. */
export const MISSING_FIGURES = [
  ...['too_few', 'not_finite', 'zero_variance', 'no_downside', 'out_of_range', 'unequal_lengths'],
  ...['one_class', 'not_above_benchmark', 'undefined', 'too_many', 'unstable'],
  /** The run was not asked for it. */
  'not_asked',
  'no_trades',
  /** No account profile in the book, so there are no rules to be judged by. */
  'no_profile',
  /** Entries without a known stop have no R. */
  'no_risk_known',
  /** Fills came from outside, so what they cost cannot be told apart from the price. */
  'outside_fills',
  /** One variant alone cannot be compared with others. */
  'one_variant',
  /** Variants were run whose daily results are not at hand. */
  'results_lost',
] as const;
const reason = z.enum(MISSING_FIGURES);
const missing = z.strictObject({ missing: reason });

/** A number, or why there is none. */
const figure = z.union([z.strictObject({ value: z.number() }), missing]);

/** A number with its interval, a number whose interval is missing, or why there is no number. */
const estimate = z.union([
  z.strictObject({ value: z.number(), low: z.number(), high: z.number() }),
  z.strictObject({ value: z.number(), interval_missing: reason }),
  missing,
]);

const run = z.strictObject({
  book: z.string().max(64),
  /** `rules` or `learned`. */
  policy: name,
  /** What the bars came from, as the user named it: no folder of a machine. */
  data: z
    .array(
      z.strictObject({
        symbol: z.string().max(16),
        reference: text,
        /** Of the bars as they were read; null where they were generated. */
        sha256: hash.nullable(),
        rows: count,
      }),
    )
    .max(32),
  interval_us: us,
  first_date: date.nullable(),
  last_date: date.nullable(),
  /** Trade dates that were decided on. */
  sessions: count,
  /** Trade dates before them that only warmed the book. */
  warmup_sessions: count,
  bars: count,
  /** Journal entries. */
  entries: count,
  contract_version: z.int().positive(),
  stages: z.array(z.strictObject({ stage: name, logic_version: z.int().positive() })).max(16),
  /** SHA-256 of the canonical book configuration. */
  config_hash: hash,
  /** SHA-256 over all decision frames. */
  decisions_digest: hash,
  /** Models that were trained on these days or later ones: with any, nothing here was out of sample. */
  in_sample: z
    .array(
      z.strictObject({
        model: z.string().max(120),
        version: z.string().max(40),
        trained_until_us: us,
        tested_from_us: us,
      }),
    )
    .max(REPORT_LIMITS.models),
  /** What every fill takes for granted, for people. */
  assumptions: z.array(z.strictObject({ name: text, text })).max(32),
});

const data = z.strictObject({
  origin: z.enum(['market', 'synthetic']),
  result: z.enum(['pass', 'warn', 'refuse', 'unknown']),
  reason: text,
  /** Refused, and taken all the same by the user. */
  accepted: z.boolean(),
  findings: z
    .array(z.strictObject({ code: name, level: z.enum(['note', 'warn', 'refuse']), message: text }))
    .max(REPORT_LIMITS.findings),
});

const account = z.strictObject({
  profile: text.nullable(),
  start_balance_cents: cents,
  /** Depth of the floor below the start balance; null without a profile. */
  max_loss_cents: cents.nullable(),
});

/** One trade date. Net, worst and best against the balance at its start, fees in all three. */
const day = z.strictObject({
  date,
  net_cents: cents,
  worst_cents: cents,
  best_cents: cents,
  fees_cents: cents,
  trades: count,
  /** Equity at its end, and how far below the highest end of a day so far, the start included. */
  equity_cents: cents,
  drawdown_cents: count,
  /** Smallest distance of the worst equity to the floor of the largest loss; null without a profile, below 0 is lost. */
  headroom_cents: cents.nullable(),
});

const trade = z.strictObject({
  /** Decision of the entry. */
  id: z.string().max(128),
  symbol: z.string().max(16),
  arm: name,
  regime: name,
  side: z.enum(['long', 'short']),
  quantity: z.int().positive(),
  date,
  opened_us: us,
  closed_us: us,
  /** Averages over its fills, in points; null where a fill's price is not at hand. */
  entry_price: z.number().nullable(),
  exit_price: z.number().nullable(),
  exit_leg: name,
  gross_cents: cents,
  fees_cents: cents,
  /** What the assumed slippage took; null where fills came from outside. It is inside gross. */
  slippage_cents: count.nullable(),
  net_cents: cents,
  risk_cents: cents.nullable(),
  /** Net result, worst and best moment in units of the risk at entry; null without a known stop. */
  r: z.number().nullable(),
  mae_r: z.number().nullable(),
  mfe_r: z.number().nullable(),
  /** A bar held stop and target, and their order is not known. */
  ambiguous: z.boolean(),
  /** After it, over closed trades alone. */
  equity_cents: cents,
  drawdown_cents: count,
});

/** Candles of one symbol on one trade date. */
const candles = z.strictObject({
  date,
  symbol: z.string().max(16),
  interval_us: us,
  /** In points. */
  bars: z
    .array(
      z.strictObject({
        open_us: us,
        open: z.number(),
        high: z.number(),
        low: z.number(),
        close: z.number(),
      }),
    )
    .max(REPORT_LIMITS.candlesPerDay),
});

const span = z.strictObject({ from_us: us, to_us: us, date, regime: name });

/** Trades that have something in common. */
const group = z.strictObject({
  /** Arm, regime, hour (`08`) or weekday (`mon`), in Chicago. */
  key: name,
  trades: count,
  wins: count,
  net_cents: cents,
  fees_cents: cents,
  /** Over trades with a known R. */
  mean_r: estimate,
  /** Share of winners, 0 to 1, with Wilson's interval. */
  hit: estimate,
  /** Fees and slippage in R, on average. */
  cost_r: figure,
});
const groups = z.array(group).max(REPORT_LIMITS.groups);

const costs = z.strictObject({
  /** Before fees, after slippage: what the fills alone came to. */
  gross_cents: cents,
  fees_cents: cents,
  /** What the assumed slippage took, above 0; it is inside gross. */
  slippage_cents: figure,
  net_cents: cents,
});

const histogram = z.strictObject({
  from: z.number(),
  to: z.number(),
  counts: z.array(count).min(1).max(200),
  below: count,
  above: count,
  /** Trades without a known R. */
  unknown: count,
});

const decisions = z.strictObject({
  /** Frames that were asked for a decision. */
  asked: count,
  entries: count,
  exits: count,
  holds: count,
  /** Why no entry was made, the most frequent first. */
  refusals: z.array(z.strictObject({ reason: name, count })).max(REPORT_LIMITS.refusals),
});

/** The same run, with bars that hold stop and target read in another order. */
const ambiguityPolicy = z.strictObject({
  policy: z.enum(['worst', 'best', 'coin']),
  net_cents: figure,
  trades: figure,
  sharpe: figure,
});
const ambiguity = z.strictObject({
  fills: count,
  ambiguous_fills: count,
  policies: z.array(ambiguityPolicy).length(3),
});

const shares = z.union([
  z.strictObject({
    evaluations: count,
    passed: z.number().min(0).max(1),
    breached: z.number().min(0).max(1),
    open: z.number().min(0).max(1),
    /** Median; null where none passed. */
    days_to_pass: z.number().nullable(),
  }),
  missing,
]);
const propFirm = z.union([
  z.strictObject({
    profile: text,
    target_cents: z.int().positive(),
    /** One evaluation from each trade date on. */
    by_start: shares,
    /** Days drawn anew in blocks. */
    resampled: shares,
  }),
  missing,
]);

const statistics = z.strictObject({
  /** Trade dates with a result, 0 on days without a trade. */
  days: count,
  level: z.number().gt(0).lt(1),
  resamples: count,
  seed: text,
  days_per_year: z.number().positive(),
  /** Of net results a day in cents. */
  mean_cents: estimate,
  /** Per day; a year's is times the root of the days a year. */
  sharpe: estimate,
  sortino: estimate,
  /** Mean of the worst 5 % of days; a loss is below 0. */
  cvar_cents: estimate,
  drawdown_cents: estimate,
  /** Probability that the true Sharpe ratio is above 0. */
  psr: figure,
  /** Probability that it is above what the best of the trials would show without an edge. */
  dsr: figure,
  /** That ratio, per day. */
  dsr_benchmark: figure,
  trials: z.strictObject({
    /** Every variant ever run, this one included. */
    count: z.int().positive(),
    effective: figure,
    /** Over what they were counted: the research log of a workspace. */
    scope: text,
  }),
  /** Trade dates it takes for 95 % confidence that the ratio is above 0. */
  minimum_track_record: figure,
  pbo: figure,
  reality_check_p: figure,
});

const period = z.strictObject({ from: date, to: date, sessions: count });
const fold = z.strictObject({
  train: period,
  validate: period.nullable(),
  test: period,
  train_net_cents: cents.nullable(),
  test_net_cents: cents,
  test_trades: count,
  test_sharpe: figure,
});
const walkForward = z.union([
  z.strictObject({
    embargo: count,
    anchored: z.boolean(),
    folds: z.array(fold).min(1).max(REPORT_LIMITS.folds),
  }),
  missing,
]);

const verdict = z.strictObject({
  outcome: z.enum(['no_evidence', 'evidence']),
  sentence: text,
  /** What stands against an edge; empty where nothing does. */
  against: z.array(z.strictObject({ code: name, text })).max(32),
  /** What a reader must know although it decides nothing. */
  caveats: z.array(z.strictObject({ code: name, text })).max(32),
});

export const reportBodySchema = z.strictObject({
  format: z.literal(REPORT_FORMAT),
  run,
  data,
  account,
  verdict,
  statistics,
  days: z.array(day).max(REPORT_LIMITS.days),
  trades: z.array(trade).max(REPORT_LIMITS.trades),
  /** Trades that were closed, also those above the bound of the list. */
  trades_total: count,
  candles: z.array(candles).max(REPORT_LIMITS.candleDays),
  regimes: z.array(span).max(REPORT_LIMITS.regimeSpans),
  groups: z.strictObject({ arms: groups, regimes: groups, hours: groups, weekdays: groups }),
  costs,
  r_histogram: z.union([histogram, missing]),
  decisions,
  ambiguity,
  prop_firm: propFirm,
  walk_forward: walkForward,
});

/** `report.json`: docs/reference/report.md has every field. */
export const reportSchema = reportBodySchema.extend({
  /** SHA-256 of all the rest: see {@link sealReport}. */
  hash,
});

export type ReportBody = z.infer<typeof reportBodySchema>;
export type BacktestReport = z.infer<typeof reportSchema>;
export type Figure = z.infer<typeof figure>;
export type Estimate = z.infer<typeof estimate>;
export type MissingFigure = (typeof MISSING_FIGURES)[number];
export type ReportTrade = z.infer<typeof trade>;
export type ReportDay = z.infer<typeof day>;
export type ReportGroup = z.infer<typeof group>;
export type ReportCandles = z.infer<typeof candles>;
export type ReportVerdict = z.infer<typeof verdict>;
export type ReportStatistics = z.infer<typeof statistics>;
export type RHistogram = z.infer<typeof histogram>;
export type RegimeSpan = z.infer<typeof span>;
