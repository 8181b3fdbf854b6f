import { CALENDAR, isHalted, sessionAt, type TradeSession } from '@bellwether/market';
import { finding, type VerdictFinding } from './codes.js';
import type { SubjectKind } from './subject.js';
import { Tally } from './tally.js';
import type { Place } from './trading-place.js';

/** Share of bars outside trading hours above which the stamps cannot be right, or the bars not be of a market. */
const OUTSIDE_SHARE_MAX = 0.005;
/** Bars in the hours of one kind from which they are no slips but a filled hour. */
const FILLED_MIN = 30;

/** True where a time is the close of a session: bars stamped by their end have one there, those by their open none. */
export function isSessionClose(us: number): boolean {
  return sessionAt(us - 1)?.close_us === us;
}

/** Bars where no market was open. */
export class ClosedHours {
  readonly #outside = new Tally();
  readonly #halted = new Tally();
  readonly #unknown = new Tally();
  readonly #by = { weekend: new Tally(), break: new Tally(), holiday: new Tally() };
  #bars = 0;
  #opens = 0;
  #closes = 0;
  #early = 0;
  #lasts = 0;

  constructor(
    private readonly kind: SubjectKind,
    /** 0 for bars of no fixed length. */
    private readonly interval_us: number,
  ) {}

  get share(): number {
    return this.#outside.count / Math.max(1, this.#bars);
  }

  add({ session, closed }: Place, line: number, open_us: number): void {
    this.#bars++;
    if (this.kind === 'future') this.#side(session, open_us);
    if (closed === null) {
      if (this.kind === 'future' && session !== null && isHalted(session, open_us))
        this.#halted.add(line, open_us);
      return;
    }
    if (closed === 'unknown') {
      this.#unknown.add(line, open_us);
      return;
    }
    this.#outside.add(line, open_us);
    this.#by[closed].add(line, open_us);
  }

  #side(session: TradeSession | null, open_us: number): void {
    if (session === null && isSessionClose(open_us)) this.#closes++;
    if (session?.open_us === open_us) this.#opens++;
    const { interval_us } = this;
    if (interval_us === 0) return;
    if (session === null && sessionAt(open_us + interval_us)?.open_us === open_us + interval_us)
      this.#early++;
    if (session?.close_us === open_us + interval_us) this.#lasts++;
  }

  /** `shifted`: the stamps themselves are off by more than a bar, which explains bars in closed hours. */
  findings(shifted: boolean): readonly VerdictFinding[] {
    const found: VerdictFinding[] = [];
    const evidence = {
      outside: this.#outside.count,
      weekend: this.#by.weekend.count,
      daily_break: this.#by.break.count,
      holiday: this.#by.holiday.count,
      bars: this.#bars,
    };
    if (this.#unknown.count > 0) {
      const { first_trade_date, last_trade_date } = CALENDAR;
      const message = `Bars outside the trading calendar (${first_trade_date} to ${last_trade_date}): ${this.#unknown.text}`;
      found.push(finding('outside_calendar', 'refuse', message, { bars: this.#unknown.count }));
    }
    const sideways = !shifted && this.#closes > 1 && this.#closes > this.#opens;
    if (this.#outside.count > 0) {
      const where = [
        `weekend ${evidence.weekend}`,
        `daily break ${evidence.daily_break}`,
        `holiday ${evidence.holiday}`,
      ];
      const refused = this.share > OUTSIDE_SHARE_MAX;
      const message =
        `Bars outside trading hours: ${this.#outside.text}, of ${this.#bars} (${where.join(', ')})` +
        (refused && !sideways
          ? '. The stamps are not UTC, or not bar opens, or these hours are made up'
          : '');
      found.push(finding('outside_session', refused ? 'refuse' : 'warn', message, evidence));
    }
    if (sideways) {
      const message =
        `${this.#closes} bars are stamped with the close of a session and ${this.#opens} with its open: ` +
        'the stamps are bar closes';
      found.push(finding('close_stamps', 'refuse', message, { closes: this.#closes, opens: this.#opens }));
    }
    if (this.#early > 1 && this.#early > this.#lasts) {
      const message =
        `${this.#early} bars are stamped one bar before the open of a session and ${this.#lasts} with its last one: ` +
        'the stamps are one bar early';
      found.push(finding('early_stamps', 'refuse', message, { early: this.#early, lasts: this.#lasts }));
    }
    if (!shifted && !sideways) found.push(...this.#invented(evidence));
    if (this.#halted.count > 0) {
      found.push(finding('in_halt', 'warn', `Bars in the afternoon halt: ${this.#halted.text}`));
    }
    return found;
  }

  #invented(evidence: Readonly<Record<string, number>>): readonly VerdictFinding[] {
    const { weekend, break: pause, holiday } = this.#by;
    const filled = [
      ...(weekend.count >= FILLED_MIN ? [`weekends ${weekend.text}`] : []),
      ...(pause.count >= FILLED_MIN ? [`the daily break ${pause.text}`] : []),
      ...(holiday.count >= FILLED_MIN ? [`holidays ${holiday.text}`] : []),
    ];
    if (filled.length === 0) return [];
    const message = `Hours in which no market was open are filled: ${filled.join('; ')}`;
    return [finding('invented_hours', this.share > OUTSIDE_SHARE_MAX ? 'refuse' : 'warn', message, evidence)];
  }
}
