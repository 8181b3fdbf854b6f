export { type AxisMark, type ChartSize, type Tone } from './axes.js';
export { MONTHS, calendar, dateText, type CalendarDay } from './calendar.js';
export { candleChart, type Candle, type CandleChart, type TradeMark } from './candles.js';
export {
  barChart,
  heatMap,
  histogram,
  lineChart,
  ribbon,
  sparkHistogram,
  type BarChart,
  type HeatCell,
  type HeatMap,
  type Histogram,
  type Level,
  type LineChart,
  type LineSeries,
  type RibbonPart,
} from './charts.js';
export { Html, escapeHtml, html, type HtmlPart } from './html.js';
export {
  DESK_WIDTH,
  PHONE_WIDTH,
  badge,
  facts,
  legend,
  renderPage,
  responsive,
  table,
  type Badge,
  type LegendItem,
  type Page,
  type Section,
} from './page.js';
export { intervalChart, type IntervalChart, type IntervalRow } from './interval-chart.js';
export { rowChart, type RowChart } from './row-chart.js';
export { scatter, type Scatter, type ScatterPoint } from './scatter.js';
export { linearScale, roundTicks, tickText, type Scale } from './scale.js';
