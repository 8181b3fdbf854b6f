export {
  SEGMENT_ENTRIES_MAX,
  archiveJournal,
  type ArchiveOptions,
  type ArchiveResult,
} from './archive-journal.js';
export { Catalog } from './catalog.js';
export {
  dataReferences,
  openDataSource,
  referenceOf,
  type DataReference,
  type DataSource,
} from './data-source.js';
export { judgeBars, judgeFile, judgedSubject, type FileVerdictOptions } from './file-verdict.js';
export type { ForeignRows, NumberedRow } from './foreign-rows.js';
export { importBars, type ImportOptions, type ImportResult } from './import-bars.js';
export {
  CATALOG_FORMAT,
  type Finding,
  type ImportManifest,
  type ImportReading,
  type ImportVerdict,
  type ImportedDate,
  type JournalManifest,
  type JournalSegment,
} from './manifest.js';
export { manifestMark } from './manifest-mark.js';
export { overviewOf, type ImportOverview } from './overview.js';
export { ParquetTable, type ParquetColumn, type ParquetType } from './parquet-table.js';
export { CatalogPlaces, type IntervalName } from './places.js';
export { isSelection, parseSelection, selectBars, type SelectedBars, type Selection } from './selection.js';
export { rowsSha256, type TradeDateRows } from './trade-date-rows.js';
export { verifyCatalog, type CatalogVerdict, type VerifyOptions } from './verify-catalog.js';
