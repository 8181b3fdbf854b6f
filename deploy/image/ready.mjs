// Exits with 0 when a page of this container answers 200: the health check of every service.
//   node deploy/image/ready.mjs [URL]
// Without a URL it asks the health page whose port is in BW_HEALTH_PORT. The image has no curl and needs none.
import http from 'node:http';

const DEADLINE_MS = 2_500;
const url = process.argv[2] ?? `http://127.0.0.1:${process.env.BW_HEALTH_PORT ?? ''}/readyz`;

const request = http.get(url, { timeout: DEADLINE_MS }, (response) => {
  // What is missing stands in the body: `docker inspect` shows it.
  response.setEncoding('utf8').on('data', (text) => process.stdout.write(text));
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
request.on('timeout', () => request.destroy(new Error(`No answer within ${DEADLINE_MS} ms`)));
request.on('error', (cause) => {
  process.stdout.write(`${url}: ${cause.message}\n`);
  process.exitCode = 1;
});
