import type { Socket } from 'node:net';
import { errorBody } from './error-answer.js';

const STATUS_LINES: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Answers bytes that are no HTTP request, in the form of every other refusal, and hangs up. */
export function answerClientError(cause: Error & { readonly code?: string }, socket: Socket): void {
  if (cause.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const body = JSON.stringify(
      errorBody('invalid_request', 'The bytes are not an HTTP request that is taken here'),
    );
    const status = STATUS_LINES[cause.code ?? ''] ?? '400 Bad Request';
    const head = [
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    socket.write(`HTTP/1.1 ${status}\r\n${head.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`);
  }
  socket.destroySoon();
}
