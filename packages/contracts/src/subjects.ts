/**
 * Every subject and stream, declared once. The bus asserts the streams at start; nothing else spells a subject.
 */

/** The line, in order. The name of a stage is also the name of its part in the frame. */
export const STAGES = ['features', 'regime', 'forecast', 'portfolio', 'bandit', 'sizing', 'risk'] as const;
export type StageName = (typeof STAGES)[number];

/** A book's name: lower case, digits and dashes, so that it is one subject token and can stand in an id. */
export const BOOK_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** What a subject token may hold unescaped. Dots, blanks, wildcards and other bytes become `%hh`. */
const PLAIN = /[A-Za-z0-9_:=+@-]/;

/**
 * An id as one subject token. Ids of any well-formed text are allowed (encoding an entry refuses others); equal ids give
 * equal tokens and others never do.
 */
export function subjectToken(id: string): string {
  let out = '';
  for (const byte of Buffer.from(id, 'utf8')) {
    const char = String.fromCharCode(byte);
    out += PLAIN.test(char) ? char : `%${byte.toString(16).padStart(2, '0')}`;
  }
  return out;
}

/** Longest id, in characters: with the escapes it stays far below the server's limit for a subject. */
export const ID_LENGTH_MAX = 200;

export const subjects = {
  /** Inputs of the market side, waiting for the broker. Written by ingestion and by the gateway's tick route. */
  input: (book: string, kind: string, id: string) => `bw.input.${book}.${kind}.${subjectToken(id)}`,
  inputOf: (book: string) => `bw.input.${book}.>`,
  inputKind: (book: string, kind: string) => `bw.input.${book}.${kind}.>`,
  /** The book's inputs in order. An id is taken for the life of the stream. */
  journal: (book: string, kind: string, id: string) => `bw.journal.${book}.${kind}.${subjectToken(id)}`,
  journalOf: (book: string) => `bw.journal.${book}.>`,
  journalKind: (book: string, kind: string) => `bw.journal.${book}.${kind}.>`,
  /** Frames so far, written by the stage of that name. */
  line: (stage: StageName, book: string) => `bw.line.${stage}.${book}`,
  /** Finished frames, as other systems see them: fires on a store only, so it never repeats. */
  decision: (book: string) => `bw.decision.${book}`,
  /** Signed heads of the audit log. */
  audit: (book: string) => `bw.audit.${book}`,
  /** Questions to the audit log, answered by whoever holds it. */
  auditQuery: (book: string) => `bw.audit-query.${book}`,
  /** Commands by which an operator closes everything: asked of execution itself, which journals them after it acted. */
  control: (book: string) => `bw.control.${book}`,
  /** What a challenger said beside the champion. Stored by nobody: it can be computed again from the decisions (ADR 0036). */
  model: (book: string, place: string) => `bw.model.shadow.${book}.${subjectToken(place)}`,
  modelOf: (book: string) => `bw.model.shadow.${book}.>`,
  /** State of one service: started, ready, diverged, stopped. */
  status: (service: string, book: string) => `bw.status.${service}.${book}`,
} as const;

export interface StreamDefinition {
  readonly name: string;
  /** Subjects it stores, with NATS wildcards. */
  readonly subjects: readonly string[];
  /** Every stored message is also published on the subject this gives for it. */
  readonly republish: { readonly from: string; readonly to: string } | null;
  /** Must survive power loss: inputs and decisions. Line frames can be made again. */
  readonly durable: boolean;
}

/** All streams. No stream has an age limit: a full one refuses (architecture.md section 5). */
export const STREAMS: readonly StreamDefinition[] = [
  { name: 'BW_INPUT', subjects: ['bw.input.>'], republish: null, durable: true },
  { name: 'BW_JOURNAL', subjects: ['bw.journal.>'], republish: null, durable: true },
  ...STAGES.map((stage) => ({
    name: `BW_LINE_${stage.toUpperCase()}`,
    subjects: [`bw.line.${stage}.*`],
    republish: stage === 'risk' ? { from: 'bw.line.risk.*', to: 'bw.decision.{{wildcard(1)}}' } : null,
    durable: stage === 'risk',
  })),
];

/** True when a subject matches a NATS filter (`*` one token, `>` the rest). */
export function subjectMatches(filter: string, subject: string): boolean {
  const wanted = filter.split('.');
  const given = subject.split('.');
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '>') return given.length > i;
    if (i >= given.length || (wanted[i] !== '*' && wanted[i] !== given[i])) return false;
  }
  return wanted.length === given.length;
}

/** The stream that stores a subject or filter. Throws on a subject that no stream declares: a programmer's error. */
export function streamOf(subject: string): StreamDefinition {
  const found = STREAMS.find((stream) => stream.subjects.some((filter) => subjectMatches(filter, subject)));
  if (!found) throw new Error(`No stream stores the subject ${subject}`);
  return found;
}
