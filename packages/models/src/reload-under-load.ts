import { present } from '@bellwether/kernel';
import { ModelHost } from './model-host.js';
import type { ModelStore } from './model-store.js';
import type { Trust } from './verification.js';

export interface ReloadOptions {
  readonly store: ModelStore;
  readonly trust: Trust;
  readonly slot: string;
  /** Two or more, asked in turn. */
  readonly versions: readonly { readonly version: string; readonly sha256: string }[];
  readonly reloads: number;
  /** Fewer than there are versions: every promotion then opens a file and lets another go. */
  readonly openMax: number;
  /** Called after each promotion; a place to look at the memory. */
  readonly onReload?: (reloads: number) => void;
}

export interface ReloadResult {
  readonly reloads: number;
  readonly answered: number;
  readonly failed: number;
  /** Answers of another model than the one that was asked. */
  readonly wrong: number;
  /** Longest time from a question to its answer, milliseconds. */
  readonly slowestMs: number;
}

const ASKERS = 4;

/** Promotes one model after another while questions run all the time, as bars and signals would. */
export async function reloadUnderLoad(options: ReloadOptions): Promise<ReloadResult> {
  const { store, trust, slot, versions, reloads, openMax, onReload } = options;
  const host = new ModelHost({ store, trust, openMax });
  const width = await inputWidth(store, slot, present(versions[0], 'a version').version);
  const expected = new Map<string, string>();
  for (const version of versions) {
    const [answer] = await host.infer([{ model: slot, ...version, inputs: new Float32Array(width).fill(1) }]);
    expected.set(version.sha256, JSON.stringify(answer?.outputs));
  }
  let champion = present(versions[0], 'a version');
  const total = { answered: 0, failed: 0, wrong: 0, slowestMs: 0 };
  let running = true;
  const ask = async (): Promise<void> => {
    while (running) {
      const asked = champion;
      const from = performance.now();
      try {
        const [answer] = await host.infer([
          { model: slot, ...asked, inputs: new Float32Array(width).fill(1) },
        ]);
        total.answered += 1;
        if (JSON.stringify(answer?.outputs) !== expected.get(asked.sha256)) total.wrong += 1;
      } catch {
        total.failed += 1;
      }
      total.slowestMs = Math.max(total.slowestMs, performance.now() - from);
    }
  };
  const askers = Array.from({ length: ASKERS }, ask);
  for (let i = 1; i <= reloads; i++) {
    champion = present(versions[i % versions.length], 'a version');
    // Taken when it answers for the first time, as a promotion's entry asks it.
    await host.infer([{ model: slot, ...champion, inputs: new Float32Array(width).fill(1) }]);
    onReload?.(i);
  }
  running = false;
  await Promise.all(askers);
  await host.close();
  return { reloads, ...total };
}

async function inputWidth(store: ModelStore, slot: string, version: string): Promise<number> {
  const files = present(await store.files(slot, version), 'the files of a version');
  const { inputs } = JSON.parse(files.manifest) as { inputs: readonly { shape: readonly number[] }[] };
  return inputs.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
