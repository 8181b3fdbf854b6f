import { CheckFailed, NotMeasured, type BenchReport, type Scale } from './bench.js';
import { MEASURES, type MeasureName } from './measures.js';

/** What the process of one measure says to the one that has started it. */
export type MeasureMessage =
  | { readonly progress: string }
  | { readonly report: BenchReport }
  | { readonly broken: string }
  | { readonly notMeasured: string };

function say(message: MeasureMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

async function measured(name: MeasureName, scale: Scale): Promise<MeasureMessage> {
  try {
    return { report: await MEASURES[name].run(scale, (progress) => void say({ progress })) };
  } catch (cause) {
    if (cause instanceof NotMeasured) return { notMeasured: cause.message };
    if (cause instanceof CheckFailed) return { broken: `This does not hold: ${cause.message}` };
    return { broken: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
  }
}

// Whoever has started it is gone: nobody waits for the result.
process.once('disconnect', () => process.exit());
const [, , name, scale] = process.argv;
await say(await measured(name as MeasureName, scale as Scale));
process.disconnect();
