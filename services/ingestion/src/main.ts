import { once } from 'node:events';
import { openDataSource, referenceOf } from '@bellwether/catalog';
import { DataOrigin, Policy } from '@bellwether/contracts';
import { openEventFiles } from '@bellwether/events';
import { evidenceLine, gated } from '@bellwether/evidence';
import {
  connectNats,
  ingestionSettings,
  readBookFile,
  readEvidence,
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

/** The word for no evidence file and no gate, where the past is only measured. */
const NO_GATE = 'off';
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
  const { config: given, known_time, overridden } = (await readBookFile(settings.BW_BOOK_FILE)).settings;
  const { book } = given;
  const latest = await latestRelease(bus, book);
  const registry = given.policy === Policy.LEARNED ? await serviceRegistry(settings, bus) : null;
  const promotions = (await registry?.promotions()) ?? [];
  const series = await Promise.all(
    settings.BW_DATA_FILES.map((setting) => seriesOf(setting, settings.BW_CATALOG)),
  );
  const stages = stageVersions();
  const isMarket = series.every(({ origin }) => origin === DataOrigin.MARKET);
  // A live book has no data files, and always stands behind its gate.
  const isMeasured = settings.BW_EVIDENCE === NO_GATE && series.length > 0;
  const config =
    isMarket && !isMeasured
      ? gated({
          ...{ config: given, overridden, stages, promotions },
          evidence: await readEvidence(settings.BW_EVIDENCE),
        })
      : given;
  if (isMarket) log.warn({ book }, evidenceLine(config.evidence));
  const release = nextRelease({ config, stages, latest });
  setNotReady('');
  if (settings.BW_DATA_FILES.length === 0) {
    const origin = DataOrigin.MARKET;
    // A book that is fed with the past over HTTP has no use for the time of this machine.
    const fromPast = known_time === 'event';
    const at_us = fromPast ? 0 : nowUs();
    if (release !== null) await appendInput({ bus, signal }, releaseEntry(book, release, at_us, origin));
    if (fromPast) {
      await promoteAtStart(bus, book, promotions, signal);
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
    series,
    warmupSessions: settings.BW_WARMUP_SESSIONS,
    events: events.series(book),
    promotions,
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
