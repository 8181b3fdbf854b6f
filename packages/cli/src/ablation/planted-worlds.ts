import {
  DataOrigin,
  EntryKind,
  STRATEGY_KEYS,
  RegimeState,
  Side,
  Strategy,
  type BookFile,
  type Entry,
  type Frame,
  type Setup,
} from '@bellwether/contracts';
import { makeEntry, uniformOf } from '@bellwether/kernel';
import { sessionAt } from '@bellwether/market';
import type { PlannedEnd } from '@bellwether/testkit';
import type { Part } from './parts.js';
import {
  CONFIDENCE,
  EARLY_SHARE,
  FORECAST,
  REGIME,
  SIZING,
  isFar,
  isOddDay,
  type MadeUpModel,
} from './planted-models.js';

/**
 * Worlds in which one part of the system carries the edge: the market is led to the end of each trade of one arm, by what that part can know.
 * Trades that it would make earn 0.8 R net, those that it would not make lose as much (domain.md 8.1 for R). Large on purpose: asked is what an
 * edge is put down to, not how small a one can be seen.
 */
export interface PlantedWorld {
  /** The strategy of the baseline. */
  readonly fixed: 'S2' | 'S4';
  /** Parts that are looked at: the one that carries the edge, and one that acts too and has nothing to do with it. */
  readonly parts: readonly Part[];
  /** On in every variant. */
  readonly always: readonly Part[];
  /** What a trade earns; null: the market goes as it would. */
  readonly pays: (seen: SeenTrade) => PlannedEnd | null;
  readonly models?: readonly MadeUpModel[];
  /** Default: {@link SESSIONS}. */
  readonly sessions?: number;
  /** Headlines come in, for one side or the other. */
  readonly headlines?: boolean;
  /** Risk of a trade that decides on its size; without it the caps do. */
  readonly risk_usd?: number;
}

/** A trade where it is chosen. */
export interface SeenTrade {
  readonly frame: Frame;
  readonly setup: Setup;
  readonly seed: string;
}

/** The fewest days of which a difference is measured; enough for a large one. */
export const SESSIONS = 20;
/** Where a regime must be known by the rule: it is from the 21st session on. */
const REGIME_SESSIONS = 26;

const GAIN: PlannedEnd = { mean_r: 0.8 };
const LOSS: PlannedEnd = { mean_r: -0.8 };
/** Short of the first partial exit, which would keep something by itself, and far enough for the trade to be managed. */
const GIVEN_BACK: PlannedEnd = { given_back_r: 0.9 };

/** The arm that every world pays; the book has it in one regime alone where its parameters differ by regime. */
const PAID = Strategy.S2;
const PAID_REGIME = RegimeState.CALM_CHOP;
/** An arm without an edge. */
const OTHER = 'S4';

const gainWhere = (holds: boolean | null): PlannedEnd | null => (holds === null ? null : holds ? GAIN : LOSS);

const farFromVwap = ({ frame }: SeenTrade): boolean | null => {
  const vector = frame.features?.vector ?? null;
  return vector === null ? null : isFar(vector);
};

/** Times of the headlines of a session, in minutes since it opened at 17:00: 08:30, 10:30, 12:30. */
const HEADLINE_MINUTES = [930, 1_050, 1_170];
const MINUTE_US = 60_000_000;
const SESSION_MINUTES = 1_380;

/** For which side the headline of this moment speaks. */
const headlineSign = (seed: string, at_us: number): 1 | -1 =>
  uniformOf(`headline|${seed}|${at_us}`) < 0.5 ? 1 : -1;

/** A headline that is known when this bar opens, or null. */
export function headlineAt(book: string, seed: string, open_us: number): Entry | null {
  const session = sessionAt(open_us);
  if (session === null) return null;
  if (!HEADLINE_MINUTES.includes((open_us - session.open_us) / MINUTE_US)) return null;
  const headline = `made up at ${open_us}`;
  const news = { headline, symbols: ['ES'], tier: 1, confidence: 1, method: 'planted' };
  return makeEntry(
    {
      ...{ book, id: `aux:news:planted:${open_us}`, kind: EntryKind.AUX, source: 'planted' },
      ...{ event_us: open_us, known_us: open_us, origin: DataOrigin.SYNTHETIC },
    },
    { aux: { options: null, news: { ...news, score: headlineSign(seed, open_us) }, economic: null } },
  );
}

/** Whether the newest headline of the session speaks for the trade; null before the first. */
function isWithNews({ frame, setup, seed }: SeenTrade): boolean | null {
  const open_us = frame.entry?.bar?.open_us ?? 0;
  const session = sessionAt(open_us);
  if (session === null) return null;
  const minute = (open_us - session.open_us) / MINUTE_US;
  const last = HEADLINE_MINUTES.findLast((at) => at <= minute);
  if (last === undefined) return null;
  return headlineSign(seed, session.open_us + last * MINUTE_US) === (setup.side === Side.LONG ? 1 : -1);
}

function isEarly({ frame }: SeenTrade): boolean | null {
  const minute = frame.features?.clock?.session_minute ?? null;
  return minute === null ? null : 1 - minute / SESSION_MINUTES > EARLY_SHARE;
}

