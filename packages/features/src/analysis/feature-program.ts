import {
  CONTRACT_VERSION,
  DataOrigin,
  EntryKind,
  type ReasonCode,
  type Bar,
  type BookConfig,
  type FeatureVector,
} from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, barId, makeEntry, openFrame, releaseId } from '@bellwether/kernel';
import { stage } from '../stage.js';

/** Bars of one symbol in order, by place: an analysis runs parts of them many times. */
export interface BarSource {
  readonly length: number;
  at(place: number): Bar;
}

/** What was said of the bar at a place: its vector, or null and why the bar was not taken. */
export type VisitVector = (place: number, vector: FeatureVector | null, reason: ReasonCode) => void;

/**
 * Computes the features of each bar of a source. It is given nothing but these bars, so that what it says of a cut or
 * shortened source shows what it looked at.
 */
export type FeatureProgram = (bars: BarSource, visit: VisitVector) => void;

/** The bars from one place up to, not including, another, as a source of their own. */
export function partOf(bars: BarSource, from: number, to: number): BarSource {
  return { length: to - from, at: (place) => bars.at(from + place) };
}

/** The features stage itself, for a book of this configuration. */
export function stageProgram(config: BookConfig): FeatureProgram {
  const source = 'analysis';
  const origin = DataOrigin.UNSPECIFIED;
  const { book } = config;
  return (bars, visit) => {
    const release = { number: 1, contract_version: CONTRACT_VERSION, stages: [], config };
    const head = {
      book,
      id: releaseId(1),
      kind: EntryKind.RELEASE,
      event_us: 0,
      known_us: 0,
      source,
      origin,
    };
    let { state } = stage.apply(
      stage.initialState(),
      openFrame(FIRST_FRAME_HEAD, makeEntry(head, { release })),
      [],
    );
    for (let place = 0; place < bars.length; place++) {
      const bar = bars.at(place);
      const close_us = bar.open_us + bar.interval_us;
      const entry = makeEntry(
        {
          book,
          id: barId(bar.symbol, bar.interval_us, bar.open_us, source, bar.revision),
          kind: EntryKind.BAR,
          event_us: close_us,
          known_us: close_us,
          source,
          origin,
        },
        { bar },
      );
      const applied = stage.apply(state, openFrame(FIRST_FRAME_HEAD, entry), []);
      state = applied.state;
      visit(place, applied.part.vector, applied.part.reason);
    }
  };
}
