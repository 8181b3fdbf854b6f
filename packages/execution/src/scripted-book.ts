import type { ClosedTrade, Entry, Fill, Frame } from '@bellwether/contracts';
import { initialBroker, type BrokerState } from './paper-broker-state.js';
import { onDecision, onInput } from './paper-broker.js';
import { decide, initialLine, type LineState, type Script } from './scripted-line.js';

/**
 * For tests: a whole book in process. Broker and scripted line take turns as the execution service has them
 * do.
 */
export class ScriptedBook {
  line: LineState = initialLine();
  broker: BrokerState = initialBroker();
  readonly journal: Entry[] = [];
  readonly frames: Frame[] = [];

  constructor(private readonly script: Script = () => null) {}

  /** One entry into the journal, and its decision to the broker. */
  journaled(entry: Entry): readonly Entry[] {
    const { line, frame } = decide(this.line, entry, this.script);
    this.line = line;
    this.journal.push(entry);
    this.frames.push(frame);
    const { state, due } = onDecision(this.broker, frame);
    this.broker = state;
    return due;
  }

  /**
   * A raw input with all it causes, and all that the decisions demand. Gives the entries that the broker
   * made.
   */
  feed(...entries: readonly Entry[]): readonly Entry[] {
    const before = this.journal.length;
    for (const entry of entries) {
      for (const caused of onInput(this.broker, entry)) this.journaled(caused);
      this.settle(this.journaled(entry));
    }
    return this.journal.slice(before).filter((entry) => !entries.includes(entry));
  }

  /** What somebody else writes to the journal: a signal, a fill, a close. */
  outside(entry: Entry): void {
    this.settle(this.journaled(entry));
  }

  private settle(due: readonly Entry[]): void {
    let left = due;
    while (left.length > 0) {
      let next: readonly Entry[] = [];
      for (const entry of left) next = this.journaled(entry);
      left = next;
    }
  }

  get lastFrame(): Frame {
    const frame = this.frames.at(-1);
    if (frame === undefined) throw new Error('Expected a decision');
    return frame;
  }

  get fills(): readonly Fill[] {
    return this.journal.flatMap(({ fill }) => (fill === null ? [] : [fill]));
  }

  get trades(): readonly ClosedTrade[] {
    return this.frames.flatMap((frame) => frame.portfolio?.closed ?? []);
  }
}
