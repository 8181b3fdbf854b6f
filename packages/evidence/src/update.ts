import { EVIDENCE_NAMES } from '@bellwether/contracts';
import type { EvidenceEntry, EvidenceFile } from './evidence-file.js';
import { judged } from './rule.js';
import { familiesOf } from './situation.js';

/** An entry as a run makes it: status, reason and the count of runs are given when it is written down. */
export type NewEvidence = Pick<EvidenceEntry, 'name' | 'numbers' | 'data'> & {
  readonly run: Omit<EvidenceEntry['run'], 'times'>;
};

const counts = ({ data }: Pick<EvidenceEntry, 'data'>): boolean => !data.synthetic && !data.in_sample;

const isAbout =
  (one: NewEvidence) =>
  (other: EvidenceEntry): boolean =>
    other.name === one.name && familiesOf(other.data.sources).join() === familiesOf(one.data.sources).join();

/**
 * The file with what a run found. A run takes the place of the one before it of the same name and the same indexes; one that can prove
 * nothing (made-up data, days its models knew) does not displace one that can. Each further run on market data makes chance more likely,
 * so they are counted; the same run once more is not.
 */
export function withEvidence(file: EvidenceFile, found: readonly NewEvidence[]): EvidenceFile {
  let entries = [...file.entries];
  for (const one of found) {
    const before = entries.find(isAbout(one));
    if (before !== undefined && counts(before) && !counts(one)) continue;
    const again = before === undefined || before.run.id === one.run.id || !counts(before);
    const times = (before?.run.times ?? 0) + (again && before !== undefined ? 0 : 1);
    const entry = { ...one, run: { ...one.run, times } };
    entries = [...entries.filter((other) => other !== before), { ...entry, ...judged(entry) }];
  }
  const place = ({ name }: EvidenceEntry): number => EVIDENCE_NAMES.indexOf(name);
  return { ...file, entries: entries.sort((a, b) => place(a) - place(b)) };
}
