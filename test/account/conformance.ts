import {
  FillLeg,
  IntentKind,
  OperatorAction,
  OrderOutcome,
  ReasonCode,
  Side,
  type AccountProfile,
  type Entry,
} from '@bellwether/contracts';
import { sessionOf } from '@bellwether/market';
import {
  aBarEntry,
  aClockEntry,
  aFillEntry,
  aSetup,
  aSignalEntry,
  anAccountProfile,
  anOperatorEntry,
  anOrderEndEntry,
  anOrderEntry,
} from '@bellwether/testkit';
import { Stages, bookOf, demand, enters, fillOf, type Proposed, type Stepped } from './world.js';

const MINUTE_US = 60_000_000;

/** One official rule or decided case: what it shows, and the run that shows it. Gives a line of numbers for the note. */
export interface Case {
  readonly name: string;
  readonly source: string;
  run(): string;
}

/** An account that is told prices and fills at times of trade dates. */
class Desk {
  readonly stages: Stages;
  #n = 0;

  constructor(
    profile: Partial<AccountProfile> = {},
    changes: Parameters<typeof bookOf>[0] = {},
    release_us?: number,
  ) {
    this.stages = new Stages(bookOf({ account: anAccountProfile(profile), ...changes }), release_us);
  }

  apply(entry: Entry, proposed: Proposed | null = null): Stepped {
    return this.stages.apply(entry, proposed);
  }

  next(word: string): string {
    this.#n += 1;
    return `${word}${this.#n}`;
  }

  clock(at: number): Stepped {
    return this.apply(aClockEntry({ boundary_us: at }));
  }

  bar(at: number, close: number, low = close, high = close): Stepped {
    const prices = { open_ticks: close, high_ticks: high, low_ticks: low, close_ticks: close };
    return this.apply(aBarEntry({ open_us: at - MINUTE_US, ...prices }));
  }

  fill(at: number, side: Side, quantity: number, price_ticks: number, fee_cents = 0): Stepped {
    const ids = { fill_id: this.next('f'), decision_id: null, intent_id: null };
    const fill = fillOf({
      ...ids,
      symbol: 'ES',
      side,
      quantity,
      price_ticks,
      fill_us: at,
      leg: FillLeg.UNSPECIFIED,
    });
    return this.apply(aFillEntry({ ...fill, fee_cents }));
  }

  /** Earns or loses so many dollars at once, in whole ticks of one contract, flat afterwards. */
  earn(at: number, usd: number): Stepped {
    const ticks = (usd * 100) / 1_250;
    this.bar(at, 24_000);
    this.fill(at + 1, Side.LONG, 1, 24_000);
    return this.fill(at + 2, Side.SHORT, 1, 24_000 + ticks);
  }

  ask(at: number, price = 24_000, stop = 20, symbol = 'ES', stepped = 1): Stepped {
    const setup = aSetup({
      ...{ symbol, side: Side.LONG, entry_ticks: price, stop_ticks: price - stop, target_ticks: null },
      ...{ expires_us: at + 600_000_000, time_stop_us: null, tp1_r: null, size_factor: stepped },
    });
    const entry = aSignalEntry({ signal_id: this.next('s'), symbol, ts_us: at });
    return this.apply(entry, { setup, last_close_ticks: price, last_close_us: at });
  }

  operator(at: number, action: OperatorAction): Stepped {
    const times = { event_us: at, known_us: at };
    return this.apply(anOperatorEntry({ action, command_id: this.next('c') }, times));
  }
}

function openOf(date: number): number {
  const session = sessionOf(date);
  demand(session !== null, 'A trade date', date);
  return session?.open_us ?? 0;
}

const at = (date: number, minute: number): number => openOf(date) + minute * MINUTE_US;

function floorOf({ portfolio }: Stepped): number {
  return (portfolio.account?.floor_cents ?? 0) / 100;
}

function expectEqual(seen: unknown, wanted: unknown, what: string): void {
  demand(JSON.stringify(seen) === JSON.stringify(wanted), what, seen, wanted);
}

const MONDAY = 20_250_915;
const TUESDAY = 20_250_916;
const WEDNESDAY = 20_250_917;
const THURSDAY = 20_250_918;

function officialExample(): string {
  const desk = new Desk();
  const floors: number[] = [];
  desk.earn(at(MONDAY, 900), 500);
  floors.push(floorOf(desk.clock(at(TUESDAY, 1))));
  desk.earn(at(TUESDAY, 900), -500);
  floors.push(floorOf(desk.clock(at(WEDNESDAY, 1))));
  desk.earn(at(WEDNESDAY, 900), 2_500);
  floors.push(floorOf(desk.clock(at(THURSDAY, 1))));
  desk.earn(at(THURSDAY, 900), -800);
  floors.push(floorOf(desk.clock(at(20_250_919, 1))));
  expectEqual(floors, [48_500, 48_500, 50_000, 50_000], 'Floors of the official example');
  return `floors ${floors.join(', ')}`;
}

