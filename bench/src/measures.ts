import type { BenchReport, Progress, Scale } from './bench.js';

export interface Measure {
  readonly what: string;
  /** Loads the code of this measure only: another must not leave anything in its process. */
  readonly run: (scale: Scale, progress: Progress) => Promise<BenchReport>;
}

export type MeasureName =
  | 'line'
  | 'models'
  | 'features'
  | 'account'
  | 'import'
  | 'training'
  | 'agents'
  | 'bandit'
  | 'nats'
  | 'audit'
  | 'memory'
  | 'backtest';

/** Every measure, in the order in which they are taken. */
export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  line: {
    what: 'bars/s of the whole line in one process, without and with the audit log, and what each layer costs',
    run: async (scale, progress) => (await import('./line/line-bench.js')).lineBench(scale, progress),
  },
  models: {
    what: 'one question to each model; bars/s of the line with all models, asked one by one, ahead, and with everything on',
    run: async (scale, progress) => (await import('./models/models-bench.js')).modelsBench(scale, progress),
  },
  features: {
    what: 'bars/s of the features stage alone; seven indicators beside trading-signals and a hand-written loop',
    run: async (scale, progress) =>
      (await import('./features/features-bench.js')).featuresBench(scale, progress),
  },
  account: {
    what: 'what portfolio, sizing and risk cost a bar, and their share of the line',
    run: async (scale, progress) =>
      (await import('./account/account-bench.js')).accountBench(scale, progress),
  },
  import: {
    what: "rows/s of an import into the catalog, against DuckDB's own CSV reader",
    run: async (scale, progress) => (await import('./import/import-bench.js')).importBench(scale, progress),
  },
  training: {
    what: 'training steps/s of two small networks: WebAssembly, its twin, and TensorFlow.js where it is installed',
    run: async (scale, progress) =>
      (await import('./training/training-bench.js')).trainingBench(scale, progress),
  },
  agents: {
    what: 'minutes for 1,000 episodes of 390 steps of PPO, acting and learning',
    run: async (scale, progress) => (await import('./agents/agents-bench.js')).agentsBench(scale, progress),
  },
  bandit: {
    what: 'microseconds that Neural-Linear UCB takes to choose among twelve arms and to learn one reward',
    run: async (scale, progress) => (await import('./bandit/bandit-bench.js')).banditBench(scale, progress),
  },
  nats: {
    what: 'bar to decision over NATS with every service a process, against a bare chain of as many hops',
    run: async (scale, progress) => (await import('./nats/nats-bench.js')).natsBench(scale, progress),
  },
  audit: {
    what: 'records/s that verifying an audit log goes through',
    run: async (scale, progress) => (await import('./audit/verify-bench.js')).verifyBench(scale, progress),
  },
  memory: {
    what: 'memory over ten passes of a file, and along one run of ten times its length',
    run: async (scale, progress) => (await import('./memory/memory-bench.js')).memoryBench(scale, progress),
  },
  backtest: {
    what: 'a year of one-minute bars with all rules; one strategy beside PineTS, grademark and a plain loop',
    run: async (scale, progress) =>
      (await import('./backtest/backtest-bench.js')).backtestBench(scale, progress),
  },
};
