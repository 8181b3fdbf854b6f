import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../lint-source.js';
import { composeServices, serviceFolders, serviceLists } from './service-lists.js';

/**
 * Goal: a service that exists runs everywhere, is watched everywhere and is described.
 * Method: every place that lists the services is read and compared with the folders in services/.
 */

const folders = serviceFolders();
const lists = await serviceLists();

describe('the list of services', () => {
  it.each(Object.keys(lists))('is the one of services/ in %s', (place) => {
    expect(lists[place]).toEqual(folders);
  });

  it.each(folders)('%s is started by its own program', (service) => {
    const { command } = composeServices('docker-compose.yml')[service] ?? {};
    expect(command).toEqual([`services/${service}/dist/main.js`]);
    expect(fs.existsSync(path.join(root, `services/${service}/src/main.ts`))).toBe(true);
  });
});
