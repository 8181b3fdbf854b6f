import type { InitializeHook, LoadHook } from 'node:module';

/** What one file becomes while it is loaded. */
export interface Rewrite {
  readonly plant: string;
  readonly url: string;
  readonly find: string;
  readonly replace: string;
}

let rewrite: Rewrite | null = null;

/** Called by Node in the thread of the hooks. */
export const initialize: InitializeHook<Rewrite> = (given) => {
  rewrite = given;
};

export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  if (rewrite === null || url !== rewrite.url) return loaded;
  return { ...loaded, source: planted(textOf(loaded.source), rewrite) };
};

/** The file with the bug in it. Throws where the plant does not fit the file any more. */
export function planted(source: string, { plant, url, find, replace }: Rewrite): string {
  const found = source.split(find).length - 1;
  if (found !== 1) {
    throw new Error(`The plant ${plant} is out of date: ${url} holds its text ${found} times, expected once`);
  }
  return source.replace(find, () => replace);
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray | undefined): string {
  if (typeof source === 'string') return source;
  if (source === undefined) return '';
  const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : source;
  return new TextDecoder().decode(bytes);
}
