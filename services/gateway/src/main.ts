import { createGateway, prometheusMetrics, type GatewayBook } from '@bellwether/gateway';
import { openScorer } from '@bellwether/events';
import {
  VERSION,
  connectNats,
  gatewaySettings,
  readBookFile,
  runService,
  untilAborted,
} from '@bellwether/host';

const US_PER_MS = 1_000;

async function bookOf(file: string): Promise<GatewayBook> {
  const { config, known_time } = (await readBookFile(file)).settings;
  return { book: config.book, config, knownTime: known_time };
}

process.exitCode = await runService(
  {
    name: 'gateway',
    settings: gatewaySettings,
    connect: (settings) => connectNats('gateway', settings),
    main: async ({ settings, bus, log, registry, signal, setNotReady }) => {
      const gateway = createGateway({
        ...{ bus, logger: log, metrics: prometheusMetrics(registry), version: VERSION },
        ...{ host: settings.BW_HTTP_HOST, port: settings.BW_HTTP_PORT, names: settings.BW_HTTP_NAMES },
        books: await Promise.all(settings.BW_BOOK_FILES.map(bookOf)),
        operatorToken: settings.BW_OPERATOR_TOKEN,
        scorer: await openScorer(settings.BW_LEXICON || null),
        nowUs: () => Date.now() * US_PER_MS,
        limits: { signalTimeoutMs: settings.BW_SIGNAL_TIMEOUT_MS },
      });
      const port = await gateway.start();
      log.info({ port }, 'serving');
      setNotReady('');
      await untilAborted(signal);
      await gateway.close();
    },
  },
  process.env,
);
