import type { OutgoingHttpHeaders } from 'node:http';
import { barOf } from './harness.js';

/** A request that is refused, and how. */
export interface BadRequest {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly status: number;
  readonly code: string;
  /** Paths of the problems, in any order; not compared where it is missing. */
  readonly problems?: readonly string[];
}

const JSON_TYPE = { 'content-type': 'application/json' };

const SIGNAL = { signal_id: 'x-1', symbol: 'ES' };
const FILL = {
  fill_id: 'f-1',
  symbol: 'ES',
  side: 'LONG',
  contracts: 1,
  price: 6605.75,
  ts: '2025-09-15T13:31:00Z',
};
const CLOSE = { decision_id: 'es-1', exit_price: 6608.25, exit_ts: '2025-09-15T13:45:00Z' };

function post(path: string, name: string, body: unknown, expected: Partial<BadRequest>): BadRequest {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return {
    name: `POST ${path}: ${name}`,
    method: 'POST',
    path,
    headers: JSON_TYPE,
    body: text,
    status: 400,
    code: 'invalid_request',
    ...expected,
  };
}

function get(path: string, name: string, expected: Partial<BadRequest>): BadRequest {
  return {
    name: `GET ${path.length > 60 ? `${path.slice(0, 60)}…` : path}: ${name}`,
    method: 'GET',
    path,
    status: 400,
    code: 'invalid_request',
    ...expected,
  };
}

const tick = (name: string, changes: Readonly<Record<string, unknown>>, expected: Partial<BadRequest> = {}) =>
  post('/v1/tick', name, barOf(0, changes), expected);
const signal = (name: string, changes: object, expected: Partial<BadRequest> = {}) =>
  post('/v1/signal', name, { ...SIGNAL, ...changes }, expected);
const fill = (name: string, changes: object, expected: Partial<BadRequest> = {}) =>
  post('/v1/fill', name, { ...FILL, ...changes }, expected);
const ORDER = {
  ...{ intent_id: 'es-1/1', status: 'expired', broker_order_id: 'b-1' },
  ts: '2025-09-15T13:31:00Z',
};
const close = (name: string, changes: object, expected: Partial<BadRequest> = {}) =>
  post('/v1/close', name, { ...CLOSE, ...changes }, expected);
const raw = (name: string, body: string | Buffer, expected: Partial<BadRequest> = {}) =>
  post('/v1/signal', name, body, { code: 'invalid_json', ...expected });

const BODIES: readonly BadRequest[] = [
  raw('no body at all', ''),
  raw('not JSON', 'signal_id=x-1'),
  raw('cut off', '{"signal_id":"x-1","symbol":"ES"'),
  raw('a comma too many', '{"signal_id":"x-1","symbol":"ES",}'),
  raw('NaN', '{"signal_id":"x-1","symbol":"ES","cloud":{"p":NaN,"source_model_id":"m"}}'),
  raw('Infinity', '{"signal_id":"x-1","symbol":"ES","cloud":{"p":Infinity,"source_model_id":"m"}}'),
  raw('bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
  raw('a byte order mark', Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from(JSON.stringify(SIGNAL))])),
  raw('a key twice', '{"signal_id":"x-1","symbol":"ES","symbol":"NQ"}', { problems: ['symbol'] }),
  raw('a key twice inside', '{"signal_id":"x-1","symbol":"ES","hints":{"stop_points":3,"stop_points":4}}', {
    problems: ['hints.stop_points'],
  }),
  raw('the same key by an escape', '{"signal_id":"x-1","symbol":"ES","s\\u0079mbol":"NQ"}', {
    problems: ['symbol'],
  }),
  raw('__proto__', '{"signal_id":"x-1","symbol":"ES","__proto__":{"side":"LONG"}}', {
    problems: ['__proto__'],
  }),
  raw('constructor and prototype', '{"symbol":"ES","constructor":{"prototype":{"x":1}}}', {
    problems: ['constructor', 'constructor.prototype'],
  }),
  raw('nested too deep', `{"signal_id":${'['.repeat(60)}${']'.repeat(60)}}`),
  raw('nested as deep as fits', `${'['.repeat(30_000)}${']'.repeat(30_000)}`),
  raw('a list', '[]', { code: 'invalid_request', problems: [''] }),
  raw('null', 'null', { code: 'invalid_request', problems: [''] }),
  raw('a string', '"x-1"', { code: 'invalid_request', problems: [''] }),
  raw('1e400 for a number', '{"signal_id":"x-1","symbol":"ES","hints":{"stop_points":1e400}}', {
    code: 'invalid_request',
    problems: ['hints.stop_points'],
  }),
  raw('a body over the limit', JSON.stringify({ ...SIGNAL, note: 'x'.repeat(70_000) }), {
    status: 413,
    code: 'body_too_large',
  }),
  raw('another type', JSON.stringify(SIGNAL), {
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'unsupported_media_type',
  }),
  raw('a form', 'signal_id=x-1&symbol=ES', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'unsupported_media_type',
  }),
  raw('no type', JSON.stringify(SIGNAL), { headers: {}, status: 415, code: 'unsupported_media_type' }),
  raw('a type that is none', JSON.stringify(SIGNAL), {
    headers: { 'content-type': ';;' },
    status: 415,
    code: 'unsupported_media_type',
  }),
  raw('a compressed body', JSON.stringify(SIGNAL), {
    headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
    status: 415,
    code: 'unsupported_media_type',
  }),
];

