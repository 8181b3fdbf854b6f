import { expect, it } from '@jest/globals';
import { forbidRealTime } from './real-time.js';

it('takes timers, clocks and chance away, tells who asks, and gives them back', () => {
  const before = [setTimeout, setInterval, setImmediate, Date.now, Math.random];
  const used: string[] = [];
  const restore = forbidRealTime((what) => used.push(what));
  try {
    expect(() => setTimeout(() => undefined, 1)).toThrow('not there in a simulated run');
    expect(() => setInterval(() => undefined, 1)).toThrow();
    expect(() => setImmediate(() => undefined)).toThrow();
    expect(() => Date.now()).toThrow();
    expect(() => performance.now()).toThrow();
    expect(() => Math.random()).toThrow();
  } finally {
    restore();
  }
  expect(used).toEqual([
    ...['setTimeout', 'setInterval', 'setImmediate'],
    ...['Date.now', 'performance.now', 'Math.random'],
  ]);
  expect([setTimeout, setInterval, setImmediate, Date.now, Math.random]).toEqual(before);
  expect(performance.now()).toBeGreaterThan(0);
});
