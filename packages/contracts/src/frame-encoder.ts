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
import { met, startWriting, writtenInRow } from './wire-write.js';

type Part<K extends StageName> = NonNullable<Frame[K]>;
type PartWriter = (at: number, part: never) => number;
type PartForms = { readonly [K in StageName]: (part: Part<K>) => Part<K> };

/** In the order of the line. */
const WRITERS: readonly PartWriter[] = [
  writeFrame_features,
  writeFrame_regime,
  writeFrame_forecast,
  writeFrame_portfolio,
  writeFrame_bandit,
  writeFrame_sizing,
  writeFrame_risk,
];

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
 * The keys of parts, which cost a fifth of the writing, are looked at in the first frames of a book and in every so many after
 * them: a stage that says what its message has not is a fault of its code and shows there. By the number of the frame, so
 * that the same frames fault in every process.
 */
const KEYS_FIRST = 1_024;
const KEYS_EVERY = 64;

/** How many stages of the line have passed: up to the last that has a part. */
function passedOf(frame: Frame): number {
  if (frame.risk !== null) return 7;
  if (frame.sizing !== null) return 6;
  if (frame.bandit !== null) return 5;
  if (frame.portfolio !== null) return 4;
  if (frame.forecast !== null) return 3;
  if (frame.regime !== null) return 2;
  return frame.features === null ? 0 : 1;
}

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
  /** Whether the keys of the parts are left to the compiler. */
  #typed = false;

  /** Starts with a frame and the parts that it has. Gives it in canonical form. Throws {@link ContractError}. */
  begin(frame: Frame): Frame {
    this.#turn = startWriting();
    const end = writeFrame(0, frame);
    // Inferences stand behind all parts: where there are some, the frame is written at the end.
    this.#end = frame.inferences.length === 0 ? end : 0;
    this.#passed = passedOf(frame);
    this.#typed = frame.seq > KEYS_FIRST && frame.seq % KEYS_EVERY !== 0;
    return met.altered ? canonicalFrame(frame) : frame;
  }

  /** Adds the part of a stage. Gives it in canonical form. Throws {@link ContractError}, and adds nothing then. */
  add<K extends StageName>(name: K, part: Part<K>): Part<K> {
    const place = STAGES.indexOf(name);
    const write = WRITERS[place]!;
    if (!this.#goesOn || place < this.#passed) {
      startWriting();
      write(0, part as never);
    } else {
      met.altered = false;
      met.shared = true;
      met.typed = this.#typed;
      this.#end = write(this.#end, part as never);
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
    return writtenInRow(end);
  }

  get #goesOn(): boolean {
    return this.#end > 0 && this.#turn === met.turn;
  }
}
