/** What a run may not use: it would not be the same a second time. */
const FORBIDDEN = ['setTimeout', 'setInterval', 'setImmediate'] as const;

/**
 * Takes timers, clock and chance of the process away until the returned function is called. Whoever asks for them gets
 * an error, and `onUse` hears of it, for the code that asked may swallow the error.
 */
export function forbidRealTime(onUse: (what: string) => void): () => void {
  const refused = (what: string) => (): never => {
    onUse(what);
    throw new Error(`${what} is not there in a simulated run`);
  };
  const restores = [
    ...FORBIDDEN.map((name) => replaced(globalThis, name, refused(name))),
    replaced(Date, 'now', refused('Date.now')),
    replaced(performance, 'now', refused('performance.now')),
    replaced(Math, 'random', refused('Math.random')),
  ];
  return () => {
    for (const restore of restores) restore();
  };
}

function replaced(owner: object, name: string, value: () => never): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}
