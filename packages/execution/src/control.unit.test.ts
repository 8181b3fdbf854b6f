import { describe, expect, it } from '@jest/globals';
import { ExecutionMode, FillLeg, OperatorAction, Side, type Entry } from '@bellwether/contracts';
import { aFillEntry, aReleaseEntry, anOperatorEntry, atMinute } from '@bellwether/testkit';
import { controlFills } from './control.js';
import { ScriptedBook } from './scripted-book.js';
import { aPaperConfig, atMarket, barOf } from './scripted-line.js';

const FLAT = [24_000, 24_001, 23_999, 24_000] as const;
const LAST = [24_000, 24_008, 23_990, 24_004] as const;

/** Two contracts long, entered in the bar of minute 991; the last bar decided is that of 992. */
function holding(config = aPaperConfig()): ScriptedBook {
  const first = barOf(990, FLAT);
  const book = new ScriptedBook(({ id }) => (id === first.id ? { setup: atMarket(), contracts: 2 } : null));
  book.feed(aReleaseEntry(config), first, barOf(991, FLAT), barOf(992, LAST));
  return book;
}

function flatten(minute = 993): Entry {
  const at = atMinute(minute);
  return anOperatorEntry({ action: OperatorAction.FLATTEN }, { event_us: at, known_us: at });
}

describe('What a command closes without the stages', () => {
  it('sells at the worst price of the last bar, less slippage, with fees', () => {
    const book = holding();
    expect(controlFills(book.broker, [], null, flatten())).toMatchObject([
      {
        id: 'fill:control:command-1:ES',
        event_us: atMinute(993),
        fill: { side: Side.SHORT, quantity: 2, price_ticks: 23_989, fee_cents: 280, leg: FillLeg.CLOSE },
      },
    ]);
  });

  it('is booked as the end of the trade, and the command behind it finds nothing open', () => {
    const book = holding();
    const [fill] = controlFills(book.broker, [], null, flatten()) ?? [];
    if (fill === undefined) throw new Error('Expected a fill');
    book.outside(fill);
    expect(book.lastFrame.portfolio).toMatchObject({ positions: [], fill_result: { matched: true } });
    expect(book.trades).toHaveLength(1);
    book.outside(flatten());
    expect(book.lastFrame.risk?.intents).toEqual([]);
    expect(controlFills(book.broker, [], null, flatten())).toEqual([]);
  });

  it('takes the newest price there is: an undecided bar, or one that is not in the journal yet', () => {
    const { broker } = holding();
    const undecided = [barOf(993, [24_004, 24_005, 23_995, 24_000])];
    expect(controlFills(broker, undecided, null, flatten(994))?.[0]?.fill?.price_ticks).toBe(23_994);
    const waiting = barOf(994, [24_000, 24_003, 23_998, 24_000]);
    expect(controlFills(broker, undecided, waiting, flatten(995))?.[0]?.fill?.price_ticks).toBe(23_997);
    expect(controlFills(broker, undecided, barOf(991, FLAT), flatten(994))?.[0]?.fill?.price_ticks).toBe(
      23_994,
    );
  });

  it('counts fills that nobody has decided yet: it never turns a position', () => {
    const { broker } = holding();
    const sold = (quantity: number): Entry =>
      aFillEntry({ fill_id: 'late', side: Side.SHORT, quantity, leg: FillLeg.STOP, cause_id: '' });
    expect(controlFills(broker, [sold(1)], null, flatten())?.[0]?.fill?.quantity).toBe(1);
    expect(controlFills(broker, [sold(2)], null, flatten())).toEqual([]);
    expect(controlFills(broker, [sold(3)], null, flatten())?.[0]?.fill).toMatchObject({
      side: Side.LONG,
      quantity: 1,
      price_ticks: 24_009,
    });
  });

  it('waits while nobody can say what is open: half a bar, a correction', () => {
    const { broker } = holding();
    const bar = barOf(993, FLAT);
    const caused = aFillEntry({ fill_id: 'p', side: Side.SHORT, quantity: 1, cause_id: bar.id });
    expect(controlFills(broker, [caused], null, flatten())).toBeNull();
    expect(controlFills(broker, [caused, bar], null, flatten())?.[0]?.fill?.quantity).toBe(1);
    const corrected = aFillEntry({ fill_id: 'c', corrects_fill_id: 'p', cause_id: '' });
    expect(controlFills(broker, [corrected], null, flatten())).toBeNull();
  });

  it('leaves a symbol without a fresh price to the stages, and an external book to its machine', () => {
    expect(controlFills(holding().broker, [], null, flatten(996))).toHaveLength(1);
    expect(controlFills(holding().broker, [], null, flatten(997))).toEqual([]);
    const external = holding(aPaperConfig({ execution: ExecutionMode.EXTERNAL }));
    expect(controlFills(external.broker, [aFillEntry({ cause_id: '' })], null, flatten())).toEqual([]);
  });
});
