import { describe, expect, it } from '@jest/globals';
import { EntryKind, type Entry } from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, frameHead, makeEntry, openFrame, orderAckEntryId } from '@bellwether/kernel';
import { aClockEntry, aReleaseEntry, anOrderEntry, atMinute } from '@bellwether/testkit';
import { EARLY_ACKS_MAX, stage } from './stage.js';

const order = anOrderEntry();
const INTENT = order.order?.intent_id ?? '';

function ack(broker_order_id: string, intent_id = INTENT): Entry {
  const at = atMinute(990);
  const order_ack = { intent_id, decision_id: 'paper-es-7', symbol: 'ES', broker_order_id, ack_us: at };
  return makeEntry(
    {
      ...{ book: order.book, id: `${orderAckEntryId(intent_id)}:${broker_order_id}`, source: 'test' },
      ...{ kind: EntryKind.ORDER_ACK, event_us: at, known_us: at, origin: order.origin },
    },
    { order_ack },
  );
}

/** Names that the broker has given to what is working at the end. */
function namesAfter(entries: readonly Entry[]): readonly string[] {
  let state = stage.initialState();
  let head = FIRST_FRAME_HEAD;
  let names: readonly string[] = [];
  for (const entry of [aReleaseEntry(), ...entries]) {
    const frame = openFrame(head, entry);
    head = frameHead(frame);
    const applied = stage.apply(state, frame, []);
    state = applied.state;
    names = applied.part.working.map(({ broker_order_id }) => broker_order_id);
  }
  return names;
}

describe('An acknowledgement that is quicker than the order entry of execution', () => {
  it('names the order once it is taken on, as one that comes after it does', () => {
    expect(namesAfter([ack('px-1'), order])).toEqual(['px-1']);
    expect(namesAfter([order, ack('px-1')])).toEqual(['px-1']);
  });

  it('counts once: the first name stays, whatever comes later', () => {
    expect(namesAfter([ack('px-1'), ack('px-2'), order, ack('px-3')])).toEqual(['px-1']);
  });

  it('is forgotten with its trade date, and gives way to newer ones', () => {
    const nextDate = aClockEntry({ boundary_us: atMinute(1_440 + 60) });
    expect(namesAfter([ack('px-1'), nextDate, order])).toEqual(['']);
    const others = Array.from({ length: EARLY_ACKS_MAX }, (_, i) => ack(`px-${i}`, `paper-es-${i + 100}/1`));
    expect(namesAfter([ack('px-1'), ...others, order])).toEqual(['']);
    expect(namesAfter([ack('px-1'), ...others.slice(1), order])).toEqual(['px-1']);
  });
});
