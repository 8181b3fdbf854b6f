import { StorageType, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { Objm, type ObjectResult, type ObjectStore } from '@nats-io/obj';
import { BusRefused, type BlobStore } from '../bus.js';
import { BLOB_BYTES_MAX, checkName } from '../limits.js';
import type { NatsLink } from './nats-link.js';
import { pause } from './pause.js';
import { assertConfig } from './stream-config.js';

const BUCKET = 'BW_BLOBS';
/** While a chunk stays away: how often to look whether a newer version has replaced, and purged, the one being read. */
const LOOK_EVERY_MS = 100;
const READS_MAX = 10;
const REREAD_PAUSE_MS = 20;

/**
 * Blobs in an object store: chunks first, then one message that makes them the object. Its bytes carry a SHA-256, so
 * a reader gets one whole version; one that is replaced while it is read is read again.
 */
export class NatsBlobs implements BlobStore {
  private constructor(
    private readonly link: NatsLink,
    private readonly bucket: ObjectStore,
    private readonly deadlineMs: number,
  ) {}

  static async open(
    link: NatsLink,
    client: JetStreamClient,
    manager: JetStreamManager,
    options: { readonly deadlineMs: number; readonly replicas: number },
  ): Promise<NatsBlobs> {
    const { deadlineMs, replicas } = options;
    const bucket = await new Objm(client).create(BUCKET, { replicas, storage: StorageType.File });
    const { config } = await manager.streams.info(`OBJ_${BUCKET}`);
    assertConfig({ name: `OBJ_${BUCKET}`, max_age: 0, num_replicas: replicas }, config);
    return new NatsBlobs(link, bucket, deadlineMs);
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    checkName('blob', name);
    if (bytes.length > BLOB_BYTES_MAX)
      throw new BusRefused(`${name}: Expected at most ${BLOB_BYTES_MAX} bytes`);
    await this.link.askToWrite(`blob ${name}`, this.deadlineMs, () => this.bucket.putBlob({ name }, bytes));
  }

  async get(name: string): Promise<Uint8Array | null> {
    checkName('blob', name);
    let cause: unknown = null;
    for (let i = 0; i < READS_MAX; i++) {
      const found = await this.link.ask(`blob ${name}`, this.deadlineMs, () => this.bucket.get(name));
      if (found === null) return null;
      try {
        return await this.#whole(name, found);
      } catch (error) {
        cause = error;
      }
      await pause(REREAD_PAUSE_MS);
    }
    throw new BusRefused(`blob ${name}: Not read whole in ${READS_MAX} attempts`, { cause });
  }

  /** All bytes of one version. Throws where it is replaced meanwhile, or a chunk does not come in time. */
  async #whole(name: string, found: ObjectResult): Promise<Uint8Array> {
    // The reader rejects with the same error; this promise would be an unhandled rejection.
    found.error.catch(() => undefined);
    const bytes = new Uint8Array(found.info.size);
    const reader = found.data.getReader();
    let length = 0;
    try {
      for (;;) {
        const chunk = await this.#chunk(name, found, reader.read());
        if (chunk.done) break;
        if (length + chunk.value.length > bytes.length) throw new Error('More bytes than announced');
        bytes.set(chunk.value, length);
        length += chunk.value.length;
      }
    } catch (error) {
      await reader.cancel().catch(() => undefined);
      throw error;
    }
    if (length !== bytes.length) throw new Error('Fewer bytes than announced');
    return bytes;
  }

  async #chunk<T>(name: string, found: ObjectResult, reading: Promise<T>): Promise<T> {
    const until = performance.now() + this.deadlineMs;
    for (;;) {
      const done = new AbortController();
      const chunk = await Promise.race([
        reading.finally(() => done.abort()),
        pause(LOOK_EVERY_MS, done.signal).then(() => null),
      ]);
      if (chunk !== null) return chunk;
      // The timer may win over a chunk that came in the same moment; the next round takes it at once.
      if (done.signal.aborted) continue;
      const now = await this.link.ask(`blob ${name}`, this.deadlineMs, () => this.bucket.info(name));
      if (now === null || now.nuid !== found.info.nuid) throw new Error('Replaced while it was read');
      if (performance.now() > until) throw new Error(`No chunk within ${this.deadlineMs} ms`);
    }
  }
}
