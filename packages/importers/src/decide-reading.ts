import { CONVENTIONS, type ForeignFormat, type StampSide } from './format-names.js';
import type { DayProfile } from './day-profile.js';
import { unclear } from './refusals.js';
import { testStamps, type StampVerdict } from './stamp-test.js';
import { WallZone } from './wall-zone.js';

/** Zones that files are written in, beside the one that a format names. */
const ZONES = [
  'UTC',
  'America/New_York',
  'America/Chicago',
  'America/Los_Angeles',
  'Etc/GMT+5',
  'Europe/London',
  'Europe/Berlin',
];
const SIDES: readonly StampSide[] = ['open', 'close'];

export interface ReadingQuestion {
  readonly name: string;
  /** Formats that share the layout of the file. */
  readonly formats: readonly ForeignFormat[];
  /** The user named the format. */
  readonly formatGiven: boolean;
  readonly zone: string | null;
  readonly stamp: StampSide | null;
  readonly profile: DayProfile;
  readonly interval_us: number;
}

/** How the stamps of a file are read. */
export interface Reading {
  readonly format: ForeignFormat;
  readonly zone: WallZone;
  readonly stamp: StampSide;
  /** Why so, one sentence each. */
  readonly evidence: readonly string[];
}

interface Candidate {
  readonly zone: WallZone;
  readonly stamp: StampSide;
  readonly verdict: StampVerdict;
}

const named = ({ zone, stamp }: { zone: WallZone; stamp: StampSide }): string =>
  `--zone ${zone.name} --stamp ${stamp}`;

/** All readings that the options leave, tested. */
function candidatesOf({ formats, zone, stamp, profile, interval_us }: ReadingQuestion): readonly Candidate[] {
  const wall = CONVENTIONS[formats[0]!].wall;
  const own = formats.map((format) => CONVENTIONS[format].zone);
  const zones = zone !== null ? [zone] : wall ? [...new Set([...own, ...ZONES])] : ['UTC'];
  const chicago = new WallZone('America/Chicago');
  return zones.flatMap((name) => {
    const tested = new WallZone(name);
    const sides = stamp === null ? SIDES : [stamp];
    return sides.map((side) => {
      const reading = { zone: tested, stamp: side };
      return { ...reading, verdict: testStamps(profile, reading, interval_us, chicago) };
    });
  });
}

/** The reading of one format, with what the user gave in the place of its own. */
function conventional(
  question: ReadingQuestion,
  format: ForeignFormat,
  candidates: readonly Candidate[],
): Candidate | null {
  const { zone, stamp } = CONVENTIONS[format];
  const [wantedZone, wantedStamp] = [question.zone ?? zone, question.stamp ?? stamp];
  return candidates.find((one) => one.zone.name === wantedZone && one.stamp === wantedStamp) ?? null;
}

function givenEvidence({ zone, stamp, formatGiven }: ReadingQuestion): string[] {
  const given = [];
  if (formatGiven) given.push('the format was given');
  if (zone !== null) given.push(`the zone ${zone} was given`);
  if (stamp !== null) given.push(`the stamp side ${stamp} was given`);
  return given;
}

/**
 * Decides what the stamps of a file mean: by what the user gave, else by the convention of its format where the data bear
 * it out. Nothing is guessed: convention and data that disagree, and data that are too few, are refused.
 *
 * @throws BellwetherError `format_unclear`, with the options that settle it
 */
