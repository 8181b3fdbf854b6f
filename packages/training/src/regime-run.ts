import { ReasonCode, type RegimeState, type Entry } from '@bellwether/contracts';
import { stage as features } from '@bellwether/features';
import { FIRST_FRAME_HEAD, frameHead, openFrame } from '@bellwether/kernel';
import { sessionAt } from '@bellwether/market';
import { stage as regime } from '@bellwether/regime';

/** What the regime stage said at the close of one bar. */
export interface RegimeBar {
  readonly open_us: number;
  readonly interval_us: number;
  /** yyyymmdd of its session. */
  readonly trade_date: number;
  readonly close_ticks: number;
  readonly state: RegimeState;
  readonly reason: ReasonCode;
  readonly gate_open: boolean;
  /** Calm-Trend, Calm-Chop, HighVol-Trend, HighVol-Chop; null where they could not be computed. */
  readonly probabilities: readonly number[] | null;
}

/** The two stages of the line that a regime needs, fed with journal entries. Mutable. */
export class RegimeRun {
  private featuresState = features.initialState();
  private regimeState = regime.initialState();
  private head = FIRST_FRAME_HEAD;

  /** What is said after an entry; null where it is no bar, or one that the features refused. */
  next(entry: Entry): RegimeBar | null {
    const opened = openFrame(this.head, entry);
    this.head = frameHead(opened);
    const computed = features.apply(this.featuresState, opened, []);
    this.featuresState = computed.state;
    const judged = regime.apply(this.regimeState, { ...opened, features: computed.part }, []);
    this.regimeState = judged.state;
    const { bar } = entry;
    if (bar === null || computed.part.reason !== ReasonCode.OK) return null;
    const { state, reason, gate_open, probabilities } = judged.part;
    return {
      open_us: bar.open_us,
      interval_us: bar.interval_us,
      trade_date: sessionAt(bar.open_us)?.trade_date ?? 0,
      close_ticks: bar.close_ticks,
      state,
      reason,
      gate_open,
      probabilities: probabilities.length === 0 ? null : probabilities,
    };
  }
}
