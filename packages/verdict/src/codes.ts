/**
 * The codes of findings: what each means, and what the reader does next. They do not change their meaning from release to
 * release. `time` codes doubt the stamps, `truth` codes doubt that a market made the bars.
 */
export type FindingLevel = 'note' | 'warn' | 'refuse';
export type FindingGroup = 'form' | 'time' | 'truth' | 'gap' | 'kind';

interface CodeText {
  readonly group: FindingGroup;
  readonly meaning: string;
  readonly next: string;
}

function code(group: FindingGroup, meaning: string, next: string): CodeText {
  return { group, meaning, next };
}

export const FINDING_CODES = {
  empty: code('form', 'The file holds too little to judge.', 'Take a longer piece.'),
  rows_unreadable: code(
    'form',
    'Lines are no rows of bars.',
    'Correct them at their source. No row is skipped or repaired.',
  ),
  ohlc_broken: code(
    'form',
    'Open or close lies outside low and high, or a price is not above zero.',
    'Check the order of the columns; correct the rows at their source.',
  ),
  stamps_unsorted: code('form', 'Stamps go back.', 'Sort the file by time.'),
  stamps_repeated: code(
    'form',
    'A stamp stands twice.',
    'Drop repeated rows; where they differ, ask the source which one holds.',
  ),
  off_tick_grid: code(
    'truth',
    'Prices are not on the tick grid of the contract, where every trade is.',
    'Use raw prices: ratio-adjusted series, spreads, cash indexes and generated prices are not on the grid.',
  ),
  off_interval_grid: code(
    'time',
    'Stamps do not lie on whole intervals.',
    'Export bars from the vendor again: bars of a market open on the minute.',
  ),
  outside_calendar: code(
    'time',
    'Bars lie outside the trading calendar.',
    'Cut the file to the years of the calendar.',
  ),
  outside_session: code(
    'time',
    'Bars lie in closed hours: the daily break, a weekend, a holiday.',
    'Import with the zone and stamp side that the hint names, or drop these rows at their source.',
  ),
  invented_hours: code(
    'truth',
    'Hours in which the market was closed are filled as if it had been open.',
    'Do not use the file: whatever filled these hours may have filled others.',
  ),
  in_halt: code('time', 'Bars lie in the afternoon halt of the years to 2021.', 'Look at these rows.'),
  close_stamps: code(
    'time',
    'The bars are stamped with their close.',
    'Import with --stamp close, or export with open stamps.',
  ),
  early_stamps: code(
    'time',
    'The bars are stamped one bar too early.',
    'Export again with stamps of the open; somebody took the close for granted and subtracted a bar.',
  ),
  time_zone_doubtful: code(
    'time',
    'The jump of the cash open does not stand at 08:30 Chicago.',
    'Import with the zone that the hint names, or vouch for the stamps with --trust-times.',
  ),
  time_zone_tested: code('time', 'The jump of the cash open stands at 08:30 Chicago.', 'Nothing.'),
  time_zone_untested: code(
    'time',
    'Too few full sessions to test the time zone.',
    'Compare some bars with another source, or take a longer file.',
  ),
  times_trusted: code(
    'time',
    'The user vouched for stamps that a test speaks against.',
    'Nothing, if you are sure.',
  ),
  cash_hours_only: code(
    'kind',
    'No bar outside the cash session: futures trade all night.',
    'Check the symbol: this may be a cash index or a fund.',
  ),
  event_bars: code(
    'kind',
    'Bars of no fixed length: ticks, volume or range.',
    'Good to look at; a book needs bars of one or five minutes.',
  ),
  hourly_bars: code(
    'kind',
    'Bars longer than five minutes.',
    'Good to look at; a book needs bars of one or five minutes.',
  ),
  not_tradable: code(
    'kind',
    'A cash index or fund, not a future.',
    'Good as a reference; a book needs bars of ES, NQ, MES or MNQ.',
  ),
  no_volume: code(
    'kind',
    'The volume is not known.',
    'Features of volume and VWAP stay masked. Use a source with volume where you can.',
  ),
  zero_volume_run: code(
    'gap',
    'A long run of bars without volume.',
    'Compare these hours with another source.',
  ),
  missing_sessions: code(
    'gap',
    'Sessions of the calendar have no bar.',
    'Get the missing days, or know of them.',
  ),
  missing_bars: code('gap', 'Bars are missing inside sessions.', 'Get the missing hours, or know of them.'),
  jumps: code(
    'gap',
    'Moves from bar to bar far out of the usual.',
    'Compare the largest with the news of its minute.',
  ),
  not_listed_yet: code('truth', 'Bars from before the contract was listed.', 'Check the symbol.'),
  expired: code('truth', 'Bars after the expiry of the contract.', 'Check the contract.'),
  expiry_unconfirmed: code(
    'kind',
    'The expiry was moved by a rule for holidays.',
    'Check it with the exchange.',
  ),
  level_implausible: code(
    'truth',
    'Prices lie outside what the index traded at in that year.',
    'Check symbol, display factor and adjustment against another source.',
  ),
  level_untested: code(
    'truth',
    'No known range of prices for these years.',
    'Compare some closes with another source.',
  ),
  volatility_implausible: code(
    'truth',
    'Moves are too large or too small for this market.',
    'Compare some days with another source; check the length of the bars.',
  ),
  thin_tails: code('truth', 'Returns have no fat tails.', 'Ask where the file comes from.'),
  no_clustering: code('truth', 'Large moves do not follow large moves.', 'Ask where the file comes from.'),
  flat_day: code('truth', 'The cash session moves no more than the night.', 'Ask where the file comes from.'),
  flat_volume: code('truth', 'Volume is no higher in the cash session.', 'Ask where the file comes from.'),
  no_u_shape: code('truth', 'Volume has no U over the cash session.', 'Ask where the file comes from.'),
  volume_unrelated: code(
    'truth',
    'Volume does not grow with the range of bars.',
    'Ask where the file comes from.',
  ),
  volume_memoryless: code(
    'truth',
    'Volume does not persist from bar to bar.',
    'Ask where the file comes from.',
  ),
  chained_opens: code(
    'truth',
    'Nearly every bar opens at the close before it.',
    'Ask where the file comes from.',
  ),
  generator_like: code(
    'truth',
    'Several marks of a random generator, and none that a market leaves.',
    'Do not use the file as market data. If you made it, import it with --synthetic.',
  ),
  odd_hour: code(
    'truth',
    'One hour of the day behaves unlike the others: its volume has nothing to do with its range.',
    'Compare that hour with another source: it may be made up.',
  ),
  repeated_blocks: code(
    'truth',
    'The same stretch of bars stands at two times.',
    'Do not use the file: somebody filled holes with copies. Cut it before the first copy.',
  ),
  synthetic: code(
    'truth',
    'Made by a generator, and marked so.',
    'Nothing. No number made of these bars says anything about a market.',
  ),
} as const satisfies Readonly<Record<string, CodeText>>;

export type FindingCode = keyof typeof FINDING_CODES;

/** One thing that was found. */
export interface VerdictFinding {
  readonly code: FindingCode;
  readonly level: FindingLevel;
  /** For people, with the numbers and the first stamps. */
  readonly message: string;
  /** The numbers alone, by name. */
  readonly evidence: Readonly<Record<string, number>>;
  readonly next: string;
}

export function finding(
  name: FindingCode,
  level: FindingLevel,
  message: string,
  evidence: Readonly<Record<string, number>> = {},
): VerdictFinding {
  return { code: name, level, message, evidence, next: FINDING_CODES[name].next };
}
