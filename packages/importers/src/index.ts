export { detectFormat, titleOf, type DetectedFormat, type FormatClaim } from './detect-format.js';
export { ForeignBars, type ForeignFacts } from './foreign-bars.js';
export {
  CONVENTIONS,
  FORMATS,
  isFormatName,
  type ForeignFormat,
  type FormatName,
  type StampConvention,
  type StampSide,
} from './format-names.js';
export { openForeignBars, type ForeignOptions } from './open-foreign.js';
