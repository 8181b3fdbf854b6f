import { RegimeState, type ReasonCode } from '@bellwether/contracts';
import type { RegimeBar } from './regime-run.js';

/** The four states in the order of their probabilities, then unknown. */
export const REPORTED_STATES = [
  RegimeState.CALM_TREND,
  RegimeState.CALM_CHOP,
  RegimeState.HIGHVOL_TREND,
  RegimeState.HIGHVOL_CHOP,
  RegimeState.UNKNOWN,
] as const;

const KNOWN_STATES = 4;

export interface StateTime {
  readonly state: RegimeState;
  /** Of all bars. */
  readonly share: number;
  /** Of all bars: in this state with the gate open. */
  readonly open_share: number;
  /** Times that it began. */
  readonly spells: number;
  /** Mean minutes from its begin to its end; null where it never was. */
  readonly dwell_minutes: number | null;
}

/** How the states follow each other in time. */
export interface RegimeTime {
  readonly bars: number;
  readonly sessions: number;
  readonly states: readonly StateTime[];
  readonly open_share: number;
  /** Why the gate was closed, with the share of all bars, the largest first. */
  readonly closed: readonly { readonly reason: ReasonCode; readonly share: number }[];
  /** Changes from one known state to another. */
  readonly switches_per_session: number;
  /** By state left and state entered, in the order of the four. */
  readonly transitions: readonly (readonly number[])[];
  /** Share of the time in each state, by session in order. */
  readonly days: readonly { readonly trade_date: number; readonly shares: readonly number[] }[];
}

function placeOf(state: RegimeState): number {
  const place = REPORTED_STATES.findIndex((one) => one === state);
  return place < 0 ? KNOWN_STATES : place;
}

/** Counts bars, spells and changes. Mutable. */
class Counter {
  readonly inState = new Array<number>(REPORTED_STATES.length).fill(0);
  readonly openIn = new Array<number>(REPORTED_STATES.length).fill(0);
  readonly spells = new Array<number>(REPORTED_STATES.length).fill(0);
  readonly minutes = new Array<number>(REPORTED_STATES.length).fill(0);
  readonly transitions = Array.from({ length: KNOWN_STATES }, () => new Array<number>(KNOWN_STATES).fill(0));
  readonly reasons = new Map<ReasonCode, number>();
  readonly days: { trade_date: number; bars: number[] }[] = [];
  private before: RegimeBar | null = null;

  add(bar: RegimeBar): void {
    const place = placeOf(bar.state);
    const { before } = this;
    const sameDay = before?.trade_date === bar.trade_date;
    if (!sameDay) {
      this.days.push({ trade_date: bar.trade_date, bars: new Array<number>(REPORTED_STATES.length).fill(0) });
    }
    this.inState[place]! += 1;
    this.days[this.days.length - 1]!.bars[place]! += 1;
    this.minutes[place]! += bar.interval_us / 60_000_000;
    if (bar.gate_open) this.openIn[place]! += 1;
    else this.reasons.set(bar.reason, (this.reasons.get(bar.reason) ?? 0) + 1);
    const left = before === null || !sameDay ? null : placeOf(before.state);
    if (left !== place) this.spells[place]! += 1;
    if (left !== null && left !== place && left < KNOWN_STATES && place < KNOWN_STATES) {
      this.transitions[left]![place]! += 1;
    }
    this.before = bar;
  }
}

function dwellMinutes(minutes: number, spells: number): number | null {
  return spells === 0 ? null : minutes / spells;
}

/** Time by state, dwell, changes. Bars are of one symbol, in order of time. */
export function regimeTime(bars: readonly RegimeBar[]): RegimeTime {
  const counter = new Counter();
  for (const bar of bars) counter.add(bar);
  const all = Math.max(1, bars.length);
  const switches = counter.transitions.flat().reduce((sum, n) => sum + n, 0);
  return {
    bars: bars.length,
    sessions: counter.days.length,
    states: REPORTED_STATES.map((state, i) => ({
      state,
      share: counter.inState[i]! / all,
      open_share: counter.openIn[i]! / all,
      spells: counter.spells[i]!,
      dwell_minutes: dwellMinutes(counter.minutes[i]!, counter.spells[i]!),
    })),
    open_share: counter.openIn.reduce((sum, n) => sum + n, 0) / all,
    closed: [...counter.reasons]
      .map(([reason, count]) => ({ reason, share: count / all }))
      .sort((a, b) => b.share - a.share || a.reason - b.reason),
    switches_per_session: switches / Math.max(1, counter.days.length),
    transitions: counter.transitions,
    days: counter.days.map(({ trade_date, bars: counts }) => {
      const total = counts.reduce((sum, n) => sum + n, 0);
      return { trade_date, shares: counts.map((n) => n / total) };
    }),
  };
}
