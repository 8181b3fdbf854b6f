// The two trainings of `bench --only training` in TensorFlow.js with its WebAssembly backend, from the same parameters. It
// lies outside of the workspace, so that nobody installs 300 MB who does not ask: npm run bench:tfjs-install.
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Makes the backend ready; resolves with its name and version. */
export async function prepare() {
  const require = createRequire(import.meta.url);
  setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  tf.enableProdMode();
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js found no WebAssembly backend');
  await tf.ready();
  return `TensorFlow.js ${tf.version.tfjs}, ${tf.getBackend()}`;
}

/** Dense layers with ReLU and softmax cross-entropy; `layers` are { in, out, weights, bias }. Each call is a step. */
export function denseTrainer({ rows, width, inputs, labels, layers, rate }) {
  const x = tf.tensor2d(inputs, [rows, width]);
  const classes = layers.at(-1).out;
  const wanted = tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), classes);
  const variables = layers.map(({ in: from, out, weights, bias }) => ({
    weights: tf.variable(tf.tensor2d(weights, [from, out])),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
  const loss = () => {
    let y = x;
    variables.forEach(({ weights, bias }, i) => {
      y = y.matMul(weights).add(bias);
      if (i < variables.length - 1) y = y.relu();
    });
    return tf.losses.softmaxCrossEntropy(wanted, y);
  };
  return stepper(loss, rate);
}

/** An LSTM, then one dense layer, half the squared error; gates come in the order input, output, forget, cell. */
export function lstmTrainer({ rows, steps, width, inputs, targets, lstm, head, rate }) {
  const x = tf.tensor3d(inputs, [rows, steps, width]);
  const wanted = tf.tensor2d(targets, [rows, head.out]);
  const { hidden } = lstm;
  const cell = tf.layers.lstm({
    ...{ units: hidden, recurrentActivation: 'sigmoid', inputShape: [steps, width] },
    ...{ kernelInitializer: 'zeros', recurrentInitializer: 'zeros' },
  });
  // Its weights are made at the first call.
  cell.apply(x).dispose();
  cell.setWeights([
    tf.tensor2d(inKerasOrder(lstm.inputWeights, width, hidden), [width, 4 * hidden]),
    tf.tensor2d(inKerasOrder(lstm.recurrentWeights, hidden, hidden), [hidden, 4 * hidden]),
    tf.tensor1d(inKerasOrder(lstm.bias, 1, hidden)),
  ]);
  const weights = tf.variable(tf.tensor2d(head.weights, [hidden, head.out]));
  const bias = tf.variable(tf.tensor1d(head.bias));
  const loss = () => cell.apply(x).matMul(weights).add(bias).sub(wanted).square().mean().mul(0.5);
  return stepper(loss, rate);
}

/** TensorFlow.js keeps the gates as input, forget, cell, output. */
function inKerasOrder(matrix, rows, hidden) {
  const from = [0, 2, 3, 1];
  return Float32Array.from(matrix, (_, i) => {
    const row = Math.floor(i / (4 * hidden));
    const column = i % (4 * hidden);
    const gate = from[Math.floor(column / hidden)];
    return matrix[row * 4 * hidden + gate * hidden + (column % hidden)];
  }).subarray(0, rows * 4 * hidden);
}

function stepper(loss, rate) {
  const optimizer = tf.train.adam(rate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
  return () =>
    tf.tidy(() => {
      const value = optimizer.minimize(loss, true);
      return value.dataSync()[0];
    });
}
