import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { EventJson } from '@bellwether/events';

const TAIL_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** Adds events to a JSON-lines file and waits until they are on the disk. A line that a crash cut short is taken away first. */
export async function appendEvents(file: string, events: readonly EventJson[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await handle.read(tail, 0, tail.length, size - tail.length);
    if (size > 0 && tail[tail.length - 1] !== NEWLINE)
      await handle.truncate(size - tail.length + tail.lastIndexOf(NEWLINE) + 1);
    await handle.appendFile(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