const TICKS: readonly BadRequest[] = [
  post('/v1/tick', 'an empty object', {}, { problems: ['symbol', 'ts', 'o', 'h', 'l', 'c'] }),
  tick(
    'everything wrong at once',
    { symbol: 'es', ts: 'now', o: '1', h: -1, c: null, extra: 1 },
    {
      problems: ['symbol', 'ts', 'o', 'h', 'c', 'extra'],
    },
  ),
  tick('a price off the grid', { c: 6605.3 }, { code: 'off_tick_grid', problems: ['c'] }),
  tick(
    'all prices off the grid',
    { o: 6605.1, h: 6606.1, l: 6604.1, c: 6605.2 },
    {
      code: 'off_tick_grid',
      problems: ['o', 'h', 'l', 'c'],
    },
  ),
  tick('off the grid and an unknown field', { c: 6605.3, x: 1 }, { problems: ['c', 'x'] }),
  tick('an unknown symbol', { symbol: 'CL' }, { code: 'unknown_symbol', problems: ['symbol'] }),
  tick('a known symbol that the book does not trade', { symbol: 'MES' }, { code: 'unknown_symbol' }),
  tick(
    'a book that is not there',
    { book: 'nowhere' },
    { status: 404, code: 'unknown_book', problems: ['book'] },
  ),
  tick('a name that cannot be a book', { book: '../etc' }, { problems: ['book'] }),
  tick('a negative price', { l: -6604.25 }, { problems: ['l'] }),
  tick('a price of zero', { l: 0 }, { problems: ['l'] }),
  tick('prices as text', { o: '6604.75' }, { problems: ['o'] }),
  tick('a price beyond reason', { h: 1e300 }, { problems: ['h'] }),
  tick('the high below the close', { h: 6605.25 }, { problems: ['h'] }),
  tick('the low above the open', { l: 6605 }, { problems: ['l'] }),
  tick('a negative volume', { v: -1 }, { problems: ['v'] }),
  tick('half a contract of volume', { v: 0.5 }, { problems: ['v'] }),
  tick('a volume beyond 2^53', { v: 1e17 }, { problems: ['v'] }),
  tick('a time without a zone', { ts: '2025-09-15T13:30:00' }, { problems: ['ts'] }),
  tick('a time in seconds', { ts: 1_757_943_000 }, { problems: ['ts'] }),
  tick(
    'a bar that the trading calendar does not know',
    { ts: '2012-09-14T13:30:00Z' },
    { problems: ['ts'], code: 'no_calendar' },
  ),
  tick('30 February', { ts: '2025-02-30T13:30:00Z' }, { problems: ['ts'] }),
  tick('the year 1999', { ts: '1999-12-31T23:59:00Z' }, { problems: ['ts'] }),
  tick('a time between two bars', { ts: '2025-09-15T13:30:30Z' }, { problems: ['ts'] }),
  tick('a bar that is still running', { ts: '2025-09-15T14:00:00Z' }, { problems: ['ts'] }),
  tick('an interval that there is not', { interval: '2m' }, { problems: ['interval'] }),
  tick('a source with a colon', { source: 'a:b' }, { problems: ['source'] }),
  tick('a trade direction of 0', { lastTradeDir: 0 }, { problems: ['lastTradeDir'] }),
  tick('one field in both spellings', { bid_size: 1, bidSize: 1 }, { problems: ['bidSize'] }),
];

