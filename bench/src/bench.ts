/** How much is measured: `quick` shows in a test that a measure works, its figures say little. */
export type Scale = 'full' | 'quick';

/** What one measure comes to: lines for people, a record for programs. */
export interface BenchReport {
  readonly title: string;
  /** What was checked before or beside the measuring, in words; a check that fails throws. */
  readonly checked: readonly string[];
  readonly lines: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Says in a few words what goes on; long work must not look like a standstill. */
export type Progress = (what: string) => void;

/** A measure that cannot be taken here, with the reason: no server, no real data. */
export class NotMeasured extends Error {
  override readonly name = 'NotMeasured';
}

/** A result that is not what it must be: then its figures mean nothing. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

export function check(holds: boolean, what: string): void {
  if (!holds) throw new CheckFailed(what);
}
