import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { planted, type Rewrite } from './plant-loader.js';
import type { Plant } from './plants.js';

/** What the plant does to its file. Throws where it does not fit the file any more. */
export function checkPlant(plant: Plant): Rewrite {
  const url = new URL(`./${plant.file}`, import.meta.resolve(plant.package)).href;
  const rewrite = { plant: plant.name, url, find: plant.find, replace: plant.replace };
  planted(readFileSync(fileURLToPath(url), 'utf8'), rewrite);
  return rewrite;
}

/**
 * From now on the product is loaded with this bug, in this process alone. Nothing of the product may be loaded yet.
 * Throws where the plant does not fit its file any more.
 */
export function registerPlant(plant: Plant): void {
  register('./plant-loader.js', import.meta.url, { data: checkPlant(plant) });
}
