import { describe, expect, it } from '@jest/globals';
import { HELP, readOptions } from './options.js';
import { PLANTS } from './plants.js';

describe('the options of the simulator', () => {
  it('have defaults, and take what is given', () => {
    expect(readOptions([])).toEqual({ seeds: 200, from: 1, jobs: 2, trace: false, plant: null });
    expect(readOptions(['--seeds', '1', '--from', '417', '--trace', '--jobs', '1'])).toEqual({
      ...{ seeds: 1, from: 417, jobs: 1, trace: true, plant: null },
    });
    expect(readOptions(['--plant', 'all'])).toMatchObject({ plant: 'all' });
    expect(readOptions(['--help', '--seeds', '0'])).toBe('help');
  });

  it('are refused with every problem at once', () => {
    expect(readOptions(['--seeds', '0', '--from', 'x', '--plant', 'nothing'])).toEqual([
      '--seeds: Expected a whole number from 1 on, was 0',
      '--from: Expected a whole number from 0 on, was x',
      '--plant: No such plant: nothing',
    ]);
    expect(readOptions(['--trace'])).toEqual(['--trace: Expected one seed and at most one plant']);
    expect(readOptions(['--sedes', '3'])).toEqual([expect.stringContaining('--sedes')]);
  });

  it('are explained with every plant', () => {
    for (const { name } of PLANTS) expect(HELP).toContain(name);
  });
});
