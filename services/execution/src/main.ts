import { runExecution } from '@bellwether/execution';
import { connectNats, pause, runService, stageSettings } from '@bellwether/host';

process.exitCode = await runService(
  {
    name: 'execution',
    settings: stageSettings,
    connect: (settings) => connectNats('execution', settings),
    main: async ({ settings, owner, bus, log, metrics, signal, setNotReady }) => {
      const stopped: string[] = [];
      setNotReady('');
      const runs = settings.BW_BOOKS.map((book) =>
        runExecution({
          ...{ bus, book, inputs: null, signal, owner, lease: settings.BW_LEASE, log, metrics, pause },
          ...{ snapshotEveryDecisions: settings.BW_SNAPSHOT_EVERY, durable: false },
        }).catch((cause: unknown) => {
          // The other books go on; this one needs somebody to look, so the service is not ready.
          stopped.push(book);
          setNotReady(`stopped: ${stopped.join(', ')}`);
          throw cause;
        }),
      );
      const broken = (await Promise.allSettled(runs)).find((result) => result.status === 'rejected');
      if (broken !== undefined) throw broken.reason;
    },
  },
  process.env,
);
