import type { HeadDescription, Network } from '@bellwether/nn';
import type { Random } from '../random.js';

/**
 * The chance with which a network's outputs choose actions. What is drawn and learned from is the choice before it is squashed
 * into the range of actions, so nothing has to be turned back. Methods read the rows of the network's last `forward`, after
 * `prepare`.
 */
export interface PolicyHeads {
  /** Names of the outputs whose gradient {@link PolicyHeads.addGradient} writes. */
  readonly outputs: readonly string[];
  prepare(rows: number): void;
  draw(row: number, random: Random): number;
  /** What is most likely: what a trained policy does. */
  likeliest(row: number): number;
  /** The action of a choice. */
  action(choice: number): number;
  /** Of the choice before it is squashed: the correction does not hang on the parameters and falls out of ratios. */
  logProbability(row: number, choice: number): number;
  /** Before the squash too. */
  entropy(row: number): number;
  /** Sets the output gradients of a row: `ofLog` times that of the log-probability, `ofEntropy` times that of the entropy. */
  writeGradient(row: number, choice: number, ofLog: number, ofEntropy: number): void;
}

export interface PolicyKind {
  readonly heads: readonly HeadDescription[];
  of(network: Network): PolicyHeads;
}