const SIGNALS: readonly BadRequest[] = [
  signal('no id', { signal_id: undefined }, { problems: ['signal_id'] }),
  signal('an empty id', { signal_id: '' }, { problems: ['signal_id'] }),
  signal('an id of 129 characters', { signal_id: 'x'.repeat(129) }, { problems: ['signal_id'] }),
  signal('an id with a blank', { signal_id: 'x 1' }, { problems: ['signal_id'] }),
  signal('an id in Greek', { signal_id: 'σήμα' }, { problems: ['signal_id'] }),
  signal('an id with a wildcard of the bus', { signal_id: 'x.>' }, { problems: ['signal_id'] }),
  signal('an id with a line end', { signal_id: 'x\r\ny' }, { problems: ['signal_id'] }),
  signal('a number for an id', { signal_id: 7 }, { problems: ['signal_id'] }),
  signal('both spellings of the id', { signalId: 'x-1' }, { problems: ['signalId'] }),
  signal('a strategy that there is not', { strategy_id: 'S13' }, { problems: ['strategy_id'] }),
  signal('a side that there is not', { side: 'UP' }, { problems: ['side'] }),
  signal('the side that says nothing', { side: 'UNSPECIFIED' }, { problems: ['side'] }),
  signal(
    'a stop off the grid',
    { hints: { stopPoints: 3.1 } },
    {
      code: 'off_tick_grid',
      problems: ['hints.stopPoints'],
    },
  ),
  signal('a negative stop', { hints: { stop_points: -3 } }, { problems: ['hints.stop_points'] }),
  signal('an unknown hint', { hints: { target: 3 } }, { problems: ['hints.target'] }),
  signal('hints as a list', { hints: [3] }, { problems: ['hints'] }),
  signal('a probability above 1', { cloud: { p: 1.01, source_model_id: 'm' } }, { problems: ['cloud.p'] }),
  signal('a forecast without its model', { cloud: { p: 0.5 } }, { problems: ['cloud.source_model_id'] }),
  signal('a field that there is not', { size: 3 }, { problems: ['size'] }),
  { ...signal('a query', {}), path: '/v1/signal?book=es', problems: ['book'] },
];

const REPORTS: readonly BadRequest[] = [
  fill('no id of the execution', { fill_id: undefined }, { problems: ['fill_id'] }),
  fill('no contracts', { contracts: 0 }, { problems: ['contracts'] }),
  fill('half a contract', { contracts: 0.5 }, { problems: ['contracts'] }),
  fill('a price off the grid', { price: 6605.8 }, { code: 'off_tick_grid', problems: ['price'] }),
  fill('two spellings of the price', { entryPrice: 6605.75 }, { problems: ['entryPrice'] }),
  fill('a fee with a fraction of a cent', { fee_usd: 1.234 }, { problems: ['fee_usd'] }),
  fill('a negative fee', { fee_usd: -1 }, { problems: ['fee_usd'] }),
  fill('a time that is not yet', { ts: '2025-09-15T14:30:00Z' }, { problems: ['ts'] }),
  fill('no time', { ts: undefined }, { problems: ['ts'] }),
  fill('a leg that there is not', { leg: 'trailing' }, { problems: ['leg'] }),
  post('/v1/order', 'no decision behind the order', ORDER, { status: 404, code: 'unknown_order' }),
  post('/v1/order', 'an id that is none', { ...ORDER, intent_id: 'nonsense' }, { problems: ['intent_id'] }),
  post(
    '/v1/order',
    'a status that an order cannot have',
    { ...ORDER, status: 'filled' },
    { problems: ['status'] },
  ),
  post('/v1/account', 'an empty object', {}, { problems: ['snapshot_id', 'ts', 'positions'] }),
  post(
    '/v1/account',
    'a symbol twice',
    {
      ...{ snapshot_id: 'x', ts: '2025-09-15T13:31:00Z' },
      positions: [
        { symbol: 'ES', net_contracts: 1 },
        { symbol: 'ES', net_contracts: 1 },
      ],
    },
    { problems: ['positions.1.symbol'] },
  ),
  close('no decision', { decision_id: undefined }, { problems: ['decision_id'] }),
  close('a price off the grid', { exit_price: 6608.3 }, { code: 'off_tick_grid', problems: ['exit_price'] }),
  close('a negative rest', { final_contracts: -1 }, { problems: ['final_contracts'] }),
  close('a position that there is not', {}, { status: 404, code: 'no_position' }),
];

