import { BellwetherError } from '@bellwether/contracts';
import { isDecision } from '@bellwether/kernel';
import type { Book, Books } from '../books.js';
import type { SeenFrame } from '../feed/decision-feed.js';
import type { PlacedFrame } from '../feed/history.js';
import { GATEWAY_METRICS, type GatewayMetrics } from '../metrics.js';
import type { GatewayLimits } from '../options.js';
import { decisionSummary } from '../views/decision-view.js';
import { eventText } from './events.js';
import { StreamClient, type StreamEvent, type StreamSink } from './stream-client.js';

/** A client that takes nothing for this long while it catches up is disconnected. */
const STALL_MS = 10_000;

function decisionEvent({ frame }: PlacedFrame, latency_us: number | null): StreamEvent {
  return {
    book: frame.book,
    seq: frame.seq,
    text: eventText('decision', decisionSummary(frame, latency_us)),
  };
}

/** Sends every decision to every reader of `/v1/stream`, once made into text. */
export class StreamHub {
  readonly #clients = new Set<StreamClient>();
  readonly #unlisten: (() => void)[];
  readonly #heartbeat: NodeJS.Timeout;
  #closed = false;

  constructor(
    books: Books,
    private readonly limits: GatewayLimits,
    private readonly metrics: GatewayMetrics,
  ) {
    this.#unlisten = books.all.map((book) => book.feed.listen((seen) => this.#spread(seen)));
    this.#heartbeat = setInterval(() => {
      for (const client of this.#clients) client.heartbeat();
    }, limits.streamHeartbeatMs);
    this.#heartbeat.unref();
  }

  /** Throws {@link BellwetherError} `too_busy` or `not_ready` where no more clients are taken. */
  requireRoom(): void {
    if (this.#closed) throw new BellwetherError('not_ready', 'The gateway is closing');
    if (this.#clients.size < this.limits.streamClients) return;
    throw new BellwetherError(
      'too_busy',
      `${this.limits.streamClients} stream clients are connected already`,
    );
  }

  /**
   * Takes on a reader. `resumed` holds the last frame of each book that it has seen; without it the stream
   * begins now. A book that it does not name is sent from its first frame.
   */
  open(sink: StreamSink, books: readonly Book[], resumed: ReadonlyMap<string, number> | null): StreamClient {
    const heads = new Map(books.map((book) => [book.name, book.feed.last]));
    const positions = new Map(
      books.map(({ name }) => {
        const head = heads.get(name)?.frame.seq ?? 0;
        return [name, resumed === null ? head : (resumed.get(name) ?? 0)];
      }),
    );
    const client = new StreamClient(sink, positions, this.limits.streamClientBytes, (reason) => {
      this.#clients.delete(client);
      this.metrics.increment(GATEWAY_METRICS.streamDropped.name, { reason });
    });
    this.#clients.add(client);
    client.tell('open', { books: books.map((book) => book.name) });
    void this.#catchUp(client, books, heads);
    return client;
  }

  leave(client: StreamClient): void {
    client.gone();
    this.#clients.delete(client);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    for (const unlisten of this.#unlisten) unlisten();
    for (const client of [...this.#clients]) client.drop('closing');
  }

  #spread(seen: SeenFrame): void {
    if (this.#clients.size === 0 || !isDecision(seen.frame.risk)) return;
    const event = decisionEvent(seen, seen.latency_us);
    for (const client of [...this.#clients]) if (client.follows(event.book)) client.send(event);
  }

  async #catchUp(
    client: StreamClient,
    books: readonly Book[],
    heads: ReadonlyMap<string, PlacedFrame | null>,
  ): Promise<void> {
    try {
      for (const book of books) await this.#replay(client, book, heads.get(book.name) ?? null);
      client.caughtUp();
    } catch {
      // The bus failed while reading back. The client reconnects and resumes from its last id.
      client.drop('history_unavailable');
    }
  }

  async #replay(client: StreamClient, book: Book, head: PlacedFrame | null): Promise<void> {
    const position = client.positionOf(book.name);
    const seq = head?.frame.seq ?? 0;
    if (position === seq) return;
    if (head === null || position > seq || seq - position > this.limits.streamResumeFrames) {
      client.skipTo(book.name, seq);
      client.tell('gap', {
        book: book.name,
        after_seq: position,
        up_to_seq: seq,
        next: `Decisions between are under /v1/decisions?book=${book.name}`,
      });
      return;
    }
    const first = await book.feed.bySeq(position + 1);
    for await (const item of book.feed.history.forward(first?.sequence ?? 1, head.sequence)) {
      if (client.closed) return;
      if (!isDecision(item.frame.risk)) continue;
      if (!(await client.room(STALL_MS))) {
        client.drop('too_slow');
        return;
      }
      client.replay(decisionEvent(item, book.feed.indexedSeq(item.frame.seq)?.latency_us ?? null));
    }
  }
}
