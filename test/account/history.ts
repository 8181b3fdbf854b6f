import {
  FillLeg,
  IntentKind,
  OperatorAction,
  ReasonCode,
  Side,
  type Entry,
  type Fill,
  type Setup,
} from '@bellwether/contracts';
import {
  aBarEntry,
  aClockEntry,
  aFillEntry,
  aSetup,
  aSignalEntry,
  anAccountEntry,
  anOperatorEntry,
  anOrderEndEntry,
  anOrderEntry,
  A_SESSION_OPEN_US,
} from '@bellwether/testkit';
import { checkAccount, checkDecision, drill } from './invariants.js';
import type { Step } from './steps.js';
import {
  Stages,
  bookOf,
  demand,
  enters,
  entryFill,
  fillOf,
  type LiveOrder,
  type Proposed,
  type Stepped,
} from './world.js';

const MINUTE_US = 60_000_000;
const START: Readonly<Record<string, number>> = { ES: 24_000, NQ: 80_000, MES: 24_000 };

/** What a history has seen happen, so that a suite can tell that it reached what it is about. */
export interface Reached {
  entered: number;
  softened: number;
  killed: number;
  corrected: number;
  refused: Map<ReasonCode, number>;
}

export const nothingReached = (): Reached => ({
  ...{ entered: 0, softened: 0, killed: 0, corrected: 0, refused: new Map() },
});

/** One history of an account, with every invariant checked after each entry. Throws Violation. */
export class History {
  readonly #stages: Stages;
  /** The same history without a restart. */
  readonly #twin: Stages;
  #orders: LiveOrder[] = [];
  readonly #ended: LiveOrder[] = [];
  readonly #fills: Fill[] = [];
  readonly #prices = new Map<string, number>(Object.entries(START));
  readonly #closes = new Map<string, number>();
  #at = A_SESSION_OPEN_US + 900 * MINUTE_US;
  #n = 0;
  #exact = true;
  #last: Stepped | null = null;

  constructor(
    private readonly reached: Reached = nothingReached(),
    config = bookOf(),
  ) {
    this.#stages = new Stages(config);
    this.#twin = new Stages(config);
    for (const symbol of ['ES', 'NQ', 'MES']) this.#bar(symbol, 0, 0);
  }

  run(steps: readonly Step[]): void {
    for (const step of steps) this.#step(step);
    this.#end();
  }

