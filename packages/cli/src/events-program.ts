import type { Command } from 'commander';
import type { CollectCommandOptions } from './commands/collect.js';
import { collect } from './program-options.js';
import { later } from './later.js';

const collectFeeds = later(async () => (await import('./commands/collect.js')).collectFeeds);
const checkEvents = later(async () => (await import('./commands/events-check.js')).checkEvents);

export function addEvents(bw: Command): void {
  const events = bw.command('events').description('Look at files of events: calendar, news, options flow.');
  events
    .command('check')
    .description('Read event files whole and say what they hold and what is wrong with them.')
    .argument('<files...>', 'event files (.csv, .jsonl or .ndjson, plain or .gz)')
    .option('--lexicon <file>', 'lexicon for news (.csv: phrase,weight; or .json); default: our own')
    .addHelpText('after', '\nExamples:\n  bw events check us-calendar.csv news.jsonl\n')
    .action((files: string[], options: { lexicon?: string }) => checkEvents(files, options.lexicon ?? null));
}

export function addCollect(bw: Command): void {
  bw.command('collect')
    .description('Fetch events from feeds on a schedule: HTTP JSON, RSS or Atom, CSV.')
    .argument('<config>', 'what to fetch (YAML): docs/how-to/events.md')
    .option('--once', 'fetch every feed that is due once, and end')
    .option('--only <name>', 'only this feed of the file', collect, [])
    .option('--allow-private', 'also take addresses of this machine and of private networks')
    .addHelpText('after', '\nExamples:\n  bw collect feeds.yaml --once\n  bw collect feeds.yaml\n')
    .action((config: string, options: CollectCommandOptions) => collectFeeds(config, options));
}
