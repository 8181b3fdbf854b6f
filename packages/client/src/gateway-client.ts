/** Where a gateway is, and how long to wait for it. */
export interface GatewayClientOptions {
  /** Such as `http://127.0.0.1:7080`. */
  readonly url: string;
  /** Milliseconds for one attempt. */
  readonly timeoutMs?: number;
  /** Attempts of a call whose outcome is unknown: all calls carry an id, so a repeat is harmless. */
  readonly attempts?: number;
  /** Waits between attempts; given, so that a test needs no real time. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** A refusal of the gateway, by its stable code; `unreachable` where no answer came. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: readonly { readonly path: string; readonly message: string }[] = [],
  ) {
    super(message);
  }
}

/** Times are ISO 8601 with a zone, prices in points, as in `/docs` of the gateway. */
export interface BarReport {
  readonly book?: string;
  readonly symbol: string;
  readonly ts: string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v?: number | null;
  readonly source?: string;
  readonly synthetic?: boolean;
}

export interface SignalRequest {
  readonly book?: string;
  readonly signal_id: string;
  readonly symbol: string;
  readonly strategy_id?: string;
  readonly side?: 'LONG' | 'SHORT';
  readonly ts?: string;
  readonly hints?: { readonly stop_points?: number };
  readonly cloud?: { readonly p: number; readonly source_model_id: string; readonly latency_ms?: number };
}

export type Leg = 'entry' | 'stop' | 'tp1' | 'target' | 'time' | 'close';

export interface FillReport {
  readonly book?: string;
  /** The broker's id of the execution: it makes a repeat harmless. */
  readonly fill_id: string;
  readonly decision_id?: string;
  readonly intent_id?: string;
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly contracts: number;
  /** The fill that this one takes the place of; with 0 contracts it takes it back. */
  readonly corrects?: string;
  readonly price: number;
  readonly fee_usd?: number;
  readonly ts: string;
  readonly leg?: Leg;
  readonly synthetic?: boolean;
}

/** The account as the broker sees it. */
export interface AccountReport {
  readonly book?: string;
  /** Makes a repeat harmless. */
  readonly snapshot_id: string;
  readonly ts: string;
  /** All open positions; signed. */
  readonly positions: readonly { readonly symbol: string; readonly net_contracts: number }[];
  readonly balance_usd?: number;
  readonly can_trade?: boolean;
  readonly synthetic?: boolean;
}

export interface OrderReport {
  readonly book?: string;
  readonly intent_id: string;
  readonly status: 'acknowledged' | 'cancelled' | 'rejected' | 'expired';
  readonly broker_order_id: string;
  readonly ts: string;
  readonly synthetic?: boolean;
}

/** One event: kind `news`, `options` or `calendar`, with the fields that `/docs` lists. */
export interface EventReport {
  readonly kind: 'news' | 'options' | 'calendar';
  readonly source: string;
  readonly id?: string | undefined;
  readonly [field: string]: unknown;
}

export interface EventsAnswer extends Answer {
  readonly status: 'ok' | 'accepted';
  readonly events: readonly {
    readonly entry_id: string;
    readonly decision_id: string | null;
    readonly repeated: boolean;
    readonly score: number | null;
  }[];
}

export interface CloseReport {
  readonly book?: string;
  readonly decision_id: string;
  readonly exit_price: number;
  readonly exit_ts: string;
  readonly final_contracts?: number;
  readonly close_id?: string;
}

/** An answer of the gateway: the fields that programs need by name, the others as `/docs` lists them. */
export type Answer = Readonly<Record<string, unknown>>;

export interface SignalAnswer extends Answer {
  readonly action: 'BUY' | 'SELL' | 'HOLD' | 'EXIT' | 'NONE';
  readonly size: number;
  readonly final: boolean;
  readonly reason: string;
  readonly decision_id: string | null;
}

export interface FillAnswer extends Answer {
  readonly status: 'ok' | 'accepted';
  readonly matched?: boolean | null;
  readonly net_contracts?: number | null;
}

export interface AccountAnswer extends Answer {
  readonly status: 'ok' | 'accepted';
  /** Missing where the comparison did not come in time: send the same again. */
  readonly matched?: boolean;
  readonly our_balance_usd?: number | null;
  readonly their_balance_usd?: number | null;
}

/** A position as the book sees it. */
export interface BookPosition extends Answer {
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly quantity: number;
  readonly decision_id: string;
  readonly stop_ticks: number | null;
  readonly stop_points?: number;
}

export interface BookOrder extends Answer {
  readonly intent_id: string;
  readonly decision_id: string;
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly quantity: number;
  readonly expires_us: number;
  readonly broker_order_id: string;
}

/** What the book believes to be open. */
export interface OrdersAnswer {
  readonly book: string;
  readonly seq: number;
  readonly book_time: string | null;
  readonly degraded: boolean;
  readonly positions: readonly BookPosition[];
  readonly working: readonly BookOrder[];
  readonly synthetic: boolean;
}

const TIMEOUT_MS = 5_000;
const ATTEMPTS = 4;
const PAUSE_MS = 200;
/** Nothing is known of what became of the call: the same call again is the way to find out. */
const UNKNOWN_OUTCOMES: ReadonlySet<string> = new Set([
  'outcome_unknown',
  'bus_refused',
  'too_busy',
  'not_ready',
]);

/** The gateway's HTTP, typed. Throws {@link GatewayError}. */
export class GatewayClient {
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #attempts: number;
  readonly #pause: (ms: number) => Promise<void>;

