import path from 'node:path';

/** Everything that `bw` writes stands below one folder of the working directory, unless told otherwise. */
const HOME = '.bellwether';

/** File of a replay's decision frames, in its folder. */
export const DECISION_LOG = 'decisions.frames';

export function storeFolder(given: string | null): string {
  return path.resolve(given ?? path.join(HOME, 'data'));
}

/** The catalog: the folder that was named, that of the environment, or the usual one. */
export function catalogFolder(given: string | null): string {
  return path.resolve(given ?? process.env['BW_CATALOG'] ?? path.join(HOME, 'catalog'));
}

export function replayFolder(book: string): string {
  return path.resolve(HOME, 'replays', book);
}
