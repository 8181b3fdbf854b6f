import { z } from 'zod';
import { clockTime, minuteOfTradeDate } from './book-units.js';

/** One value for each known regime. */
export interface ByRegime<T> {
  readonly calm_trend: T;
  readonly calm_chop: T;
  readonly highvol_trend: T;
  readonly highvol_chop: T;
}

export type RegimeKey = keyof ByRegime<unknown>;

export const REGIME_KEYS: readonly RegimeKey[] = ['calm_trend', 'calm_chop', 'highvol_trend', 'highvol_chop'];

/** Parameter, its schema with a default. */
type Shape = Readonly<Record<string, z.ZodType<number> | z.ZodType<boolean>>>;
type SetOf<S extends Shape> = { readonly [K in keyof S]: z.output<S[K]> };

export const number = (
  fallback: number,
  min: number,
  max: number,
  meaning: string,
): z.ZodDefault<z.ZodNumber> => z.number().min(min).max(max).default(fallback).describe(meaning);

export const whole = (fallback: number, min: number, max: number, meaning: string): z.ZodDefault<z.ZodInt> =>
  z.int().min(min).max(max).default(fallback).describe(meaning);

export const flag = (fallback: boolean, meaning: string): z.ZodDefault<z.ZodBoolean> =>
  z.boolean().default(fallback).describe(meaning);

/** A time of day in Chicago, given as text; in minutes since 17:00. */
export const time = (fallback: string, meaning: string): z.ZodType<number> =>
  clockTime.transform(minuteOfTradeDate).prefault(fallback).describe(meaning);

/** What a regime does to every strategy (domain.md 6.2). */
export const REGIME_FACTORS: ByRegime<{
  readonly stop_factor: number;
  readonly target_factor: number;
  readonly size_factor: number;
}> = {
  calm_trend: { stop_factor: 1, target_factor: 1, size_factor: 1 },
  calm_chop: { stop_factor: 0.9, target_factor: 0.8, size_factor: 1 },
  highvol_trend: { stop_factor: 1.25, target_factor: 1.5, size_factor: 0.7 },
  highvol_chop: { stop_factor: 1.2, target_factor: 0.9, size_factor: 0.5 },
};

/** What every strategy has (domain.md 6, "Common rules"). */
const COMMON = {
  on: flag(true, 'Off: never a setup in this regime.'),
  window_from: time('08:35', 'First time of an entry, inclusive.'),
  window_to: time('14:45', 'Last time of an entry, inclusive.'),
  daily_trades_max: whole(3, 0, 100, 'Trades on one trade date in one symbol.'),
  stop_min_ticks: whole(4, 1, 1_000, 'Least distance of the stop.'),
  stop_max_atr_m5: number(1.5, 0, 20, 'Largest distance of the stop, in ATR14 of 5-minute bars.'),
  target_min_costs: number(3, 0, 100, 'A target nearer than so many round-trip costs pays the broker.'),
  stop_factor: number(1, 0.1, 10, 'The regime multiplies the distance of the stop by this.'),
  target_factor: number(1, 0.1, 10, 'The regime multiplies the distance of the target by this.'),
  size_factor: number(1, 0, 2, 'The regime multiplies the size by this.'),
  event_minutes_before: number(2, 0, 600, 'No entry from so many minutes before a tier-1 release.'),
  event_minutes_after: number(5, 0, 600, 'No entry until so many minutes after a tier-1 release.'),
  event_calendar_needed: flag(false, 'Without a calendar of releases: refuse.'),
} satisfies Shape;

export type CommonParameters = SetOf<typeof COMMON>;
type Common = typeof COMMON;

function withDefault(schema: Shape[string], value: unknown): Shape[string] {
  if (typeof value === 'number') return (schema as z.ZodType<number>).default(value);
  return typeof value === 'boolean' ? (schema as z.ZodType<boolean>).default(value) : schema;
}

/** `all` stands for each regime that does not say it itself. */
function spreadAll(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('all' in input)) return input;
  const { all, ...own } = input as Readonly<Record<string, unknown>>;
  if (typeof all !== 'object' || all === null) return input;
  const sets = REGIME_KEYS.map((name) => [name, { ...all, ...(own[name] as object | undefined) }]);
  return { ...own, ...(Object.fromEntries(sets) as object) };
}

/**
 * The parameters of a strategy: one set for each regime. `shape` gives what it adds to the common ones, `differs` the
 * defaults that are others than those of the shape, for all regimes and for single ones.
 */
export function strategySchema<S extends Shape>(
  shape: S,
  differs: Partial<ByRegime<Partial<SetOf<Common & S>>>> & { readonly all?: Partial<SetOf<Common & S>> },
): z.ZodType<ByRegime<SetOf<Common & S>>> {
  const sets = REGIME_KEYS.map((regime) => {
    const own: Readonly<Record<string, unknown>> = {
      ...REGIME_FACTORS[regime],
      ...differs.all,
      ...differs[regime],
    };
    const fields = Object.entries<Shape[string]>({ ...COMMON, ...shape });
    const shaped = Object.fromEntries(fields.map(([name, schema]) => [name, withDefault(schema, own[name])]));
    return [regime, z.strictObject(shaped).prefault({})] as const;
  });
  const meanings = Object.fromEntries(
    Object.entries<Shape[string]>({ ...COMMON, ...shape }).map(([name, one]) => [
      name,
      one.description ?? '',
    ]),
  );
  const schema = z.preprocess(spreadAll, z.strictObject(Object.fromEntries(sets)).prefault({}));
  // For the reference page (tools/generate-reference.mjs).
  const described: unknown = schema.meta({ meanings });
  return described as z.ZodType<ByRegime<SetOf<Common & S>>>;
}

/** The same as minutes since 17:00, for defaults that differ. */
export const at = minuteOfTradeDate;
