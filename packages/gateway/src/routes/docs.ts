import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';

// The plugin @fastify/swagger-ui serves the same files by way of @fastify/static, which Jest cannot load (it
// requires an ES module). Two files and a page need no static server.
const assetFolder = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')),
  'static',
);

const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

const PAGE = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Bellwether: HTTP reference</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui">
      The reference needs a script. The same as JSON: <a href="/docs/json">/docs/json</a>
    </div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: '/docs/json',
  deepLinking: true,
  validatorUrl: null,
});
`;

/** Own scripts only; the reference page sets styles on its elements. */
const PAGE_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data:`,
  `connect-src 'self'`,
  `frame-ancestors 'none'`,
].join('; ');

/** `GET /docs`, the page, and `/docs/json`, the OpenAPI document. */
export function docsRoutes(app: FastifyInstance): void {
  const schema = { hide: true };
  for (const url of ['/docs', '/docs/']) {
    app.get(url, { schema }, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).send(PAGE),
    );
  }
  app.get('/docs/json', { schema }, () => app.swagger());
  app.get('/docs/start.js', { schema }, async (_request, reply) =>
    reply.type(ASSETS['swagger-ui-bundle.js']).send(START),
  );
  for (const [name, type] of Object.entries(ASSETS)) {
    app.get(`/docs/${name}`, { schema }, async (_request, reply) =>
      reply.type(type).send(await readFile(path.join(assetFolder, name))),
    );
  }
}
