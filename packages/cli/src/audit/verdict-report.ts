import type { AuditVerdict } from '@bellwether/audit';

const UNSIGNED =
  'are behind the last signed head: a commit under way, or one that a crash has left. They are not part of the log; ' +
  'the service cuts them at its next start and reads their frames again.';

/** What a check has found, for people. `ms` is how long it took. */
export function renderVerdict(verdict: AuditVerdict, ms: number): string {
  const { book, ok, head } = verdict;
  const lines = [`book ${book}: ${ok ? 'verified' : 'CORRUPT'}`];
  const tell = (name: string, value: string): void => {
    lines.push(`  ${name.padEnd(15)} ${value}`);
  };
  if (verdict.damage !== null) {
    const { record, file, offset, expected, found } = verdict.damage;
    tell('first bad', record === 0 ? 'no record' : `record ${record}`);
    tell('place', `${file}, byte ${offset}`);
    tell('expected', expected);
    tell('found', found);
    tell('good before it', `${number(verdict.records)} records, to frame ${number(verdict.last_seq ?? 0)}`);
    return lines.join('\n');
  }
  const rate = ms > 0 ? `, ${number(Math.round((1_000 * verdict.records) / ms))} records/s` : '';
  tell('records', `${number(verdict.records)} in ${number(verdict.segments)} segments${rate}`);
  tell('frames', `${number(verdict.frames)} kept, ${number(verdict.idle_frames)} idle ones counted`);
  if (verdict.last_seq !== null) tell('from, to', `frame ${verdict.first_seq ?? 1} to ${verdict.last_seq}`);
  tell('received', `${timeText(verdict.first_received_us)} to ${timeText(verdict.last_received_us)}`);
  tell('signed', `${number(verdict.heads)} heads, the newest of ${timeText(head?.signed_us ?? null)}`);
  tell('key', verdict.key_ids.join(', '));
  if (!verdict.keys_given) {
    tell('', 'taken from the log itself: compare it with the one you know, or give --public-key');
  }
  if (verdict.unsigned_bytes > 0) tell('WARNING', `${number(verdict.unsigned_bytes)} bytes ${UNSIGNED}`);
  return lines.join('\n');
}

export const number = (value: number): string => value.toLocaleString('en-US');

/** UTC, to the second. */
export function timeText(us: number | null): string {
  return us === null ? '-' : `${new Date(us / 1_000).toISOString().slice(0, 19)}Z`;
}
