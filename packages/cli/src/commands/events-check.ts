import { BellwetherError } from '@bellwether/contracts';
import { calendarWarning, inspectEvents, isoText, openScorer, type EventFileFacts } from '@bellwether/events';

const US_PER_MS = 1_000;

function described(facts: EventFileFacts): string {
  const lines = [`${facts.name}  sha256 ${facts.sha256}`];
  for (const { kind, count, first_us, last_us } of facts.streams) {
    lines.push(`  ${kind.padEnd(9)}${count} events, known from ${isoText(first_us)} to ${isoText(last_us)}`);
  }
  if (facts.calendar_to_us !== null)
    lines.push(`  calendar says something up to ${isoText(facts.calendar_to_us)}`);
  if (facts.unscored > 0) lines.push(`  ${facts.unscored} news without a known word: they have no score`);
  if (facts.repeats > 0) lines.push(`  ${facts.repeats} events stand there twice; they are taken once`);
  if (facts.problem_count > 0) lines.push(`  ${facts.problem_count} problems:`);
  for (const problem of facts.problems) lines.push(`    ${problem}`);
  return lines.join('\n');
}

/** `bw events check`: exit code 3 where a file cannot be taken as it is. */
export async function checkEvents(files: readonly string[], lexicon: string | null): Promise<void> {
  const scorer = await openScorer(lexicon);
  const all: EventFileFacts[] = [];
  for (const file of files) {
    const facts = await inspectEvents(file, scorer);
    all.push(facts);
    process.stdout.write(`${described(facts)}\n`);
  }
  const warning = calendarWarning(all, Date.now() * US_PER_MS);
  if (warning !== null) process.stderr.write(`${warning}\n`);
  const bad = all.filter(({ problem_count }) => problem_count > 0).map(({ name }) => name);
  if (bad.length > 0)
    throw new BellwetherError('data_unreadable', `Not to be taken as they are: ${bad.join(', ')}`);
}
