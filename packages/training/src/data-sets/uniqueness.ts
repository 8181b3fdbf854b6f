/** What of a row says for how long its label was open. Microseconds. */
export interface LabelSpan {
  readonly symbol: string;
  readonly start_us: number;
  readonly end_us: number;
}

/**
 * Average uniqueness of each label (López de Prado 2018, chapter 4): the mean, over the bars from `start_us` to `end_us`, of one
 * divided by the number of labels that are open then on the symbol; scaled to 1 on average. Two labels that look at the same half
 * hour count together about as much as one. The spans come in order of time.
 */
export function averageUniqueness(spans: readonly LabelSpan[], interval_us: number): Float32Array {
  const weights = new Float32Array(spans.length);
  for (const symbol of new Set(spans.map((span) => span.symbol))) {
    const places = spans.flatMap((span, i) => (span.symbol === symbol ? [i] : []));
    forSymbol(places, spans, interval_us, weights);
  }
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, spans.length);
  return mean > 0 ? weights.map((weight) => weight / mean) : weights;
}

/** Bars are counted among those at which a label begins or ends, so that nights and weekends cost nothing. */
function forSymbol(
  places: readonly number[],
  spans: readonly LabelSpan[],
  interval_us: number,
  weights: Float32Array,
): void {
  const slotOf = (us: number): number => Math.floor(us / interval_us);
  const first = Math.min(...boundsOf(places, spans, 'start_us').map(slotOf));
  const last = Math.max(...boundsOf(places, spans, 'end_us').map(slotOf));
  const change = new Float64Array(last - first + 3);
  for (const place of places) {
    const { start_us, end_us } = spans[place]!;
    change[slotOf(start_us) - first]! += 1;
    change[lastSlot(start_us, end_us, slotOf) - first + 1]! -= 1;
  }
  const shares = new Float64Array(change.length + 1);
  let open = 0;
  for (let slot = 0; slot < change.length; slot++) {
    open += change[slot]!;
    shares[slot + 1] = shares[slot]! + (open > 0 ? 1 / open : 0);
  }
  for (const place of places) {
    const { start_us, end_us } = spans[place]!;
    const from = slotOf(start_us) - first;
    const to = lastSlot(start_us, end_us, slotOf) - first + 1;
    weights[place] = (shares[to]! - shares[from]!) / (to - from);
  }
}

/** The slot in which the label is still open; it is closed at its end. */
function lastSlot(start_us: number, end_us: number, slotOf: (us: number) => number): number {
  return Math.max(slotOf(start_us), slotOf(end_us - 1));
}

/** Least and largest, without a spread of many arguments. */
function boundsOf(
  places: readonly number[],
  spans: readonly LabelSpan[],
  side: 'start_us' | 'end_us',
): readonly number[] {
  let [least, most] = [Infinity, -Infinity];
  for (const place of places) {
    const us = spans[place]![side];
    least = Math.min(least, us);
    most = Math.max(most, us);
  }
  return [least, most];
}
