import { request, type IncomingMessage } from 'node:http';
import { until } from './harness.js';

export interface SeenEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads server-sent events from a gateway. */
export class StreamReader {
  readonly events: SeenEvent[] = [];
  comments = 0;
  ended = false;
  #buffer = '';

  private constructor(private readonly incoming: IncomingMessage) {
    incoming.setEncoding('utf8');
    incoming.on('data', (text: string) => this.#read(text));
    incoming.on('close', () => (this.ended = true));
    incoming.on('error', () => (this.ended = true));
  }

  static open(
    port: number,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<StreamReader> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path, headers, agent: false };
      const outgoing = request(options, (incoming) => {
        if (incoming.statusCode === 200) resolve(new StreamReader(incoming));
        else reject(new Error(`The stream answered ${incoming.statusCode ?? 0}`));
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
  }

  get headers(): IncomingMessage['headers'] {
    return this.incoming.headers;
  }

  of(event: string): readonly SeenEvent[] {
    return this.events.filter((item) => item.event === event);
  }

  /** Ids of the decisions so far, as the data of the events names them. */
  get decisions(): readonly unknown[] {
    return this.of('decision').map((item) => item.data['decision_id']);
  }

  async waitFor(count: number): Promise<void> {
    await until(() => this.decisions.length >= count, `${count} decisions, ${this.decisions.length} came`);
  }

  pause(): void {
    this.incoming.pause();
  }

  resume(): void {
    this.incoming.resume();
  }

  close(): void {
    this.incoming.destroy();
  }

  #read(text: string): void {
    this.#buffer += text;
    for (let end = this.#buffer.indexOf('\n\n'); end >= 0; end = this.#buffer.indexOf('\n\n')) {
      this.#take(this.#buffer.slice(0, end));
      this.#buffer = this.#buffer.slice(end + 2);
    }
  }

  #take(block: string): void {
    if (block.startsWith(':')) {
      this.comments += 1;
      return;
    }
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const data = JSON.parse(fields.get('data') ?? '{}') as SeenEvent['data'];
    this.events.push({ id: fields.get('id') ?? null, event: fields.get('event') ?? '', data });
  }
}
