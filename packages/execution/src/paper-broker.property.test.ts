import { describe, expect, it } from '@jest/globals';
import { FillLeg, IntentKind } from '@bellwether/contracts';
import { restored } from '@bellwether/testkit';
import { onDecision, onInput } from './paper-broker.js';
import { ScriptedBook } from './scripted-book.js';
import { decide, isMade } from './scripted-line.js';
import { historyOf, scriptOf } from './scripted-history.js';

const books = new Map<string, ScriptedBook>();

function run(seed: string): ScriptedBook {
  const done = books.get(seed);
  if (done !== undefined) return done;
  const { raw, outside } = historyOf(seed);
  const book = new ScriptedBook(scriptOf(seed));
  raw.forEach((entry, i) => {
    book.feed(entry);
    for (const other of outside.get(i) ?? []) book.outside(other);
  });
  books.set(seed, book);
  return book;
}

const SEEDS = Array.from({ length: 6 }, (_, i) => `walk-${i}`);

describe('Random histories', () => {
  it.each(SEEDS)('end every order exactly once, and hold nothing back: %s', (seed) => {
    const book = run(seed);
    expect(new Set(book.journal.map(({ id }) => id)).size).toBe(book.journal.length);
    const ended = new Map<string, number>();
    const count = (id: string, contracts: number): void => {
      ended.set(id, (ended.get(id) ?? 0) + contracts);
    };
    const intents = book.frames.flatMap(({ risk }) => risk?.intents ?? []);
    // A stop that moves is no order of its own: it ends nothing and never ends.
    const orders = intents.filter(({ kind }) => kind !== IntentKind.MOVE_STOP);
    const quantity = new Map(orders.map((intent) => [intent.intent_id, intent.quantity]));
    for (const { order_end, fill } of book.journal) {
      if (order_end !== null) count(order_end.intent_id, quantity.get(order_end.intent_id) ?? 0);
      if (fill !== null && (fill.leg === FillLeg.ENTRY || fill.leg === FillLeg.CLOSE)) {
        count(fill.intent_id ?? '', fill.quantity);
      }
    }
    const waiting = new Set(
      [...book.broker.orders, ...book.broker.closes].map(({ intent }) => intent.intent_id),
    );
    for (const [id, contracts] of quantity) {
      const isCancel = intents.some((intent) => intent.intent_id === id && intent.cancel_intent_id !== null);
      if (!isCancel && !waiting.has(id)) expect([id, ended.get(id)]).toEqual([id, contracts]);
    }
    expect(book.trades.length).toBeGreaterThan(3);
  });

  it.each(SEEDS)('agree with the portfolio on every fill: %s', (seed) => {
    const book = run(seed);
    for (const { entry, portfolio } of book.frames) {
      if (entry?.fill !== null) expect(portfolio?.fill_result?.matched).toBe(true);
    }
    const legs = new Set(book.fills.map(({ leg }) => leg));
    expect(legs.has(FillLeg.STOP)).toBe(true);
    for (const trade of book.trades) {
      expect(trade.quantity).toBeGreaterThan(0);
      expect(trade.fees_cents).toBe(trade.quantity * 280);
    }
  });

  it('use every way out of a trade', () => {
    const legs = new Set(SEEDS.flatMap((seed) => run(seed).fills.map(({ leg }) => leg)));
    expect([...legs].sort((a, b) => a - b)).toEqual([
      ...[FillLeg.ENTRY, FillLeg.STOP, FillLeg.TP1, FillLeg.TARGET, FillLeg.TIME, FillLeg.CLOSE],
    ]);
  });
});

describe('A crash between the entries that a bar causes', () => {
  it.each(SEEDS)('changes nothing of them, wherever it comes: %s', (seed) => {
    const { raw, outside } = historyOf(seed);
    const book = new ScriptedBook(scriptOf(seed));
    let interrupted = 0;
    raw.forEach((entry, i) => {
      const computed = onInput(book.broker, entry);
      let { line, broker } = book;
      for (const made of computed) {
        const decided = decide(line, made, scriptOf(seed));
        line = decided.line;
        const folded = onDecision(broker, decided.frame);
        broker = restored(folded.state);
        expect(folded.due).toEqual([]);
        expect(onInput(broker, entry)).toEqual(computed);
        interrupted += 1;
      }
      book.feed(entry);
      for (const other of outside.get(i) ?? []) book.outside(other);
    });
    expect(interrupted).toBeGreaterThan(10);
  });

  it('holds for whatever others write in between', () => {
    for (const seed of SEEDS) {
      const { raw, outside } = historyOf(seed);
      const book = new ScriptedBook(scriptOf(seed));
      raw.forEach((entry, i) => {
        const computed = onInput(book.broker, entry);
        for (const [n, made] of computed.entries()) {
          book.journaled(made);
          if (n > 0) continue;
          // The first caused entry is in the journal: from here on nothing may change the list.
          for (const other of outside.get(i) ?? []) book.journaled(other);
          expect(onInput(book.broker, entry)).toEqual(computed);
        }
        book.outside(entry);
        if (computed.length === 0) for (const other of outside.get(i) ?? []) book.outside(other);
      });
      expect(book.journal.filter(isMade).length).toBeGreaterThan(20);
    }
  });
});
