import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../lint-source.js';
import { readText } from '../workspace.js';
import { composeServices, serviceFolders, serviceLists } from './service-lists.js';

/**
 * Goal: a service that exists runs everywhere, is watched everywhere and is described.
 * Method: every place that lists the services is read and compared with the folders in services/.
 */

const folders = serviceFolders();
const lists = await serviceLists();

/** True where a stage folds promotions into its state: it stops at the entry of a model that it cannot load. */
function asksModels(service: string): boolean {
  const folder = path.join(root, 'packages', service, 'src');
  if (!fs.existsSync(folder)) return false;
  const sources = fs.readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return sources.some((name) => fs.readFileSync(path.join(folder, name), 'utf8').includes('afterPromotion('));
}

describe('the list of services', () => {
  it.each(Object.keys(lists))('is the one of services/ in %s', (place) => {
    expect(lists[place]).toEqual(folders);
  });

  it.each(folders)('%s is started by its own program', (service) => {
    const { command } = composeServices('docker-compose.yml')[service] ?? {};
    expect(command).toEqual([`services/${service}/dist/main.js`]);
    expect(fs.existsSync(path.join(root, `services/${service}/src/main.ts`))).toBe(true);
  });

  it('gives every stage that asks models the registry of the image, in containers and in Kubernetes', () => {
    const asking = folders.filter(asksModels);
    expect(asking).toEqual(['bandit', 'forecast', 'regime', 'sizing']);
    for (const service of asking) {
      expect(readText(`services/${service}/src/main.ts`)).toContain('serviceModels');
      expect(composeServices('docker-compose.yml')[service]?.environment?.['BW_MODELS']).toContain('models');
      expect(readText(`k8s/base/${service}.yaml`)).toContain('{ name: BW_MODELS, value: models }');
    }
  });
});