export function decideReading(question: ReadingQuestion): Reading {
  const { formats, name } = question;
  const candidates = candidatesOf(question);
  const conventions = formats.map((format) => ({
    format,
    candidate: conventional(question, format, candidates),
  }));
  const given = givenEvidence(question);
  const settled = question.zone !== null && question.stamp !== null;
  const passing = candidates.filter(({ verdict }) => verdict.passed === true);
  const borneOut = conventions.find(({ candidate }) => candidate?.verdict.passed === true);
  const [one] = conventions;
  const chosen = borneOut ?? (settled || !CONVENTIONS[formats[0]!].wall ? one : undefined);
  const tested = candidates.some(({ verdict }) => verdict.passed !== null);
  if (chosen?.candidate != null && !contradicted(question, chosen.candidate, passing)) {
    const { zone, stamp, verdict } = chosen.candidate;
    if (formats.length > 1 && !settled) refuseRivals(question, chosen.candidate, passing);
    const test =
      verdict.passed === null ? ['the bars are too few to test zone and side of the stamps'] : verdict.seen;
    return { format: chosen.format, zone, stamp, evidence: [...given, ...test] };
  }
  if (!tested) return untested(question, conventions, given);
  const fitting = distinct(passing);
  if (fitting.length === 0) {
    const seen = conventions[0]?.candidate?.verdict.seen.join('; ') ?? 'nothing';
    throw unclear(
      name,
      `No time zone makes its stamps those of this market. Read as ${titleOf(conventions)}: ${seen}`,
      'look for rows of several zones in one file, or for bars of another market; --zone and --stamp together are taken as given',
    );
  }
  throw unclear(
    name,
    `Layout and data disagree: as ${titleOf(conventions)} the bars do not fit the hours of this market, but they do ` +
      `with ${fitting.map(named).join(', or ')} (${fitting[0]!.verdict.seen.join('; ')})`,
    `give ${named(fitting[0]!)} if that is how the file was made`,
  );
}

/** Two formats share the layout: neither is taken while a zone fits as well that gives other instants on some day. */
function refuseRivals(question: ReadingQuestion, chosen: Candidate, passing: readonly Candidate[]): void {
  for (const rival of passing) {
    if (rival.stamp !== chosen.stamp) continue;
    const days = chosen.zone.differsFrom(rival.zone, question.profile.days);
    if (days.length === 0) continue;
    const day = new Date(days[0]! * 86_400_000).toISOString().slice(0, 10);
    throw unclear(
      question.name,
      `Its hours fit ${named(chosen)} and ${named(rival)} alike, and they differ on ${days.length} days such as ${day}`,
      `give ${named(chosen)} or ${named(rival)}, whichever the file was made with`,
    );
  }
}

const titleOf = (conventions: readonly { format: ForeignFormat }[]): string =>
  conventions
    .map(({ format }) => {
      const { title, zone, stamp } = CONVENTIONS[format];
      return `${title} (${zone}, bar ${stamp})`;
    })
    .join(' or ');

/** Whether the data say that a reading which was not given in full is another one. */
function contradicted(
  { zone, stamp }: ReadingQuestion,
  chosen: Candidate,
  passing: readonly Candidate[],
): boolean {
  if (zone !== null && stamp !== null) return false;
  return chosen.verdict.passed === false && passing.length > 0;
}

/** One reading of each that give the same instants. */
function distinct(passing: readonly Candidate[]): readonly Candidate[] {
  return passing.filter(
    ({ verdict }, i) => passing.findIndex((other) => other.verdict.key === verdict.key) === i,
  );
}

function untested(
  question: ReadingQuestion,
  conventions: readonly { format: ForeignFormat; candidate: Candidate | null }[],
  given: readonly string[],
): Reading {
  const { name, formatGiven, formats } = question;
  const [one] = conventions;
  const { documented, zone, stamp, title } = CONVENTIONS[formats[0]!];
  if (formatGiven && documented && one?.candidate != null) {
    const { candidate, format } = one;
    const by = `zone and side are those that ${title} documents; the bars are too few to test them`;
    return { format, zone: candidate.zone, stamp: candidate.stamp, evidence: [...given, by] };
  }
  const what = 'Its stamps name no zone, and the bars are too few to tell it by the hours of trading';
  if (formats.length > 1) {
    const list = formats.map((format) => {
      const of = CONVENTIONS[format];
      return `--format ${format} (${of.zone}, bar ${of.stamp})`;
    });
    throw unclear(name, `${what}; this layout has two meanings`, `give ${list.join(' or ')}`);
  }
  const by = documented
    ? `--format ${formats[0]!}, which means`
    : '--zone and --stamp, by the description it came with, such as';
  throw unclear(name, what, `give ${by} --zone ${zone} --stamp ${stamp}`);
}
