import { openBus, type Bus } from '@bellwether/bus';
import { present, type AnyStage } from '@bellwether/kernel';
import { BookHost } from './book-host.js';
import { pause } from './pause.js';
import { stageSettings } from './service-config.js';
import { runService } from './service-process.js';
import { noModels } from './stage-unit.js';

const BYTES_PER_MIB = 1024 * 1024;

/** Runs one stage for every book in `BW_BOOKS`. Resolves with the exit code. */
export function runStageService(
  stage: AnyStage,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  return runService(
    {
      name: stage.name,
      settings: stageSettings,
      connect: (settings) => connectNats(stage.name, settings),
      main: async ({ settings, owner, bus, log, metrics, signal, setNotReady }) => {
        const failed = new AbortController();
        const until = AbortSignal.any([signal, failed.signal]);
        const hosts = settings.BW_BOOKS.map(
          (book) =>
            new BookHost({
              ...{ bus, book, owner, log, metrics, pause },
              service: stage.name,
              stages: [stage],
              infer: noModels,
              lease: settings.BW_LEASE,
              snapshotEveryFrames: settings.BW_SNAPSHOT_EVERY,
            }),
        );
        setNotReady('');
        // One book that stops for good ends the process: a supervisor sees it, and a restart recovers the others.
        const runs = hosts.map((host) =>
          host.run(until).catch((cause: unknown) => {
            failed.abort();
            throw cause;
          }),
        );
        const results = await Promise.allSettled(runs);
        const broken = results.find((result) => result.status === 'rejected');
        if (broken !== undefined) throw present(broken.reason as unknown, 'a reason');
      },
    },
    environment,
  );
}

/** The bus of a service of its own: NATS, by the common settings. */
export function connectNats(
  name: string,
  settings: {
    readonly BW_NATS_URL: string;
    readonly BW_NATS_REPLICAS: number;
    readonly BW_NATS_STREAM_MIB: number;
  },
): Promise<Bus> {
  return openBus({
    kind: 'nats',
    name,
    servers: settings.BW_NATS_URL.split(','),
    replicas: settings.BW_NATS_REPLICAS === 3 ? 3 : 1,
    streamBytesMax: settings.BW_NATS_STREAM_MIB * BYTES_PER_MIB,
  });
}
