import type { HeadDescription, LayerDescription, NetworkDescription } from '@bellwether/nn';
import { rowWidth, type InputShape, type TrainedModelName } from '../data-sets/data-set.js';

/** What an output is trained on. The first head of a plan is the probability that is calibrated and scored. */
export interface HeadPlan {
  readonly head: HeadDescription;
  /** Label of the data set; a row without one does not count. */
  readonly label: string;
  /** Cross-entropy of classes, of a yes, Huber's loss, or Huber's loss of the number of the row's arm alone. */
  readonly loss: 'classes' | 'yes' | 'size' | 'arms';
  /** What its loss counts beside that of the others. */
  readonly share: number;
}

export interface ModelPlan {
  readonly model: TrainedModelName;
  readonly layers: (encodedColumns: number) => readonly LayerDescription[];
  readonly heads: readonly HeadPlan[];
  /** True where the last layer is an output too, in front of the heads. */
  readonly hidden: boolean;
  readonly batch: number;
  readonly rate: number;
  readonly decay: number;
  readonly epochsMax: number;
  /** Epochs without a lower loss on the validated sessions after which training ends. */
  readonly patience: number;
  /** For the card: what it is for. */
  readonly purpose: string;
  readonly limits: string;
}

const relu = (from: number, to: number): LayerDescription => ({
  kind: 'dense',
  in: from,
  out: to,
  activation: 'relu',
});

const HIDDEN_WIDTH = 64;
const LSTM_WIDTH = 32;
const CONFIDENCE_WIDTH = 32;
const TRUNK_WIDTH = 64;
const ARMS = 12;

/** Raised where the same data and seed give another model than before. */
export const TRAINER_VERSION = 1;

export const MODEL_PLANS: Readonly<Record<TrainedModelName, ModelPlan>> = {
  regime_classifier: {
    model: 'regime_classifier',
    layers: (columns) => [relu(columns, HIDDEN_WIDTH), relu(HIDDEN_WIDTH, HIDDEN_WIDTH)],
    heads: [
      {
        head: { name: 'probabilities', out: 4, output: 'softmax' },
        label: 'regime',
        loss: 'classes',
        share: 1,
      },
    ],
    ...{ hidden: false, batch: 256, rate: 0.001, decay: 0.01, epochsMax: 30, patience: 4 },
    purpose:
      'Says at the close of a bar how likely each of four kinds of the next half hour is: calm or volatile, going somewhere or ' +
      'not (domain.md 5.4). The regime stage asks it where the policy is learned.',
    limits:
      'Whether the next half hour goes somewhere has not been forecast on any market that was looked at; its volatility has.',
  },
  rl_model: {
    model: 'rl_model',
    layers: (columns) => [{ kind: 'lstm', in: columns, hidden: LSTM_WIDTH }],
    heads: [
      { head: { name: 'p_up', out: 1, output: 'sigmoid' }, label: 'up', loss: 'yes', share: 1 },
      { head: { name: 'move', out: 1, output: 'linear' }, label: 'move', loss: 'size', share: 0.25 },
    ],
    ...{ hidden: false, batch: 128, rate: 0.001, decay: 0.01, epochsMax: 6, patience: 2 },
    purpose:
      'Says from thirty bars in a row how likely the price is higher 15 minutes later, and the move it expects, in ATR14 of the ' +
      'last bar. The forecast stage asks it where the policy is learned.',
    limits:
      'Direction over minutes is close to a coin toss. Rows in which the price was equal 15 minutes later taught nothing of the ' +
      'direction.',
  },
  confidence_prediction: {
    model: 'confidence_prediction',
    layers: (columns) => [relu(columns, CONFIDENCE_WIDTH)],
    heads: [{ head: { name: 'p_win', out: 1, output: 'sigmoid' }, label: 'win', loss: 'yes', share: 1 }],
    ...{ hidden: false, batch: 64, rate: 0.002, decay: 0.05, epochsMax: 40, patience: 5 },
    purpose:
      'Says how likely a trade that an arm would enter now ends with a net gain, from features, regime, arm, side, forecast and ' +
      'the distance to the stop. The bandit stage asks it where the policy is learned.',
    limits:
      'It saw each arm trade alone, two contracts, with the costs of the book and no limit of money. A gain of one cent counts as ' +
      'a win: it says nothing of sizes.',
  },
  strategy_selection: {
    model: 'strategy_selection',
    layers: (columns) => [{ kind: 'dense', in: columns, out: TRUNK_WIDTH, activation: 'tanh' }],
    heads: [
      { head: { name: 'values', out: ARMS, output: 'linear' }, label: 'net_r', loss: 'arms', share: 1 },
    ],
    ...{ hidden: true, batch: 64, rate: 0.001, decay: 0.05, epochsMax: 40, patience: 5 },
    purpose:
      'Reads the 43 features into 64 numbers, from which the bandit learns what each arm is worth in this market, and says itself what ' +
      'each of the twelve arms would earn, in R after costs.',
    limits:
      'It saw each arm trade alone, two contracts, with the costs of the book and no limit of money. Results beyond -2 and +4 R count as ' +
      'those. Its own values are not used in decisions: the bandit keeps posteriors of its own on the 64 numbers.',
  },
};

/** The network of a plan for inputs of this shape, each value beside its mask. */
export function networkOf(plan: ModelPlan, { steps, columns }: InputShape): NetworkDescription {
  const width = 2 * columns;
  return {
    input: steps === null ? { kind: 'row', width } : { kind: 'sequence', steps, width },
    layers: plan.layers(width),
    heads: plan.heads.map(({ head }) => head),
  };
}

/** A logistic regression over the same inputs, a whole sequence as one row: what a network must beat. */
export function linearPlan(plan: ModelPlan): ModelPlan {
  return { ...plan, layers: () => [], heads: plan.heads.slice(0, 1), rate: 0.001, epochsMax: 6, patience: 2 };
}

/** Its network. */
export function linearNetworkOf(plan: ModelPlan, shape: InputShape): NetworkDescription {
  return {
    input: { kind: 'row', width: 2 * rowWidth(shape) },
    layers: [],
    heads: plan.heads.map(({ head }) => head),
  };
}
