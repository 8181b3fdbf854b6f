import {
  type ReasonCode,
  type BanditPart,
  type Frame,
  type Setup,
  type StrategyVerdict,
} from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { promotionReason } from '@bellwether/model-slots';
import { MODEL } from './confidence.js';
import { TRUNK } from './neural/trunk.js';

/** Raised when the same entries would give other bytes. */
export const LOGIC_VERSION = 5;

const NONE_REFUSED: readonly StrategyVerdict[] = [];
export const NONE_WITHHELD: readonly Setup[] = [];

/** By reason: the same object each time, so that its bytes need not be written anew. */
const CLOSED = new Map<ReasonCode, BanditPart>();

/** The gate is closed, and why; and what a promotion of the stage's models did. */
export function behindGate(reason: ReasonCode, frame: Frame): BanditPart {
  let part = CLOSED.get(reason);
  if (part === undefined) CLOSED.set(reason, (part = without(reason)));
  const entry = present(frame.entry, 'the entry of a frame');
  if (entry.model === null) return part;
  const confidence_reason = promotionReason(entry, MODEL);
  const selection_reason = promotionReason(entry, TRUNK);
  if (confidence_reason === null && selection_reason === null) return part;
  return { ...part, confidence_reason, selection_reason };
}

/** Nothing is chosen, and why. */
export function without(reason: ReasonCode, refused = NONE_REFUSED, withheld = NONE_WITHHELD): BanditPart {
  return {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason,
    candidates: [],
    refused,
    draw: null,
    chosen: null,
    confidence_reason: null,
    selection_reason: null,
    withheld,
  };
}