const inPaidRegime = ({ frame }: SeenTrade): boolean => frame.regime?.state === PAID_REGIME;

/** For each part the world in which it carries the edge. */
export const PLANTED = {
  /** What is known of the regime holds, or it does not: then the trade loses. */
  regime_gate: {
    ...{ fixed: 'S2', parts: ['regime_gate', 'bandit'], always: [] },
    pays: ({ frame }) => gainWhere(frame.regime?.gate_open === true),
    sessions: REGIME_SESSIONS,
  },
  /** The arm is on in the regime in which it is paid; one set for all has it everywhere. */
  regime_parameters: {
    ...{ fixed: 'S2', parts: ['regime_parameters', 'bandit'], always: [] },
    pays: (seen) => gainWhere(inPaidRegime(seen)),
    sessions: REGIME_SESSIONS,
  },
  /** The classifier knows days that the rule does not know, and the arm is on in the regime that it says of the good ones. */
  regime_model: {
    ...{ fixed: 'S2', parts: ['regime_model', 'bandit'], always: ['regime_gate', 'regime_parameters'] },
    pays: ({ frame }) => {
      const vector = frame.features?.vector ?? null;
      return vector === null ? null : gainWhere(isOddDay(vector));
    },
    models: [REGIME],
    sessions: REGIME_SESSIONS,
  },
  /** The baseline does not have the arm that is paid: it takes the choice among arms. */
  bandit: {
    ...{ fixed: OTHER, parts: ['bandit', 'streams'], always: [] },
    pays: () => GAIN,
    // It has to find out which arm that is, and headlines keep every other trade of it from being made.
    sessions: 2 * SESSIONS,
    headlines: true,
  },
  /** Up far from VWAP, down near to it: trades of the other side lose. */
  forecast: {
    ...{ fixed: 'S2', parts: ['forecast', 'bandit'], always: [] },
    pays: (seen) => {
      const isUp = farFromVwap(seen);
      return isUp === null ? null : gainWhere(isUp === (seen.setup.side === Side.LONG));
    },
    models: [FORECAST],
  },
  /** Trades far from VWAP win, the others lose, whatever their side. */
  confidence: {
    ...{ fixed: 'S2', parts: ['confidence', 'bandit'], always: [] },
    pays: (seen) => gainWhere(farFromVwap(seen)),
    models: [CONFIDENCE],
  },
  /** Every trade is good, and one contract is little. */
  risk_size: {
    ...{ fixed: 'S2', parts: ['risk_size', 'bandit'], always: [] },
    pays: () => GAIN,
    risk_usd: 600,
  },
  /** The morning pays, the afternoon takes. */
  sizing_agent: {
    ...{ fixed: 'S2', parts: ['sizing_agent', 'bandit'], always: ['risk_size'] },
    pays: (seen) => gainWhere(isEarly(seen)),
    models: [SIZING],
    risk_usd: 600,
  },
  /** Every trade is ahead by 0.9 R, and then goes to its stop. */
  management: {
    ...{ fixed: 'S2', parts: ['management', 'bandit'], always: [] },
    pays: () => GIVEN_BACK,
  },
  /** Trades against the newest headline lose. */
  streams: {
    ...{ fixed: 'S2', parts: ['streams', 'bandit'], always: [] },
    pays: (seen) => gainWhere(isWithNews(seen)),
    headlines: true,
  },
} as const satisfies Partial<Record<Part, PlantedWorld>>;
export type PlantedPart = keyof typeof PLANTED;

/** The world of a part. */
export const worldOf = (part: PlantedPart): PlantedWorld => PLANTED[part];

/** What the world says of a trade: only the arm that it pays has a planned end. */
export function payOf(part: PlantedPart, seen: SeenTrade): PlannedEnd | null {
  return seen.setup.strategy === PAID ? worldOf(part).pays(seen) : null;
}

export const SYMBOL = 'ES';

const OFF = { on: false };
const ARMS_OFF = STRATEGY_KEYS.filter((key) => key !== 'S2' && key !== OTHER).map((key) => [
  key,
  { all: OFF },
]);

const EVENLY = { on: true, stop_factor: 1, target_factor: 1, size_factor: 1 };

/** An arm that trades as often as it can: what is asked is told in few sessions. Targets are far, so that a win may earn what is planted. */
const OFTEN = {
  ...EVENLY,
  ...{ target_factor: 2, window_from: '08:35', window_to: '14:30', daily_trades_max: 30 },
  ...{ vwap_z_min: 1, slope_side_only: false, er30_max: 1, vwap_slope_max_atr: 10 },
};

export const BOOK: BookFile = {
  book: 'planted',
  symbols: [{ symbol: SYMBOL }],
  limits: { max_total: 5, max_es: 5, max_nq: 5, max_step: 5 },
  strategies: {
    ...(Object.fromEntries(ARMS_OFF) as object),
    S4: { all: { ...EVENLY, window_from: '08:35' } },
    S2: { all: OFTEN, calm_trend: OFF, highvol_trend: OFF, highvol_chop: OFF },
  },
  streams: { news: { block_score: 0.3 } },
  models: { stale_after_days: 3_650 },
};
