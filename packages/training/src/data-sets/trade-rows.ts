import {
  IntentKind,
  type ClosedTrade,
  type Frame,
  type RegimeState,
  type Setup,
} from '@bellwether/contracts';
import { decisionId } from '@bellwether/kernel';
import { tradeDateAt } from '@bellwether/market';
import { CONFIDENCE_COUNT, FEATURE_COUNT, confidenceInputs, vectorInputs } from '@bellwether/model-slots';
import { REGIME_NOTE, dataSetOf, type DataRow, type DataSet } from './data-set.js';

interface Entered {
  readonly symbol: string;
  readonly known_us: number;
  /** Of the confidence model, and of the model that values arms. */
  readonly inputs: Float32Array;
  readonly vector: Float32Array;
  readonly p_up: number | null;
  readonly regime: RegimeState;
}

/** P(price higher) that was forecast for a symbol at a market time, by a model that had not seen it; null for none. */
export type ForecastAt = (symbol: string, at_us: number) => number | null;

/** Bounds of a reward (architecture.md section 10). */
const NET_R_MIN = -2;
const NET_R_MAX = 4;

/**
 * Rows of the trades of all arms: what the bandit stage would ask about the setup that an arm entered, and how the trade ended. One
 * object for one run in which arms trade, each in a book of its own. Mutable.
 */
export class TradeRows {
  private readonly entered = new Map<string, Entered>();
  private readonly won: DataRow[] = [];
  private readonly earned: DataRow[] = [];
  private schema_sha256 = '';
  private interval_us = 0;

  constructor(private readonly forecastAt: ForecastAt) {}

  /** What the book of an arm decided on an entry. */
  next(arm: number, frame: Frame): void {
    const setup = enteredSetup(frame);
    if (setup !== null) this.remember(`${arm}:${decisionId(frame.book, frame.seq)}`, frame, setup);
  }

  /** A trade of that book which has ended. */
  ended(arm: number, trade: ClosedTrade): void {
    const key = `${arm}:${trade.decision_id}`;
    const entered = this.entered.get(key);
    if (entered === undefined) return;
    this.entered.delete(key);
    const place = {
      ...{ symbol: entered.symbol, session: tradeDateAt(entered.known_us - 1) },
      ...{ start_us: entered.known_us, end_us: Math.max(trade.closed_us, entered.known_us) },
    };
    this.won.push({
      ...{ ...place, inputs: entered.inputs, labels: [trade.net_cents > 0 ? 1 : 0] },
      notes: [arm, entered.p_up ?? NaN, entered.regime],
    });
    if (trade.net_r === null) return;
    const net_r = Math.min(NET_R_MAX, Math.max(NET_R_MIN, trade.net_r));
    this.earned.push({ ...place, inputs: entered.vector, labels: [net_r], notes: [arm] });
  }

  /** Rows of the confidence model: did the trade end positive net? */
  confidence(): DataSet {
    return dataSetOf(
      {
        ...{ model: 'confidence_prediction', input: { steps: null, columns: CONFIDENCE_COUNT } },
        ...{ labels: ['win'], notes: ['arm', 'p_up', REGIME_NOTE] },
        ...{ interval_us: this.interval_us, schema_sha256: this.schema_sha256 },
      },
      this.won,
    );
  }

  /** Rows of the model that values arms: what the trade came to in R after costs, within the bounds of a reward. */
  selection(): DataSet {
    return dataSetOf(
      {
        ...{ model: 'strategy_selection', input: { steps: null, columns: FEATURE_COUNT } },
        ...{ labels: ['net_r'], notes: ['arm'] },
        ...{ interval_us: this.interval_us, schema_sha256: this.schema_sha256 },
      },
      this.earned,
    );
  }

  private remember(key: string, { entry, features, regime }: Frame, setup: Setup): void {
    const vector = features?.vector ?? null;
    const bar = entry?.bar ?? null;
    if (vector === null || vector.present_index.length === 0 || regime === null || bar === null) return;
    this.schema_sha256 = vector.schema_sha256;
    this.interval_us = bar.interval_us;
    const known_us = bar.open_us + bar.interval_us;
    const p_up = this.forecastAt(setup.symbol, known_us);
    const atr_ticks = features?.indicators?.atr14_ticks ?? null;
    const inputs = confidenceInputs({ vector, regime: regime.state, setup, p_up, atr_ticks });
    const { symbol } = setup;
    const known = { symbol, known_us, inputs, vector: vectorInputs(vector), p_up, regime: regime.state };
    this.entered.set(key, known);
  }
}

function enteredSetup({ risk, bandit }: Frame): Setup | null {
  if (!(risk?.intents ?? []).some(({ kind }) => kind === IntentKind.ENTER)) return null;
  return bandit?.candidates[bandit.chosen ?? -1]?.setup ?? null;
}
