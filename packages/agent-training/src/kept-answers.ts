import type { Infer } from '@bellwether/host';
import type { InferenceOutput, InferenceRequest } from '@bellwether/kernel';

/** Answers at once, in this thread. */
export type AnswerNow = (requests: readonly InferenceRequest[]) => readonly InferenceOutput[];

/** Answers that are remembered before the oldest go: a setup of a bar is asked about in every episode of its session. */
const KEPT_MAX = 200_000;

/** Answers of models by question: a model answers the same question the same way, so it is asked once. */
export class KeptAnswers {
  readonly #answers = new Map<string, InferenceOutput>();

  constructor(
    private readonly infer: Infer,
    private readonly answerNow: AnswerNow,
  ) {}

  /** Those that are kept, at once; otherwise asks, and keeps. */
  readonly ask: Infer = (requests) => {
    const known = this.#known(requests);
    if (known !== null) return known;
    const said = this.infer(requests);
    return said instanceof Promise
      ? said.then((outputs) => this.#keep(requests, outputs))
      : this.#keep(requests, said);
  };

  /** The same without waiting. */
  readonly askNow = (requests: readonly InferenceRequest[]): readonly InferenceOutput[] =>
    this.#known(requests) ?? this.#keep(requests, this.answerNow(requests));

  #known(requests: readonly InferenceRequest[]): readonly InferenceOutput[] | null {
    const found: InferenceOutput[] = [];
    for (const request of requests) {
      const answer = this.#answers.get(keyOf(request));
      if (answer === undefined) return null;
      found.push(answer);
    }
    return found;
  }

  #keep(
    requests: readonly InferenceRequest[],
    outputs: readonly InferenceOutput[],
  ): readonly InferenceOutput[] {
    requests.forEach((request, i) => {
      const said = outputs[i];
      if (said !== undefined) this.#answers.set(keyOf(request), said);
    });
    while (this.#answers.size > KEPT_MAX) {
      const [oldest] = this.#answers.keys();
      if (oldest !== undefined) this.#answers.delete(oldest);
    }
    return outputs;
  }
}

function keyOf({ sha256, inputs }: InferenceRequest): string {
  const bytes = Buffer.from(inputs.buffer, inputs.byteOffset, inputs.byteLength);
  return `${sha256}${bytes.toString('latin1')}`;
}
