import { CONTRACT_VERSION, DataOrigin, EntryKind, type Bar, type Entry } from '@bellwether/contracts';
import { barId, makeEntry, releaseId } from '@bellwether/kernel';
import { aBookConfig, worldBars, type WorldBar, type WorldOptions } from '@bellwether/testkit';
import { RegimeRun, type RegimeBar } from './regime-run.js';

const BOOK = 'world';
const SOURCE = 'world';
const origin = DataOrigin.SYNTHETIC;

function releaseEntry(): Entry {
  const release = { number: 1, contract_version: CONTRACT_VERSION, stages: [], config: aBookConfig() };
  const head = {
    book: BOOK,
    id: releaseId(1),
    kind: EntryKind.RELEASE,
    event_us: 0,
    known_us: 0,
    source: SOURCE,
    origin,
  };
  return makeEntry(head, { release });
}

function barEntry(bar: Bar): Entry {
  const close_us = bar.open_us + bar.interval_us;
  const id = barId(bar.symbol, bar.interval_us, bar.open_us, SOURCE, bar.revision);
  const head = {
    book: BOOK,
    id,
    kind: EntryKind.BAR,
    event_us: close_us,
    known_us: close_us,
    source: SOURCE,
    origin,
  };
  return makeEntry(head, { bar });
}

/** A bar of a world, and what the stages said of it. */
export interface SaidOfWorld {
  readonly world: WorldBar;
  readonly said: RegimeBar;
}

/** Runs the two stages over a world. */
export function runWorld(options: WorldOptions): readonly SaidOfWorld[] {
  const run = new RegimeRun();
  run.next(releaseEntry());
  const found: SaidOfWorld[] = [];
  for (const world of worldBars(options)) {
    const said = run.next(barEntry(world.bar));
    if (said !== null) found.push({ world, said });
  }
  return found;
}
