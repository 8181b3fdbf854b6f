import type { AcceptedAnswer } from '../schema/answer-fields.js';

/** The entry is stored, and its result is not there yet. */
export function acceptedBody(entryId: string): AcceptedAnswer {
  return {
    status: 'accepted',
    entry_id: entryId,
    reason: 'timeout',
    reason_text: 'The entry is stored. Its result did not come before the deadline of the call.',
    next: 'Repeat the call with the same content to see the result.',
  };
}
