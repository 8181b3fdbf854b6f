/** For tests, the bench and the fuzzer: writers of made-up bar files. */
export { dbnHead, dbnOf, scidHead, scidOf, type DbnOptions } from './binary-files.js';
export { zipOf, zstdBomb, zstdHugeWindow, zstdOf, type MemberOf } from './packed.js';
export { SAMPLES, sampleBarsOf, type Sample } from './samples.js';
export {
  databentoCsv,
  firstRateText,
  iqfeedText,
  kibotText,
  leanMembers,
  ownCsv,
  projectxJson,
  semicolonText,
  tradingviewText,
  type DatabentoOptions,
  type WallOptions,
} from './text-files.js';
export { MALFORMED, type Malformed } from './malformed.js';
export { ZSTD_SAMPLE, ZSTD_SAMPLE_BARS } from './zstd-sample.js';
