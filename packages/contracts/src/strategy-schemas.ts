import { z } from 'zod';
import { at, flag, number, strategySchema, time, whole } from './parameter-schema.js';

/**
 * Every parameter of S1 to S12 with its default (domain.md 6.1 and 6.2). Starting values: none has been fitted. Distances
 * are in ticks where a name ends so, else as shares of what the name says.
 */

const tp1 = { tp1_r: number(1, 0.1, 20, 'The first partial exit, in R.') };
/** A market entry that has not filled after so many bars is dropped: the setup is over. */
const market = {
  valid_bars: whole(2, 1, 60, 'A market entry that has not filled after so many bars is dropped.'),
};
/** A waiting order is asked for anew after so many bars, as long as the setup lives. */
const waiting = {
  valid_bars: whole(5, 1, 120, 'A waiting order is asked for anew after so many bars.'),
  trigger_margin_ticks: whole(1, 0, 100, 'Ticks beyond the level at which a stop entry waits.'),
};
const stopMargin = {
  stop_margin_ticks: whole(2, 0, 100, 'Ticks beyond the extreme at which the stop lies.'),
};
const OFF = { on: false };

/** Opening-range breakout. */
export const s1Schema = strategySchema(
  {
    ...tp1,
    ...waiting,
    body_share_min: number(0.2, 0, 1, 'Least |close - open| of the opening range, as a share of its width.'),
    range_min_adr: number(0.1, 0, 10, 'Least width of the opening range, in ADR.'),
    range_max_adr: number(0.45, 0, 10, 'Largest width of the opening range, in ADR.'),
    volume_so_far_min: number(1, 0, 100, 'Volume since 08:30 over its usual.'),
  },
  {
    all: { window_from: at('08:45'), window_to: at('10:30'), daily_trades_max: 1 },
    calm_chop: OFF,
    highvol_trend: { daily_trades_max: 2 },
  },
);

/** VWAP mean reversion. */
export const s2Schema = strategySchema(
  {
    ...tp1,
    ...market,
    ...stopMargin,
    vwap_z_min: number(2, 0, 10, 'Standard deviations from VWAP that the price must have been away.'),
    slope_side_only: flag(false, 'Only in the direction in which VWAP slopes.'),
    er30_max: number(0.4, 0, 1, 'Largest efficiency of 30 bars.'),
    vwap_slope_max_atr: number(0.7, 0, 100, 'Largest move of VWAP over 15 bars, in ATR14.'),
    target_margin_ticks: whole(1, 0, 100, 'Ticks that the target stays short of VWAP.'),
    time_stop_minutes: whole(30, 1, 600, 'Minutes in the trade, at most.'),
  },
  {
    all: { window_from: at('09:00'), window_to: at('14:30') },
    calm_trend: { slope_side_only: true },
    calm_chop: { vwap_z_min: 1.8 },
    highvol_trend: OFF,
    highvol_chop: { vwap_z_min: 2.5 },
  },
);

/** Compression breakout. */
export const s3Schema = strategySchema(
  {
    ...tp1,
    trigger_margin_ticks: whole(1, 0, 100, 'Ticks beyond the level at which a stop entry waits.'),
    squeeze_bars_min: whole(5, 1, 200, 'Shortest squeeze that counts, in 5-minute bars.'),
    volume_ratio_min: number(1.2, 0, 100, 'Least volume of the bar over the usual of this time of day.'),
    stop_cap_atr_m5: number(
      1,
      0,
      20,
      'Largest distance of the stop, in ATR14 of 5-minute bars: it is cut there.',
    ),
    valid_minutes: whole(15, 1, 600, 'How long the entry order waits from the end of the squeeze on.'),
  },
  {
    all: { window_from: at('08:45'), window_to: at('14:30') },
    calm_trend: { squeeze_bars_min: 8 },
    calm_chop: OFF,
    highvol_chop: OFF,
  },
);

/** Trend pullback to EMA. */
export const s4Schema = strategySchema(
  {
    ...tp1,
    ...market,
    ...stopMargin,
    adx_min: number(22, 0, 100, 'Least ADX14 of 5-minute bars.'),
    pullback_minutes: number(10, 1, 600, 'Longest time from the touch of the averages to the trigger.'),
    target_r: number(2, 0.1, 20, 'The target, in R.'),
  },
  { all: { window_from: at('09:00'), window_to: at('14:30') }, calm_chop: OFF, highvol_chop: OFF },
);

