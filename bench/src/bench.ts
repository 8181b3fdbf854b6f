/** What one bench comes to: lines for people, a record for programs, and whether it has held. */
export interface BenchReport {
  readonly title: string;
  /** What was checked before or beside the measuring, in words; a check that fails throws. */
  readonly checked: readonly string[];
  readonly lines: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
}

/** A result that is not what it must be: then its figures mean nothing. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

export function check(holds: boolean, what: string): void {
  if (!holds) throw new CheckFailed(what);
}
