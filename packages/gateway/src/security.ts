/** Sent with every answer. The gateway serves data to programs, and no page but its own documentation. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** For answers that are data: nothing in them may be run, and nothing may keep them. */
export const DATA_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
} as const;

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

/**
 * True where a request to a loopback gateway names a loopback host. A page in a browser that was led here by
 * a DNS answer (rebinding) names its own.
 */
export function namesLoopback(hostHeader: string | undefined): boolean {
  if (hostHeader === undefined) return false;
  const name = /^(\[[^\]]+\]|[^:]+)(?::\d{1,5})?$/.exec(hostHeader)?.[1];
  return name !== undefined && isLoopback(name.replace(/^\[|\]$/g, '').toLowerCase());
}
