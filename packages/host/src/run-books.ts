import { present } from '@bellwether/kernel';

/**
 * Runs every book of a service side by side. One that stops for good leaves the others running, but the service is no
 * longer ready: somebody must look. Throws what stopped it once all have ended.
 */
export async function runBooks(
  books: readonly string[],
  setNotReady: (reason: string) => void,
  run: (book: string) => Promise<unknown>,
): Promise<void> {
  const stopped: string[] = [];
  setNotReady('');
  const runs = books.map((book) =>
    run(book).catch((cause: unknown) => {
      stopped.push(book);
      setNotReady(`stopped: ${stopped.join(', ')}`);
      throw cause;
    }),
  );
  const broken = (await Promise.allSettled(runs)).find((result) => result.status === 'rejected');
  if (broken !== undefined) throw present(broken.reason as unknown, 'a reason');
}
