import type { Network, Numbers } from '@bellwether/nn';
import type { PolicyHeads, PolicyKind } from './policy.js';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { exp, log, max } = Math;

const HEAD = 'choice';

/** One of `count` choices, by a softmax. */
export function categoricalPolicy(count: number): PolicyKind {
  return {
    heads: [{ name: HEAD, out: count, output: 'softmax' }],
    of: (network) => new CategoricalHeads(network, count),
  };
}

class CategoricalHeads implements PolicyHeads {
  readonly outputs = [HEAD];
  #logits: Numbers;
  #shares: Numbers;
  #gradients: Numbers;

  constructor(
    private readonly network: Network,
    private readonly count: number,
  ) {
    this.#logits = network.output(HEAD).view;
    this.#shares = this.#logits;
    this.#gradients = network.outputGradient(HEAD).view;
  }

  prepare(rows: number): void {
    this.#logits = this.network.output(HEAD).view;
    this.#shares = this.network.final(HEAD, rows).view;
    this.#gradients = this.network.outputGradient(HEAD).view;
  }

  draw(row: number, random: { uniform(): number }): number {
    const from = row * this.count;
    let left = random.uniform();
    for (let i = 0; i < this.count - 1; i++) {
      left -= this.#shares[from + i]!;
      if (left < 0) return i;
    }
    return this.count - 1;
  }

  likeliest(row: number): number {
    const from = row * this.count;
    let best = 0;
    for (let i = 1; i < this.count; i++) if (this.#logits[from + i]! > this.#logits[from + best]!) best = i;
    return best;
  }

  action(choice: number): number {
    return choice;
  }

  logProbability(row: number, choice: number): number {
    return this.#logits[row * this.count + choice]! - this.#logSum(row);
  }

  entropy(row: number): number {
    const from = row * this.count;
    const logSum = this.#logSum(row);
    let entropy = 0;
    for (let i = 0; i < this.count; i++)
      entropy -= this.#shares[from + i]! * (this.#logits[from + i]! - logSum);
    return entropy;
  }

  writeGradient(row: number, choice: number, ofLog: number, ofEntropy: number): void {
    const from = row * this.count;
    const logSum = this.#logSum(row);
    const entropy = this.entropy(row);
    for (let i = 0; i < this.count; i++) {
      const share = this.#shares[from + i]!;
      const logShare = this.#logits[from + i]! - logSum;
      this.#gradients[from + i] =
        ofLog * ((i === choice ? 1 : 0) - share) - ofEntropy * share * (logShare + entropy);
    }
  }

  /** Log of the sum of the exponentials, by the largest. */
  #logSum(row: number): number {
    const from = row * this.count;
    let most = this.#logits[from]!;
    for (let i = 1; i < this.count; i++) most = max(most, this.#logits[from + i]!);
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += exp(this.#logits[from + i]! - most);
    return most + log(sum);
  }
}
