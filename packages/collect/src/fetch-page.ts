import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPrivateAddress } from './private-address.js';

export const BODY_BYTES_MAX = 8 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
const REDIRECTS_MAX = 3;

export interface FetchOptions {
  readonly userAgent: string;
  readonly allowPrivate: boolean;
  readonly etag: string;
  readonly lastModified: string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly bytesMax?: number;
}

export interface Page {
  readonly status: number;
  /** Empty unless the status is 200. */
  readonly body: Buffer;
  readonly etag: string;
  readonly lastModified: string;
  readonly retryAfter: string;
}

/** The address is checked where it is connected to, so that a name cannot stand for another one meanwhile. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, '');
      return;
    }
    const taken = addresses.filter(({ address }) => !isPrivateAddress(address));
    const [first] = taken;
    if (first === undefined) callback(new Error(`${hostname} is a private address`), '');
    else if (options.all === true) callback(null, taken);
    else callback(null, first.address, first.family);
  });
};

function target(text: string, base: string | null, allowPrivate: boolean): URL {
  const url = base === null ? new URL(text) : new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`${url.protocol} is not http or https`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host))
    throw new Error(`${host} is a private address`);
  return url;
}

function once(
  url: URL,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<Page & { readonly location: string }> {
  const { userAgent, etag, lastModified, allowPrivate, bytesMax = BODY_BYTES_MAX } = options;
  const headers: http.OutgoingHttpHeaders = {
    'user-agent': userAgent,
    'accept-encoding': 'identity',
    accept: '*/*',
  };
  if (etag !== '') headers['if-none-match'] = etag;
  if (lastModified !== '') headers['if-modified-since'] = lastModified;
  const request = { headers, signal, agent: false, ...(allowPrivate ? {} : { lookup: publicLookup }) };
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? https.get : http.get;
    const call = get(url, request, (response) => {
      const chunks: Buffer[] = [];
      const refuse = (what: string): void => {
        reject(new Error(what));
        call.destroy();
      };
      let bytes = 0;
      const header = (name: string): string => String(response.headers[name] ?? '').slice(0, 1_000);
      const encoding = header('content-encoding');
      if (encoding !== '' && encoding !== 'identity') {
        refuse(`The answer is packed (${encoding.slice(0, 20)}) although plain text was asked for`);
        return;
      }
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > bytesMax) refuse(`The answer is longer than ${bytesMax} bytes`);
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks),
          etag: header('etag'),
          lastModified: header('last-modified'),
          retryAfter: header('retry-after'),
          location: header('location'),
        });
      });
    });
    call.on('error', reject);
  });
}

/** One polite request: conditional, with a bound for time, length and redirects. Throws an Error with what went wrong. */
export async function fetchPage(address: string, options: FetchOptions): Promise<Page> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)]);
  let url = target(address, null, options.allowPrivate);
  for (let redirects = 0; ; redirects++) {
    const { location, ...page } = await once(url, options, signal);
    if (![301, 302, 303, 307, 308].includes(page.status) || location === '') return page;
    if (redirects >= REDIRECTS_MAX) throw new Error(`More than ${REDIRECTS_MAX} redirects`);
    url = target(location, url.href, options.allowPrivate);
  }
}