function intradayFloor(): string {
  const desk = new Desk({ max_loss_mode: 2 });
  desk.bar(at(MONDAY, 900), 24_000);
  desk.fill(at(MONDAY, 900), Side.LONG, 1, 24_000);
  const risen = floorOf(desk.bar(at(MONDAY, 901), 24_000, 24_000, 24_080));
  const after = floorOf(desk.bar(at(MONDAY, 902), 23_990, 23_990, 23_990));
  expectEqual([risen, after], [49_000, 49_000], 'The floor follows the best equity and stays');
  return `equity 51,000 at best: floor ${risen}, then ${after}`;
}

function staticFloor(): string {
  const desk = new Desk({ max_loss_mode: 3 });
  desk.earn(at(MONDAY, 900), 2_500);
  const floor = floorOf(desk.clock(at(TUESDAY, 1)));
  expectEqual(floor, 48_000, 'A static floor');
  return `floor ${floor} after +2,500`;
}

function latchedAt(low: number, soft: boolean, kill: boolean): string {
  const desk = new Desk();
  desk.bar(at(MONDAY, 900), 24_000);
  desk.fill(at(MONDAY, 900), Side.LONG, 1, 24_000);
  const { risk, portfolio } = desk.bar(at(MONDAY, 901), 24_000, low, 24_000);
  const seen = [risk.latches?.soft_trade_date === MONDAY, risk.latches?.kill_trade_date === MONDAY];
  expectEqual(seen, [soft, kill], 'Latches on open profit at the worst price');
  const recovered = desk.bar(at(MONDAY, 902), 24_000);
  expectEqual(recovered.risk.latches, risk.latches, 'It stays latched when the price recovers');
  if (kill)
    demand(
      risk.intents.some(({ kind }) => kind === IntentKind.CLOSE),
      'A kill flattens',
    );
  return `worst ${(portfolio.account?.worst_day_pnl_cents ?? 0) / 100} USD: soft ${String(soft)}, kill ${String(kill)}`;
}

/** 17:00 Chicago on both sides of a change of the clock. */
function dayRoll(date: number, utcHour: number): string {
  const open = openOf(date);
  const desk = new Desk({}, {}, open - 86_400_000_000);
  expectEqual(new Date(open / 1_000).getUTCHours(), utcHour, 'Hour of 17:00 Chicago in UTC');
  const before = desk.clock(open - 1);
  const after = desk.clock(open);
  demand(
    before.portfolio.day?.trade_date !== date && after.portfolio.day?.trade_date === date,
    'The day rolls',
  );
  return `trade date ${date} begins ${new Date(open / 1_000).toISOString()}`;
}

function flatWindow(date: number, minute: number, allowed: boolean): string {
  const desk = new Desk();
  const when = at(date, minute);
  desk.bar(when, 24_000);
  const { risk } = desk.ask(when);
  expectEqual(
    [enters(risk), risk.reason],
    allowed ? [true, ReasonCode.OK] : [false, ReasonCode.FLAT_WINDOW],
    'Window',
  );
  return `minute ${minute} of ${date}: ${allowed ? 'entries' : 'no entries'}`;
}

function flatBy(date: number, minute: number): string {
  const desk = new Desk();
  desk.bar(at(date, minute - 60), 24_000);
  desk.fill(at(date, minute - 60), Side.LONG, 1, 24_000);
  const early = desk.clock(at(date, minute) - 1);
  const due = desk.clock(at(date, minute));
  demand(early.risk.intents.length === 0, 'Nothing is closed before its time', early.risk.intents);
  expectEqual(
    due.risk.intents.map(({ reason }) => reason),
    [ReasonCode.SESSION_FLAT],
    'Flat by then',
  );
  return `closed at minute ${minute}, which is before 15:10 Chicago and before the close`;
}

function restartLatched(): string {
  const desk = new Desk();
  desk.bar(at(MONDAY, 900), 24_000);
  desk.fill(at(MONDAY, 900), Side.LONG, 1, 24_000);
  desk.bar(at(MONDAY, 901), 23_900);
  desk.fill(at(MONDAY, 901), Side.SHORT, 1, 23_900);
  desk.stages.restart();
  const { risk } = desk.ask(at(MONDAY, 902), 23_900);
  expectEqual([risk.reason, risk.dry_run], [ReasonCode.KILL_LATCHED, true], 'Latched after a restart');
  return 'reason kill_latched, dry run on';
}

