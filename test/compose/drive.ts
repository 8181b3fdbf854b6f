import { createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Program A of the proof (prove.sh): a trading client. It knows Bellwether by its HTTP interface alone, sends one day of
 * bars, asks for a decision after every third one, and repeats a call under the same id until it is answered.
 *
 *     node test/dist/compose/drive.js URL BARS.csv LEDGER.jsonl
 *
 * Each line on stdin is a number: how many bars it may have sent by now. It answers `sent N` on stdout. At the end of the
 * input it prints what it has counted. Every acknowledged id is a line of the ledger.
 */

const [url = '', barsFile = '', ledgerFile = ''] = process.argv.slice(2);
const ASK_EVERY_BARS = 3;
/** Of the questions: how often one is asked again, and once with other content. */
const REPEAT_EVERY_QUESTIONS = 10;
const GIVE_UP_MS = 180_000;
const CALL_DEADLINE_MS = 10_000;
const RETRY_PAUSE_MS = 100;
const SYMBOL = 'ES';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Bar {
  readonly ts: string;
  readonly prices: Readonly<Record<'o' | 'h' | 'l' | 'c' | 'v', number>>;
}

const counts = { bars: 0, questions: 0, calls: 0, unanswered: 0, refused: 0, late: 0, repeats: 0 };
const actions = new Map<string, number>();
const ledger = createWriteStream(ledgerFile);

/** One call; null where nobody answered. */
async function call(route: string, body: object): Promise<Answer | null> {
  counts.calls += 1;
  try {
    const response = await fetch(url + route, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_DEADLINE_MS),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  } catch {
    counts.unanswered += 1;
    return null;
  }
}

/** Repeats a call under its id until `done`. 503 and silence say that the outcome is not known; all else is a defect. */
async function callUntil(
  route: string,
  body: object,
  done: (answer: Answer) => boolean,
): Promise<Answer['body']> {
  const until = Date.now() + GIVE_UP_MS;
  while (Date.now() < until) {
    const answer = await call(route, body);
    if (answer !== null && done(answer)) return answer.body;
    if (answer?.status === 503) counts.refused += 1;
    else if (answer?.status === 200) counts.late += 1;
    else if (answer !== null) throw new Error(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
    await delay(RETRY_PAUSE_MS);
  }
  throw new Error(`${route}: no answer within ${GIVE_UP_MS} ms for ${JSON.stringify(body)}`);
}

const accepted = (answer: Answer): boolean => answer.status === 200 || answer.status === 202;
const final = (answer: Answer): boolean => answer.status === 200 && answer.body['final'] === true;

function acknowledge(entry_id: string, decision_id: unknown = null): void {
  ledger.write(`${JSON.stringify({ entry_id, decision_id })}\n`);
}

async function ask(bar: Bar, n: number): Promise<void> {
  const ts = new Date(Date.parse(bar.ts) + 60_000).toISOString();
  const signal = { signal_id: `drive-${n}`, symbol: SYMBOL, ts };
  const decision = await callUntil('/v1/signal', signal, final);
  acknowledge(`signal:${signal.signal_id}`, decision['decision_id']);
  const action = String(decision['action']);
  actions.set(action, (actions.get(action) ?? 0) + 1);
  counts.questions += 1;
  if (n % REPEAT_EVERY_QUESTIONS !== 0) return;
  counts.repeats += 1;
  const again = await callUntil('/v1/signal', signal, final);
  if (again['decision_id'] !== decision['decision_id'])
    throw new Error(`${signal.signal_id}: another decision`);
  await callUntil(
    '/v1/signal',
    { ...signal, side: 'LONG', strategy_id: 'S2' },
    ({ status }) => status === 409,
  );
}

async function send(bar: Bar, index: number): Promise<void> {
  const tick = { symbol: SYMBOL, ts: bar.ts, ...bar.prices, source: 'drive', synthetic: true };
  const answer = await callUntil('/v1/tick', tick, accepted);
  acknowledge(String(answer['entry_id']));
  counts.bars += 1;
  if (index % ASK_EVERY_BARS === 0) await ask(bar, index / ASK_EVERY_BARS);
}

function readBars(file: string): readonly Bar[] {
  const [, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  return rows.map((row) => {
    const [ts = '', ...numbers] = row.split(',');
    const [o = NaN, h = NaN, l = NaN, c = NaN, v = NaN] = numbers.map(Number);
    return { ts, prices: { o, h, l, c, v } };
  });
}

const bars = readBars(barsFile);
for await (const line of createInterface({ input: process.stdin })) {
  const allowed = Math.min(Number(line), bars.length);
  for (const bar of bars.slice(counts.bars, allowed)) await send(bar, counts.bars);
  process.stdout.write(`sent ${counts.bars}\n`);
}
await new Promise((resolve) => ledger.end(resolve));
process.stdout.write(`${JSON.stringify({ ...counts, actions: Object.fromEntries(actions) })}\n`);
