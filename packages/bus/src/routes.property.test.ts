/**
 * Goal: the fast test of a filter says what `subjectMatches` of the contracts says, and a plan finds what matches.
 * Method: random filters and subjects of few tokens, so that many of them match.
 */
import { describe, expect, test } from '@jest/globals';
import { STREAMS, STAGES, subjectMatches, subjects } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { BusRefused } from './bus.js';
import { ROUTES, planFor, refuseStored, routeFor, subjectTest } from './routes.js';

const TOKENS = ['a', 'b', 'ab', '*'];

function randomTokens(next: () => number, tokens: readonly string[]): string[] {
  return Array.from(
    { length: 1 + Math.floor(next() * 4) },
    () => tokens[Math.floor(next() * tokens.length)] ?? 'a',
  );
}

describe('subjectTest', () => {
  test('agrees with subjectMatches', () => {
    const next = uniformSource('subject filters');
    let matched = 0;
    for (let i = 0; i < 20_000; i++) {
      const filter = [...randomTokens(next, TOKENS), ...(next() < 0.3 ? ['>'] : [])].join('.');
      const subject = randomTokens(next, ['a', 'b', 'ab']).join('.');
      const expected = subjectMatches(filter, subject);
      if (subjectTest(filter)(subject) !== expected)
        throw new Error(`${filter} ${subject}: Expected ${expected}`);
      if (expected) matched += 1;
    }
    expect(matched).toBeGreaterThan(1_000);
  });
});

describe('planFor', () => {
  test('group and test together select exactly what the filter matches', () => {
    const next = uniformSource('read plans');
    const pick = (values: readonly string[]): string => values[Math.floor(next() * values.length)] ?? '';
    const books = ['one', 'two', 'one-more'];
    const filters = [
      ...STREAMS.flatMap((stream) => stream.subjects),
      ...books.flatMap((book) => [
        subjects.journalOf(book),
        subjects.inputOf(book),
        subjects.journalKind(book, 'bar'),
        subjects.journal(book, 'bar', 'x.y'),
        subjects.line('risk', book),
      ]),
      'bw.journal.*.bar.>',
      'bw.journal.*.*.a',
      'bw.journal.one.*.a',
      'bw.journal.one.*',
      'bw.line.risk.>',
    ];
    for (let i = 0; i < 20_000; i++) {
      const book = pick(books);
      const subject =
        next() < 0.7
          ? subjects.journal(book, pick(['bar', 'clock']), pick(['a', 'x.y', 'b']))
          : subjects.line(STAGES[Math.floor(next() * STAGES.length)] ?? 'risk', book);
      const plan = planFor(pick(filters));
      const route = routeFor(subject);
      const selected =
        plan.route === route &&
        (plan.group === null || plan.group === route.groupOf(subject)) &&
        (plan.test === null || plan.test(subject));
      if (selected !== subjectMatches(plan.filter, subject)) throw new Error(`${plan.filter} ${subject}`);
    }
  });

  test('needs no test where stream and group say it all', () => {
    expect(planFor('bw.journal.>')).toMatchObject({ group: null, test: null, exact: false });
    expect(planFor(subjects.journalOf('one'))).toMatchObject({ group: 'one', test: null, exact: false });
    expect(planFor(subjects.line('risk', 'one'))).toMatchObject({ group: 'one', test: null, exact: true });
    expect(planFor('bw.journal.*.bar.>').test).not.toBeNull();
  });

  test('refuses what no stream stores', () => {
    for (const filter of ['>', 'bw.>', 'bw.decision.one', 'bw.line.*.one', '']) {
      expect(() => planFor(filter)).toThrow(BusRefused);
    }
    expect(() => routeFor('bw.status.risk.one')).toThrow(BusRefused);
    expect(() => refuseStored('bw.journal.one.bar.a')).toThrow(BusRefused);
    expect(() => refuseStored('bw.decision.one')).not.toThrow();
  });
});

describe('routes', () => {
  test('only the stream of the risk stage is republished, as the decision of its book', () => {
    for (const route of ROUTES) {
      const risk = route.name === 'BW_LINE_RISK';
      expect(route.republished(risk ? subjects.line('risk', 'one') : 'bw.journal.one.bar.a')).toBe(
        risk ? subjects.decision('one') : null,
      );
    }
  });
});