function killNotCleared(): string {
  const desk = new Desk();
  desk.operator(at(MONDAY, 900), OperatorAction.KILL);
  const refused = desk.operator(at(MONDAY, 901), OperatorAction.RESUME).risk.operator;
  expectEqual([refused?.accepted, refused?.reason], [false, ReasonCode.KILL_LATCHED], 'No command clears it');
  desk.bar(at(TUESDAY, 900), 24_000);
  const dry = desk.ask(at(TUESDAY, 900)).risk;
  expectEqual(dry.reason, ReasonCode.DRY_RUN, 'Dry run after it');
  const resumed = desk.operator(at(TUESDAY, 901), OperatorAction.RESUME).risk.operator;
  const { risk } = desk.ask(at(TUESDAY, 902));
  expectEqual([resumed?.accepted, enters(risk)], [true, true], 'An operator ends the dry run');
  return 'resume refused in its trade date, dry run after it, resume accepted then';
}

function partialThenKill(): string {
  const desk = new Desk();
  desk.bar(at(MONDAY, 900), 24_000);
  const { risk } = desk.ask(at(MONDAY, 900), 24_000, 8);
  const intent = risk.intents[0];
  demand(intent?.quantity === 2, 'Two contracts are ordered', risk);
  if (intent === undefined) return '';
  desk.apply(anOrderEntry(intent));
  const { intent_id, decision_id, symbol, side } = intent;
  const one = { intent_id, decision_id, symbol, side, quantity: 1, price_ticks: 24_000, leg: FillLeg.ENTRY };
  desk.apply(aFillEntry(fillOf({ ...one, fill_id: 'p1', fill_us: at(MONDAY, 901) })));
  const killed = desk.operator(at(MONDAY, 902), OperatorAction.KILL).risk.intents;
  expectEqual(
    killed.map(({ kind, quantity }) => [kind, quantity]),
    [
      [IntentKind.CLOSE, 1],
      [IntentKind.CANCEL, 1],
    ],
    'What is filled is closed, what is not is called back',
  );
  const raced = desk.apply(aFillEntry(fillOf({ ...one, fill_id: 'p2', fill_us: at(MONDAY, 903) })));
  demand(raced.portfolio.positions[0]?.quantity === 2, 'A fill that raced the cancel counts');
  const close = killed[0];
  const exit = {
    intent_id: close?.intent_id ?? '',
    decision_id,
    symbol,
    side: Side.SHORT,
    leg: FillLeg.CLOSE,
  };
  const out = { ...exit, quantity: 1, price_ticks: 24_000, fill_id: 'p3', fill_us: at(MONDAY, 904) };
  const more = desk.apply(aFillEntry(fillOf(out))).risk.intents.map(({ kind, quantity }) => [kind, quantity]);
  expectEqual(more, [[IntentKind.CLOSE, 1]], 'What joined is closed once the first close is done');
  desk.apply(anOrderEndEntry({ intent_id, decision_id, outcome: OrderOutcome.CANCELLED }));
  demand(desk.stages.risk.entries.length === 0, 'No reservation is left');
  return 'close 1 and cancel 1; the racing fill is closed too';
}

function micros(): string {
  const desk = new Desk({ heat_reduce: 10, heat_block: 10 }, { risk_per_trade_cents: 10_000_000 });
  desk.bar(at(MONDAY, 900), 24_000);
  const { risk } = desk.ask(at(MONDAY, 900), 24_000, 4, 'MES');
  const equal = new Desk(
    { heat_reduce: 10, heat_block: 10, micros_per_mini: 1 },
    { risk_per_trade_cents: 10_000_000 },
  );
  equal.bar(at(MONDAY, 900), 24_000);
  const one = equal.ask(at(MONDAY, 900), 24_000, 4, 'MES').risk;
  expectEqual([risk.size, one.size], [20, 2], 'A step of two minis in micros');
  return 'a step of 2 minis is 20 micros at ten to one, and 2 where the firm counts them alike';
}

function microsWhenCoarse(): string {
  const budget = { risk_per_trade_cents: 20_000, micros: true };
  const desk = new Desk({}, budget);
  desk.bar(at(MONDAY, 900), 24_000);
  const { risk, frame } = desk.ask(at(MONDAY, 900), 24_000, 40);
  expectEqual([risk.intents[0]?.symbol, risk.size], ['MES', 3], 'Micros where a mini is too coarse');
  const without = new Desk({}, { risk_per_trade_cents: 20_000 });
  without.bar(at(MONDAY, 900), 24_000);
  const held = without.ask(at(MONDAY, 900), 24_000, 40).risk;
  expectEqual(held.reason, ReasonCode.RISK_BUDGET_TOO_SMALL, 'Size 0 says why');
  return `3 MES for 200 USD at a stop of 10 points (${frame.sizing?.risk_per_contract_cents ?? 0} cents each); without micros: risk_budget_too_small`;
}

