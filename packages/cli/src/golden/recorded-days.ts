import {
  DataOrigin,
  EntryKind,
  FillLeg,
  ReasonCode,
  Side,
  Strategy,
  bookConfigOf,
  type Close,
  type Entry,
  type Fill,
  type Signal,
} from '@bellwether/contracts';
import {
  abandonEntryId,
  closeEntryId,
  compareEntries,
  fillEntryId,
  makeEntry,
  signalEntryId,
} from '@bellwether/kernel';
import { bookInputs, nextRelease } from '@bellwether/ingestion';
import { stageVersions } from '@bellwether/line';
import { SAMPLE, sampleBars } from '@bellwether/testkit';
import { readBookFile } from '@bellwether/host';

/** A day as its inputs were on the day it was recorded. All of it is synthetic. */
export interface RecordedDay {
  readonly name: string;
  readonly about: string;
  inputs(): Promise<readonly Entry[]>;
}

/** Sessions that warm up: enough for the time-of-day profiles, few enough for a small file. */
const WARMUP_SESSIONS = 27;
const TICK_SIZE_E4 = 2_500;

/** 10:00 in Chicago on 2025-04-03. */
const TEN_US = Date.UTC(2025, 3, 3, 15) * 1_000;
const MINUTE_US = 60_000_000;
/** What comes over HTTP is known a little after the minute, never together with a bar. */
const AFTER_MINUTE_US = 7_000_000;

export const RECORDED_DAYS: readonly RecordedDay[] = [
  {
    name: 'two-strategies',
    about: 'Bars alone: S2 wins at its target, S3 leaves by its time.',
    inputs: () => sampleDay('golden-two', 20250410, {}),
  },
  {
    name: 'latches-and-questions',
    about:
      'Tight limits, so that the soft and the kill latch are set; questions of both forms, one with a forecast of the ' +
      'caller, one abandoned; a fill and a close that a trader reports.',
    inputs: async () =>
      merged([
        ...(await sampleDay('golden-asked', 20250403, { daily_soft_loss_usd: 200, kill_loss_usd: 400 })),
        ...questions('golden-asked'),
      ]),
  },
];

async function sampleDay(
  book: string,
  day: number,
  limits: Partial<Record<'daily_soft_loss_usd' | 'kill_loss_usd', number>>,
): Promise<readonly Entry[]> {
  const { bookFile } = await readBookFile(
    new URL('../../../../config/books/sample.yaml', import.meta.url).pathname,
  );
  const { config } = bookConfigOf({
    ...bookFile,
    book,
    policy: 'rules',
    limits: { ...bookFile.limits, ...limits },
  });
  const { symbol, source, origin } = SAMPLE;
  const inputs: Entry[] = [];
  for await (const entry of bookInputs({
    config,
    series: [{ symbol, bars: sampleBars(), source, origin }],
    release: nextRelease({ config, stages: stageVersions(), latest: null }),
    ...{ from: day, to: day, warmupSessions: WARMUP_SESSIONS },
  })) {
    inputs.push(entry);
  }
  return inputs;
}

/** Journal order, with the release first whatever its time. */
function merged(entries: readonly Entry[]): readonly Entry[] {
  const rank = ({ kind }: Entry): number => (kind === EntryKind.RELEASE || kind === EntryKind.WARMUP ? 0 : 1);
  return [...entries].sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? 0 : compareEntries(a, b)));
}

function questions(book: string): readonly Entry[] {
  const base = (id: string, kind: EntryKind, minute: number): Parameters<typeof makeEntry>[0] => {
    const at_us = TEN_US + minute * MINUTE_US + AFTER_MINUTE_US;
    return { book, id, kind, event_us: at_us, known_us: at_us, source: 'http', origin: DataOrigin.SYNTHETIC };
  };
  const ask = (minute: number, signal: Partial<Signal> = {}): Entry => {
    const signal_id = `q${minute}`;
    const plain = { strategy: null, side: null, stop_distance_ticks: null, cloud: null, ts_us: null };
    return makeEntry(base(signalEntryId(signal_id), EntryKind.SIGNAL, minute), {
      signal: { signal_id, symbol: 'ES', ...plain, ...signal },
    });
  };
  const fill: Fill = {
    ...{ fill_id: 'by-hand', decision_id: null, intent_id: null, symbol: 'ES', side: Side.LONG, quantity: 1 },
    ...{ price_ticks: 23_640, tick_size_e4: TICK_SIZE_E4, fee_cents: 140, leg: FillLeg.ENTRY, cause_id: '' },
    ...{ fill_us: TEN_US + 20 * MINUTE_US, ambiguous: false, strategy: null, corrects_fill_id: null },
  };
  const close: Close = {
    ...{ close_id: 'nothing-there', decision_id: `${book}-1`, exit_us: TEN_US, exit_price_ticks: 23_640 },
    ...{ tick_size_e4: TICK_SIZE_E4, final_contracts: null },
  };
  return [
    ...[-28, -27, -26, 1, 2, 30].map((minute) => ask(minute)),
    ask(-25, { strategy: Strategy.S2, side: Side.LONG, stop_distance_ticks: 12 }),
    ask(3, { cloud: { p: 0.61, source_model_id: 'caller-1', latency_ms: 40 } }),
    ask(4),
    makeEntry(base(abandonEntryId('q4'), EntryKind.ABANDON, 5), {
      abandon: { signal_id: 'q4', reason: ReasonCode.TIMEOUT },
    }),
    makeEntry(base(fillEntryId('by-hand'), EntryKind.FILL, 20), { fill }),
    makeEntry(base(closeEntryId('nothing-there'), EntryKind.CLOSE, 25), { close }),
  ];
}
