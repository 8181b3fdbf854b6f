import type { JobName } from '@bellwether/schedule';

/** What the jobs of one trainer work on. */
export interface TrainerConfig {
  /** Selections of the catalog, such as `catalog:ES:1m`; none: the synthetic sample. */
  readonly data: readonly string[];
  /** Folder of the catalog; null: the one of the environment or the usual one. */
  readonly catalog: string | null;
  /** Registry of models: a folder, or `nats://host:port`. */
  readonly models: string;
  /** What `bw collect` is given; null: nothing is collected. */
  readonly feeds: string | null;
  /** Folder of the audit log that the online sizing agent learns from; null: it is not trained. */
  readonly audit: string | null;
  /** Whose decisions; null: of the only book of the log. */
  readonly book: string | null;
  readonly seed: string;
  /** Null: as many as `bw train` takes. */
  readonly folds: number | null;
  /** What becomes of a better calibration: a challenger, or at once the champion. */
  readonly calibration: 'challenge' | 'promote';
  /** Jobs that this trainer does. */
  readonly jobs: readonly JobName[];
}

function dataWords({ data, catalog }: TrainerConfig): readonly string[] {
  return [
    ...data.flatMap((one) => ['--data', one]),
    ...(data.length === 0 || catalog === null ? [] : ['--catalog', catalog]),
  ];
}

function training(model: string, config: TrainerConfig): readonly string[] {
  const { seed, folds, models } = config;
  const foldWords = folds === null ? [] : ['--folds', String(folds)];
  return ['train', model, ...dataWords(config), '--seed', seed, ...foldWords, '--out', models, '--challenge'];
}

/** Words behind `bw` that do a job; null where this trainer does not do it. */
export function commandOf(job: JobName, config: TrainerConfig): readonly string[] | null {
  if (!config.jobs.includes(job)) return null;
  switch (job) {
    case 'calibration':
      return ['calibrate', 'all', ...dataWords(config), '--models', config.models, `--${config.calibration}`];
    case 'promotion_review':
      return ['models', 'review', '--all', ...dataWords(config), '--models', config.models, '--promote'];
    case 'regime_training':
      return training('regime_classifier', config);
    case 'training':
      return training('all', config);
    case 'sizing_agent':
      if (config.audit === null) return null;
      return [
        ...['train', 'rl/sac_agent', '--audit', config.audit],
        ...(config.book === null ? [] : ['--of-book', config.book]),
        ...['--seed', config.seed, '--out', config.models, '--challenge'],
      ];
    case 'collection':
      return config.feeds === null ? null : ['collect', config.feeds, '--once'];
  }
}
