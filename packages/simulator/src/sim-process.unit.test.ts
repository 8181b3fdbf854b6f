import { describe, expect, it } from '@jest/globals';
import { SimProcess } from './sim-process.js';
import { VirtualTime } from './virtual-time.js';

const never = (): boolean => false;
const open = new AbortController().signal;

describe('SimProcess', () => {
  it('hears nothing any more once it is killed, and says so once', async () => {
    const time = new VirtualTime();
    const deaths: string[] = [];
    const process = new SimProcess('features/a#1', time, (why) => deaths.push(why));
    const heard: string[] = [];
    void process.pause(10, open).then(() => heard.push('woke from a pause'));
    process.kill('before anything');
    process.kill('again');
    process.deliver(() => heard.push('answer'));
    await time.run(never, 1_000);
    expect(heard).toEqual([]);
    expect(deaths).toEqual(['before anything']);
  });

  it('hears everything in order when it wakes from a freeze, pauses included', async () => {
    const time = new VirtualTime();
    const process = new SimProcess('risk/a#1', time);
    const heard: string[] = [];
    void process.pause(5, open).then(() => heard.push(`pause over at ${time.now_ms}`));
    process.freeze();
    time.after(10, () => process.deliver(() => heard.push(`answer at ${time.now_ms}`)));
    time.after(50, () => process.thaw(true));
    await time.run(never, 1_000);
    expect(heard).toEqual(['pause over at 50', 'answer at 50']);
    expect([process.wakesAsZombie(), process.wakesAsZombie()]).toEqual([true, false]);
  });

  it('ends a pause when its signal ends', async () => {
    const time = new VirtualTime();
    const process = new SimProcess('risk/a#1', time);
    const stop = new AbortController();
    const paused = process.pause(1_000, stop.signal);
    stop.abort();
    await paused;
    await process.pause(1_000, stop.signal);
    expect(time.now_ms).toBe(0);
  });
});
