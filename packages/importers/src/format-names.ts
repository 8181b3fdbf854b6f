/** Layouts that can be read, by the names that `--format` takes and manifests keep. */
export const FORMATS = [
  'bellwether_csv',
  'databento_csv',
  'dbn',
  'ninjatrader',
  'histdata',
  'tradingview',
  'projectx',
  'firstratedata',
  'kibot',
  'lean',
  'scid',
  'iqfeed',
] as const;
export type FormatName = (typeof FORMATS)[number];
export type ForeignFormat = Exclude<FormatName, 'bellwether_csv'>;

/** Which end of its bar a stamp names. */
export type StampSide = 'open' | 'close';

/** What a layout says of its stamps (domain.md section 3). */
export interface StampConvention {
  readonly title: string;
  /** False where a stamp is an instant by itself (seconds, nanoseconds, a text with its offset). */
  readonly wall: boolean;
  /** IANA name of the zone of wall times. */
  readonly zone: string;
  readonly stamp: StampSide;
  /** False where the maker documents neither zone nor side: then a test of the data or the user has to say it. */
  readonly documented: boolean;
}

const instants = (title: string): StampConvention => {
  return { title, wall: false, zone: 'UTC', stamp: 'open', documented: true };
};
const walls = (title: string, zone: string, stamp: StampSide, documented = true): StampConvention => {
  return { title, wall: true, zone, stamp, documented };
};

/** Eastern standard time all year: POSIX counts west of Greenwich as positive. */
export const FIXED_EST = 'Etc/GMT+5';

export const CONVENTIONS: Readonly<Record<ForeignFormat, StampConvention>> = {
  databento_csv: instants('Databento CSV'),
  dbn: instants('Databento DBN'),
  tradingview: instants('TradingView export'),
  projectx: instants('ProjectX bars (JSON)'),
  scid: instants('Sierra Chart .scid'),
  ninjatrader: walls('NinjaTrader minutes', 'UTC', 'close'),
  histdata: walls('histdata ASCII', FIXED_EST, 'open'),
  firstratedata: walls('FirstRateData', 'America/New_York', 'open', false),
  kibot: walls('Kibot', 'America/New_York', 'open'),
  iqfeed: walls('IQFeed interval', 'America/New_York', 'close'),
  lean: walls('LEAN minute zip', 'UTC', 'open'),
};

export function isFormatName(text: string): text is FormatName {
  return (FORMATS as readonly string[]).includes(text);
}
