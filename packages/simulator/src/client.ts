import {
  DataOrigin,
  EntryKind,
  Side,
  Strategy,
  type CallerForecast,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { closeEntryId, makeEntry, modeEntryId } from '@bellwether/kernel';
import { aFillEntry, aSignalEntry, anAbandonEntry } from '@bellwether/testkit';
import type { Chance } from './chance.js';
import { type DecisionView } from './decision-view.js';
import { BOOK } from './market.js';
import { submit, type Sender } from './submit.js';

/** What of a client outlives its process: what it wanted to do, and which ids it has used. */
export interface ClientPlan {
  actionsLeft: number;
  nextId: number;
  /** Signals that were sent, for repeats and for ids used again. */
  readonly signals: Entry[];
}

export interface ClientOptions extends Sender {
  readonly chance: Chance;
  readonly plan: ClientPlan;
  readonly view: DecisionView;
  /** It ends once this is decided. */
  readonly lastInputId: string;
}

/** Chance to act on a decided bar, where the regime lets trades through and where not. */
const ACTS_OPEN = 0.6;
const ACTS_CLOSED = 0.05;
const THINKS_MS = 30;
/** How often it looks whether there is something to do. */
const LOOK_MS = 20;

const DEADLINES_MS = [20, 200, 1_000, 3_000] as const;
const STRATEGIES = [Strategy.S1, Strategy.S2, Strategy.S3, Strategy.S5, Strategy.S8, Strategy.S11] as const;
const WHERE_FROM = { book: BOOK, source: 'http', origin: DataOrigin.UNSPECIFIED };

/**
 * A program that asks for decisions and reports what happened, over the bus as the gateway does it: signals with a
 * deadline, given up on by an abandon entry; repeats; ids used again; closes and fills that nobody expected.
 */
export class Client {
  constructor(private readonly options: ClientOptions) {}

  #toDo: Frame | null = null;
  #over = false;

  /** A decision has come. */
  see(frame: Frame): void {
    const { chance, lastInputId } = this.options;
    const { entry, regime } = frame;
    if (entry?.id === lastInputId) this.#over = true;
    if (entry?.kind !== EntryKind.BAR) return;
    if (chance.happens(regime?.gate_open === true ? ACTS_OPEN : ACTS_CLOSED)) this.#toDo = frame;
  }

  /** True when there is nothing more to do; false where the process was asked to end before. */
  async run(): Promise<boolean> {
    const { plan, process, chance } = this.options;
    while (!process.signal.aborted) {
      const frame = this.#toDo;
      if (frame === null) {
        if (this.#over) return true;
        await process.pause(LOOK_MS, process.signal);
        continue;
      }
      this.#toDo = null;
      if (plan.actionsLeft === 0) continue;
      plan.actionsLeft -= 1;
      await process.pause(chance.around(THINKS_MS), process.signal);
      await this.#act(this.options.view.newest ?? frame);
    }
    return false;
  }

  #act(newest: Frame): Promise<void> {
    const { plan, chance, coverage } = this.options;
    const position = newest.portfolio?.positions[0];
    if (position !== undefined && chance.happens(0.3)) {
      return this.#report(this.#close(newest, position.decision_id), () => coverage.count('close_reported'));
    }
    const draw = chance.next();
    if (draw < 0.05) return this.#report(this.#fill(newest), () => coverage.count('fill_reported'));
    const earlier = plan.signals[chance.below(Math.max(1, plan.signals.length))];
    if (draw < 0.12 && earlier !== undefined) return this.#report(earlier, () => undefined);
    if (draw < 0.19 && earlier !== undefined) return this.#report(this.#reusing(earlier), () => undefined);
    if (draw < 0.23) return this.#report(this.#mode(newest), () => coverage.count('mode_changed'));
    return this.#ask(newest);
  }

  async #report(entry: Entry, stored: () => void): Promise<void> {
    if ((await submit(this.options, entry)) === 'stored') stored();
  }

  async #ask(newest: Frame): Promise<void> {
    const { plan, chance, coverage, view, process } = this.options;
    const id = `s${(plan.nextId += 1)}`;
    const entry = this.#signal(newest, id);
    plan.signals.push(entry);
    if ((await submit(this.options, entry)) !== 'stored') return;
    const deadline_ms = chance.pick(DEADLINES_MS);
    if (await view.decided(entry.id, deadline_ms, process)) {
      coverage.count('signal_answered');
      return;
    }
    const at_us = entry.known_us;
    const abandon = anAbandonEntry(id, { ...WHERE_FROM, event_us: at_us, known_us: at_us });
    if ((await submit(this.options, abandon)) === 'stored') coverage.count('signal_abandoned');
  }

  #signal(newest: Frame, signal_id: string): Entry {
    const { chance } = this.options;
    const at_us = newest.book_time_us;
    const named = chance.happens(0.8);
    const cloud: CallerForecast = { p: chance.next(), source_model_id: 'caller', latency_ms: null };
    return aSignalEntry(
      {
        signal_id,
        strategy: named ? chance.pick(STRATEGIES) : null,
        side: named ? chance.pick([Side.LONG, Side.SHORT]) : null,
        stop_distance_ticks: named ? 6 + chance.below(10) : null,
        cloud: chance.happens(0.2) ? cloud : null,
        ts_us: at_us,
      },
      { ...WHERE_FROM, event_us: at_us, known_us: at_us },
    );
  }

  /** The id of an earlier signal with another wish. */
  #reusing(earlier: Entry): Entry {
    const signal_id = earlier.signal?.signal_id ?? '';
    const { event_us, known_us } = earlier;
    return aSignalEntry({ signal_id, symbol: 'NQ' }, { ...WHERE_FROM, event_us, known_us });
  }

  #close(newest: Frame, decision_id: string): Entry {
    const { plan } = this.options;
    const close_id = `c${(plan.nextId += 1)}`;
    const at_us = newest.book_time_us;
    return makeEntry(
      {
        ...{ book: BOOK, id: closeEntryId(close_id), kind: EntryKind.CLOSE, source: 'http' },
        ...{ event_us: at_us, known_us: at_us, origin: DataOrigin.SYNTHETIC },
      },
      {
        close: {
          ...{ close_id, decision_id, exit_us: at_us, tick_size_e4: 2_500, final_contracts: null },
          exit_price_ticks: this.options.view.lastClose_ticks,
        },
      },
    );
  }

  /** The gateway found that the book became slow, or that it no longer is. */
  #mode(newest: Frame): Entry {
    const at_us = newest.book_time_us;
    const degraded = newest.risk?.degraded !== true;
    const bound_us = degraded ? 120_000 : 96_000;
    return makeEntry(
      {
        ...{ book: BOOK, id: modeEntryId(newest.seq), kind: EntryKind.MODE, source: 'http' },
        ...{ event_us: at_us, known_us: at_us, origin: DataOrigin.UNSPECIFIED },
      },
      { mode: { degraded, p99_us: bound_us, decisions: 20, bound_us, from_us: at_us, to_us: at_us } },
    );
  }

  /** A contract that nobody had decided to trade. */
  #fill(newest: Frame): Entry {
    const { plan, chance, view } = this.options;
    const at_us = newest.book_time_us;
    return aFillEntry(
      {
        ...{ fill_id: `f${(plan.nextId += 1)}`, decision_id: null, intent_id: null, fill_us: at_us },
        ...{ side: chance.pick([Side.LONG, Side.SHORT]), price_ticks: view.lastClose_ticks },
      },
      { book: BOOK, source: 'http', event_us: at_us, known_us: at_us },
    );
  }
}
