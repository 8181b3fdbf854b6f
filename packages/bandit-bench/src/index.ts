export { CONTENDERS, CONTENDER_FACTS, EPSILON, type Contender } from './contenders.js';
export { svgChart, textChart, type Curve } from './curves.js';
export { CURVE_POINTS, play, type Played } from './play.js';
export {
  WHEEL_FIGURES,
  WHEEL_SOURCE,
  publishedSetOf,
  type PublishedFigure,
  type PublishedSet,
} from './published.js';
export { runContender, type Problem, type RunOptions } from './run.js';
export { readTable, type Column, type Table, type TableOptions } from './table/table.js';
