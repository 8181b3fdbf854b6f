import { createHash, timingSafeEqual } from 'node:crypto';
import { BellwetherError } from '@bellwether/contracts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Throws unless the request carries the operator's token: `operator_off` where the gateway has none, `unauthorized` where
 * the header names another or none. The comparison takes the same time whatever was sent.
 */
export function requireOperator(token: string, authorization: string | undefined): void {
  if (token === '') throw new BellwetherError('operator_off', 'This gateway takes no operator commands');
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new BellwetherError('unauthorized', 'The request does not carry the token of the operator');
}
