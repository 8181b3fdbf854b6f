import { expect, test } from '@jest/globals';
import { bytesOf } from './bus-fixtures.js';
import { LiveHub } from './live-hub.js';

test('all subscribers see one order, also of what is published from within a callback', () => {
  const hub = new LiveHub();
  const seen: string[] = [];
  hub.subscribe('a.*', ({ subject }) => {
    seen.push(`first ${subject}`);
    if (subject === 'a.1') hub.publish({ subject: 'a.2', data: bytesOf(''), sequence: null });
  });
  hub.subscribe('a.>', ({ subject }) => seen.push(`second ${subject}`));
  hub.publish({ subject: 'a.1', data: bytesOf(''), sequence: null });
  expect(seen).toEqual(['first a.1', 'second a.1', 'first a.2', 'second a.2']);
});

test('who leaves while a message is under way does not get it', () => {
  const hub = new LiveHub();
  const seen: string[] = [];
  const leave: (() => void)[] = [];
  hub.subscribe('a', () => {
    seen.push('first');
    for (const off of leave) off();
  });
  leave.push(hub.subscribe('a', () => seen.push('second')));
  hub.publish({ subject: 'a', data: bytesOf(''), sequence: null });
  expect(seen).toEqual(['first']);
});

test('nobody listens after close', () => {
  const hub = new LiveHub();
  let heard = 0;
  hub.subscribe('>', () => (heard += 1));
  expect(hub.heard).toBe(true);
  hub.close();
  hub.publish({ subject: 'a', data: bytesOf(''), sequence: null });
  expect(heard).toBe(0);
  expect(hub.heard).toBe(false);
});