/** Overnight-gap fade. */
export const s5Schema = strategySchema(
  {
    ...tp1,
    ...market,
    ...stopMargin,
    gap_min_adr: number(0.1, 0, 10, 'Smallest gap, in ADR.'),
    gap_max_adr: number(0.5, 0, 10, 'Largest gap, in ADR.'),
    extension_max_adr: number(0.05, 0, 10, 'How far the session may have gone on beyond its open, in ADR.'),
    volume_so_far_max: number(1.8, 0, 100, 'Volume since 08:30 over its usual.'),
    tp1_gap_share: number(
      0.5,
      0.01,
      1,
      'TP1 lies at this share of the gap, or at tp1_r where that is nearer.',
    ),
    exit_at: time('11:00', 'Out by this time.'),
  },
  {
    all: { window_from: at('08:35'), window_to: at('09:00'), daily_trades_max: 1 },
    highvol_trend: OFF,
  },
);

/** Range trading. */
export const s6Schema = strategySchema(
  {
    ...tp1,
    touches_min: whole(2, 1, 60, 'Touches of each edge, at least.'),
    width_min_atr_m5: number(1, 0, 100, 'Least width of the box, in ATR14 of 5-minute bars.'),
    width_max_atr_m5: number(3, 0, 100, 'Largest width of the box, in ATR14 of 5-minute bars.'),
    er60_max: number(0.2, 0, 1, 'Largest efficiency of 60 bars.'),
    entry_inside_share: number(0.05, 0, 0.5, 'Entry so far inside the edge, as a share of the width.'),
    stop_beyond_share: number(0.3, 0, 10, 'Stop so far beyond the edge, as a share of the width.'),
    target_short_share: number(0.15, 0, 1, 'Target so far short of the other edge, as a share of the width.'),
  },
  {
    all: { window_from: at('09:30'), window_to: at('14:30') },
    calm_trend: OFF,
    highvol_trend: OFF,
    highvol_chop: { width_min_atr_m5: 1.5 },
  },
);

/** Initial-balance extension. */
export const s7Schema = strategySchema(
  {
    ...tp1,
    ...waiting,
    width_max_median: number(1, 0, 100, 'Width of the initial balance over its median of 20 sessions.'),
    tp1_width_share: number(
      0.5,
      0.01,
      10,
      'TP1 at this share of the width, or at tp1_r where that is nearer.',
    ),
    target_width_share: number(1, 0.01, 10, 'The target, in widths of the initial balance.'),
    exit_at: time('14:45', 'Out by this time.'),
  },
  {
    all: { window_from: at('09:30'), window_to: at('13:30'), trigger_margin_ticks: 2 },
    calm_chop: OFF,
  },
);

/** VWAP trend continuation. */
export const s8Schema = strategySchema(
  {
    ...tp1,
    ...market,
    side_share_min: number(0.8, 0, 1, 'Share of the last 30 closes on the side of the trend.'),
    pullback_z: number(
      0.25,
      0,
      10,
      'The pullback comes so near to VWAP, and no close lies so far beyond it, in standard deviations.',
    ),
    stop_z: number(0.5, 0, 10, 'Distance of the stop beyond VWAP, in standard deviations.'),
  },
  {
    all: { window_from: at('09:15'), daily_trades_max: 2, stop_min_ticks: 6 },
    calm_chop: OFF,
    highvol_chop: OFF,
  },
);

/** Sweep of the prior day's high or low, and back. */
export const s9Schema = strategySchema(
  {
    ...tp1,
    ...market,
    ...stopMargin,
    sweep_min_ticks: whole(2, 1, 1_000, 'Least ticks beyond the level.'),
    sweep_max_adr: number(0.12, 0, 10, 'Farthest beyond the level, in ADR.'),
    sweep_minutes: number(15, 1, 600, 'Longest time beyond the level.'),
    target_min_r: number(1.5, 0, 20, 'A target nearer than this many R is no setup.'),
    flat_vwap_only: flag(false, 'Only while VWAP is flat (vwap_flat_max_atr).'),
    vwap_flat_max_atr: number(
      0.35,
      0,
      100,
      'Largest move of VWAP over 15 bars that counts as flat, in ATR14.',
    ),
    pause_from: time('11:30', 'No entries from this time on.'),
    pause_to: time('12:30', 'Entries again from this time on.'),
  },
  {
    all: { window_from: at('08:40'), window_to: at('14:30') },
    calm_trend: { flat_vwap_only: true },
    highvol_trend: OFF,
  },
);

