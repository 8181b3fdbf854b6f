export { adam } from './adam';
export { exp, reluGradient, scale, sigmoid, softmax, sumOfSquares, tanh, tanhGradient } from './elementwise';
export { lstmBackward, lstmForward } from './lstm';
export { addBias, addColumnSums, biasRelu, gemm, swapAxes, transpose } from './matrix';

/** Address behind what the compiler put into the memory. */
export function heapBase(): usize {
  return __heap_base;
}
