import { MessageChannel, Worker, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { BellwetherError } from '@bellwether/contracts';
import { assert, type InferenceOutput, type InferenceRequest } from '@bellwether/kernel';
import type { CheckedModel } from './verification.js';

export interface SyncQuestion {
  readonly sha256: string;
  readonly inputs: Float32Array;
}

export interface SyncAnswer {
  readonly outputs: readonly number[] | null;
  readonly error: string;
}

/** A model that does not answer in this time will not. */
const PATIENCE_MS = 60_000;

/**
 * Models that answer at once: this thread sleeps while another one runs ONNX Runtime, which only answers later. For worlds that an agent
 * acts in, whose steps are plain calls; never for a thread that anybody else waits for.
 */
export class SyncModels {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #answered = new Int32Array(new SharedArrayBuffer(4));

  constructor(models: readonly CheckedModel[]) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData = { models, port: port2, answered: this.#answered };
    this.#worker = new Worker(new URL('./sync-models-worker.js', import.meta.url), {
      workerData,
      transferList: [port2],
    });
    this.#worker.unref();
    port1.unref();
  }

  /** @throws BellwetherError `model_refused` where a model cannot be asked or answers with what is no number */
  readonly answer = (requests: readonly InferenceRequest[]): readonly InferenceOutput[] =>
    requests.map(({ model, version, sha256, inputs }) => ({
      ...{ model, version, sha256 },
      outputs: this.#ask(`${model} ${version}`, { sha256, inputs }),
    }));

  #ask(what: string, question: SyncQuestion): readonly number[] {
    Atomics.store(this.#answered, 0, 0);
    this.#port.postMessage(question);
    const waited = Atomics.wait(this.#answered, 0, 0, PATIENCE_MS);
    assert(waited !== 'timed-out', `${what} answers within a minute`);
    const received = receiveMessageOnPort(this.#port) as { readonly message: SyncAnswer } | undefined;
    const { outputs, error } = received?.message ?? { outputs: null, error: 'no answer came' };
    if (outputs === null || !outputs.every(Number.isFinite)) {
      throw new BellwetherError('model_refused', `${what}: ${error === '' ? 'an answer is no number' : error}`);
    }
    return outputs;
  }

  async close(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}
