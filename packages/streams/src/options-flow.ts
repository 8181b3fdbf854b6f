import { OptionRight, Side, type OptionsFlow, type StreamsConfig } from '@bellwether/contracts';
import {
  MISSING,
  columnOf,
  emptyDay,
  emptyProfile,
  keepSession,
  observe,
  valuesAt,
  type DayRecord,
  type TimeOfDayProfile,
} from '@bellwether/indicators';
import { sessionAt, type TradeSession } from '@bellwether/market';

const MINUTE_US = 60_000_000;
const BUCKET_US = 30 * MINUTE_US;
/** 17:00 to 16:15, the longest session there has been. */
const BUCKETS = 47;
const SESSIONS = 20;
/** Fewer sessions with a ratio at this time of day have no spread. */
const VALUES_MIN = 10;
/** Volume over open interest from which flow is unusual (domain.md 7.1). */
const UNUSUAL_RATIO = 3;
/** A price of the future that is farther from the time of the options says nothing of their basis. */
const BASIS_US = 5 * MINUTE_US;

/** Last price of a symbol of the book. */
export interface SymbolPrice {
  readonly symbol: string;
  readonly close_ticks: number;
  readonly close_us: number;
}

/** Levels as ticks of a future, by its price when the options spoke. */
interface FutureLevels {
  readonly symbol: string;
  readonly zero_gamma_ticks: number | null;
  readonly call_wall_ticks: number | null;
  readonly put_wall_ticks: number | null;
}

/** What is known of the options on one underlying. */
export interface OptionsRun {
  readonly underlying: string;
  readonly event_us: number;
  /** Deviations from the last 20 sessions at this time of day; null where there are too few, or none traded calls. */
  readonly put_call_z: number | null;
  /** Premium of unusual flow for a rise less that for a fall, over all of it: -1 to 1; null without any. */
  readonly unusual: number | null;
  readonly net_gex_usd: number | null;
  readonly levels: readonly FutureLevels[];
  readonly trade_date: number;
  readonly today: DayRecord;
  readonly ratios: TimeOfDayProfile;
}

function ratioOf({ call_volume, put_volume }: OptionsFlow): number | null {
  return call_volume > 0 ? put_volume / call_volume : null;
}

function bucketOf(session: TradeSession, us: number): number {
  return Math.floor((us - session.open_us) / BUCKET_US);
}

function zOf(ratios: TimeOfDayProfile, bucket: number, ratio: number | null): number | null {
  if (ratio === null || ratios.sessions.length < SESSIONS) return null;
  const values = valuesAt(ratios, bucket, SESSIONS);
  if (values.length < VALUES_MIN) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / values.length);
  return deviation > 0 ? (ratio - mean) / deviation : null;
}

/** A call that was sold is flow for a fall, a put that was sold one for a rise; who is not named has bought. */
function unusualOf({ unusual }: OptionsFlow, premium_min_cents: number): number | null {
  let up = 0;
  let down = 0;
  for (const { right, side, volume, open_interest, premium_cents } of unusual) {
    if (right === OptionRight.UNSPECIFIED || premium_cents < premium_min_cents) continue;
    if (volume <= 0 || volume < UNUSUAL_RATIO * open_interest) continue;
    if ((right === OptionRight.CALL) === (side !== Side.SHORT)) up += premium_cents;
    else down += premium_cents;
  }
  return up + down > 0 ? (up - down) / (up + down) : null;
}

function levelsOf(flow: OptionsFlow, event_us: number, price: SymbolPrice): readonly FutureLevels[] {
  const { spot_points } = flow;
  if (spot_points === null || !(spot_points > 0) || Math.abs(event_us - price.close_us) > BASIS_US) return [];
  const ticks = (points: number | null): number | null =>
    points === null ? null : (points / spot_points) * price.close_ticks;
  return [
    {
      symbol: price.symbol,
      zero_gamma_ticks: ticks(flow.zero_gamma_points),
      call_wall_ticks: ticks(flow.call_wall_points),
      put_wall_ticks: ticks(flow.put_wall_points),
    },
  ];
}

function run(before: OptionsRun | null, trade_date: number): Pick<OptionsRun, 'today' | 'ratios'> {
  if (before === null) return { today: emptyDay(1, BUCKETS), ratios: emptyProfile(SESSIONS) };
  if (before.trade_date === trade_date || trade_date === 0) return before;
  const { today, ratios } = before;
  const spoke = today.seen !== null || today.finished !== null;
  return {
    today: emptyDay(1, BUCKETS),
    ratios: spoke ? keepSession(ratios, columnOf(today, 0)) : ratios,
  };
}

/** The run after what the options say; what speaks of an earlier time than the last one changes nothing. */
export function withFlow(
  before: OptionsRun | null,
  flow: OptionsFlow,
  event_us: number,
  prices: readonly SymbolPrice[],
  config: StreamsConfig,
): OptionsRun {
  if (before !== null && event_us < before.event_us) return before;
  const session = sessionAt(event_us);
  const trade_date = session?.trade_date ?? 0;
  const { today, ratios } = run(before, trade_date);
  const ratio = ratioOf(flow);
  const bucket = session === null ? -1 : bucketOf(session, event_us);
  return {
    underlying: flow.underlying,
    event_us,
    put_call_z: zOf(ratios, bucket, ratio),
    unusual: unusualOf(flow, config.unusual_premium_min_cents),
    net_gex_usd: flow.net_gex_usd,
    levels: prices.flatMap((price) => levelsOf(flow, event_us, price)),
    trade_date: trade_date === 0 ? (before?.trade_date ?? 0) : trade_date,
    today: observe(today, bucket, [ratio ?? MISSING]),
    ratios,
  };
}
