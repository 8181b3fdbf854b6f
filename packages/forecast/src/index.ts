export { stage, type ForecastStageState } from './stage.js';
