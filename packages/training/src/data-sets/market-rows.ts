import { FEATURE_COUNT, SEQUENCE_BARS, SEQUENCE_WIDTH } from '@bellwether/model-slots';
import { LABEL_HORIZON_US, regimeLabels, type RegimeLabel } from '../regime-labels.js';
import { REGIME_NOTE, dataSetOf, type DataRow, type DataSet, type DataSetForm } from './data-set.js';
import { isDecided, type HistoryBar, type MarketBar } from './market-run.js';

/** How far ahead the forecast looks (architecture.md section 10). */
export const FORECAST_HORIZON_US = 900_000_000;

/** Names of the classes of `regime`, by their number. */
export const REGIME_CLASSES = ['calm_trend', 'calm_chop', 'highvol_trend', 'highvol_chop'] as const;

type AnyBar = MarketBar | HistoryBar;

/** What is the same of all rows: the first bar that was decided on says it. */
function common(bars: readonly AnyBar[]): Pick<DataSetForm, 'interval_us' | 'schema_sha256'> {
  const first = bars.find(isDecided);
  return { interval_us: first?.interval_us ?? 60_000_000, schema_sha256: first?.schema_sha256 ?? '' };
}

function bySymbol(bars: readonly AnyBar[]): readonly (readonly AnyBar[])[] {
  const found = new Map<string, AnyBar[]>();
  for (const bar of bars) {
    const own = found.get(bar.symbol);
    if (own === undefined) found.set(bar.symbol, [bar]);
    else own.push(bar);
  }
  return [...found.values()];
}

/** Place of each bar by its opening. */
function placesOf(bars: readonly AnyBar[]): ReadonlyMap<number, number> {
  return new Map(bars.map(({ open_us }, i) => [open_us, i]));
}

function classOf({ highvol, trend }: RegimeLabel): number | null {
  if (highvol === null || trend === null) return null;
  return (highvol ? 2 : 0) + (trend ? 0 : 1);
}

/**
 * Rows of the regime classifier: the 43 features at the close of a bar, and what the half hour after it was (domain.md 5.4).
 * Notes: the four probabilities of the rule, and the class of the half hour before, known at that close.
 */
export function regimeDataSet(bars: readonly AnyBar[]): DataSet {
  const rows = bySymbol(bars).flatMap(regimeRows);
  return dataSetOf(
    {
      ...{ model: 'regime_classifier', input: { steps: null, columns: FEATURE_COUNT }, ...common(bars) },
      ...{ labels: ['regime'], notes: [...REGIME_CLASSES.map((name) => `rule_${name}`), 'regime_before'] },
    },
    rows,
  );
}

function regimeRows(bars: readonly AnyBar[]): readonly DataRow[] {
  const labels = regimeLabels(bars);
  const places = placesOf(bars);
  return bars.flatMap((bar, i): DataRow[] => {
    const label = classOf(labels[i]!);
    if (label === null || !isDecided(bar) || bar.vector === null) return [];
    const earlier = places.get(bar.open_us - LABEL_HORIZON_US);
    const same = earlier !== undefined && bars[earlier]!.trade_date === bar.trade_date;
    const before = same ? classOf(labels[earlier]!) : null;
    const start_us = bar.open_us + bar.interval_us;
    const rule = bar.rule ?? [NaN, NaN, NaN, NaN];
    return [
      {
        ...{ symbol: bar.symbol, session: bar.trade_date, start_us, end_us: start_us + LABEL_HORIZON_US },
        ...{ inputs: bar.vector, labels: [label], notes: [...rule, before ?? NaN] },
      },
    ];
  });
}

/**
 * Rows of the forecast: thirty bars in a row, and the bar of the same session that closes exactly 15 minutes later. `up`: 1 higher, 0
 * lower, none where it is equal. `move`: the change in ATR14 of the last bar, none where that is not known.
 */
export function forecastDataSet(bars: readonly AnyBar[]): DataSet {
  return dataSetOf(
    {
      ...{ model: 'rl_model', input: { steps: SEQUENCE_BARS, columns: SEQUENCE_WIDTH }, ...common(bars) },
      ...{ labels: ['up', 'move'], notes: ['up_before', REGIME_NOTE] },
    },
    bySymbol(bars).flatMap(forecastRows),
  );
}

function forecastRows(bars: readonly AnyBar[]): readonly DataRow[] {
  const places = placesOf(bars);
  /** The bar so far from this one, in its session. */
  const at = (bar: AnyBar, away_us: number): AnyBar | null => {
    const place = places.get(bar.open_us + away_us);
    const found = place === undefined ? null : bars[place]!;
    return found?.trade_date === bar.trade_date ? found : null;
  };
  return bars.flatMap((bar): DataRow[] => {
    const later = at(bar, FORECAST_HORIZON_US);
    if (later === null || !isDecided(bar) || bar.sequence === null) return [];
    const earlier = at(bar, -FORECAST_HORIZON_US);
    const change_ticks = later.close_ticks - bar.close_ticks;
    const { atr14_ticks } = bar;
    const move = atr14_ticks === null || atr14_ticks <= 0 ? NaN : change_ticks / atr14_ticks;
    const start_us = bar.open_us + bar.interval_us;
    return [
      {
        ...{ symbol: bar.symbol, session: bar.trade_date, start_us, end_us: start_us + FORECAST_HORIZON_US },
        ...{ inputs: bar.sequence, labels: [upOf(change_ticks), move] },
        notes: [earlier === null ? NaN : upOf(bar.close_ticks - earlier.close_ticks), bar.state],
      },
    ];
  });
}

function upOf(change_ticks: number): number {
  return change_ticks === 0 ? NaN : change_ticks > 0 ? 1 : 0;
}
