import { z } from 'zod';
import { modelSettings, serviceSettings } from './service-config.js';

const words = (text: string): readonly string[] => text.split(',').filter((part) => part !== '');

/** Settings of the trainer service. */
export const trainerSettings = {
  ...serviceSettings,
  BW_MODELS: modelSettings.BW_MODELS,
  BW_MODEL_KEY_FOLDER: z
    .string()
    .min(1)
    .default('.bellwether/model-key')
    .describe('Folder of the key that signs its models, made at the first start; not among the models'),
  BW_TRAINING_FOLDER: z
    .string()
    .min(1)
    .default('.bellwether/training')
    .describe('Folder of trainings that are under way, so that one which was broken off goes on'),
  BW_CATALOG: z.string().min(1).default('.bellwether/catalog').describe('Folder of the catalog'),
  BW_TRAINER_DATA: z
    .string()
    .default('')
    .transform(words)
    .describe(
      'What is trained on, as catalog:SYMBOL[:1m|5m][:FROM..TO], separated by commas; empty: the SYNTHETIC sample',
    ),
  BW_TRAINER_JOBS: z
    .string()
    .default('')
    .transform(words)
    .describe('Jobs that it does, separated by commas; empty: all of packages/schedule'),
  BW_TRAINER_SEED: z.string().min(1).max(60).default('1').describe('Seed of the trainings'),
  BW_TRAINER_FOLDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(50)
    .default(0)
    .describe('Folds of the trainings; 0: as many as `bw train` takes'),
  BW_TRAINER_CALIBRATION: z
    .enum(['challenge', 'promote'])
    .default('promote')
    .describe(
      'promote: a calibration that was better on the newest sessions decides at once; challenge: it waits for the review',
    ),
  BW_TRAINER_FEEDS: z
    .string()
    .default('')
    .describe('What is collected (YAML of `bw collect`); empty: nothing'),
  BW_TRAINER_AUDIT: z
    .string()
    .default('')
    .describe('Folder of the audit log that the online sizing agent learns from; empty: it is not trained'),
  BW_TRAINER_BOOK: z
    .string()
    .default('')
    .describe('Book whose sizes it learns from; empty: the only one of the log'),
} as const;
