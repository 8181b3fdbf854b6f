import { runExecution } from '@bellwether/execution';
import { connectNats, pause, runService, stageSettings } from '@bellwether/host';

process.exitCode = await runService(
  {
    name: 'execution',
    settings: stageSettings,
    connect: (settings) => connectNats('execution', settings),
    main: async ({ settings, owner, bus, log, metrics, signal, setNotReady }) => {
      setNotReady('');
      const failed = new AbortController();
      const until = AbortSignal.any([signal, failed.signal]);
      const runs = settings.BW_BOOKS.map((book) =>
        runExecution({
          ...{ bus, book, inputs: null, signal: until, owner, lease: settings.BW_LEASE, log, metrics, pause },
          ...{ snapshotEveryDecisions: settings.BW_SNAPSHOT_EVERY, durable: false },
        }).finally(() => {
          failed.abort();
        }),
      );
      await Promise.all(runs);
    },
  },
  process.env,
);
