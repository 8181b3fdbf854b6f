import type { NumberSource } from './normal-source.js';

/**
 * What the market does for a while: one of the four regimes, or a compression and the expansion after it. A trend drifts
 * to either side with the same probability; a chop pulls back to where it began. Neither is told to anybody.
 */
export type PhaseKind = 'trend' | 'chop' | 'compression' | 'expansion';

export interface Phase {
  readonly kind: PhaseKind;
  readonly volatile: boolean;
  readonly minutes: number;
  /** Factor on the standard deviation, at the first and the last minute. */
  readonly volatility_from: number;
  readonly volatility_to: number;
  /** Drift a minute in standard deviations; negative is down. */
  readonly drift: number;
  /** Share of the distance to the anchor that is taken back each minute. */
  readonly pull: number;
}

const CALM = 0.72;
const VOLATILE = 1.35;
const TREND_DRIFT = 0.15;
const CHOP_PULL = 0.055;
/** How often a calm phase ends in a compression. */
const COMPRESSION_SHARE = 0.3;

function between(source: NumberSource, low: number, high: number): number {
  return low + (high - low) * source.uniform();
}

function regime(source: NumberSource, trending: boolean, volatile: boolean): Phase {
  const volatility = volatile ? VOLATILE : CALM;
  const sign = source.uniform() < 0.5 ? -1 : 1;
  return {
    kind: trending ? 'trend' : 'chop',
    volatile,
    minutes: Math.round(between(source, 30, 120)),
    volatility_from: volatility,
    volatility_to: volatility,
    drift: trending ? sign * TREND_DRIFT : 0,
    pull: trending ? 0 : CHOP_PULL,
  };
}

function compression(source: NumberSource): Phase {
  return {
    kind: 'compression',
    volatile: false,
    minutes: Math.round(between(source, 45, 90)),
    volatility_from: CALM,
    volatility_to: 0.4,
    drift: 0,
    pull: 0.09,
  };
}

function expansion(source: NumberSource): Phase {
  const sign = source.uniform() < 0.5 ? -1 : 1;
  return {
    kind: 'expansion',
    volatile: true,
    minutes: Math.round(between(source, 15, 40)),
    volatility_from: 1.7,
    volatility_to: 1.2,
    drift: sign * 0.2,
    pull: 0,
  };
}

/** The phase after this one; the first where there is none. */
export function nextPhase(before: Phase | null, source: NumberSource): Phase {
  if (before === null) return regime(source, source.uniform() < 0.5, source.uniform() < 0.5);
  if (before.kind === 'compression') return expansion(source);
  const calm = !before.volatile && before.kind !== 'expansion';
  if (calm && source.uniform() < COMPRESSION_SHARE) return compression(source);
  const draw = source.uniform();
  // Either axis changes alone, or both do: a phase never follows itself.
  const flipTrend = draw < 0.5 || draw >= 0.8;
  const flipVolatility = draw >= 0.5;
  const trending = before.kind === 'trend' || before.kind === 'expansion';
  return regime(source, trending !== flipTrend, before.volatile !== flipVolatility);
}