function minimumHeadroom(): string {
  const desk = new Desk({ heat_reduce: 10, heat_block: 10 });
  desk.earn(at(MONDAY, 900), -550);
  desk.earn(at(TUESDAY, 900), -550);
  desk.bar(at(WEDNESDAY, 900), 24_000);
  const { risk } = desk.ask(at(WEDNESDAY, 900), 24_000, 20);
  expectEqual(risk.reason, ReasonCode.HEADROOM, 'Less than 800 USD would be left');
  return `headroom ${(risk.headroom_cents ?? 0) / 100} USD: a stop of 250 USD is refused`;
}

function scaling(): string {
  const steps = [
    { from_profit_cents: 0, max_minis: 2 },
    { from_profit_cents: 150_000, max_minis: 3 },
    { from_profit_cents: 200_000, max_minis: 5 },
  ];
  const desk = new Desk({ scaling: steps });
  const level = ({ portfolio }: Stepped): number | null => portfolio.account?.scaling_minis ?? null;
  const levels = [level(desk.earn(at(MONDAY, 900), 1_600)), level(desk.clock(at(TUESDAY, 1)))];
  levels.push(level(desk.earn(at(TUESDAY, 900), 600)), level(desk.clock(at(WEDNESDAY, 1))));
  expectEqual(levels, [2, 3, 3, 5], 'The level is fixed for the session');
  return `levels ${levels.join(', ')}`;
}

/** Every case of the issue that belongs to the account. */
export const CASES: readonly Case[] = [
  { name: 'maximum loss limit, official example', source: 'domain.md 2.2 (S14)', run: officialExample },
  { name: 'intraday trailing floor', source: 'profile max_loss.mode', run: intradayFloor },
  { name: 'static floor', source: 'profile max_loss.mode', run: staticFloor },
  {
    name: 'soft limit on open profit',
    source: 'architecture.md 10',
    run: () => latchedAt(23_952, true, false),
  },
  {
    name: 'one tick short of soft',
    source: 'architecture.md 10',
    run: () => latchedAt(23_953, false, false),
  },
  { name: 'kill on open profit', source: 'architecture.md 10', run: () => latchedAt(23_928, true, true) },
  {
    name: 'day roll before the clocks go forward',
    source: 'domain.md 1.5',
    run: () => dayRoll(20_250_307, 23),
  },
  {
    name: 'day roll after the clocks went forward',
    source: 'domain.md 1.5',
    run: () => dayRoll(20_250_310, 22),
  },
  { name: 'day roll before the clocks go back', source: 'domain.md 1.5', run: () => dayRoll(20_251_031, 22) },
  {
    name: 'day roll after the clocks went back',
    source: 'domain.md 1.5',
    run: () => dayRoll(20_251_103, 23),
  },
  {
    name: 'half day: last entry an hour before 12:15',
    source: 'domain.md 1.3',
    run: () => flatWindow(20_251_128, 1_094, true),
  },
  {
    name: 'half day: none in the last hour',
    source: 'domain.md 1.3',
    run: () => flatWindow(20_251_128, 1_095, false),
  },
  {
    name: 'half day: flat ten minutes before 12:15',
    source: 'domain.md 1.3',
    run: () => flatBy(20_251_128, 1_145),
  },
  {
    name: 'flat at 15:05, before the 15:10 of the firm',
    source: 'domain.md 1.2',
    run: () => flatBy(MONDAY, 1_325),
  },
  {
    name: 'Friday: flat before the week closes',
    source: 'domain.md 1.2',
    run: () => flatBy(20_250_919, 1_325),
  },
  {
    name: 'Friday: no entry after 14:45',
    source: 'domain.md 1.2',
    run: () => flatWindow(20_250_919, 1_306, false),
  },
  { name: 'restart while latched', source: 'architecture.md 10', run: restartLatched },
  { name: 'partial fill, then kill', source: 'architecture.md 10', run: partialThenKill },
  { name: 'micro equivalence', source: 'domain.md 2.1 (S16)', run: micros },
  { name: 'micros where a mini is too coarse', source: 'issue 5', run: microsWhenCoarse },
  { name: 'kill not clearable in its trade date', source: 'architecture.md 10', run: killNotCleared },
  { name: 'minimum headroom after the planned stop', source: 'domain.md 2.3', run: minimumHeadroom },
  { name: 'scaling plan fixed for the session', source: 'domain.md 2.1 (S18)', run: scaling },
];
