import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { z } from 'zod';

/** Ids of events that a feed gave, of which the newest are kept. */
export const SEEN_MAX = 20_000;

const feedStateSchema = z.strictObject({
  etag: z.string(),
  last_modified: z.string(),
  /** Not to be asked before, milliseconds since 1970. */
  next_ms: z.number(),
  failures: z.int().min(0),
  seen: z.array(z.string()).max(SEEN_MAX),
});
export type FeedState = z.output<typeof feedStateSchema>;
const stateSchema = z.strictObject({ version: z.literal(1), feeds: z.record(z.string(), feedStateSchema) });

export const freshFeed = (): FeedState => ({
  etag: '',
  last_modified: '',
  next_ms: 0,
  failures: 0,
  seen: [],
});

/** What the collector remembers from run to run; one file that is replaced as a whole, so that a crash leaves the old or the new. */
export class StateFile {
  constructor(
    private readonly file: string,
    readonly feeds: Map<string, FeedState>,
  ) {}

  static async open(file: string): Promise<StateFile> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (cause) {
      if ((cause as { code?: unknown }).code !== 'ENOENT') throw cause;
      await mkdir(path.dirname(file), { recursive: true });
      return new StateFile(file, new Map());
    }
    try {
      return new StateFile(file, new Map(Object.entries(stateSchema.parse(JSON.parse(text)).feeds)));
    } catch (cause) {
      throw new BellwetherError('config_invalid', `${file} is no state of bw collect: move it away`, [], {
        cause,
      });
    }
  }

  get(name: string): FeedState {
    return this.feeds.get(name) ?? freshFeed();
  }

  async set(name: string, state: FeedState): Promise<void> {
    this.feeds.set(name, { ...state, seen: state.seen.slice(-SEEN_MAX) });
    const draft = `${this.file}.new`;
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(JSON.stringify({ version: 1, feeds: Object.fromEntries(this.feeds) }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, this.file);
  }
}
