import { z } from 'zod';
import { centsOf, clockTime, contracts, dateNumber, dateText, minuteOfTradeDate, usd } from './book-units.js';
import { BellwetherError } from './codes.js';
import { MaxLossMode, type AccountProfile } from './generated/messages.js';
import { PROFILE_FILES } from './generated/profiles.js';

/**
 * The rules of one kind of account (config/profiles/*.yaml, domain.md 2.1 to 2.3): those of the firm under `account`, and
 * the stricter ones of this system under `limits`, which a book file may set one by one.
 */

const share = z.number().min(0).max(1);

const maxLossSchema = z.strictObject({
  mode: z.enum(['end_of_day', 'intraday', 'static']),
  distance_usd: usd(1),
  /** The floor rises no higher. */
  lock_at_usd: usd(0),
});

const scalingStepSchema = z.strictObject({ from_profit_usd: usd(0), max_minis: contracts });

const overrideSchema = z.strictObject({ date: dateText, flat_by: clockTime });

const accountSchema = z.strictObject({
  start_balance_usd: usd(1),
  max_loss: maxLossSchema,
  max_position_minis: contracts,
  micros_per_mini: z.int().min(1).max(10),
  max_day_contracts: z.int().min(1).max(10_000),
  must_be_flat_by: clockTime,
  flat_by_overrides: z.array(overrideSchema).max(200),
  best_day_max_share: share.nullable(),
  scaling_plan: z
    .array(scalingStepSchema)
    .max(20)
    .refine(
      (steps) => steps.every((step, i) => step.from_profit_usd > (steps[i - 1]?.from_profit_usd ?? -1)),
      {
        error: 'Expected the lowest profit first, each once',
      },
    )
    .refine((steps) => steps.length === 0 || steps[0]?.from_profit_usd === 0, {
      error: 'Expected the first step to begin at a profit of 0',
    }),
});

/** The limits of the system that a profile gives and a book file may set. */
export const ownLimits = {
  /** Largest positions in minis, working orders included. */
  max_total: contracts,
  max_es: contracts,
  max_nq: contracts,
  /** Largest change of the position by one decision. */
  max_step: contracts,
  /** From this loss of the day on: no new risk. */
  daily_soft_loss_usd: usd(1),
  /** From this loss of the day on: everything is closed, and locked for the trade date. */
  kill_loss_usd: usd(1),
  /** What the worst case must leave above the floor of the account. */
  min_headroom_usd: usd(0),
  /** Times of day in Chicago. */
  last_entry: clockTime,
  flat_by: clockTime,
  /** Open risk over headroom: above the first a new size is cut, above the second nothing is entered. */
  heat_reduce: z.number().min(0).max(10),
  heat_block: z.number().min(0).max(10),
  /** Correlation that ES and NQ of one side are counted with at least. */
  correlation_min: share,
};

const profileSchema = z.strictObject({
  profile: z.string().min(1).max(64),
  dated: dateText,
  sources: z.array(z.string().min(1).max(300)).min(1).max(20),
  phase: z.enum(['combine', 'express']),
  account: accountSchema,
  /** Minutes around a tier-1 release without new entries. */
  news_block_minutes: z.int().min(0).max(240),
  limits: z.strictObject(ownLimits),
});

/** A profile file as it is written. */
export type ProfileFile = z.output<typeof profileSchema>;

/** What a book may say otherwise about its account. */
export const accountOverrides = z
  .strictObject({
    phase: z.enum(['combine', 'express']).optional(),
    /** Balance with which the book begins; the floor and its lock move with it. */
    start_balance_usd: usd(1).optional(),
    news_block_minutes: z.int().min(0).max(240).optional(),
    flat_by_overrides: z.array(overrideSchema).max(200).optional(),
  })
  .prefault({});

/** Names of the profiles of this build. */
export const PROFILE_NAMES: readonly string[] = Object.keys(PROFILE_FILES).sort();

/** Checks the content of a profile file. Throws `config_invalid` with every problem and its place. */
export function profileOf(content: unknown): ProfileFile {
  const parsed = profileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.') || '(file)',
    message,
  }));
  throw new BellwetherError(
    'config_invalid',
    `The account profile has ${problems.length} problem(s)`,
    problems,
  );
}

/** A profile of this build, or null where it has none of that name. */
export function namedProfile(name: string): ProfileFile | null {
  return Object.hasOwn(PROFILE_FILES, name) ? profileOf(PROFILE_FILES[name]) : null;
}

const MODES = {
  end_of_day: MaxLossMode.END_OF_DAY,
  intraday: MaxLossMode.INTRADAY,
  static: MaxLossMode.STATIC,
} as const;

/** The profile in exact units, with the limits and changes of a book. */
export function accountProfileOf(
  profile: ProfileFile,
  limits: ProfileFile['limits'],
  own: z.output<typeof accountOverrides>,
): AccountProfile {
  const { account } = profile;
  const start = own.start_balance_usd ?? account.start_balance_usd;
  const moved = centsOf(start) - centsOf(account.start_balance_usd);
  const scaling = (own.phase ?? profile.phase) === 'express' ? account.scaling_plan : [];
  return {
    name: profile.profile,
    dated: dateNumber(profile.dated),
    sources: profile.sources,
    start_balance_cents: centsOf(start),
    max_loss_mode: MODES[account.max_loss.mode],
    max_loss_cents: centsOf(account.max_loss.distance_usd),
    floor_lock_cents: centsOf(account.max_loss.lock_at_usd) + moved,
    min_headroom_cents: centsOf(limits.min_headroom_usd),
    max_position_minis: account.max_position_minis,
    micros_per_mini: account.micros_per_mini,
    scaling: scaling.map((step) => ({
      from_profit_cents: centsOf(step.from_profit_usd),
      max_minis: step.max_minis,
    })),
    max_day_contracts: account.max_day_contracts,
    best_day_max_share: account.best_day_max_share,
    heat_reduce: limits.heat_reduce,
    heat_block: limits.heat_block,
    correlation_min: limits.correlation_min,
    flat_by: (own.flat_by_overrides ?? account.flat_by_overrides).map(({ date, flat_by }) => ({
      trade_date: dateNumber(date),
      flat_by_minute: minuteOfTradeDate(flat_by),
    })),
    news_block_minutes: own.news_block_minutes ?? profile.news_block_minutes,
  };
}
