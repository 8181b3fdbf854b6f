import { RegimeStateName, type ReasonCode, type Frame, type Indicators } from '@bellwether/contracts';
import { streamLines } from './stream-lines.js';
import { faultLines, reason } from './words.js';

const INDICATOR_LABELS: readonly (readonly [keyof Indicators, string])[] = [
  ['vwap_z', 'deviations from VWAP'],
  ['vwap_slope15_ticks', 'VWAP slope over 15 bars, ticks'],
  ['atr14_ticks', 'ATR14, ticks'],
  ['atr14_m5_ticks', 'ATR14 on 5 minutes, ticks'],
  ['er30', 'efficiency ratio over 30 bars'],
  ['rv30_percentile', 'volatility percentile at this time of day'],
  ['volume_rel_log2', 'volume against this time of day, log2'],
];

export function features(frame: Frame): string[] {
  const part = frame.features;
  if (part === null) return ['did not run'];
  const lines = [...faultLines(part.fault), reason(part.reason)];
  if (part.clock !== null && part.clock.trade_date !== 0) {
    const kind = part.clock.full_day ? 'a full day' : 'a short day';
    lines.push(
      `trade date ${part.clock.trade_date}, minute ${part.clock.session_minute} of the session, ${kind}`,
    );
  }
  if (part.vector !== null) {
    lines.push(`${part.vector.present_index.length} of 43 features present (${part.vector.set_version})`);
    const masks = new Map<ReasonCode, number>();
    for (const code of part.vector.masked_reason) masks.set(code, (masks.get(code) ?? 0) + 1);
    for (const [code, count] of masks) lines.push(`${count} missing: ${reason(code)}`);
  }
  const { indicators } = part;
  if (indicators !== null) {
    for (const [key, label] of INDICATOR_LABELS) {
      const value = indicators[key];
      lines.push(`${label}: ${typeof value === 'number' ? value.toFixed(3) : 'missing'}`);
    }
  }
  return [...lines, ...streamLines(part, frame.entry?.event_us ?? 0)];
}

const STATES = ['Calm-Trend', 'Calm-Chop', 'HighVol-Trend', 'HighVol-Chop'];

export function regime(frame: Frame): string[] {
  const part = frame.regime;
  if (part === null) return ['did not run'];
  const odds = part.probabilities.map((p, i) => `${STATES[i] ?? '?'} ${p.toFixed(3)}`).join(', ');
  return [
    ...faultLines(part.fault),
    `${RegimeStateName[part.state]}, gate ${part.gate_open ? 'open' : 'closed'}`,
    reason(part.reason),
    odds === '' ? 'no probabilities' : odds,
    ...(part.pending === null
      ? []
      : [`${RegimeStateName[part.pending]} qualifies but has not lasted long enough`]),
  ];
}

export function forecast(frame: Frame): string[] {
  const part = frame.forecast;
  if (part === null) return ['did not run'];
  const p = part.p_final === null ? 'no probability' : `p(higher in 15 minutes) ${part.p_final.toFixed(3)}`;
  return [...faultLines(part.fault), p, reason(part.reason)];
}
