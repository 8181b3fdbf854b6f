import { checkLength, encodeFrame } from './codec.js';
import {
  canonicalBanditPart,
  canonicalFeaturesPart,
  canonicalForecastPart,
  canonicalFrame,
  canonicalPortfolioPart,
  canonicalRegimePart,
  canonicalRiskPart,
  canonicalSizingPart,
  type Frame,
} from './generated/messages.js';
import {
  writeFrame,
  writeFrame_bandit,
  writeFrame_features,
  writeFrame_forecast,
  writeFrame_inferences,
  writeFrame_portfolio,
  writeFrame_regime,
  writeFrame_risk,
  writeFrame_sizing,
} from './generated/writers.js';
import { STAGES, type StageName } from './subjects.js';
import { met, startWriting, written } from './wire-write.js';

type Part<K extends StageName> = NonNullable<Frame[K]>;
type PartWriters = { readonly [K in StageName]: (at: number, part: Part<K>) => number };
type PartForms = { readonly [K in StageName]: (part: Part<K>) => Part<K> };

const WRITERS: PartWriters = {
  features: writeFrame_features,
  regime: writeFrame_regime,
  forecast: writeFrame_forecast,
  portfolio: writeFrame_portfolio,
  bandit: writeFrame_bandit,
  sizing: writeFrame_sizing,
  risk: writeFrame_risk,
};

const FORMS: PartForms = {
  features: canonicalFeaturesPart,
  regime: canonicalRegimePart,
  forecast: canonicalForecastPart,
  portfolio: canonicalPortfolioPart,
  bandit: canonicalBanditPart,
  sizing: canonicalSizingPart,
  risk: canonicalRiskPart,
};

/**
 * Bytes of a frame that grows: the parts are written one after the other as the stages give them, so that each is
 * checked and written once. One encoder for one frame.
 *
 * The bytes stand in the buffer that all messages are written in. Where another message was written in between, which
 * takes a stage that waits for a model, they are lost, and the frame is written anew at the end.
 */
export class FrameEncoder {
  /** Place after what is written so far; 0 where it cannot be gone on with. */
  #end = 0;
  /** Number of our writing among all: another one there means that our bytes are gone. */
  #turn = 0;
  /** Places of stages whose parts may not come any more: fields stand in the order of the line. */
  #passed = 0;

  /** Starts with a frame and the parts that it has. Gives it in canonical form. Throws {@link ContractError}. */
  begin(frame: Frame): Frame {
    this.#turn = startWriting();
    const end = writeFrame(0, frame);
    // Inferences stand behind all parts: where there are some, the frame is written at the end.
    this.#end = frame.inferences.length === 0 ? end : 0;
    this.#passed = STAGES.findLastIndex((name) => frame[name] !== null) + 1;
    return met.altered ? canonicalFrame(frame) : frame;
  }

  /** Adds the part of a stage. Gives it in canonical form. Throws {@link ContractError}, and adds nothing then. */
  add<K extends StageName>(name: K, part: Part<K>): Part<K> {
    const place = STAGES.indexOf(name);
    if (!this.#goesOn || place < this.#passed) {
      startWriting();
      WRITERS[name](0, part);
    } else {
      met.altered = false;
      this.#end = WRITERS[name](this.#end, part);
      this.#passed = place + 1;
    }
    return met.altered ? FORMS[name](part) : part;
  }

  /** The bytes of the frame that has come out. Throws {@link ContractError} where they are too many. */
  finish(frame: Frame): Uint8Array {
    if (!this.#goesOn) return encodeFrame(frame);
    const { inferences } = frame;
    const end = inferences.length === 0 ? this.#end : writeFrame_inferences(this.#end, inferences);
    checkLength('Frame', end);
    return written(end);
  }

  get #goesOn(): boolean {
    return this.#end > 0 && this.#turn === met.turn;
  }
}
