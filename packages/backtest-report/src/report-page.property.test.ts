/**
 * Goal: the page of any valid report is made, holds no markup of its texts and no number that is none.
 * Method: reports drawn from the schema itself, with hostile texts wherever a text may stand; and invented runs of every size.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { inventedReport } from './invented-report-for-tests.js';
import { reportPage } from './page/report-page.js';
import { reportBodySchema, reportSchema, type ReportBody } from './report-model.js';
import { readReport, reportText, sealReport } from './sealed-report.js';

const HOSTILE = `</title></style><script>alert(1)</script><img src=x onerror='a()'>"&${'<b>'.repeat(3)}`;
/** Lists are drawn this long at most: what grows with their length is seen in the invented runs. */
const ITEMS_MAX = 6;
const NUMBER_MAX = 1e9;

interface Shape {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Shape[];
  readonly enum?: readonly string[];
  readonly const?: string | number;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

function textOf({ pattern, maxLength }: Shape): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  const length = maxLength ?? 100;
  return fc.oneof(
    // A plain object has a value under the second name.
    fc.constantFrom(HOSTILE.slice(0, length), '__proto__'.slice(0, length)),
    fc.string({ maxLength: Math.min(length, 40) }),
  );
}

function numberOf({
  type,
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
}: Shape): fc.Arbitrary<number> {
  if (type === 'integer') {
    const min = Math.max(
      minimum ?? -NUMBER_MAX,
      exclusiveMinimum === undefined ? -Infinity : exclusiveMinimum + 1,
    );
    return fc.integer({
      min: Math.max(min, -NUMBER_MAX),
      max: Math.max(min, Math.min(maximum ?? NUMBER_MAX, 4.1e15)),
    });
  }
  const min = minimum ?? (exclusiveMinimum === undefined ? -NUMBER_MAX : exclusiveMinimum + 0.01);
  const max = maximum ?? (exclusiveMaximum === undefined ? NUMBER_MAX : exclusiveMaximum - 0.01);
  return fc.double({ min, max, noNaN: true });
}

/** Any value that a JSON schema allows, as far as the report's schema goes. */
function valueOf(shape: Shape): fc.Arbitrary<unknown> {
  if (shape.const !== undefined) return fc.constant(shape.const);
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
  if (shape.type instanceof Array) return fc.oneof(...shape.type.map((type) => valueOf({ ...shape, type })));
  if (shape.anyOf !== undefined) return fc.oneof(...shape.anyOf.map(valueOf));
  switch (shape.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(shape.properties ?? {}).map(([key, own]) => [key, valueOf(own)])),
      );
    case 'array':
      return fc.array(valueOf(shape.items ?? {}), {
        minLength: shape.minItems ?? 0,
        maxLength: Math.max(shape.minItems ?? 0, Math.min(shape.maxItems ?? ITEMS_MAX, ITEMS_MAX)),
      });
    case 'string':
      return textOf(shape);
    case 'number':
    case 'integer':
      return numberOf(shape);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`Expected a shape of the report, was ${JSON.stringify(shape)}`);
  }
}

/** What must not stand in a page: markup of a text, a number that is none, what a browser would fetch or run. */
const UNSOUND = [/<script|<img|<b>|onerror='/, /NaN|Infinity|undefined/, /(src|href)="(?!data:,")/];

function expectSound(page: string): void {
  // The places alone: a page in a message helps nobody.
  const found = UNSOUND.flatMap((pattern) => {
    const at = page.search(pattern);
    return at < 0 ? [] : [page.slice(Math.max(0, at - 80), at + 80)];
  });
  expect(found).toEqual([]);
  expect([page.split('</title>\n').length, page.split('</style>').length]).toEqual([2, 2]);
}

describe('the page', () => {
  it('of any report that the schema allows is made, escaped, and without a number that is none', () => {
    const shape = z.toJSONSchema(reportBodySchema) as Shape;
    const report = valueOf(shape) as fc.Arbitrary<ReportBody>;
    fc.assert(
      fc.property(report, (body) => {
        const sealed = sealReport(body);
        // -0 is written as 0.
        expect(reportText(readReport(reportText(sealed), 'drawn'))).toBe(reportText(sealed));
        expectSound(reportPage(sealed));
      }),
      { numRuns: 25 },
    );
  });

  it('of runs of every size is made, and is the same each time', () => {
    const size = fc.record({
      days: fc.integer({ min: 0, max: 400 }),
      trades: fc.integer({ min: 0, max: 400 }),
      edge: fc.double({ min: -1, max: 1, noNaN: true }),
      seed: fc.constantFrom('a', 'b', HOSTILE),
    });
    fc.assert(
      fc.property(size, (changes) => {
        const report = inventedReport({ ...changes, text: HOSTILE, resamples: 50 });
        expect(reportSchema.safeParse(report).success).toBe(true);
        const page = reportPage(report);
        expectSound(page);
        expect(reportPage(inventedReport({ ...changes, text: HOSTILE, resamples: 50 }))).toBe(page);
      }),
      { numRuns: 8 },
    );
  });
});
