/** Names of the files of a book's log, relative to the folder of all logs. */

const RECORD_DIGITS = 15;
const SEGMENT = /^[0-9]{15}\.seg$/;

export const headsFile = (book: string): string => `${book}/heads`;
/** The key that the heads were signed with, for whoever knows no better one. */
export const publicKeyFile = (book: string): string => `${book}/public-key.pem`;
export const claimFile = (book: string): string => `${book}/writer.lock`;
/** Where in the decision stream to go on. A hint only. */
export const positionFile = (book: string): string => `${book}/position.json`;
export const indexFile = (book: string): string => `${book}/index.duckdb`;

/** A segment is named by its first record, so that names sort as records do. */
export const segmentFile = (book: string, firstRecord: number): string =>
  `${book}/${String(firstRecord).padStart(RECORD_DIGITS, '0')}.seg`;

export const isSegment = (file: string): boolean => SEGMENT.test(file.slice(file.indexOf('/') + 1));

export const firstRecordOf = (segment: string): number =>
  Number(segment.slice(segment.indexOf('/') + 1, segment.lastIndexOf('.')));
