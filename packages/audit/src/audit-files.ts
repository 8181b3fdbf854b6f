/**
 * The storage under an audit log: named files with the few operations whose durability matters. Names are
 * `<book>/<file>`, relative to the folder of all logs.
 */
export interface AuditFiles {
  /** Names of the files of a book, sorted. Empty where there are none. */
  list(book: string): Promise<readonly string[]>;
  /** Books that have a log here, sorted. */
  books(): Promise<readonly string[]>;
  /** Size in bytes, or null where there is no such file. */
  size(name: string): Promise<number | null>;
  /** Bytes from an offset; fewer at the end of the file. */
  read(name: string, offset: number, length: number): Promise<Buffer>;
  /** Adds to the end, and makes the file where there is none. Survives the death of the process only. */
  append(name: string, bytes: Uint8Array): Promise<void>;
  /** What the file holds, and its name, survive loss of power from here on. */
  fsync(name: string): Promise<void>;
  /** Survives loss of power after the next fsync. */
  truncate(name: string, length: number): Promise<void>;
  /** A reader sees the old or the new bytes. Survives loss of power. */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  /** Survives loss of power. */
  remove(name: string): Promise<void>;
  /**
   * Takes the right to write a book's log. Throws `store_in_use` while another process, or another part of this one,
   * has it.
   */
  claim(book: string): Promise<AuditClaim>;
}

/** The right to write one book's log. */
export interface AuditClaim {
  /** Throws `store_in_use` where somebody else has taken it. Called before every write. */
  check(): Promise<void>;
  /** Gives it up. A second call does nothing. */
  release(): Promise<void>;
}
