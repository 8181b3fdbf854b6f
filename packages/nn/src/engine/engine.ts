import type { Kernels } from '../kernels/kernels.js';
import { twinKernels, type Precision } from '../kernels/twin.js';
import { loadKernels } from '../kernels/wasm.js';
import { Arena, type ArenaStorage, type Block, type Numbers } from './arena.js';

/** Memory and the arithmetic over it. */
export interface Engine {
  /** Which implementation: `wasm`, or the twin in TypeScript. */
  readonly kind: 'wasm' | 'twin';
  readonly precision: Precision;
  readonly kernels: Kernels;
  /** A block of zeros, which lives as long as the engine. */
  allocate(length: number): Block;
}

/** WebAssembly with SIMD, single precision. Each call makes a memory of its own. */
export function wasmEngine(): Engine {
  const { kernels, memory, firstFree } = loadKernels();
  const arena = new Arena(new WasmStorage(memory), firstFree);
  return { kind: 'wasm', precision: 'float32', kernels, allocate: (length) => arena.allocate(length) };
}

/**
 * The same arithmetic in TypeScript: in single precision the bits of {@link wasmEngine}, in double precision what finite
 * differences are taken of (with exp and tanh of the platform).
 */
export function twinEngine(precision: Precision = 'float32'): Engine {
  const storage = new OwnStorage(precision);
  const arena = new Arena(storage);
  return {
    kind: 'twin',
    precision,
    kernels: twinKernels(storage, precision),
    allocate: (length) => arena.allocate(length),
  };
}

const PAGE_BYTES = 65_536;
const NUMBER_BYTES = 4;
const FIRST_LENGTH = 4_096;

class WasmStorage implements ArenaStorage {
  numbers: Float32Array;

  constructor(private readonly memory: WebAssembly.Memory) {
    this.numbers = new Float32Array(memory.buffer);
  }

  grow(length: number): void {
    // By half at least, so that a network of many blocks does not grow with each.
    const wanted = Math.max(length, Math.ceil(this.numbers.length * 1.5)) * NUMBER_BYTES;
    this.memory.grow(Math.ceil((wanted - this.memory.buffer.byteLength) / PAGE_BYTES));
    this.numbers = new Float32Array(this.memory.buffer);
  }
}

class OwnStorage implements ArenaStorage {
  numbers: Numbers;

  constructor(precision: Precision) {
    this.numbers = precision === 'float32' ? new Float32Array(FIRST_LENGTH) : new Float64Array(FIRST_LENGTH);
  }

  grow(length: number): void {
    const size = Math.max(length, this.numbers.length * 2);
    const grown = this.numbers instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
    grown.set(this.numbers);
    this.numbers = grown;
  }
}
