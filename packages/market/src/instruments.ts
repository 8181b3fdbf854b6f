/** Facts of one futures contract (domain.md 1.1, 2.4, 9.2). Money in integer cents. */
export interface Instrument {
  readonly symbol: string;
  /** 2500 is 0.25 points. */
  readonly tick_size_e4: number;
  readonly tick_value_cents: number;
  /** Contracts in tenths of a mini: ES and NQ 10, MES and MNQ 1. */
  readonly mini_tenths: number;
  readonly family: 'ES' | 'NQ';
  readonly slippage_ticks_default: number;
  readonly fee_per_side_cents_default: number;
}

const ES: Instrument = {
  symbol: 'ES',
  tick_size_e4: 2_500,
  tick_value_cents: 1_250,
  mini_tenths: 10,
  family: 'ES',
  slippage_ticks_default: 1,
  fee_per_side_cents_default: 140,
};

const NQ: Instrument = {
  ...ES,
  symbol: 'NQ',
  family: 'NQ',
  tick_value_cents: 500,
  slippage_ticks_default: 2,
};

const MES: Instrument = {
  ...ES,
  symbol: 'MES',
  tick_value_cents: 125,
  mini_tenths: 1,
  fee_per_side_cents_default: 37,
};
const MNQ: Instrument = {
  ...NQ,
  symbol: 'MNQ',
  tick_value_cents: 50,
  mini_tenths: 1,
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
