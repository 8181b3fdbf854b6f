import { writeFileSync } from 'node:fs';
import { ChoiceCollector } from '@bellwether/bandit';
import { BellwetherError, DataOrigin, PromotionCauseName } from '@bellwether/contracts';
import { evidenceLine } from '@bellwether/evidence';
import { z } from 'zod';
import { readRecorded } from '../bandit/recorded-frames.js';
import { askTrunk } from '../bandit/trunk-said.js';
import { openRegistry, trustOf } from '../data/plan-models.js';
import { learnReport } from '../learn/build-report.js';
import { reportPage } from '../learn/report-page.js';
import type { LearnInput, PromotionSeen } from '../learn/report-model.js';
import { reportText } from '../learn/report-text.js';
import { sizingPicture } from '../learn/sizing-picture.js';

const optionsSchema = z.strictObject({
  audit: z.string().min(1).optional(),
  from: z.string().min(1).optional(),
  book: z.string().min(1).optional(),
  models: z.string().min(1).optional(),
  unsignedModels: z.boolean().optional(),
  html: z
    .string()
    .refine((file) => file.endsWith('.html'), 'Expected a file that ends in .html')
    .optional(),
  json: z.boolean().optional(),
});

type Recorded = Omit<LearnInput, 'trunk' | 'sizing'>;

async function recorded(options: z.output<typeof optionsSchema>): Promise<Recorded> {
  const collector = new ChoiceCollector();
  const promotions: PromotionSeen[] = [];
  const promoted_at: number[] = [];
  let [frames, from_us, to_us, synthetic] = [0, 0, 0, false];
  let evidence = evidenceLine(null);
  const { audit, from, book: wanted } = options;
  const place = {
    ...(audit === undefined ? {} : { audit }),
    ...(from === undefined ? {} : { from }),
    ...(wanted === undefined ? {} : { book: wanted }),
  };
  const book = await readRecorded(place, (frame) => {
    const { entry, origin } = frame;
    collector.add(frame);
    frames += 1;
    synthetic ||= origin === DataOrigin.SYNTHETIC;
    if (entry !== null) {
      if (entry.release !== null) evidence = evidenceLine(entry.release.config?.evidence ?? null);
      if (from_us === 0) from_us = entry.event_us;
      to_us = entry.event_us;
    }
    const model = entry?.model ?? null;
    if (model !== null && entry !== null) {
      const { model: name, version, cause } = model;
      promotions.push({ at_us: entry.event_us, model: name, version, cause: PromotionCauseName[cause] });
      promoted_at.push(frame.seq);
    }
  });
  if (frames === 0) throw new BellwetherError('data_empty', `book ${book}: no decision is recorded`);
  return { book, synthetic, frames, from_us, to_us, evidence, log: collector.log(), promotions, promoted_at };
}

/** `bw learn report`: what a recorded book has learned, as text, JSON, and a page. */
export async function reportLearning(given: unknown): Promise<void> {
  const parsed = optionsSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    throw new BellwetherError(
      'usage',
      problems.map(({ path, message }) => `--${path}: ${message}`).join('; '),
    );
  }
  const options = parsed.data;
  const input = await recorded(options);
  const models = {
    ...(options.models === undefined ? {} : { models: options.models }),
    ...(options.unsignedModels === undefined ? {} : { unsignedModels: options.unsignedModels }),
  };
  const trunk = await askTrunk(input.log.choices, models);
  const sizing = await sizingPicture(await openRegistry(models), await trustOf(models));
  const report = learnReport({ ...input, trunk, sizing });
  if (options.html !== undefined) writeFileSync(options.html, reportPage(report));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const written = options.html === undefined ? '' : `\nWritten: ${options.html}\n`;
  process.stdout.write(`${reportText(report)}\n${written}`);
}
