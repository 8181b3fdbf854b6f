import { Side, type Zone } from '@bellwether/contracts';
import { legOutOf, type NewZone, type ZoneBar } from './zone-pattern.js';

/** Sessions for which a zone lasts (domain.md 6.1, S10, and the age term of 7.3). */
const SESSIONS_MAX = 3;
/** Zones of one side that are kept; the oldest gives way. */
export const ZONES_MAX = 6;
/** Three bars of leg-in, four of base, two of leg-out. */
const PATTERN_BARS = 9;
const OVERLAP = 0.5;

interface KnownZone extends NewZone {
  readonly fresh: boolean;
  /** Number of the session in which it was born. */
  readonly session: number;
}

/** Zones of one symbol without a hole in its bars. */
export interface ZoneRun {
  /** 5-minute bars of the running session, oldest first. */
  readonly bars: readonly ZoneBar[];
  /** Sessions begun. */
  readonly session: number;
  readonly zones: readonly KnownZone[];
  /** The same as the frame tells them. */
  readonly told: readonly Zone[];
}

const NONE: readonly never[] = [];

export const NO_ZONES: ZoneRun = { bars: NONE, session: 0, zones: NONE, told: NONE };

interface MinuteBar {
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
  readonly session_start: boolean;
}

/** The run after a bar; `completed` are the 5-minute bars that it completed, oldest first. */
export function withZoneBar(run: ZoneRun, bar: MinuteBar, completed: readonly ZoneBar[]): ZoneRun {
  const session = bar.session_start ? run.session + 1 : run.session;
  let zones = bar.session_start ? young(run.zones, session) : run.zones;
  if (zones.length > 0) zones = met(zones, bar);
  let bars = bar.session_start ? NONE : run.bars;
  for (const longer of completed) {
    bars = bars.length < PATTERN_BARS ? [...bars, longer] : [...bars.slice(1), longer];
    const born = legOutOf(bars);
    if (born !== null) zones = withZone(zones, { ...born, fresh: true, session });
  }
  const same = zones === run.zones && session === run.session;
  if (same && bars === run.bars) return run;
  return { bars, session, zones, told: same ? run.told : zones.map((zone) => toldOf(zone, session)) };
}

function young(zones: readonly KnownZone[], session: number): readonly KnownZone[] {
  return zones.filter((zone) => session - zone.session < SESSIONS_MAX);
}

/** A touch of the near edge ends freshness; a close beyond the far edge ends the zone. */
function met(zones: readonly KnownZone[], bar: MinuteBar): readonly KnownZone[] {
  if (!zones.some((zone) => touches(zone, bar) && (zone.fresh || isBroken(zone, bar)))) return zones;
  return zones
    .filter((zone) => !isBroken(zone, bar))
    .map((zone) => (zone.fresh && touches(zone, bar) ? { ...zone, fresh: false } : zone));
}

function touches({ side, proximal_ticks }: KnownZone, { low_ticks, high_ticks }: MinuteBar): boolean {
  return side === Side.LONG ? low_ticks <= proximal_ticks : high_ticks >= proximal_ticks;
}

function isBroken({ side, distal_ticks }: KnownZone, { close_ticks }: MinuteBar): boolean {
  return side === Side.LONG ? close_ticks < distal_ticks : close_ticks > distal_ticks;
}

/** Share of the narrower zone that lies in the other one. */
function overlapOf(a: NewZone, b: NewZone): number {
  const bottom = (zone: NewZone): number => Math.min(zone.proximal_ticks, zone.distal_ticks);
  const top = (zone: NewZone): number => Math.max(zone.proximal_ticks, zone.distal_ticks);
  const common = Math.min(top(a), top(b)) - Math.max(bottom(a), bottom(b));
  return common / Math.min(top(a) - bottom(a), top(b) - bottom(b));
}

/** Zones of one side that overlap by more than half become one, as young as the newest. */
function withZone(zones: readonly KnownZone[], born: KnownZone): readonly KnownZone[] {
  const joins = (zone: KnownZone): boolean => zone.side === born.side && overlapOf(zone, born) > OVERLAP;
  const joined = zones.filter(joins).reduce(united, born);
  const others = zones.filter((zone) => !joins(zone));
  const own = others.filter(({ side }) => side === born.side);
  const kept = own.length < ZONES_MAX ? others : others.filter((zone) => zone !== own[0]);
  return [...kept, joined];
}

function united(newest: KnownZone, older: KnownZone): KnownZone {
  const [near, far] = newest.side === Side.LONG ? [Math.max, Math.min] : [Math.min, Math.max];
  return {
    ...newest,
    proximal_ticks: near(newest.proximal_ticks, older.proximal_ticks),
    distal_ticks: far(newest.distal_ticks, older.distal_ticks),
    strength: Math.max(newest.strength, older.strength),
  };
}

/**
 * 0.4 freshness + 0.3 leg-out + 0.2 volume + 0.1 youth (domain.md 7.3). Where the volume of the leg-out, or what is usual
 * for it, is not known, the other three count for all.
 */
function scoreOf(zone: KnownZone, age_sessions: number): number {
  const known = 0.4 * (zone.fresh ? 1 : 0) + 0.3 * zone.strength + 0.1 * (1 - age_sessions / SESSIONS_MAX);
  return zone.volume_share === null ? known / 0.8 : known + 0.2 * zone.volume_share;
}

function toldOf(zone: KnownZone, session: number): Zone {
  const age_sessions = session - zone.session;
  return {
    side: zone.side,
    proximal_ticks: zone.proximal_ticks,
    distal_ticks: zone.distal_ticks,
    fresh: zone.fresh,
    age_sessions,
    score: scoreOf(zone, age_sessions),
    born_us: zone.born_us,
  };
}

/** The zone of a side whose near edge is nearest, and how far in front of it the price is (below 0: in it). */
export function nearestZone(
  zones: readonly Zone[],
  side: Side,
  close_ticks: number,
): { readonly zone: Zone; readonly distance_ticks: number } | null {
  let best: Zone | null = null;
  let least = Infinity;
  const sign = side === Side.LONG ? 1 : -1;
  for (const zone of zones) {
    if (zone.side !== side) continue;
    const distance = sign * (close_ticks - zone.proximal_ticks);
    if (distance >= least) continue;
    least = distance;
    best = zone;
  }
  return best === null ? null : { zone: best, distance_ticks: least };
}
