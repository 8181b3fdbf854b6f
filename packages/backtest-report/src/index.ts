export { PAGE_BYTES_MAX, reportPage } from './page/report-page.js';
export { candleDays, type CandleDay } from './candle-days.js';
export { estimateOf, figureOf, intervalOf, missingFigure, valueOf } from './figures.js';
export {
  MISSING_FIGURES,
  REPORT_FORMAT,
  REPORT_LIMITS,
  reportSchema,
  type BacktestReport,
  type Estimate,
  type Figure,
  type MissingFigure,
  type RegimeSpan,
  type ReportBody,
  type ReportCandles,
  type ReportDay,
  type ReportGroup,
  type ReportTrade,
  type ReportStatistics,
  type ReportVerdict,
  type RHistogram,
} from './report-model.js';
export { DAYS_PER_YEAR, REPORT_LEVEL, reportStatistics, type StatisticsInput } from './report-statistics.js';
export { readReport, reportText, sealReport } from './sealed-report.js';
export { VERDICT_BOUNDS, evidenceOf, verdictOf, type Evidence } from './verdict-rule.js';
export { groupTrades, groupsOf, hourKey, rHistogram, weekdayKey } from './trade-groups.js';
