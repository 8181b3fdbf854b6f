import { decisionId } from '@bellwether/kernel';

/** One server-sent event without its id. `data` becomes one line of JSON. */
export function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment line, so that a quiet connection is seen to be alive. */
export const HEARTBEAT = ': heartbeat\n\n';

/**
 * Where a reader stands: the last frame of each book. As an event id it is the decision id, or several with
 * commas between where the stream holds several books. A book without a frame is left out.
 */
export function positionText(positions: ReadonlyMap<string, number>): string {
  return [...positions]
    .filter(([, seq]) => seq > 0)
    .map(([book, seq]) => decisionId(book, seq))
    .join(',');
}
