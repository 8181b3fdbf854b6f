import { runExecution } from '@bellwether/execution';
import { connectNats, pause, runBooks, runService, stageSettings } from '@bellwether/host';

process.exitCode = await runService(
  {
    name: 'execution',
    settings: stageSettings,
    connect: (settings) => connectNats('execution', settings),
    main: ({ settings, owner, bus, log, metrics, signal, setNotReady }) =>
      runBooks(settings.BW_BOOKS, setNotReady, (book) =>
        runExecution({
          ...{ bus, book, inputs: null, signal, owner, lease: settings.BW_LEASE, log, metrics, pause },
          ...{ snapshotEveryDecisions: settings.BW_SNAPSHOT_EVERY, durable: false },
        }),
      ),
  },
  process.env,
);
