import { STAGES, equalBytes, encodeFrame, type Frame } from '@bellwether/contracts';

/** Where two frames of one entry first differ. `field` is a path below the part, or '' where the part is missing. */
export interface Difference {
  readonly seq: number;
  readonly stage: string;
  readonly field: string;
  readonly stored: string;
  readonly computed: string;
}

/** Replay gave other bytes than those stored: another build, another machine kind, or a broken store. */
export class Diverged extends Error {
  override readonly name = 'Diverged';
  readonly code = 'diverged';
  constructor(readonly difference: Difference) {
    super(
      `Frame ${difference.seq}, ${difference.stage}${difference.field}: stored ${difference.stored}, computed ${difference.computed}`,
    );
  }
}

/** The first difference between two frames, or null where their canonical bytes are equal. */
export function firstDifference(stored: Frame, computed: Frame): Difference | null {
  if (equalBytes(encodeFrame(stored), encodeFrame(computed))) return null;
  const at = (stage: string, found: { field: string; stored: string; computed: string }): Difference => ({
    seq: stored.seq,
    stage,
    ...found,
  });
  const heads = differs({ ...stored, ...NO_PARTS }, { ...computed, ...NO_PARTS }, '');
  if (heads !== null) return at('frame', heads);
  for (const stage of STAGES) {
    // What a model answered comes before what the stage made of it.
    const asked = differs(inferencesOf(stored, stage), inferencesOf(computed, stage), '.inferences');
    if (asked !== null) return at(stage, asked);
    const found = differs(stored[stage], computed[stage], '');
    if (found !== null) return at(stage, found);
  }
  return at('frame', { field: '', stored: 'other bytes', computed: 'other bytes' });
}

const NO_PARTS = { ...Object.fromEntries(STAGES.map((stage) => [stage, null])), inferences: [] };

const inferencesOf = ({ inferences }: Frame, stage: string): readonly unknown[] =>
  inferences.filter((one) => one.stage === stage);

function differs(
  a: unknown,
  b: unknown,
  path: string,
): { field: string; stored: string; computed: string } | null {
  if (Object.is(a, b)) return null;
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    for (const key of keys) {
      const next = Array.isArray(a) ? `${path}[${key}]` : `${path}.${key}`;
      const found = differs((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], next);
      if (found !== null) return found;
    }
    return null;
  }
  return { field: path, stored: show(a), computed: show(b) };
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 120);
}
