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

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * The host names that requests may name: those given; else those of loopback where the gateway is bound to it; else null,
 * for any.
 */
export function allowedNames(host: string, given: readonly string[] | undefined): ReadonlySet<string> | null {
  if (given !== undefined && given.length > 0) return new Set(given.map((name) => name.toLowerCase()));
  return LOOPBACK.has(host) ? LOOPBACK : null;
}

/**
 * True where a request names one of these hosts. A page in a browser that was led here by a DNS answer (rebinding) names its
 * own.
 */
export function namesOneOf(hostHeader: string | undefined, names: ReadonlySet<string>): boolean {
  if (hostHeader === undefined) return false;
  const name = /^(\[[^\]]+\]|[^:]+)(?::\d{1,5})?$/.exec(hostHeader)?.[1];
  return name !== undefined && names.has(name.replace(/^\[|\]$/g, '').toLowerCase());
}