const READS: readonly BadRequest[] = [
  get('/v1/decisions?limit=0', 'a page of nothing', { problems: ['limit'] }),
  get('/v1/decisions?limit=201', 'a page too large', { problems: ['limit'] }),
  get('/v1/decisions?limit=10&limit=20', 'a limit twice', { problems: ['limit'] }),
  get('/v1/decisions?limit=ten', 'a limit in words', { problems: ['limit'] }),
  get('/v1/decisions?action=panic', 'an action that there is not', { problems: ['action'] }),
  get('/v1/decisions?reason=because', 'a reason that there is not', { problems: ['reason'] }),
  get('/v1/decisions?order=asc', 'a filter that there is not', { problems: ['order'] }),
  get('/v1/decisions?__proto__=1', 'a prototype for a filter', { problems: ['__proto__'] }),
  get('/v1/decisions?before=latest', 'a cursor that is none', { problems: ['before'] }),
  get('/v1/decisions?from=2025-09-15T14:00:00Z&from_us=1757944800000000', 'two starts', {
    problems: ['from_us'],
  }),
  get('/v1/decisions?from=2025-09-16T00:00:00Z&to=2025-09-15T00:00:00Z', 'an end before the start', {
    problems: ['to'],
  }),
  get('/v1/decisions?book=other', 'a book that is not there', { status: 404, code: 'unknown_book' }),
  get('/v1/decisions/es-999', 'a decision that is not there', { status: 404, code: 'decision_not_found' }),
  get('/v1/decisions/es-0', 'an id that is none', { status: 404, code: 'decision_not_found' }),
  get('/v1/decisions/nq-1', 'a decision of no book here', { status: 404, code: 'decision_not_found' }),
  get(`/v1/decisions/${'9'.repeat(500)}`, 'an id without end', { status: 404, code: 'not_found' }),
  get('/v1/decisions/%E0%A4%A', 'a path that cannot be decoded', {}),
  get('/v1/features/es-1', 'a decision id for features', { status: 404, code: 'features_not_found' }),
  get('/v1/features/feat-es-999', 'features that are not there', { status: 404, code: 'features_not_found' }),
  get('/v1/stats?book=other', 'a book that is not there', { status: 404, code: 'unknown_book' }),
  get('/v1/stream?last_event_id=yesterday', 'an event id that is none', { problems: ['last-event-id'] }),
  get('/v1/nothing', 'no such route', { status: 404, code: 'not_found' }),
  get('/v1/signal', 'another method', { status: 405, code: 'method_not_allowed' }),
  { ...get('/health', 'from another site', { problems: ['host'] }), headers: { host: 'evil.example' } },
  { ...get('/v1/decisions', 'deleting', { status: 405, code: 'method_not_allowed' }), method: 'DELETE' },
  { ...get('/v1/decisions/es-1', 'patching', { status: 405, code: 'method_not_allowed' }), method: 'PATCH' },
  { ...get('/v1/signal', 'a preflight', { status: 405, code: 'method_not_allowed' }), method: 'OPTIONS' },
  {
    ...get('/v1/stats', 'a method of WebDAV', { status: 405, code: 'method_not_allowed' }),
    method: 'PROPFIND',
  },
].map((request) => ({ ...request, name: request.name.replace(/^GET/, request.method) }));

/** Every way of asking wrongly that the gateway is known to refuse. */
export const BAD_REQUESTS: readonly BadRequest[] = [...BODIES, ...TICKS, ...SIGNALS, ...REPORTS, ...READS];
