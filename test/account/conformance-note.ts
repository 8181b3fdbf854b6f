/** `npm run test:conformance`: one line per case of the account's rules. Exit code 1 where one does not hold. */
import { CASES } from './conformance.js';

let failed = 0;
for (const item of CASES) {
  const { name, source } = item;
  try {
    process.stdout.write(`ok    ${name} [${source}]: ${item.run()}\n`);
  } catch (cause) {
    failed += 1;
    process.stdout.write(
      `FAIL  ${name} [${source}]: ${cause instanceof Error ? cause.message : String(cause)}\n`,
    );
  }
}
process.exitCode = failed === 0 ? 0 : 1;
