#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/show/main.js', import.meta.url);
if (existsSync(entry)) {
  const { main } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('The importers are not built yet. Run: npm run setup\n');
  process.exitCode = 2;
}
