import type { BarParser, ParserOptions } from './bar-sink.js';
import { DatabentoCsv } from './databento-csv.js';
import { DbnBars } from './dbn.js';
import { FirstRateMinutes } from './firstratedata.js';
import type { ForeignFormat } from './format-names.js';
import { IqfeedBars } from './iqfeed.js';
import { KibotMinutes } from './kibot.js';
import { LeanMinutes } from './lean-zip.js';
import { ProjectxJson } from './projectx-json.js';
import { ScidRecords } from './scid.js';
import { SemicolonMinutes } from './semicolon-minutes.js';
import { TradingviewBars } from './tradingview.js';

const PARSERS: Readonly<Record<ForeignFormat, new (options: ParserOptions) => BarParser>> = {
  databento_csv: DatabentoCsv,
  dbn: DbnBars,
  ninjatrader: SemicolonMinutes,
  histdata: SemicolonMinutes,
  tradingview: TradingviewBars,
  projectx: ProjectxJson,
  firstratedata: FirstRateMinutes,
  kibot: KibotMinutes,
  lean: LeanMinutes,
  scid: ScidRecords,
  iqfeed: IqfeedBars,
};

export function parserOf(format: ForeignFormat, options: ParserOptions): BarParser {
  return new PARSERS[format](options);
}
