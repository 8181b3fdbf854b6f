import { STREAMS, streamOf, subjectMatches, type StreamDefinition } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import { BusRefused } from './bus.js';
import { checkFilter } from './limits.js';

export type SubjectTest = (subject: string) => boolean;

/** A test for a NATS filter. Filters whose only wildcard is the last token, almost all, cost one prefix comparison. */
export function subjectTest(filter: string): SubjectTest {
  const tokens = filter.split('.');
  const last = tokens.at(-1);
  const wild = tokens.findIndex((token) => token === '*' || token === '>');
  if (wild === -1) return (subject) => subject === filter;
  if (wild < tokens.length - 1) return (subject) => subjectMatches(filter, subject);
  const prefix = filter.slice(0, -1);
  if (last === '>') return (subject) => subject.length > prefix.length && subject.startsWith(prefix);
  return (subject) =>
    subject.length > prefix.length && subject.startsWith(prefix) && !subject.includes('.', prefix.length);
}

/** A stream and how its subjects are told apart. */
export interface StreamRoute {
  readonly definition: StreamDefinition;
  readonly name: string;
  /** True for the subjects it stores. */
  readonly stores: SubjectTest;
  /**
   * The token of a subject that stands where the stream has its first wildcard: the book. Stores keep an index by it,
   * so that a reader of one book does not walk over the others.
   */
  readonly groupOf: (subject: string) => string;
  /** Where a stored message is published again, or null. */
  readonly republished: (subject: string) => string | null;
}

function republisher(definition: StreamDefinition): (subject: string) => string | null {
  const rule = definition.republish;
  if (rule === null) return () => null;
  const matches = subjectTest(rule.from);
  const wildcards: number[] = [];
  rule.from.split('.').forEach((token, index) => {
    if (token === '*') wildcards.push(index);
  });
  return (subject) => {
    if (!matches(subject)) return null;
    const tokens = subject.split('.');
    return rule.to.replace(/\{\{wildcard\((\d+)\)\}\}/g, (_, n: string) => {
      const token = tokens[wildcards[Number(n) - 1] ?? -1];
      assert(
        token !== undefined,
        `${definition.name}: The republish rule names a wildcard that is not there`,
      );
      return token;
    });
  };
}

function routeOf(definition: StreamDefinition): StreamRoute {
  const [filter, ...others] = definition.subjects;
  assert(
    filter !== undefined && others.length === 0,
    `${definition.name}: Expected exactly one subject filter`,
  );
  const tokens = filter.split('.');
  const wild = tokens.findIndex((token) => token === '*' || token === '>');
  assert(
    wild === tokens.length - 1,
    `${definition.name}: Expected a wildcard as the last token, and only there`,
  );
  const start = filter.length - 1;
  return {
    definition,
    name: definition.name,
    stores: subjectTest(filter),
    groupOf: (subject) => {
      const end = subject.indexOf('.', start);
      return end === -1 ? subject.slice(start) : subject.slice(start, end);
    },
    republished: republisher(definition),
  };
}

/** One route for each stream of the contracts, in their order. */
export const ROUTES: readonly StreamRoute[] = STREAMS.map(routeOf);

/** The route of a concrete subject. Throws {@link BusRefused} where no stream stores it. */
export function routeFor(subject: string): StreamRoute {
  for (const route of ROUTES) if (route.stores(subject)) return route;
  throw new BusRefused(`No stream stores the subject ${subject}`);
}

/** Throws {@link BusRefused} where a stream stores the subject: it would be a write without its sequence check. */
export function refuseStored(subject: string): void {
  const stream = ROUTES.find((route) => route.stores(subject));
  if (stream !== undefined) throw new BusRefused(`${subject}: ${stream.name} stores it, so append it`);
}

/** How to find what matches a filter. */
export interface ReadPlan {
  readonly route: StreamRoute;
  readonly filter: string;
  /** Set where the filter names one subject. */
  readonly exact: boolean;
  /** Only messages of this group can match; null: of all groups. */
  readonly group: string | null;
  /** The test that is left after stream and group are chosen; null: everything there matches. */
  readonly test: SubjectTest | null;
}

/** Throws {@link BusRefused} where no stream stores the filter. */
export function planFor(filter: string): ReadPlan {
  const definition = declared(filter);
  const route = ROUTES.find((candidate) => candidate.definition === definition);
  assert(route !== undefined, `${definition.name}: No route`);
  const [whole = ''] = definition.subjects;
  if (filter === whole) return { route, filter, exact: false, group: null, test: null };
  const exact = !filter.split('.').some((token) => token === '*' || token === '>');
  const group = route.groupOf(filter);
  if (group === '*' || group === '>') return { route, filter, exact, group: null, test: subjectTest(filter) };
  const wholeGroup = whole.slice(0, -1) + group + (whole.endsWith('>') ? '.>' : '');
  return { route, filter, exact, group, test: filter === wholeGroup ? null : subjectTest(filter) };
}

function declared(filter: string): StreamDefinition {
  checkFilter(filter);
  try {
    return streamOf(filter);
  } catch (cause) {
    throw new BusRefused(`No stream stores the filter ${filter}`, { cause });
  }
}
