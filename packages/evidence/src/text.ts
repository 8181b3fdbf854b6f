import { EvidenceStatus, mayDecide, type EvidenceConfig } from '@bellwether/contracts';

/** Said of books that no gate stands before. */
export const UNGATED_SYNTHETIC = 'Evidence: not asked for, the data are made up; every part and arm decides.';
export const UNGATED_PAST = 'Evidence: not asked for, this is a measurement; every part and arm decides.';

/** Who decides in a book and who does not, in one line. */
export function evidenceLine(evidence: EvidenceConfig | null): string {
  if (evidence === null) return 'Evidence: no gate; every part and arm decides.';
  const { standings } = evidence;
  const named = (of: (one: (typeof standings)[number]) => boolean): string =>
    standings
      .filter(of)
      .map(({ name }) => name)
      .join(', ') || 'none';
  const withheld = (status: EvidenceStatus) => (one: (typeof standings)[number]) =>
    one.status === status && !mayDecide(one);
  const overridden = named((one) => one.overridden && one.status !== EvidenceStatus.PROVEN);
  return [
    `Evidence: proven: ${named(({ status }) => status === EvidenceStatus.PROVEN)}`,
    `unproven, in shadow: ${named(withheld(EvidenceStatus.UNPROVEN))}`,
    `rejected, in shadow: ${named(withheld(EvidenceStatus.REJECTED))}`,
    `OVERRIDDEN, deciding without proof: ${overridden}`,
  ].join('; ');
}

export const STATUS_WORDS: Readonly<Record<EvidenceStatus, string>> = {
  [EvidenceStatus.UNSPECIFIED]: 'unknown',
  [EvidenceStatus.PROVEN]: 'proven',
  [EvidenceStatus.UNPROVEN]: 'unproven',
  [EvidenceStatus.REJECTED]: 'rejected',
};
