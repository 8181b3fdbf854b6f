import { DataOrigin, ReasonCode, ReasonCodeName, SideName, type PortfolioPart } from '@bellwether/contracts';
import { symbolOf } from '@bellwether/kernel';
import type { Book } from '../books.js';
import type { HealthAnswer, StatsAnswer } from '../schema/report-answers.js';
import { isoText } from '@bellwether/events';
import { streamStates, streamStatuses } from './stream-view.js';
import { isSynthetic, milliseconds, originName, missingReason, regimeName, usd } from './decision.js';

type Standing = Pick<
  StatsAnswer,
  | 'regime'
  | 'regime_reason'
  | 'daily_pnl'
  | 'data'
  | 'evidence'
  | 'total_contracts'
  | 'active_positions'
  | 'degraded_mode'
  | 'degraded_mode_reason'
  | 'avg_latency_ms'
  | 'avg_latency_ms_reason'
>;

const NOT_AVAILABLE = ReasonCodeName[ReasonCode.NOT_AVAILABLE];

export function totalContracts(portfolio: PortfolioPart): number {
  return portfolio.positions.reduce((sum, position) => sum + position.quantity, 0);
}

/** The regime of the symbol that was heard of last, with the reason where it is not known. */
function regimeOf(book: Book): Pick<Standing, 'regime' | 'regime_reason'> {
  const last = book.feed.last;
  const symbol = last === null ? null : symbolOf(last.frame);
  const part = book.feed.regimes.get(symbol ?? '') ?? [...book.feed.regimes.values()].at(-1);
  const regime = regimeName(part);
  return { regime, regime_reason: regime === null ? missingReason(part?.reason) : null };
}

/** True where one of the books is slow; null before any of them has a decision. */
function degradedOf(books: readonly Book[]): Pick<Standing, 'degraded_mode' | 'degraded_mode_reason'> {
  const known = books.map(({ feed }) => feed.last?.frame.risk ?? null).filter((risk) => risk !== null);
  if (known.length === 0) return { degraded_mode: null, degraded_mode_reason: NOT_AVAILABLE };
  return { degraded_mode: known.some(({ degraded }) => degraded), degraded_mode_reason: null };
}

/** How one book stands, under the names of the seed. */
export function standing(book: Book): Standing {
  const { portfolio, latencies } = book.feed;
  const mean_us = latencies.meanUs();
  return {
    ...regimeOf(book),
    daily_pnl: portfolio?.day ? usd(portfolio.day.pnl_cents) : null,
    data: book.data,
    evidence: book.evidence,
    total_contracts: portfolio === null ? null : totalContracts(portfolio),
    active_positions: portfolio === null ? null : portfolio.positions.length,
    ...degradedOf([book]),
    avg_latency_ms: mean_us === null ? null : milliseconds(Math.round(mean_us)),
    avg_latency_ms_reason: mean_us === null ? NOT_AVAILABLE : null,
  };
}

/** How several books stand together: sums, and no regime, for each has its own. */
function together(books: readonly Book[]): Standing {
  const each = books.map(standing);
  const [only] = each;
  if (only !== undefined && each.length === 1) return only;
  const sum = (of: 'daily_pnl' | 'total_contracts' | 'active_positions'): number | null => {
    const known = each.map((item) => item[of]).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  const daily_pnl = sum('daily_pnl');
  return {
    regime: null,
    regime_reason: NOT_AVAILABLE,
    daily_pnl: daily_pnl === null ? null : usd(Math.round(daily_pnl * 100)),
    data: books.map((book) => `${book.name}: ${book.data}`).join('; '),
    evidence: books.map((book) => `${book.name}: ${book.evidence}`).join(' | '),
    total_contracts: sum('total_contracts'),
    active_positions: sum('active_positions'),
    ...degradedOf(books),
    avg_latency_ms: null,
    avg_latency_ms_reason: NOT_AVAILABLE,
  };
}

export function statsAnswer(book: Book): StatsAnswer {
  const { feed } = book;
  const counts = feed.counts.all();
  const frame = feed.last?.frame ?? null;
  return {
    book: book.name,
    ...standing(book),
    decision_count: counts.reduce((sum, day) => sum + day.decisions, 0),
    counts: counts.map((day) => ({
      ...day,
      by_action: { ...day.by_action },
      by_reason: { ...day.by_reason },
    })),
    regimes: Object.fromEntries([...feed.regimes].map(([symbol, part]) => [symbol, regimeName(part)])),
    positions: (feed.portfolio?.positions ?? []).map((position) => ({
      decision_id: position.decision_id,
      symbol: position.symbol,
      side: SideName[position.side].toUpperCase(),
      contracts: position.quantity,
      status: 'open',
      pnl: position.open_pnl_cents === null ? null : usd(position.open_pnl_cents),
    })),
    seq: frame?.seq ?? 0,
    book_time: frame === null ? null : isoText(frame.book_time_us),
    streams: streamStatuses(feed.streams, feed.portfolio),
    stream_states: streamStates(feed.streams),
    synthetic: frame !== null && isSynthetic(frame),
    data_origin: originName(frame?.origin ?? DataOrigin.UNSPECIFIED),
  };
}

type Status = HealthAnswer['status'];

function statusOf(book: Book, missing: readonly string[]): Status {
  if (missing.length > 0) return 'DEGRADED';
  return book.feed.caughtUp ? 'READY' : 'STARTING';
}

export function healthAnswer(books: readonly Book[], version: string): HealthAnswer {
  const each = books.map((book) => {
    const missing = book.feed.missing();
    const status = statusOf(book, missing);
    const starting = status === 'STARTING' ? ['decisions: still being read'] : [];
    const frame = book.feed.last?.frame ?? null;
    return {
      book: book.name,
      status,
      seq: frame?.seq ?? 0,
      missing: [...missing, ...starting],
      synthetic: frame !== null && isSynthetic(frame),
    };
  });
  const statuses = each.map((item) => item.status);
  const worst = (['DEGRADED', 'STARTING'] as const).find((status) => statuses.includes(status));
  return {
    status: worst ?? 'READY',
    service: 'bellwether',
    version,
    ...together(books),
    missing: each.flatMap((item) => item.missing.map((text) => `${item.book}: ${text}`)),
    books: each,
  };
}
