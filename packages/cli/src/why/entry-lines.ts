import { evidenceLine } from '@bellwether/evidence';
import {
  EntryKindName,
  FillLegName,
  OrderOutcomeName,
  PromotionCause,
  PromotionCauseName,
  REASONS,
  SideName,
  StrategyName,
  type AuxEvent,
  type Entry,
  type ModelPromotion,
} from '@bellwether/contracts';
import { chicagoText } from '@bellwether/market';
import { placeOf } from '@bellwether/model-slots';
import { points } from './words.js';

export function cameIn(entry: Entry | null): string[] {
  if (entry === null) return ['nothing'];
  const lines = [
    `${EntryKindName[entry.kind]} ${entry.id}`,
    `at ${chicagoText(entry.event_us)}, from ${entry.source}`,
  ];
  if (entry.bar) {
    const { open_ticks, high_ticks, low_ticks, close_ticks, volume } = entry.bar;
    const prices = [open_ticks, high_ticks, low_ticks, close_ticks].map(points);
    lines.push(
      `${entry.bar.symbol} open ${prices[0]}, high ${prices[1]}, low ${prices[2]}, close ${prices[3]}`,
    );
    lines.push(volume === null ? 'volume not known' : `volume ${volume}`);
  }
  if (entry.signal) {
    const { symbol, strategy, side, stop_distance_ticks, cloud } = entry.signal;
    const asked =
      strategy === null
        ? 'choose for me'
        : `${StrategyName[strategy]} ${side === null ? '' : SideName[side]}`;
    lines.push(`${symbol}: ${asked}`);
    if (stop_distance_ticks !== null) lines.push(`the caller's stop is ${stop_distance_ticks} ticks away`);
    if (cloud !== null) lines.push(`the caller's forecast ${cloud.p} by ${cloud.source_model_id}`);
  }
  if (entry.release) lines.push(evidenceLine(entry.release.config?.evidence ?? null));
  if (entry.fill) {
    const { side, quantity, symbol, price_ticks, leg } = entry.fill;
    lines.push(`${FillLegName[leg]} fill: ${SideName[side]} ${quantity} ${symbol} at ${points(price_ticks)}`);
  }
  if (entry.order_ack) {
    const { intent_id, broker_order_id } = entry.order_ack;
    lines.push(`order ${intent_id} stands at the broker as ${broker_order_id}`);
  }
  if (entry.order_end) {
    const { intent_id, outcome, reason: code } = entry.order_end;
    lines.push(`order ${intent_id} ended: ${OrderOutcomeName[outcome]} (${REASONS[code].name})`);
  }
  if (entry.aux) lines.push(...eventLines(entry.aux));
  if (entry.model) lines.push(...modelLines(entry.model));
  if (entry.mode) {
    const { degraded, p99_us, bound_us, decisions } = entry.mode;
    lines.push(
      `the book is ${degraded ? 'slow' : 'no longer slow'}: p99 ${p99_us / 1_000} ms of ${decisions} decisions, bound ${bound_us / 1_000} ms`,
    );
  }
  if (entry.audit) {
    const { behind, decided_seq, audited_seq } = entry.audit;
    lines.push(
      `the audit log ${behind ? 'is behind' : 'has caught up'}: frame ${audited_seq} of ${decided_seq}`,
    );
  }
  return lines;
}

/** Whoever changed the registry wrote the note: nothing in it may move a cursor. */
function modelLines({ model, regime, version, cause, note }: ModelPromotion): string[] {
  const what = version === '' ? 'no model' : `version ${version}`;
  const said = `${placeOf(model, regime)}: ${what}, ${PromotionCauseName[cause].replace('_', ' ')}`;
  const unchanged = cause === PromotionCause.REVIEWED ? ['nobody else decides because of it'] : [];
  return [said, ...unchanged, ...(note === '' ? [] : [note.replace(/\p{C}/gu, ' ')])];
}

/** Headlines were cleaned when they were taken in: nothing in them can move a cursor. */
function eventLines({ news, options, economic }: AuxEvent): string[] {
  const lines: string[] = [];
  if (news !== null) {
    const scored = news.score === null ? 'no known word' : `score ${news.score.toFixed(2)}`;
    lines.push(`news: ${news.headline}`, `${scored}, by ${news.method}`);
  }
  if (options !== null) {
    const { underlying, put_volume, call_volume } = options;
    lines.push(`options on ${underlying}: ${put_volume} puts, ${call_volume} calls since the open`);
  }
  if (economic !== null) {
    const { from_us, to_us, releases } = economic;
    lines.push(`calendar ${chicagoText(from_us)} to ${chicagoText(to_us)}: ${releases.length} releases`);
  }
  return lines;
}
