import { archiveJournal, type ArchiveResult } from '@bellwether/catalog';
import { openJournal, type JournalPlace } from '../data/open-journal.js';
import { catalogFolder } from '../folders.js';

export interface ArchiveCommandOptions extends JournalPlace {
  readonly catalog?: string;
}

const numberText = (value: number): string => value.toLocaleString('en-US');

function described(book: string, folder: string, { copied, manifest }: ArchiveResult): string {
  const { segments } = manifest;
  const entries = segments.reduce((sum, segment) => sum + segment.entries, 0);
  const first = segments[0]?.first_sequence ?? 0;
  const last = segments[segments.length - 1]?.last_sequence ?? 0;
  const what = copied === 0 ? 'nothing new' : `${numberText(copied)} entries, read back and compared`;
  return (
    `Archived ${book}: ${what}. The archive in ${folder} has ${numberText(entries)} entries, ` +
    `sequences ${first} to ${last}, in ${segments.length} files.\n` +
    'The journal itself is as it was: taking archived entries out of it is not possible yet.\n'
  );
}

/** `bw archive`: copies what the journal of a book has gained into the catalog. */
export async function archive(book: string, options: ArchiveCommandOptions): Promise<void> {
  const catalog = catalogFolder(options.catalog ?? null);
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const bus = await openJournal(options, 'bw-archive');
  try {
    const result = await archiveJournal({
      ...{ bus, book, catalog, signal: stop.signal },
      archivedAt: new Date().toISOString(),
      onProgress: (entries) => {
        process.stderr.write(`${numberText(entries)} entries archived\n`);
      },
    });
    process.stdout.write(described(book, catalog, result));
    if (stop.signal.aborted) process.stderr.write('Ended early; the next run goes on from here.\n');
  } finally {
    await bus.close();
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}
