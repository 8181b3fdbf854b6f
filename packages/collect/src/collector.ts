import { cleanHeadline, eventId, readEvent, type EventJson } from '@bellwether/events';
import { present } from '@bellwether/kernel';
import type { CollectConfig, FeedConfig } from './config.js';
import { appendEvents } from './event-output.js';
import type { FeedState, StateFile } from './feed-state.js';
import { fetchPage, type Page } from './fetch-page.js';
import { parseFeed } from './parse-feed.js';

const BACKOFF_MS_FIRST = 30_000;
const BACKOFF_MS_MAX = 6 * 3_600_000;
const DOUBLINGS_MAX = 20;
const WAIT_MS_MAX = 60_000;

export interface CollectorOptions {
  readonly config: CollectConfig;
  readonly state: StateFile;
  readonly allowPrivate: boolean;
  readonly nowMs: () => number;
  /** 0 to 1; spreads the attempts after a failure. */
  readonly random: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Sends events to the gateway; null where only the file is written. */
  readonly send: ((events: readonly EventJson[]) => Promise<void>) | null;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly bytesMax?: number;
}

/** Pause after the n-th failure in a row: doubled each time, between half of that and all of it. */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_FIRST * 2 ** Math.min(failures - 1, DOUBLINGS_MAX));
  return Math.round(full * (0.5 + random / 2));
}

/** `Retry-After` in milliseconds from now: seconds or a date; 0 where it says nothing. At most a day. */
export function retryAfterMs(header: string, now_ms: number): number {
  const ms = /^\d{1,7}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now_ms;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 86_400_000) : 0;
}

/** Fetches feeds one after the other, so no host ever has two requests at a time. */
export class Collector {
  constructor(private readonly options: CollectorOptions) {}

  /** Fetches every feed that is due. Gives how many of them failed. */
  async once(): Promise<number> {
    let failed = 0;
    for (const feed of this.options.config.feeds) {
      if (this.options.signal.aborted) break;
      if (this.options.state.get(feed.name).next_ms > this.options.nowMs()) continue;
      if (!(await this.#fetch(feed))) failed += 1;
    }
    return failed;
  }

  /** Until the signal. */
  async run(): Promise<void> {
    const { config, state, nowMs, wait, signal } = this.options;
    while (!signal.aborted) {
      await this.once();
      const next_ms = Math.min(...config.feeds.map(({ name }) => state.get(name).next_ms));
      await wait(Math.min(WAIT_MS_MAX, Math.max(1, next_ms - nowMs())), signal);
    }
  }

  async #fetch(feed: FeedConfig): Promise<boolean> {
    const { state, allowPrivate, config, signal, timeoutMs, bytesMax } = this.options;
    const before = state.get(feed.name);
    try {
      const page = await fetchPage(feed.url, {
        ...{ userAgent: config.user_agent, allowPrivate, signal },
        ...{ etag: before.etag, lastModified: before.last_modified },
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(bytesMax === undefined ? {} : { bytesMax }),
      });
      if (page.status !== 200 && page.status !== 304) {
        await this.#failed(feed, before, `status ${page.status}`, page.retryAfter);
        return false;
      }
      await this.#took(feed, before, page);
      return true;
    } catch (cause) {
      if (signal.aborted) return false;
      await this.#failed(feed, before, cause instanceof Error ? cause.message : String(cause), '');
      return false;
    }
  }

  /** Events first, then what is remembered of them: a crash between the two gives them again under the same ids. */
  async #took(feed: FeedConfig, before: FeedState, page: Page): Promise<void> {
    const { config, state, nowMs, send, tell } = this.options;
    const now_ms = nowMs();
    const { events, problems } = page.status === 304 ? NOTHING : parseFeed(page.body, feed, now_ms * 1_000);
    const seen = new Set(before.seen);
    const fresh: EventJson[] = [];
    const ids: string[] = [];
    for (const event of events) {
      const id = eventId(present(readEvent(event).event, 'an event that was read'));
      if (seen.has(id)) continue;
      seen.add(id);
      ids.push(id);
      fresh.push(event);
    }
    if (fresh.length > 0) {
      await send?.(fresh);
      if (config.output !== undefined) await appendEvents(config.output, fresh);
    }
    const unchanged = page.status === 304;
    await state.set(feed.name, {
      etag: unchanged ? page.etag || before.etag : page.etag,
      last_modified: unchanged ? page.lastModified || before.last_modified : page.lastModified,
      ...{ next_ms: now_ms + feed.interval, failures: 0, seen: [...before.seen, ...ids] },
    });
    for (const problem of problems.slice(0, 5)) tell(cleanHeadline(`${feed.name}: ${problem}`));
    tell(
      `${feed.name}: ${unchanged ? 'unchanged' : `${events.length} items, ${fresh.length} new, ${problems.length} left out`}`,
    );
  }

  async #failed(feed: FeedConfig, before: FeedState, what: string, retryAfter: string): Promise<void> {
    const { state, nowMs, random, tell } = this.options;
    const now_ms = nowMs();
    const failures = before.failures + 1;
    const pause_ms = Math.max(backoffMs(failures, random()), retryAfterMs(retryAfter, now_ms), feed.interval);
    await state.set(feed.name, { ...before, failures, next_ms: now_ms + pause_ms });
    // What a server wrote may stand in the message: nothing in it reaches the terminal as a control.
    tell(cleanHeadline(`${feed.name}: ${what}; asked again in ${Math.round(pause_ms / 1_000)} s`));
  }
}

const NOTHING = { events: [], problems: [] } as const;
