import { describe, expect, test } from '@jest/globals';
import { pause, untilAborted } from './pause.js';

describe('untilAborted', () => {
  test('given a signal that fires later, when it fires, then the wait ends', async () => {
    const controller = new AbortController();
    let over = false;
    const wait = untilAborted(controller.signal).then(() => {
      over = true;
    });
    await Promise.resolve();
    expect(over).toBe(false);
    controller.abort();
    await wait;
    expect(over).toBe(true);
  });

  test('given a signal that fired before the wait began (a service told to end while it starts), then the wait is over', async () => {
    await expect(untilAborted(AbortSignal.abort())).resolves.toBeUndefined();
  });
});

describe('pause', () => {
  test('given a signal that has fired, when it is asked for an hour, then it ends at once and does not reject', async () => {
    await expect(pause(3_600_000, AbortSignal.abort())).resolves.toBeUndefined();
  });
});
