import { runExecution } from '@bellwether/execution';
import { connectNats, executionSettings, pause, runBooks, runService } from '@bellwether/host';

const US_PER_MS = 1_000;

process.exitCode = await runService(
  {
    name: 'execution',
    settings: executionSettings,
    connect: (settings) => connectNats('execution', settings),
    main: ({ settings, owner, bus, log, metrics, signal, setNotReady }) =>
      runBooks(settings.BW_BOOKS, setNotReady, (book) =>
        runExecution({
          ...{ bus, book, inputs: null, signal, owner, lease: settings.BW_LEASE, log, metrics, pause },
          ...{ snapshotEveryDecisions: settings.BW_SNAPSHOT_EVERY, durable: false },
          audit: {
            mode: settings.BW_AUDIT_WATCH,
            behindFrames: settings.BW_AUDIT_BEHIND_FRAMES,
            behindMs: settings.BW_AUDIT_BEHIND_MS,
            nowUs: () => Date.now() * US_PER_MS,
            elapsedMs: () => performance.now(),
          },
        }),
      ),
  },
  process.env,
);
