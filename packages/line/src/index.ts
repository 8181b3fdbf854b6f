export { LINE, stageVersions } from './line.js';