  #id(word: string): string {
    this.#n += 1;
    return `${word}${this.#n}`;
  }

  #apply(entry: Entry, proposed: Proposed | null = null, booked: Fill | null = null): Stepped {
    const stages = this.#stages;
    const before = this.#last?.portfolio.account ?? null;
    const stepped = stages.apply(entry, proposed);
    const twin = this.#twin.apply(entry, proposed);
    demand(
      JSON.stringify(twin.risk) === JSON.stringify(stepped.risk),
      'A restart changes nothing',
      stepped.risk,
      twin.risk,
    );
    const bar = entry.bar !== null && this.#isMark(entry.bar.symbol, entry.bar.open_us) ? entry.bar : null;
    stages.history.push({ event_us: entry.event_us, fill: booked, bar });
    this.#last = stepped;
    const oracle = stages.oracle();
    if (this.#exact) checkAccount(stepped, oracle, before);
    else
      demand(
        (before?.floor_cents ?? 0) <= (stepped.portfolio.account?.floor_cents ?? 0),
        'The floor never falls',
      );
    this.#follow(stepped, entry);
    if (this.#exact) {
      checkDecision(stepped, oracle, this.#orders, stages.config);
      this.reached.softened += oracle.soft ? 1 : 0;
      this.reached.killed += oracle.kill ? 1 : 0;
    }
    return stepped;
  }

  #isMark(symbol: string, open_us: number): boolean {
    const mark = this.#stages.portfolio.marks.find((item) => item.symbol === symbol);
    return mark?.open_us === open_us;
  }

  #follow({ risk }: Stepped, entry: Entry): void {
    for (const intent of risk.intents) {
      if (intent.kind !== IntentKind.ENTER && intent.kind !== IntentKind.CLOSE) continue;
      const reference_ticks = this.#prices.get(intent.symbol) ?? 0;
      this.#orders.push({ intent, remaining: intent.quantity, taken: false, reference_ticks });
    }
    const ended = entry.order_end?.intent_id;
    if (ended !== undefined) this.#orders = this.#orders.filter(({ intent }) => intent.intent_id !== ended);
  }

  #step(step: Step): void {
    this.#at += 1_000_000;
    switch (step.do) {
      case 'bar':
        this.#bar(step.symbol, step.move, step.range);
        break;
      case 'bad_bar':
        this.#badBar(step.symbol, step.fault);
        break;
      case 'ask':
        this.#ask(step);
        break;
      case 'take':
        this.#take(this.#orderAt(step.order));
        break;
      case 'fill':
        this.#fill(this.#orderAt(step.order), step.share, step.slip);
        break;
      case 'stop_out':
        this.#stopOut(step.position, step.share, step.slip);
        break;
      case 'repeat':
        this.#repeat(step.fill);
        break;
      case 'late':
        this.#late(step.order, step.share);
        break;
      case 'end':
        this.#endOrder(this.#orderAt(step.order));
        break;
      case 'pass':
        this.#pass(step.minutes);
        break;
      case 'restart':
        this.#stages.restart();
        break;
      default:
        this.#fromOutside(step);
    }
  }

  #fromOutside(step: Extract<Step, { do: 'operator' | 'snapshot' | 'correct' | 'stray' }>): void {
    if (step.do === 'operator') this.#operator(step.action);
    else if (step.do === 'snapshot') this.#snapshot(step.agrees, step.can_trade);
    else if (step.do === 'correct') this.#correct(step.fill, step.price, step.quantity);
    else this.#stray(step.symbol, step.long, step.quantity);
  }

  #orderAt(index: number): LiveOrder | null {
    return this.#orders.length === 0 ? null : (this.#orders[index % this.#orders.length] ?? null);
  }

  #bar(symbol: string, move: number, range: number): void {
    this.#at = (Math.floor(this.#at / MINUTE_US) + 1) * MINUTE_US;
    const open = this.#prices.get(symbol) ?? 0;
    const close = Math.max(1_000, open + move);
    this.#prices.set(symbol, close);
    this.#closes.set(symbol, this.#at);
    this.#apply(
      aBarEntry({
        ...{ symbol, open_us: this.#at - MINUTE_US, open_ticks: open, close_ticks: close },
        ...{ high_ticks: Math.max(open, close) + range, low_ticks: Math.min(open, close) - range },
      }),
    );
  }

  /** A bar that cannot be: it must change nothing but the time. */
  #badBar(symbol: string, fault: 'zero' | 'negative' | 'huge' | 'old'): void {
    const price = { zero: 0, negative: -24_000, huge: 900_000_000, old: 10_000 }[fault];
    const open_us =
      fault === 'old' ? this.#at - 86_400_000_000 : (Math.floor(this.#at / MINUTE_US) + 1) * MINUTE_US;
    const flat = { open_ticks: price, high_ticks: price, low_ticks: price, close_ticks: price };
    this.#apply(
      aBarEntry(
        { symbol, open_us, ...flat },
        { id: this.#id('bad'), event_us: this.#at, known_us: this.#at },
      ),
    );
  }

  #ask(step: Extract<Step, { do: 'ask' }>): void {
    const { symbol, fault } = step;
    const price = this.#prices.get(symbol) ?? 0;
    const sign = step.long ? 1 : -1;
    const sound: Setup = aSetup({
      ...{ symbol, side: step.long ? Side.LONG : Side.SHORT, entry_ticks: price },
      ...{ stop_ticks: price - sign * step.stop, target_ticks: price + 2 * sign * step.stop },
      ...{ expires_us: this.#at + 600_000_000, time_stop_us: null, tp1_r: null },
    });
    const last_close_us = this.#closes.get(symbol) ?? 0;
    const good: Proposed = { setup: sound, last_close_ticks: price, last_close_us };
    const proposed = spoiled(good, fault);
    const signal_id = this.#id('s');
    const stepped = this.#apply(aSignalEntry({ signal_id, symbol, ts_us: this.#at }), proposed);
    const { risk } = stepped;
    if (fault !== 'none') demand(!enters(risk), `A price that is ${fault} never passes`, risk.reason);
    if (this.#at - last_close_us > 180_000_000) demand(!enters(risk), 'A stale price never passes');
    if (!enters(risk)) {
      demand(risk.reason !== ReasonCode.OK, 'A refusal has a reason');
      this.reached.refused.set(risk.reason, (this.reached.refused.get(risk.reason) ?? 0) + 1);
      return;
    }
    this.reached.entered += 1;
    if (this.#exact) drill(this.#stages, this.#orders, this.#at);
  }

  #take(order: LiveOrder | null): void {
    if (order === null || order.taken || order.intent.kind !== IntentKind.ENTER) return;
    this.#orders = this.#orders.map((item) => (item === order ? { ...order, taken: true } : item));
    this.#apply(anOrderEntry(order.intent));
  }

  #fill(order: LiveOrder | null, share: number, slip: number): void {
    if (order === null) return;
    if (order.intent.kind === IntentKind.CLOSE) {
      this.#close(order, share, slip);
      return;
    }
    // An order that was never taken on is filled by nobody.
    if (!order.taken) return;
    const quantity = Math.min(order.remaining, share);
    const left = order.remaining - quantity;
    this.#orders = this.#orders.flatMap((item) =>
      item === order ? (left > 0 ? [{ ...order, remaining: left }] : []) : [item],
    );
    this.#book(entryFill(order, this.#id('f'), quantity, slip, this.#at));
  }

  #book(fill: Fill): void {
    this.#fills.push(fill);
    this.#apply(aFillEntry(fill), null, fill);
  }

  /** Exits never open the other way: execution closes what there is. */
  #close(order: LiveOrder, share: number, slip: number): void {
    const { intent } = order;
    const held = this.#stages.portfolio.positions.find((item) => item.symbol === intent.symbol);
    const quantity = Math.min(order.remaining, share, held?.quantity ?? 0);
    if (
      held === undefined ||
      held.side === intent.side ||
      held.decision_id !== intent.decision_id ||
      quantity === 0
    ) {
      this.#endOrder(order);
      return;
    }
    const left = order.remaining - quantity;
    this.#orders = this.#orders.flatMap((item) =>
      item === order ? (left > 0 ? [{ ...order, remaining: left }] : []) : [item],
    );
    const sign = intent.side === Side.LONG ? 1 : -1;
    const price_ticks = (this.#prices.get(intent.symbol) ?? 0) + sign * slip;
    const ids = {
      fill_id: this.#id('f'),
      decision_id: intent.decision_id || null,
      intent_id: intent.intent_id,
    };
    const { symbol, side } = intent;
    this.#book(
      fillOf({ ...ids, symbol, side, quantity, price_ticks, fill_us: this.#at, leg: FillLeg.CLOSE }),
    );
  }

  /** The protective stop of a position, at its price or one tick worse. */
  #stopOut(index: number, share: number, slip: number): void {
    const { positions } = this.#stages.portfolio;
    const position = positions.length === 0 ? undefined : positions[index % positions.length];
    if (position === undefined || position.stop_ticks === null) return;
    const sign = position.side === Side.LONG ? 1 : -1;
    const quantity = Math.min(position.quantity, share);
    this.#book(
      fillOf({
        ...{ fill_id: this.#id('f'), decision_id: position.decision_id, intent_id: position.intent_id },
        ...{ symbol: position.symbol, side: sign > 0 ? Side.SHORT : Side.LONG, quantity, leg: FillLeg.STOP },
        ...{ price_ticks: position.stop_ticks - sign * slip, fill_us: this.#at },
      }),
    );
  }

  /** The same fill again: nothing may change. */
  #repeat(index: number): void {
    const fill = this.#fills.length === 0 ? undefined : this.#fills[index % this.#fills.length];
    if (fill === undefined || fill.quantity === 0) return;
    const before = this.#last?.portfolio;
    // Ids are remembered for two trade dates; the journal itself refuses them for good.
    if (!this.#stages.portfolio.seen.some(({ ids }) => ids.includes(fill.fill_id))) return;
    const { portfolio } = this.#apply(
      aFillEntry(fill, { event_us: this.#at, known_us: this.#at }),
      null,
      null,
    );
    demand(portfolio.fill_result?.reason === ReasonCode.DUPLICATE_FILL, 'A repeated fill is a duplicate');
    const money = ({ account, positions }: NonNullable<typeof before>): string =>
      JSON.stringify([account?.balance_cents, positions.map(({ symbol, quantity }) => [symbol, quantity])]);
    if (before !== undefined) {
      demand(money(before) === money(portfolio), 'A repeated fill changes nothing');
    }
  }

  /** A fill of an order that has ended: it counts, and finds its plan while it is kept. */
  #late(index: number, share: number): void {
    const order = this.#ended.length === 0 ? undefined : this.#ended[index % this.#ended.length];
    if (order === undefined || !order.taken || order.intent.kind !== IntentKind.ENTER) return;
    this.#ended.splice(this.#ended.indexOf(order), 1);
    const quantity = Math.min(order.remaining, share);
    // It may pass a cap that has been given to others meanwhile, so from here on only money is compared.
    this.#exact = false;
    this.#book(entryFill(order, this.#id('f'), quantity, 0, this.#at));
    this.#checkMoney();
  }

  #endOrder(order: LiveOrder | null): void {
    if (order === null) return;
    const { intent_id, decision_id, symbol } = order.intent;
    this.#ended.push(order);
    this.#apply(
      anOrderEndEntry({ intent_id, decision_id, symbol }, { event_us: this.#at, known_us: this.#at }),
    );
  }

  #pass(minutes: number): void {
    this.#at += minutes * MINUTE_US;
    this.#apply(aClockEntry({ boundary_us: this.#at }));
  }

  #operator(action: OperatorAction): void {
    const command_id = this.#id('c');
    const { risk, portfolio } = this.#apply(
      anOperatorEntry({ action, command_id }, { event_us: this.#at, known_us: this.#at }),
    );
    const killed = risk.latches?.kill_trade_date === portfolio.day?.trade_date;
    if (action === OperatorAction.KILL) demand(killed && risk.dry_run, 'A kill is latched');
    if (killed) demand(risk.dry_run, 'A kill is followed by a dry run');
    demand(risk.operator?.action === action, 'A command is answered');
  }

  #snapshot(agrees: boolean, can_trade: boolean): void {
    const positions = this.#stages.portfolio.positions.map(({ symbol, side, quantity }) => ({
      symbol,
      net_contracts: (side === Side.LONG ? 1 : -1) * quantity + (agrees ? 0 : 1),
    }));
    const other = agrees ? [] : [{ symbol: 'CL', net_contracts: 1 }];
    const snapshot = { snapshot_id: this.#id('a'), as_of_us: this.#at, can_trade };
    const balance_cents = this.#last?.portfolio.account?.balance_cents ?? null;
    const { portfolio } = this.#apply(
      anAccountEntry({ ...snapshot, positions: [...positions, ...other], balance_cents }),
    );
    demand(portfolio.reconciliation?.matched === agrees, 'A snapshot is compared', portfolio.reconciliation);
    demand(portfolio.account?.can_trade === can_trade, 'The broker’s word counts');
  }

  #correct(index: number, price: number, quantity: number): void {
    const at = this.#fills.length === 0 ? -1 : index % this.#fills.length;
    const fill = this.#fills[at];
    if (
      fill === undefined ||
      !this.#stages.portfolio.account.facts.some((fact) => fact.fill_id === fill.fill_id)
    )
      return;
    const corrected: Fill = {
      ...fill,
      fill_id: this.#id('k'),
      corrects_fill_id: fill.fill_id,
      price_ticks: fill.price_ticks + price,
      quantity: Math.max(0, fill.quantity + quantity),
      fill_us: this.#at,
    };
    this.#exact = false;
    this.reached.corrected += 1;
    this.#fills[at] = corrected;
    const history = this.#stages.history;
    const place = history.findIndex((item) => item.fill?.fill_id === fill.fill_id);
    const known = history[place];
    if (known !== undefined) history[place] = { ...known, fill: corrected };
    const { portfolio } = this.#apply(aFillEntry(corrected), null, null);
    demand(
      portfolio.fill_result?.reason === ReasonCode.CORRECTED_FILL,
      'A correction is one',
      portfolio.fill_result,
    );
    this.#checkMoney();
  }

  #stray(symbol: string, long: boolean, quantity: number): void {
    this.#exact = false;
    this.#book(
      fillOf({
        ...{ fill_id: this.#id('x'), decision_id: null, intent_id: null, symbol, quantity },
        ...{ side: long ? Side.LONG : Side.SHORT, price_ticks: this.#prices.get(symbol) ?? 0 },
        ...{ fill_us: this.#at, leg: FillLeg.UNSPECIFIED },
      }),
    );
    this.#checkMoney();
  }

  /** Whatever came from outside: net positions and equity are those of the history as it stands now. */
  #checkMoney(): void {
    const account = this.#last?.portfolio.account;
    const oracle = this.#stages.oracle();
    demand(account?.equity_cents === oracle.equity, 'No cent is lost or made', account, oracle);
    const nets = (this.#last?.portfolio.positions ?? []).map(({ symbol, side, quantity }) => [
      symbol,
      side === Side.LONG ? quantity : -quantity,
    ]);
    const theirs = Object.entries(oracle.net);
    demand(
      JSON.stringify(nets.sort()) === JSON.stringify(theirs.sort()),
      'The position is what was bought less what was sold',
      nets,
      theirs,
    );
  }

  /** Everything is closed by hand first: while a position has to go, an ended close is followed by another. */
  #end(): void {
    for (const { symbol, side, quantity, decision_id } of this.#stages.portfolio.positions) {
      const price_ticks = this.#prices.get(symbol) ?? 0;
      const ids = { fill_id: this.#id('f'), decision_id: decision_id || null, intent_id: null };
      const exit = { symbol, side: side === Side.LONG ? Side.SHORT : Side.LONG, quantity, price_ticks };
      this.#book(fillOf({ ...ids, ...exit, fill_us: this.#at, leg: FillLeg.CLOSE }));
    }
    for (const order of [...this.#orders]) this.#endOrder(order);
    demand(this.#orders.length === 0, 'No order is left', this.#orders);
    const { entries, closes } = this.#stages.risk;
    demand(entries.length === 0, 'Reservations return to zero', entries);
    demand(closes.length === 0, 'Closes end', closes);
    const working = this.#last?.portfolio.working ?? [];
    demand(working.length === 0, 'No order works when all have ended', working);
  }
}

function spoiled(good: Proposed, fault: Extract<Step, { do: 'ask' }>['fault']): Proposed {
  const { setup } = good;
  const all = (price: number): Proposed => ({
    ...{
      setup: { ...setup, entry_ticks: price, stop_ticks: price, target_ticks: price },
      last_close_ticks: price,
    },
    last_close_us: good.last_close_us,
  });
  switch (fault) {
    case 'nan':
      return all(Number.NaN);
    case 'zero':
      return all(0);
    case 'negative':
      return { ...good, setup: { ...setup, stop_ticks: -setup.stop_ticks }, last_close_ticks: -1 };
    case 'huge':
      return {
        ...good,
        last_close_ticks: 9e15,
        setup: { ...setup, entry_ticks: 9e15, stop_ticks: 9e15 - 40 },
      };
    case 'stale':
      return { ...good, last_close_us: good.last_close_us - 10 * 60 * MINUTE_US };
    case 'stop_side':
      return { ...good, setup: { ...setup, stop_ticks: 2 * setup.entry_ticks - setup.stop_ticks } };
    case 'far':
      return {
        ...good,
        setup: { ...setup, entry_ticks: setup.entry_ticks * 2, stop_ticks: setup.stop_ticks * 2 },
      };
    case 'unknown':
      return { ...good, setup: { ...setup, symbol: 'CL' } };
    default:
      return good;
  }
}
