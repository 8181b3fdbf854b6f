import { NEEDS, PARTS, type Part } from './parts.js';

/** Settings under which a run is made, by the parts that are on. */
export interface AblationVariant {
  readonly name: string;
  readonly on: readonly Part[];
  /** All arms, drawn by chance: what the choice among them is worth. */
  readonly uniform: boolean;
  /** The arm that is off in every regime; null for none. */
  readonly withoutArm: string | null;
}

/** Two variants that differ by one thing; the first has it. */
export interface Comparison {
  readonly kind: 'added' | 'removed' | 'all' | 'choice' | 'arm';
  readonly part: Part | null;
  /** The arm that the second is without; null where both have the same. */
  readonly arm: string | null;
  readonly name: string;
  readonly first: string;
  readonly second: string;
}

export interface Ablation {
  readonly variants: readonly AblationVariant[];
  readonly comparisons: readonly Comparison[];
}

/** In the order of the parts, so that equal sets have equal names. */
const ordered = (on: ReadonlySet<Part>): readonly Part[] => PARTS.filter((part) => on.has(part));
const nameOf = (on: readonly Part[], uniform: boolean, arm: string | null): string =>
  `${uniform ? 'uniform:' : ''}${arm === null ? '' : `without ${arm}:`}${on.join('+') || 'baseline'}`;

/**
 * Everything that is run for these parts: each added alone to the baseline, each removed from all, and all together; and each of these arms
 * removed from all.
 */
export function ablationOf(parts: readonly Part[], arms: readonly string[] = []): Ablation {
  const variants = new Map<string, AblationVariant>();
  const take = (on: ReadonlySet<Part>, uniform = false, withoutArm: string | null = null): string => {
    const list = ordered(on);
    const name = nameOf(list, uniform, withoutArm);
    variants.set(name, { name, on: list, uniform, withoutArm });
    return name;
  };
  const none = take(new Set());
  const all = take(new Set(parts));
  const comparisons: Comparison[] = [
    { kind: 'all', part: null, arm: null, name: 'all parts', first: all, second: none },
    ...parts.map((part): Comparison => {
      const needs = new Set(NEEDS[part] ?? []);
      const beside = needs.size === 0 ? '' : ` (beside ${[...needs].join(', ')})`;
      const second = take(needs);
      return {
        kind: 'added',
        part,
        arm: null,
        name: `+ ${part}${beside}`,
        first: take(new Set([...needs, part])),
        second,
      };
    }),
    ...parts.map((part): Comparison => {
      const second = take(new Set(parts.filter((one) => one !== part)));
      return { kind: 'removed', part, arm: null, name: `all - ${part}`, first: all, second };
    }),
  ];
  if (parts.includes('bandit')) {
    const second = take(new Set(parts), true);
    comparisons.push({
      kind: 'choice',
      part: 'bandit',
      arm: null,
      name: 'all, arms drawn by chance',
      first: all,
      second,
    });
  }
  for (const arm of arms) {
    const second = take(new Set(parts), false, arm);
    comparisons.push({ kind: 'arm', part: null, arm, name: `all - ${arm}`, first: all, second });
  }
  return { variants: [...variants.values()], comparisons };
}
