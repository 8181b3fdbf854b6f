import {
  ReasonCode,
  type BanditPart,
  type BookConfig,
  type Fault,
  type Setup,
  type SizingPart,
} from '@bellwether/contracts';
import { present, type Stage } from '@bellwether/kernel';
import { instrumentOf } from '@bellwether/market';
import { applyMultiplier, baseContracts, riskPerContractCents, stopDistanceTicks } from './position-size.js';

export interface SizingStageState {
  /** Of the latest release; null before the first. */
  readonly config: BookConfig | null;
}

const LOGIC_VERSION = 1;

/** How many contracts of the chosen setup fit the risk of one trade (architecture.md section 10). Caps come later. */
export const stage: Stage<SizingStageState, 'sizing'> = {
  name: 'sizing',
  logicVersion: LOGIC_VERSION,
  onFault: 'mark',
  initialState: () => ({ config: null }),
  apply: (state, frame) => {
    const { release } = present(frame.entry, 'the entry of a frame');
    const next = release === null ? state : { config: release.config };
    return { state: next, part: partOf(next.config, frame.bandit) };
  },
  faulted: (fault: Fault) => ({ ...none(ReasonCode.STAGE_FAULT), fault }),
};

function partOf(config: BookConfig | null, bandit: BanditPart | null): SizingPart {
  if (bandit === null || bandit.fault !== null) return none(ReasonCode.STAGE_FAULT);
  if (bandit.chosen === null) return none(bandit.reason);
  const setup = bandit.candidates[bandit.chosen]?.setup ?? null;
  if (setup === null) return none(ReasonCode.NO_SETUP);
  return config === null ? none(ReasonCode.NO_RELEASE) : sized(config, setup);
}

function sized(config: BookConfig, setup: Setup): SizingPart {
  const instrument = instrumentOf(setup.symbol);
  const symbol = config.symbols.find((known) => known.symbol === setup.symbol);
  if (instrument === null || symbol === undefined) return none(ReasonCode.UNKNOWN_SYMBOL);
  const distance_ticks = stopDistanceTicks(setup);
  if (distance_ticks === null) return none(ReasonCode.STOP_MISSING);
  const risk_cents = riskPerContractCents(distance_ticks, instrument.tick_value_cents, symbol);
  // The regime's factor scales the budget, not the rounded size: one contract times 0.7 would always be none.
  const base = baseContracts(config.risk_per_trade_cents * setup.size_factor, risk_cents);
  const proposed = applyMultiplier(base, null);
  return {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason: proposed > 0 ? ReasonCode.OK : ReasonCode.RISK_BUDGET_TOO_SMALL,
    proposed_contracts: proposed,
    base_contracts: base,
    stop_distance_ticks: distance_ticks,
    risk_per_contract_cents: risk_cents,
    multiplier: null,
    multiplier_reason: ReasonCode.NO_MODEL,
  };
}

/** Nothing to size, and why. */
function none(reason: ReasonCode): SizingPart {
  return {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason,
    proposed_contracts: 0,
    base_contracts: null,
    stop_distance_ticks: null,
    risk_per_contract_cents: null,
    multiplier: null,
    multiplier_reason: reason,
  };
}
