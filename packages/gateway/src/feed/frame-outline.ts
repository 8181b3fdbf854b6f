import type { Action, Frame, ReasonCode, Strategy } from '@bellwether/contracts';
import { chosenCandidate, isDecision, symbolOf } from '@bellwether/kernel';

/** What frames are filtered by, kept of each so that nothing has to be read again for it. */
export interface FrameOutline {
  readonly book_time_us: number;
  readonly action: Action | null;
  readonly reason: ReasonCode | null;
  readonly symbol: string | null;
  readonly strategy: Strategy | null;
  /** It decided something. */
  readonly asked: boolean;
}

/** Every field that is not null narrows. */
export interface FrameFilter {
  /** Book time, first included, second not. */
  readonly from_us: number | null;
  readonly to_us: number | null;
  readonly action: Action | null;
  readonly reason: ReasonCode | null;
  readonly symbol: string | null;
  readonly strategy: Strategy | null;
  readonly asked_only: boolean;
}

export function outlineOf(frame: Frame): FrameOutline {
  return {
    book_time_us: frame.book_time_us,
    action: frame.risk?.action ?? null,
    reason: frame.risk?.reason ?? null,
    symbol: symbolOf(frame),
    strategy: chosenCandidate(frame)?.setup?.strategy ?? null,
    asked: isDecision(frame.risk),
  };
}

export function matches(outline: FrameOutline, filter: FrameFilter): boolean {
  const { book_time_us } = outline;
  if (filter.asked_only && !outline.asked) return false;
  if (filter.from_us !== null && book_time_us < filter.from_us) return false;
  if (filter.to_us !== null && book_time_us >= filter.to_us) return false;
  return (
    (filter.action === null || filter.action === outline.action) &&
    (filter.reason === null || filter.reason === outline.reason) &&
    (filter.symbol === null || filter.symbol === outline.symbol) &&
    (filter.strategy === null || filter.strategy === outline.strategy)
  );
}
