import { describe, expect, it } from '@jest/globals';
import { FillLeg, Side, type ClosedTrade, type Fill } from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, openFrame, uniformSource } from '@bellwether/kernel';
import { instrumentOf } from '@bellwether/market';
import { aBarEntry, aFillEntry, aReleaseEntry, anOrderEntry, atMinute, restored } from '@bellwether/testkit';
import { stage } from './stage.js';

const SYMBOLS = ['ES', 'NQ', 'MES'] as const;
const LEGS = [FillLeg.ENTRY, FillLeg.STOP, FillLeg.TP1, FillLeg.TARGET, FillLeg.CLOSE] as const;

/** Cash that fills bring and take, with what is open valued at the last close: an account by another way. */
class CashAccount {
  readonly #cash = new Map<string, number>();
  readonly #net = new Map<string, number>();
  fees = 0;

  fill(fill: Fill): void {
    const sign = fill.side === Side.LONG ? 1 : -1;
    this.#net.set(fill.symbol, this.net(fill.symbol) + sign * fill.quantity);
    this.#cash.set(fill.symbol, (this.#cash.get(fill.symbol) ?? 0) - sign * fill.quantity * fill.price_ticks);
    this.fees += fill.fee_cents;
  }

  net(symbol: string): number {
    return this.#net.get(symbol) ?? 0;
  }

  pnlCents(marks: ReadonlyMap<string, number>): number {
    let cents = 0;
    for (const symbol of SYMBOLS) {
      const ticks = (this.#cash.get(symbol) ?? 0) + this.net(symbol) * (marks.get(symbol) ?? 0);
      cents += ticks * (instrumentOf(symbol)?.tick_value_cents ?? 0);
    }
    return cents;
  }
}

describe('Whatever fills come in whatever order', () => {
  it.each(Array.from({ length: 15 }, (_, i) => `seed-${i}`))('no cent is lost or made: %s', (seed) => {
    const random = uniformSource(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const account = new CashAccount();
    const marks = new Map<string, number>(SYMBOLS.map((symbol) => [symbol, 24_000]));
    const closed: ClosedTrade[] = [];
    let waiting: Fill[] = [];
    let state = stage.apply(stage.initialState(), openFrame(FIRST_FRAME_HEAD, aReleaseEntry()), []).state;
    const apply = (entry: Parameters<typeof openFrame>[1]) => {
      const applied = stage.apply(state, openFrame(FIRST_FRAME_HEAD, entry), []);
      state = applied.state;
      closed.push(...applied.part.closed);
      return applied.part;
    };
    for (const symbol of SYMBOLS) {
      apply(
        aBarEntry({
          symbol,
          open_us: atMinute(900),
          open_ticks: 24_000,
          high_ticks: 24_000,
          low_ticks: 24_000,
          close_ticks: 24_000,
        }),
      );
    }
    for (let i = 0; i < 200; i++) {
      const symbol = pick(SYMBOLS);
      const price_ticks = 24_000 + Math.floor(random() * 41) - 20;
      if (random() < 0.2) {
        const prices = { open_ticks: price_ticks, high_ticks: price_ticks, low_ticks: price_ticks };
        apply(aBarEntry({ symbol, open_us: atMinute(901 + i), close_ticks: price_ticks, ...prices }));
        marks.set(symbol, price_ticks);
      } else {
        const decision_id = random() < 0.3 ? null : `d-${i % 7}`;
        // Mostly against what is open, so that trades end.
        const against = account.net(symbol) > 0 ? Side.SHORT : Side.LONG;
        const side = random() < 0.6 ? against : pick([Side.LONG, Side.SHORT]);
        const entry = aFillEntry({
          ...{ fill_id: `f${i}`, decision_id, intent_id: null, symbol, side, price_ticks, leg: pick(LEGS) },
          ...{ quantity: 1 + Math.floor(random() * 4), fee_cents: Math.floor(random() * 500) },
        });
        if (decision_id !== null && random() < 0.5) {
          apply(
            anOrderEntry({ intent_id: `i${i}`, decision_id, symbol, side, quantity: 3, stop_ticks: 23_900 }),
          );
        }
        apply(entry);
        waiting.push(entry.fill as Fill);
      }
      // An exit that came before its entry counts from when it is booked.
      const early = new Set(state.account.early.map(({ fill_id }) => fill_id));
      for (const fill of waiting) if (!early.has(fill.fill_id)) account.fill(fill);
      waiting = waiting.filter(({ fill_id }) => early.has(fill_id));
      const part = apply(aReleaseEntry());
      expect(part.day?.fees_cents).toBe(account.fees);
      expect((part.day?.realised_cents ?? 0) + (part.day?.open_pnl_cents ?? 0)).toBe(account.pnlCents(marks));
      for (const symbol of SYMBOLS) {
        const open = part.positions.filter((position) => position.symbol === symbol);
        expect(open.length).toBeLessThanOrEqual(1);
        const net = open.reduce((sum, p) => sum + (p.side === Side.LONG ? p.quantity : -p.quantity), 0);
        expect(net).toBe(account.net(symbol));
      }
    }
    // Every closed trade adds up, and together with what is still open they are the whole account.
    for (const trade of closed) expect(trade.net_cents).toBe(trade.gross_cents - trade.fees_cents);
    const open = state.positions.reduce((sum, p) => {
      return sum + p.gross_ticks * (instrumentOf(p.symbol)?.tick_value_cents ?? 0);
    }, 0);
    const gross = closed.reduce((sum, trade) => sum + trade.gross_cents, 0);
    expect(gross + open).toBe(state.realised_cents);
    const fees = closed.reduce((sum, trade) => sum + trade.fees_cents, 0);
    expect(fees + state.positions.reduce((sum, p) => sum + p.fees_cents, 0)).toBe(account.fees);
    expect(closed.length).toBeGreaterThan(5);
    expect(restored(state)).toEqual(state);
  });
});
