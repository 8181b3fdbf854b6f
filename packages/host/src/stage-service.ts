import { openBus, type Bus } from '@bellwether/bus';
import type { AnyStage } from '@bellwether/kernel';
import { BookHost } from './book-host.js';
import { pause } from './pause.js';
import { runBooks } from './run-books.js';
import { stageSettings } from './service-config.js';
import { runService } from './service-process.js';
import { noModels, type Infer } from './stage-unit.js';

const BYTES_PER_MIB = 1024 * 1024;

/** What decides which models a service may ask. */
export interface ModelSettings {
  readonly BW_MODELS: string;
  readonly BW_MODEL_KEYS: string;
  readonly BW_MODEL_UNSIGNED: boolean;
}

/** Opens what answers for models; the services take it from `packages/models`. */
export type OpenInfer = (settings: ModelSettings, bus: Bus) => Promise<Infer>;

const asksNone: OpenInfer = () => Promise.resolve(noModels);

/** Runs one stage for every book in `BW_BOOKS`. Resolves with the exit code. */
export function runStageService(
  stage: AnyStage,
  environment: Readonly<Record<string, string | undefined>>,
  openInfer: OpenInfer = asksNone,
): Promise<number> {
  return runService(
    {
      name: stage.name,
      settings: stageSettings,
      connect: (settings) => connectNats(stage.name, settings),
      main: async ({ settings, owner, bus, log, metrics, signal, setNotReady }) => {
        const infer = await openInfer(settings, bus);
        await runBooks(settings.BW_BOOKS, setNotReady, (book) =>
          new BookHost({
            ...{ bus, book, owner, log, metrics, pause },
            service: stage.name,
            stages: [stage],
            infer,
            lease: settings.BW_LEASE,
            snapshotEveryFrames: settings.BW_SNAPSHOT_EVERY,
          }).run(signal),
        );
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
