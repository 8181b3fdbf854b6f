import { expiryOf, tradeDateAt, type Expiry } from '@bellwether/market';
import { finding, type VerdictFinding } from './codes.js';
import type { Subject } from './subject.js';
import { Tally } from './tally.js';

/** Whether the contract was there to be traded: after its listing, before its expiry. */
export class Listing {
  readonly #unlisted = new Tally();
  readonly #expired = new Tally();
  readonly #expiry: Expiry | null;
  readonly #listed: number;
  #last_us = 0;

  constructor(private readonly subject: Subject) {
    this.#expiry = subject.contract === null ? null : expiryOf(subject.contract);
    this.#listed = subject.instrument?.listed_trade_date ?? 0;
  }

  add(trade_date: number, line: number, open_us: number): void {
    this.#last_us = open_us;
    if (trade_date < this.#listed) this.#unlisted.add(line, open_us);
    if (this.#expiry !== null && open_us >= this.#expiry.last_trade_us) this.#expired.add(line, open_us);
  }

  findings(): readonly VerdictFinding[] {
    const found: VerdictFinding[] = [];
    if (this.#unlisted.count > 0) {
      const message = `${this.subject.symbol} was listed on ${this.#listed}; older bars: ${this.#unlisted.text}`;
      found.push(finding('not_listed_yet', 'refuse', message, { bars: this.#unlisted.count }));
    }
    const expiry = this.#expiry;
    if (expiry === null) return found;
    if (this.#expired.count > 0) {
      const message = `Bars after the expiry: ${this.#expired.text}`;
      found.push(finding('expired', 'refuse', message, { bars: this.#expired.count }));
    }
    if (!expiry.confirmed && tradeDateAt(this.#last_us) >= expiry.last_trade_date) {
      const message = `The expiry ${expiry.last_trade_date} was moved by rule: its third Friday is a holiday`;
      found.push(finding('expiry_unconfirmed', 'note', message));
    }
    return found;
  }
}
