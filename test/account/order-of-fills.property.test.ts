import fc from 'fast-check';
import { expect, it } from '@jest/globals';
import { FillLeg, ReasonCode, Side, type ClosedTrade, type Fill } from '@bellwether/contracts';
import { aFillEntry, anOrderEntry, anOrderIntent, atMinute } from '@bellwether/testkit';
import { Stages, bookOf, fillOf } from './world.js';

/** Trades one after the other in ES: entry and exits in parts. */
interface Trade {
  readonly long: boolean;
  readonly parts: readonly number[];
  readonly exit: number;
}

const trades = fc.array(
  fc.record({
    long: fc.boolean(),
    parts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    exit: fc.integer({ min: -20, max: 20 }),
  }),
  { minLength: 1, maxLength: 5 },
);

function fillsOf(trade: Trade, n: number): readonly Fill[] {
  const decision_id = `paper-es-${n}`;
  const intent_id = `${decision_id}/1`;
  const at = atMinute(900 + n * 10);
  const total = trade.parts.reduce((sum, part) => sum + part, 0);
  const [entry, exit] = trade.long ? [Side.LONG, Side.SHORT] : [Side.SHORT, Side.LONG];
  const base = { decision_id, intent_id, symbol: 'ES' };
  return [
    fillOf({
      ...base,
      ...{ fill_id: `e${n}`, side: entry, quantity: total, price_ticks: 24_000, fill_us: at },
      leg: FillLeg.ENTRY,
    }),
    ...trade.parts.map((quantity, i) =>
      fillOf({
        ...base,
        ...{ fill_id: `x${n}.${i}`, side: exit, quantity, price_ticks: 24_000 + trade.exit + i },
        ...{ fill_us: at + (i + 1) * 60_000_000, leg: i === 0 ? FillLeg.TP1 : FillLeg.STOP },
      }),
    ),
  ];
}

function told(given: readonly Trade[], order: (fills: readonly Fill[]) => readonly Fill[]) {
  const stages = new Stages(bookOf());
  const closed: ClosedTrade[] = [];
  let reasons: ReasonCode[] = [];
  given.forEach((trade, n) => {
    const total = trade.parts.reduce((sum, part) => sum + part, 0);
    const decision_id = `paper-es-${n}`;
    const plan = { intent_id: `${decision_id}/1`, decision_id, quantity: total };
    const side = trade.long ? Side.LONG : Side.SHORT;
    const stop_ticks = trade.long ? 23_990 : 24_010;
    const levels = { stop_ticks, target_ticks: null, created_us: atMinute(900 + n * 10) };
    stages.apply(anOrderEntry(anOrderIntent({ ...plan, side, ...levels })), null);
    for (const fill of order(fillsOf(trade, n))) {
      const { portfolio } = stages.apply(aFillEntry(fill), null);
      closed.push(...portfolio.closed);
      reasons = [...reasons, portfolio.fill_result?.reason ?? ReasonCode.UNSPECIFIED];
    }
  });
  const { ledger, early } = stages.portfolio.account;
  // Extremes of a trade follow the prices as they came in; what was earned does not.
  const trades_ = closed.map(({ decision_id, net_cents, net_r, quantity }) => ({
    ...{ decision_id, net_cents, net_r, quantity },
  }));
  const { positions } = stages.portfolio;
  return { account: { balance: ledger?.balance_cents, positions, early, trades: trades_ }, reasons };
}

it('exits before their entry, in any order and told twice, come to the same account and the same trades', () => {
  fc.assert(
    fc.property(trades, fc.infiniteStream(fc.nat({ max: 1_000 })), (given, numbers) => {
      const inOrder = told(given, (fills) => fills);
      const shuffled = told(given, (fills) => {
        const keyed = fills.map((fill) => ({ fill, key: Number(numbers.next().value) }));
        const mixed = keyed.sort((a, b) => a.key - b.key).map(({ fill }) => fill);
        return [...mixed, ...mixed];
      });
      expect(shuffled.account).toEqual(inOrder.account);
      expect(inOrder.account.trades).toHaveLength(given.length);
      const again = shuffled.reasons.filter((reason) => reason === ReasonCode.DUPLICATE_FILL);
      expect(again).toHaveLength(shuffled.reasons.length / 2);
    }),
    { numRuns: 300, seed: 2_026 },
  );
});
