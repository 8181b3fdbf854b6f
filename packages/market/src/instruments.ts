/** Facts of one futures contract (domain.md 1.1, 2.4, 9.2). Money in integer cents. */
export interface Instrument {
  readonly symbol: string;
  /** 2500 is 0.25 points. */
  readonly tick_size_e4: number;
  readonly tick_value_cents: number;
  /** The multiplier: what one point of one contract is worth. */
  readonly point_value_cents: number;
  /** Contracts in tenths of a mini: ES and NQ 10, MES and MNQ 1. */
  readonly mini_tenths: number;
  readonly family: 'ES' | 'NQ';
  /** Its trading calendar. All four share the one of this package. */
  readonly session: 'cme_equity_index';
  /** Trade date (yyyymmdd) of its listing where that lies inside the calendar: there are no older bars of it. */
  readonly listed_trade_date: number | null;
  readonly slippage_ticks_default: number;
  readonly fee_per_side_cents_default: number;
}

/** Micros were listed in May 2019. */
const MICROS_LISTED = 20_190_506;

const ES: Instrument = {
  symbol: 'ES',
  tick_size_e4: 2_500,
  tick_value_cents: 1_250,
  point_value_cents: 5_000,
  mini_tenths: 10,
  family: 'ES',
  session: 'cme_equity_index',
  listed_trade_date: null,
  slippage_ticks_default: 1,
  fee_per_side_cents_default: 140,
};

const NQ: Instrument = {
  ...ES,
  symbol: 'NQ',
  family: 'NQ',
  tick_value_cents: 500,
  point_value_cents: 2_000,
  slippage_ticks_default: 2,
};

const MES: Instrument = {
  ...ES,
  symbol: 'MES',
  tick_value_cents: 125,
  point_value_cents: 500,
  mini_tenths: 1,
  listed_trade_date: MICROS_LISTED,
  fee_per_side_cents_default: 37,
};
const MNQ: Instrument = {
  ...NQ,
  symbol: 'MNQ',
  tick_value_cents: 50,
  point_value_cents: 200,
  mini_tenths: 1,
  listed_trade_date: MICROS_LISTED,
  fee_per_side_cents_default: 37,
};

/** The contract of this symbol (ES, NQ, MES, MNQ), or null. Several stages ask it for every bar. */
export function instrumentOf(symbol: string): Instrument | null {
  switch (symbol) {
    case 'ES':
      return ES;
    case 'NQ':
      return NQ;
    case 'MES':
      return MES;
    case 'MNQ':
      return MNQ;
    default:
      return null;
  }
}
