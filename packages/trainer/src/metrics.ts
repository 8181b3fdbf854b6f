import { Counter, Gauge, type Registry } from 'prom-client';
import type { JobName } from '@bellwether/schedule';
import type { RunRecord } from './run-records.js';

/** What a trainer counts. Names are declared here and nowhere else. */
export interface TrainerMetrics {
  started(job: JobName): void;
  ended(record: RunRecord): void;
}

const US_PER_SECOND = 1_000_000;

/** Metrics in the registry of a service. */
export function createTrainerMetrics(registry: Registry): TrainerMetrics {
  const registers = [registry];
  const runs = new Counter({
    ...{ name: 'bw_trainer_runs_total', help: 'Runs of a job that ended, by outcome' },
    ...{ labelNames: ['job', 'outcome'], registers },
  });
  const running = new Gauge({
    ...{ name: 'bw_trainer_running', help: '1 while the job is done' },
    ...{ labelNames: ['job'], registers },
  });
  const seconds = new Gauge({
    ...{ name: 'bw_trainer_seconds', help: 'How long the last run took' },
    ...{ labelNames: ['job'], registers },
  });
  const good = new Gauge({
    ...{
      name: 'bw_trainer_last_good_seconds',
      help: 'When a run last ended well, or had nothing new: seconds since 1970',
    },
    ...{ labelNames: ['job'], registers },
  });
  return {
    started: (job) => {
      running.set({ job }, 1);
    },
    ended: ({ job, outcome, started_us, ended_us }) => {
      const end_us = ended_us ?? started_us;
      runs.inc({ job, outcome });
      running.set({ job }, 0);
      seconds.set({ job }, (end_us - started_us) / US_PER_SECOND);
      if (outcome === 'done' || outcome === 'nothing_new') good.set({ job }, end_us / US_PER_SECOND);
    },
  };
}
