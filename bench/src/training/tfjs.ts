import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { WORKSPACE } from '../environment.js';
import type { Step } from './trainings.js';

/** What bench/tfjs/tfjs-training.mjs exports: a program outside of the workspace, without types of its own. */
export interface Tfjs {
  prepare(): Promise<string>;
  denseTrainer(options: object): Step;
  lstmTrainer(options: object): Step;
}

/** TensorFlow.js, or null where it was not installed. */
export async function loadTfjs(): Promise<Tfjs | null> {
  const folder = path.join(WORKSPACE, 'bench/tfjs');
  if (!fs.existsSync(path.join(folder, 'node_modules'))) return null;
  return (await import(pathToFileURL(path.join(folder, 'tfjs-training.mjs')).href)) as Tfjs;
}
