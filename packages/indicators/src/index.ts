export { aggregate, startAggregation, type Aggregated, type AggregationState } from './aggregation.js';
export { atrOf, emptyAtr, updateAtr, type AtrState } from './atr.js';
export { bollingerOf, type Bollinger } from './bollinger.js';
export { efficiencyRatioOf } from './efficiency-ratio.js';
export { regressionEndOf } from './linear-regression.js';
export { averageOf, emptyEma, emptyRma, updateAverage, type AverageState } from './moving-average.js';
export { medianOf, percentileRankOf } from './order-statistics.js';
export { trueRange, type PriceBar } from './price-bar.js';
export { emptyRsi, rsiOf, updateRsi, type RsiState } from './rsi.js';
export { emptySqueeze, updateSqueeze, type SqueezeReading, type SqueezeState } from './squeeze.js';
export { emptyProfile, endSession, observe, rankAt, usualAt, type TimeOfDayProfile } from './time-of-day.js';
export {
  VWAP_SD_MIN_TICKS,
  startVwap,
  updateVwap,
  vwapOf,
  type VwapReading,
  type VwapState,
} from './vwap.js';
export {
  emptyWindow,
  extremesOf,
  isFull,
  meanSquareOfLast,
  momentsOf,
  orderedValues,
  pushWindow,
  sumOfLast,
  valueBack,
  type Moments,
  type NumberWindow,
} from './window.js';
