export {
  adxOf,
  directionalIndicatorsOf,
  emptyAdx,
  updateAdx,
  type AdxState,
  type DirectionalIndicators,
} from './adx.js';
export { aggregate, startAggregation, type Aggregated, type AggregationState } from './aggregation.js';
export { atrOf, emptyAtr, updateAtr, type AtrState } from './atr.js';
export { bollingerOf, type Bollinger } from './bollinger.js';
export { choppinessOf } from './choppiness.js';
export { correlationOf, type PairSums } from './correlation.js';
export { efficiencyRatioOf } from './efficiency-ratio.js';
export { erf } from './error-function.js';
export { garmanKlassOf } from './garman-klass.js';
export { regressionEndOf } from './linear-regression.js';
export { emptyMacd, macdHistogramOf, macdLineOf, updateMacd, type MacdState } from './macd.js';
export { averageOf, emptyEma, emptyRma, updateAverage, type AverageState } from './moving-average.js';
export { medianOf, percentileRankOf } from './order-statistics.js';
export { trueRange, type PriceBar } from './price-bar.js';
export { emptyRsi, rsiOf, updateRsi, type RsiState } from './rsi.js';
export {
  emptySqueeze,
  squeezeDeviationOf,
  updateSqueeze,
  type SqueezeReading,
  type SqueezeState,
} from './squeeze.js';
export { fastKOf, stochasticOf, type Stochastic } from './stochastic.js';
export {
  MISSING,
  columnOf,
  emptyDay,
  emptyProfile,
  keepSession,
  observe,
  usualAt,
  valuesAt,
  type DayRecord,
  type TimeOfDayProfile,
} from './time-of-day.js';
export { varianceRatioOf, type VarianceSums } from './variance-ratio.js';
export {
  VWAP_SD_MIN_TICKS,
  startVwap,
  updateVwap,
  vwapOf,
  type VwapReading,
  type VwapState,
} from './vwap.js';
export {
  deviationOfLast,
  emptyWindows,
  highestOfLast,
  lowestOfLast,
  pushRow,
  rankInLast,
  ringsOf,
  rowOf,
  sumOfLast,
  valueBack,
  type Ring,
  type Windows,
} from './windows.js';