/** Supply and demand zones, at the first touch. */
export const s10Schema = strategySchema(
  {
    ...tp1,
    ...stopMargin,
    valid_bars: whole(
      5,
      1,
      120,
      'An entry order that has not filled after so many bars is dropped or asked for anew.',
    ),
    age_max_sessions: number(3, 0, 100, 'Oldest zone that counts, in sessions.'),
    reach_max_atr_m5: number(
      1,
      0,
      100,
      'Farthest near edge that an order waits at, in ATR of 5 minutes: one farther away would only keep other trades out.',
    ),
    target_r: number(2, 0.1, 20, 'The target, in R.'),
    against_slope: flag(false, 'Also against the slope of EMA21 of 5-minute bars.'),
  },
  { calm_chop: { against_slope: true }, highvol_chop: { against_slope: true } },
);

/** Exhaustion-fade scalp. */
export const s11Schema = strategySchema(
  {
    ...market,
    ...stopMargin,
    move_min_sigma: number(2.5, 0, 20, '|sum of five returns| over the usual return times root five.'),
    volume_ratio_min: number(2, 0, 100, 'Least volume of the bar over the usual of this time of day.'),
    wick_share_min: number(0.45, 0, 1, 'Least wick against the move, as a share of the range of the bar.'),
    close_share_max: number(
      0.333,
      0,
      1,
      'Or the close lies in this share of the range, at the far side of the move.',
    ),
    stop_cap_es_ticks: whole(10, 1, 1_000, 'Largest distance of the stop in ES and MES.'),
    stop_cap_nq_ticks: whole(30, 1, 1_000, 'Largest distance of the stop in NQ and MNQ.'),
    target_move_share: number(0.5, 0.01, 2, 'The target, as a share of the move.'),
    target_min_r: number(1, 0, 20, 'A target nearer than this many R is no setup.'),
    time_stop_bars: whole(6, 1, 600, 'Bars in the trade, at most.'),
  },
  {
    all: { window_from: at('08:45'), window_to: at('14:40') },
    calm_trend: OFF,
    calm_chop: { move_min_sigma: 3 },
    highvol_trend: OFF,
  },
);

/** Closing-drive momentum. */
export const s12Schema = strategySchema(
  {
    ...market,
    move_min_adr: number(0.35, 0, 10, '|price less the close of the day before| over ADR.'),
    stop_atr_m5: number(0.8, 0.1, 10, 'Distance of the stop, in ATR14 of 5-minute bars.'),
    exit_at: time('14:58', 'Out by this time.'),
  },
  {
    all: { window_from: at('14:30'), window_to: at('14:30'), daily_trades_max: 1 },
    calm_trend: { move_min_adr: 0.45 },
    calm_chop: { move_min_adr: 0.45 },
    highvol_trend: { move_min_adr: 0.25 },
    highvol_chop: { move_min_adr: 0.25 },
  },
);

/** By their names in the book file. */
export const STRATEGY_SCHEMAS = {
  S1: s1Schema,
  S2: s2Schema,
  S3: s3Schema,
  S4: s4Schema,
  S5: s5Schema,
  S6: s6Schema,
  S7: s7Schema,
  S8: s8Schema,
  S9: s9Schema,
  S10: s10Schema,
  S11: s11Schema,
  S12: s12Schema,
} as const;

/** `strategies:` of the book file. */
export const strategiesSchema = z.strictObject({
  S1: s1Schema.prefault({} as never),
  S2: s2Schema.prefault({} as never),
  S3: s3Schema.prefault({} as never),
  S4: s4Schema.prefault({} as never),
  S5: s5Schema.prefault({} as never),
  S6: s6Schema.prefault({} as never),
  S7: s7Schema.prefault({} as never),
  S8: s8Schema.prefault({} as never),
  S9: s9Schema.prefault({} as never),
  S10: s10Schema.prefault({} as never),
  S11: s11Schema.prefault({} as never),
  S12: s12Schema.prefault({} as never),
});

export type StrategyParameters = z.output<typeof strategiesSchema>;
export type StrategyKey = keyof StrategyParameters;
