import path from 'node:path';
import { connectNats, pause, runService, trainerSettings } from '@bellwether/host';
import { createTrainerMetrics, serveTrainer } from '@bellwether/trainer';

const US_PER_MS = 1_000;
/** The command that does the work, at the same place in a working tree and in the image. */
const PROGRAM = path.resolve(import.meta.dirname, '../../../packages/cli/bin/bw.mjs');

process.exitCode = await runService(
  {
    name: 'trainer',
    settings: trainerSettings,
    connect: (settings) => connectNats('trainer', settings),
    main: async ({ settings, owner, bus, log, registry, signal, setNotReady }) => {
      setNotReady('');
      await serveTrainer({
        ...{ settings, owner, bus, log, pause, signal, program: PROGRAM, environment: process.env },
        metrics: createTrainerMetrics(registry),
        nowUs: () => Date.now() * US_PER_MS,
      });
    },
  },
  process.env,
);
