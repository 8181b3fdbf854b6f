export {
  barChart,
  heatMap,
  histogram,
  lineChart,
  ribbon,
  sparkHistogram,
  type AxisMark,
  type BarChart,
  type ChartSize,
  type HeatCell,
  type HeatMap,
  type Histogram,
  type LineChart,
  type LineSeries,
  type RibbonPart,
  type Tone,
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
export { linearScale, roundTicks, tickText, type Scale } from './scale.js';
