/** What can happen to an account, as plain data that fast-check makes and shrinks. */
import fc from 'fast-check';
import { OperatorAction } from '@bellwether/contracts';

export const SYMBOLS = ['ES', 'NQ', 'MES'] as const;
export type SymbolName = (typeof SYMBOLS)[number];

/** How a proposed setup is wrong, if it is. */
export const FAULTS = [
  'none',
  'nan',
  'zero',
  'negative',
  'huge',
  'stale',
  'stop_side',
  'far',
  'unknown',
] as const;

export type Step =
  | { readonly do: 'bar'; readonly symbol: SymbolName; readonly move: number; readonly range: number }
  | {
      readonly do: 'bad_bar';
      readonly symbol: SymbolName;
      readonly fault: 'zero' | 'negative' | 'huge' | 'old';
    }
  | {
      readonly do: 'ask';
      readonly symbol: SymbolName;
      readonly long: boolean;
      readonly stop: number;
      readonly fault: (typeof FAULTS)[number];
    }
  | { readonly do: 'take'; readonly order: number }
  | { readonly do: 'fill'; readonly order: number; readonly share: number; readonly slip: number }
  | { readonly do: 'stop_out'; readonly position: number; readonly share: number; readonly slip: number }
  | { readonly do: 'repeat'; readonly fill: number }
  | { readonly do: 'late'; readonly order: number; readonly share: number }
  | { readonly do: 'correct'; readonly fill: number; readonly price: number; readonly quantity: number }
  | { readonly do: 'stray'; readonly symbol: SymbolName; readonly long: boolean; readonly quantity: number }
  | { readonly do: 'end'; readonly order: number }
  | { readonly do: 'operator'; readonly action: OperatorAction }
  | { readonly do: 'snapshot'; readonly agrees: boolean; readonly can_trade: boolean }
  | { readonly do: 'pass'; readonly minutes: number }
  | { readonly do: 'restart' };

const symbol = fc.constantFrom(...SYMBOLS);
const index = fc.nat({ max: 7 });
const share = fc.integer({ min: 1, max: 4 });
const slip = fc.integer({ min: 0, max: 1 });

interface Weighted {
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<Step>;
}

/** Everything that leaves the history exact: each booked fill counts once, at its own price. */
const ordinary: readonly Weighted[] = [
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('bar'), symbol, move: move(), range: fc.nat({ max: 30 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('bad_bar'),
      symbol,
      fault: fc.constantFrom('zero', 'negative', 'huge', 'old'),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('ask'),
      symbol,
      long: fc.boolean(),
      stop: fc.integer({ min: 1, max: 60 }),
      fault: fc.oneof({ weight: 6, arbitrary: fc.constant('none') }, fc.constantFrom(...FAULTS)),
    }),
  },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('take'), order: index }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('fill'), order: index, share, slip }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('stop_out'), position: index, share, slip }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('repeat'), fill: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('late'), order: index, share }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end'), order: index }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('operator'),
      action: fc.constantFrom(
        OperatorAction.KILL,
        OperatorAction.RESUME,
        OperatorAction.RESUME,
        OperatorAction.DRY_RUN,
        OperatorAction.FLATTEN,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), minutes: fc.integer({ min: 1, max: 900 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart') }) },
];

/** What the world outside may add: corrections, trades by hand, a broker that sees something else. */
const outside: readonly Weighted[] = [
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('correct'),
      fill: index,
      price: fc.integer({ min: -8, max: 8 }),
      quantity: fc.integer({ min: -2, max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('stray'),
      symbol,
      long: fc.boolean(),
      quantity: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('snapshot'), agrees: fc.boolean(), can_trade: fc.boolean() }),
  },
];

function move(): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -30, max: 30 }) },
    { weight: 1, arbitrary: fc.integer({ min: -120, max: 120 }) },
  );
}

/** A whole history. `strange`: with what the world outside may add. */
export function histories(strange: boolean): fc.Arbitrary<Step[]> {
  const kinds = strange ? [...ordinary, ...outside] : ordinary;
  return fc.array(fc.oneof(...kinds), {
    minLength: 10,
    maxLength: 70,
    size: 'max',
  });
}
