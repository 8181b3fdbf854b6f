import { ActionName, ReasonCodeName, type RiskPart } from '@bellwether/contracts';

/** What was decided on one trade date. */
export interface DayCount {
  readonly trade_date: number;
  readonly decisions: number;
  readonly by_action: Readonly<Record<string, number>>;
  readonly by_reason: Readonly<Record<string, number>>;
}

interface Counting {
  decisions: number;
  readonly actions: Map<string, number>;
  readonly reasons: Map<string, number>;
}

const DATES_KEPT = 2;

/** Decisions of the last two trade dates, by action and by binding reason. */
export class DayCounts {
  readonly #dates = new Map<number, Counting>();

  add(trade_date: number, risk: RiskPart): void {
    let counting = this.#dates.get(trade_date);
    if (counting === undefined) {
      counting = { decisions: 0, actions: new Map(), reasons: new Map() };
      this.#dates.set(trade_date, counting);
      for (const old of this.#dates.keys()) {
        if (this.#dates.size <= DATES_KEPT) break;
        this.#dates.delete(old);
      }
    }
    counting.decisions += 1;
    raise(counting.actions, ActionName[risk.action]);
    raise(counting.reasons, ReasonCodeName[risk.reason]);
  }

  /** Oldest date first. */
  all(): readonly DayCount[] {
    return [...this.#dates].map(([trade_date, counting]) => ({
      trade_date,
      decisions: counting.decisions,
      by_action: Object.fromEntries(counting.actions),
      by_reason: Object.fromEntries(counting.reasons),
    }));
  }
}

function raise(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