  constructor(options: GatewayClientOptions) {
    this.#url = options.url.replace(/\/$/, '');
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#attempts = options.attempts ?? ATTEMPTS;
    this.#pause = options.pause ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  tick(bar: BarReport): Promise<Answer> {
    return this.#post('/v1/tick', bar);
  }

  signal(request: SignalRequest): Promise<SignalAnswer> {
    return this.#post('/v1/signal', request);
  }

  fill(report: FillReport): Promise<FillAnswer> {
    return this.#post('/v1/fill', report);
  }

  order(report: OrderReport): Promise<Answer> {
    return this.#post('/v1/order', report);
  }

  account(report: AccountReport): Promise<AccountAnswer> {
    return this.#post('/v1/account', report);
  }

  /** Events of auxiliary streams: all are taken, or none. */
  events(events: readonly EventReport[], book?: string): Promise<EventsAnswer> {
    return this.#post('/v1/events', { ...(book === undefined ? {} : { book }), events });
  }

  close(report: CloseReport): Promise<Answer> {
    return this.#post('/v1/close', report);
  }

  orders(book?: string): Promise<OrdersAnswer> {
    return this.#get(`/v1/orders${query(book)}`);
  }

  stats(book?: string): Promise<Answer> {
    return this.#get(`/v1/stats${query(book)}`);
  }

  health(): Promise<Answer> {
    return this.#get('/health');
  }

  decision(id: string): Promise<Answer> {
    return this.#get(`/v1/decisions/${encodeURIComponent(id)}`);
  }

  #get<T>(path: string): Promise<T> {
    return this.#call<T>(path, { method: 'GET' });
  }

  #post<T>(path: string, body: object): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    return this.#call<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #call<T>(path: string, init: RequestInit): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once<T>(path, init);
      } catch (cause) {
        const again = cause instanceof GatewayError && isUnknown(cause) && attempt < this.#attempts;
        if (!again) throw cause;
      }
      await this.#pause(PAUSE_MS * attempt);
    }
  }

  async #once<T>(path: string, init: RequestInit): Promise<T> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(this.#url + path, { ...init, signal });
      body = await response.json();
    } catch (cause) {
      throw new GatewayError(0, 'unreachable', cause instanceof Error ? cause.message : 'No answer');
    }
    // The schema of each answer is the gateway's; its own tests hold it to that.
    if (response.ok) return body as T;
    throw refusal(response.status, body);
  }
}

function query(book: string | undefined): string {
  return book === undefined ? '' : `?book=${encodeURIComponent(book)}`;
}

function isUnknown({ code }: GatewayError): boolean {
  return code === 'unreachable' || UNKNOWN_OUTCOMES.has(code);
}

interface RefusalBody {
  readonly code?: string;
  readonly message?: string;
  readonly problems?: readonly { readonly path: string; readonly message: string }[];
}

function refusal(status: number, body: unknown): GatewayError {
  const given = (body as { readonly error?: RefusalBody } | null)?.error ?? {};
  const code = given.code ?? 'unknown';
  return new GatewayError(status, code, given.message ?? code, given.problems ?? []);
}
