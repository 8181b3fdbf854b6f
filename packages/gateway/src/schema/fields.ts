import { z } from 'zod';
import { BOOK_NAME, Side, Strategy } from '@bellwether/contracts';
import { parseIsoUs } from '@bellwether/events';

/** Longest id of a caller. */
export const CALLER_ID_LENGTH_MAX = 128;

/** Beyond any index; ticks stay inside 32 bits. */
const PRICE_MAX = 1_000_000;
const CONTRACTS_MAX = 10_000;

type NameOf<T> = Exclude<keyof T, 'UNSPECIFIED'> & string;

/** The names of a generated enum, without the one that says nothing. */
export function enumNames<T extends Readonly<Record<string, number>>>(values: T): readonly NameOf<T>[] {
  return Object.keys(values).filter((name): name is NameOf<T> => name !== 'UNSPECIFIED');
}

/** The same in lower case, as reasons and legs are written in JSON. */
export function lowerNames<T extends Readonly<Record<string, number>>>(
  values: T,
): readonly Lowercase<NameOf<T>>[] {
  return enumNames(values).map((name) => name.toLowerCase() as Lowercase<NameOf<T>>);
}

export const bookName = z
  .string()
  .regex(BOOK_NAME, 'Expected a book name: lower case, digits, dashes')
  .describe('Needed only where the gateway serves several books.');

export const callerId = z
  .string()
  .min(1, 'Must not be empty')
  .max(CALLER_ID_LENGTH_MAX)
  .regex(/^[A-Za-z0-9_.:-]*$/, 'Expected letters, digits and _ . : -');

export const symbolName = z
  .string()
  .regex(/^[A-Z0-9]{1,12}$/, 'Expected a symbol such as ES')
  .describe('ES, NQ, MES or MNQ, as configured in the book.');

export const sideName = z.enum(enumNames(Side)).describe('LONG buys, SHORT sells.');
export const strategyName = z.enum(enumNames(Strategy)).describe('S1 to S12.');

/** ISO 8601 text that becomes microseconds UTC. */
export const isoTime = z
  .string()
  .max(40)
  .transform((text, context) => {
    const us = parseIsoUs(text);
    if (us !== null) return us;
    context.addIssue({
      code: 'custom',
      message: 'Expected an ISO 8601 time with a zone, between 2000 and 2099, such as 2025-09-15T13:30:00Z',
    });
    return z.NEVER;
  })
  .meta({ format: 'date-time' });

export const price = z
  .number()
  .positive('Must be above 0')
  .max(PRICE_MAX)
  .describe('In points, on the tick grid (multiples of 0.25).');

export const contracts = z.int().min(1).max(CONTRACTS_MAX);
export const wholeCount = z.int().min(0);
export const synthetic = z
  .boolean()
  .default(false)
  .describe('True marks made-up numbers. Everything that the book says afterwards is then marked synthetic.');
