import { once } from 'node:events';
import { openDataSource, referenceOf } from '@bellwether/catalog';
import { DataOrigin, Policy } from '@bellwether/contracts';
import { openEventFiles } from '@bellwether/events';
import {
  connectNats,
  ingestionSettings,
  readBookFile,
  type readSettings,
  runService,
  type ServiceContext,
} from '@bellwether/host';
import {
  appendInput,
  bookInputs,
  clockRuleOf,
  latestRelease,
  nextRelease,
  releaseEntry,
  runIngestion,
  runLiveClock,
  type BarSeries,
} from '@bellwether/ingestion';
import { stageVersions } from '@bellwether/line';
import { runShadow } from '@bellwether/model-review';
import {
  REGISTRY_EVERY_MS,
  followRegistry,
  promoteAtStart,
  serviceModels,
  serviceRegistry,
} from '@bellwether/models';
import { SAMPLE, sampleBars } from '@bellwether/testkit';

const US_PER_MS = 1_000;
const nowUs = (): number => Date.now() * US_PER_MS;

/** `SYMBOL=path` or `SYMBOL=catalog:…`, where the path `sample` stands for the synthetic sample. */
async function seriesOf(setting: string, catalog: string): Promise<BarSeries> {
  const symbol = setting.slice(0, setting.indexOf('='));
  if (setting === `${symbol}=sample`) {
    return { symbol, bars: sampleBars(), source: SAMPLE.source, origin: SAMPLE.origin };
  }
  return (await openDataSource(referenceOf(setting), catalog)).series();
}

type Settings = ReturnType<typeof readSettings<typeof ingestionSettings>>;

/** Feeds the book: its files to their end, or without any the clock until the signal. */
async function feed({ settings, bus, log, signal, setNotReady }: ServiceContext<Settings>): Promise<void> {
  const { config, known_time } = (await readBookFile(settings.BW_BOOK_FILE)).settings;
  const { book } = config;
  const latest = await latestRelease(bus, book);
  const release = nextRelease({ config, stages: stageVersions(), latest });
  const registry = config.policy === Policy.LEARNED ? await serviceRegistry(settings, bus) : null;
  setNotReady('');
  if (settings.BW_DATA_FILES.length === 0) {
    const origin = DataOrigin.MARKET;
    // A book that is fed with the past over HTTP has no use for the time of this machine.
    const fromPast = known_time === 'event';
    const at_us = fromPast ? 0 : nowUs();
    if (release !== null) await appendInput({ bus, signal }, releaseEntry(book, release, at_us, origin));
    if (fromPast) {
      await promoteAtStart(bus, book, (await registry?.promotions()) ?? [], signal);
      return;
    }
    const clock = runLiveClock({ bus, book, rule: clockRuleOf(config), origin, nowUs, signal });
    if (registry === null) return clock;
    const following = { bus, book, registry, nowUs, log, everyMs: REGISTRY_EVERY_MS, signal };
    const infer = await serviceModels(settings, bus);
    const elapsedMs = (): number => performance.now();
    await Promise.all([
      clock,
      followRegistry(following),
      runShadow({ ...following, infer, elapsedMs, takesBack: true }),
    ]);
    return;
  }
  const events = await openEventFiles(settings.BW_EVENT_FILES, settings.BW_LEXICON || null);
  const inputs = bookInputs({
    ...{ config, release, from: settings.BW_FROM, to: settings.BW_TO },
    series: await Promise.all(
      settings.BW_DATA_FILES.map((setting) => seriesOf(setting, settings.BW_CATALOG)),
    ),
    warmupSessions: settings.BW_WARMUP_SESSIONS,
    events: events.series(book),
    promotions: (await registry?.promotions()) ?? [],
  });
  const result = await runIngestion({ bus, book, inputs, signal });
  log.info({ ...result }, 'the data are fed');
}

async function untilStopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

process.exitCode = await runService(
  {
    name: 'ingestion',
    settings: ingestionSettings,
    connect: (settings) => connectNats('ingestion', settings),
    main: async (context) => {
      await feed(context);
      if (context.settings.BW_AFTER_FEED === 'stay') await untilStopped(context.signal);
    },
  },
  process.env,
);
